import Balancing
import Dimensions
import Messages

/// A flow that arrives spread over later years: graduates of an intake, conversions after training.
///
///     out_t = Σ_τ in_{t−τ} · share_τ
public struct DelayedFlow: Hashable, Sendable {
  /// Share that arrives τ = 0, 1, 2… years later; together at most one.
  public let shares: [Double]

  public init(_ shares: [Double]) throws(SupplyError) {
    for (lag, share) in shares.enumerated() {
      try requireShare(share, "completion", at: "after \(lag) years")
    }
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
        throw .lengthMismatch(
          input: "flexibility matrix, \(programme)", expected: teams.count, found: row.count)
      }
      for (team, share) in zip(teams, row) {
        try requireShare(share, "flexibility", at: "\(programme) → \(team)")
      }
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
      throw .lengthMismatch(
        input: "graduates", expected: programmes.count, found: min(graduates.count, part.count))
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
      throw .lengthMismatch(
        input: "graduates and hires", expected: programmes.count + teams.count,
        found: graduates.count + hires.count)
    }
    let elsewhere = graduates.reduce(0, +) - hires.reduce(0, +)
    guard elsewhere >= 0 else {
      throw .notSolvable(
        what: Bilingual(zh: "专业—队伍对应矩阵", en: "flexibility matrix"),
        reason: Bilingual(zh: "录用比毕业多 \(-elsewhere) 人", en: "\(-elsewhere) more are hired than graduate."))
    }
    let persons = programmes.indices.map { p in
      seed.shares[p].map { $0 * graduates[p] } + [max(0, 1 - seed.shares[p].reduce(0, +)) * graduates[p]]
    }
    let fitted = try fittedToMargins(
      persons, rows: graduates, columns: hires + [elsewhere],
      what: Bilingual(zh: "专业—队伍对应矩阵", en: "flexibility matrix"))
    try self.init(
      programmes: programmes, teams: teams,
      shares: programmes.indices.map { p in
        teams.indices.map { k in graduates[p] > 0 ? min(1, fitted[p][k] / graduates[p]) : seed.shares[p][k] }
      })
  }
}

/// The table nearest to the seed with these row and column sums.
///
/// - Throws: `.notSolvable` with what `Balancing` says about the totals and the seed's zeros.
func fittedToMargins(
  _ seed: [[Double]], rows: [Double], columns: [Double], what: Bilingual
) throws(SupplyError) -> [[Double]] {
  let across = NamedAxis("row", rows.indices.map { String($0 + 1) })
  let down = NamedAxis("column", columns.indices.map { String($0 + 1) })
  let table: BalancedTable
  do throws(ProblemReport) {
    table = try Balancing.balanced(
      NamedArray(axes: [across, down], values: seed.flatMap(\.self)),
      to: [
        Margin("row totals", NamedArray(axes: [across], values: rows)),
        Margin("column totals", NamedArray(axes: [down], values: columns)),
      ])
  } catch {
    throw .notSolvable(
      what: what,
      reason: Bilingual(
        zh: error.problems.map(\.message.zh).joined(separator: "；"),
        en: error.problems.map(\.message.en).joined(separator: " ")))
  }
  guard table.converged else {
    throw .notSolvable(
      what: what,
      reason: Bilingual(zh: "初值中的零使合计无法满足", en: "zeros of the seed keep the totals from being met."))
  }
  return rows.indices.map { Array(table.cells.values[$0 * columns.count..<($0 + 1) * columns.count]) }
}
