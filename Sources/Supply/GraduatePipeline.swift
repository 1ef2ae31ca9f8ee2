/// A flow that arrives spread over later years: graduates of an intake, conversions after training.
///
///     out_t = Σ_τ in_{t−τ} · share_τ
public struct DelayedFlow: Hashable, Sendable {
  /// Share that arrives τ = 0, 1, 2… years later; together at most one.
  public let shares: [Double]

  public init(_ shares: [Double]) throws(SupplyError) {
    for (lag, share) in shares.enumerated() { try requireShare(share, "completion", at: "after \(lag) years") }
    let sum = shares.reduce(0, +)
    guard sum <= 1 + 1e-12 else { throw .sharesExceedOne(input: "completion", at: "all years", sum: sum) }
    self.shares = shares
  }

  /// - Parameter intake: persons by year.
  /// - Throws: `.missingFigure` naming an intake that is needed and absent.
  public func arriving(in year: Int, from intake: [Int: Double]) throws(SupplyError) -> Double {
    var sum = 0.0
    for (lag, share) in shares.enumerated() where share > 0 {
      guard let persons = intake[year - lag] else {
        throw .missingFigure("intake of \(year - lag)", neededFor: "arrivals in \(year)")
      }
      sum += persons * share
    }
    return sum
  }
}

/// Which programmes feed which teams: F[p, k] = share of the graduates of programme p who enter team k.
///
/// Rows add up to at most one; the rest goes elsewhere. Source: METHODS M18.
public struct FlexibilityMatrix: Hashable, Sendable {
  public let programmes: [String]
  public let teams: [String]
  /// `[programme][team]`.
  public let shares: [[Double]]

  public init(programmes: [String], teams: [String], shares: [[Double]]) throws(SupplyError) {
    guard shares.count == programmes.count else {
      throw .lengthMismatch(input: "flexibility matrix", expected: programmes.count, found: shares.count)
    }
    for (programme, row) in zip(programmes, shares) {
      guard row.count == teams.count else {
        throw .lengthMismatch(input: "flexibility matrix, \(programme)", expected: teams.count, found: row.count)
      }
      for (team, share) in zip(teams, row) { try requireShare(share, "flexibility", at: "\(programme) → \(team)") }
      let sum = row.reduce(0, +)
      guard sum <= 1 + 1e-9 else { throw .sharesExceedOne(input: "flexibility", at: programme, sum: sum) }
    }
    self.programmes = programmes
    self.teams = teams
    self.shares = shares
  }

  /// Entrants by team: Σ_p graduates_p · participation_p · F[p, k].
  public func entrants(graduates: [Double], participation: [Double]? = nil) throws(SupplyError) -> [Double] {
    let part = participation ?? graduates.map { _ in 1 }
    guard graduates.count == programmes.count, part.count == programmes.count else {
      throw .lengthMismatch(input: "graduates", expected: programmes.count, found: min(graduates.count, part.count))
    }
    for (p, persons) in graduates.enumerated() { try requireCount(persons, "graduates", at: programmes[p]) }
    for (p, share) in part.enumerated() { try requireShare(share, "participation", at: programmes[p]) }
    return teams.indices.map { k in
      programmes.indices.reduce(0) { $0 + graduates[$1] * part[$1] * shares[$1][k] }
    }
  }

  /// The matrix nearest to a prior that explains the hires of every team from the graduates of every
  /// programme; who is hired by no team goes elsewhere.
  ///
  /// - Parameters: `prior` as `shares`; a team that no programme may feed keeps zero hires only.
  /// - Throws: `.notSolvable` when more are hired than graduate, or the prior's zeros forbid the totals.
  public init(
    programmes: [String], teams: [String], prior: [[Double]], graduates: [Double], hires: [Double]
  ) throws(SupplyError) {
    let seed = try FlexibilityMatrix(programmes: programmes, teams: teams, shares: prior)
    guard graduates.count == programmes.count, hires.count == teams.count else {
      throw .lengthMismatch(input: "graduates and hires", expected: programmes.count + teams.count, found: graduates.count + hires.count)
    }
    let elsewhere = graduates.reduce(0, +) - hires.reduce(0, +)
    guard elsewhere >= 0 else {
      throw .notSolvable(what: "flexibility matrix", reason: "\(-elsewhere) more are hired than graduate.")
    }
    let persons = programmes.indices.map { p in
      seed.shares[p].map { $0 * graduates[p] } + [max(0, 1 - seed.shares[p].reduce(0, +)) * graduates[p]]
    }
    let fitted = try fittedToMargins(persons, rows: graduates, columns: hires + [elsewhere], what: "flexibility matrix")
    try self.init(
      programmes: programmes, teams: teams,
      shares: programmes.indices.map { p in
        teams.indices.map { k in graduates[p] > 0 ? min(1, fitted[p][k] / graduates[p]) : seed.shares[p][k] }
      })
  }
}

/// Iterative proportional fitting of a table to its row and column sums (Deming & Stephan, 1940).
///
/// - Throws: `.notSolvable` when 10 000 rounds do not meet the margins to 1e-10 of the total.
func fittedToMargins(
  _ seed: [[Double]], rows: [Double], columns: [Double], what: String
) throws(SupplyError) -> [[Double]] {
  var table = seed
  let total = max(1, rows.reduce(0, +))
  for _ in 0..<10_000 {
    for (r, target) in rows.enumerated() {
      let sum = table[r].reduce(0, +)
      if sum > 0 { for c in columns.indices { table[r][c] *= target / sum } }
    }
    for (c, target) in columns.enumerated() {
      let sum = table.reduce(0) { $0 + $1[c] }
      if sum > 0 { for r in rows.indices { table[r][c] *= target / sum } }
    }
    let rowError = zip(table, rows).map { abs($0.reduce(0, +) - $1) }.max() ?? 0
    let columnError = columns.indices.map { c in abs(table.reduce(0) { $0 + $1[c] } - columns[c]) }.max() ?? 0
    if max(rowError, columnError) <= 1e-10 * total { return table }
  }
  throw .notSolvable(what: what, reason: "zeros of the seed keep the totals from being met.")
}
