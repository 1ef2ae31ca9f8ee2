import LinearAlgebra
import Messages

/// A graded workforce whose members move by fixed yearly probabilities: the push model.
///
///     n(t+1) = n(t) P + R(t+1) r;   wastage w = 1 − P 1
///
/// Rows of P are grades of origin. Source: Bartholomew, Forbes & McClean (1991), *Statistical Techniques
/// for Manpower Planning*, ch. 4.
public struct ManpowerChain: Hashable, Sendable {
  public let grades: [String]
  /// `moves[i][j]`: share of grade i that is in grade j a year later; rows sum to at most one.
  public let moves: [[Double]]

  /// - Throws: `.lengthMismatch`, `.shareOutOfRange`, `.sharesExceedOne`.
  public init(grades: [String], moves: [[Double]]) throws(SupplyError) {
    for row in [[Double](repeating: 0, count: moves.count)] + moves where row.count != grades.count {
      throw .lengthMismatch(input: "moves", expected: grades.count, found: row.count)
    }
    for (grade, row) in zip(grades, moves) {
      for (to, share) in zip(grades, row) { try requireShare(share, "moves", at: "\(grade) → \(to)") }
      let sum = row.reduce(0, +)
      guard sum <= 1 + 1e-12 else { throw .sharesExceedOne(input: "moves", at: grade, sum: sum) }
    }
    self.grades = grades
    self.moves = moves
  }

  private var matrix: Matrix { Matrix(rowMajor: moves) }

  /// Share of each grade that leaves in a year.
  public var wastage: [Double] { moves.map { max(0, 1 - $0.reduce(0, +)) } }

  /// Expected stocks and leavers of one year.
  public func pushed(_ stock: [Double], recruits: [Double]) throws(SupplyError) -> (
    stock: [Double], leavers: Double
  ) {
    try requireLength(stock, "stock")
    try requireLength(recruits, "recruits")
    let next = zip(matrix.times(stock, transposeSelf: true), recruits).map { $0 + $1 }
    return (next, zip(stock, wastage).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// Covariance of the stocks after `years`, from a known start and known recruits, when persons move
  /// independently (multinomial flows):
  ///
  ///     V(t+1) = Pᵀ V(t) P + Σ_i n_i(t) (diag P_i − P_iᵀ P_i)
  public func covariance(of start: [Double], recruits: [[Double]]) throws(SupplyError) -> Matrix {
    var (variance, stock) = (Matrix(rows: grades.count, columns: grades.count), start)
    let p = matrix
    for own in recruits {
      variance = p.times(variance, transposeSelf: true).times(p)
      for (i, persons) in stock.enumerated() {
        for j in grades.indices {
          variance[j, j] += persons * moves[i][j]
          for k in grades.indices { variance[j, k] -= persons * moves[i][j] * moves[i][k] }
        }
      }
      stock = try pushed(stock, recruits: own).stock
    }
    return variance
  }

  /// Expected years ever spent in grade j by one who starts in grade i: N = (I − P)⁻¹.
  /// - Throws: `.notSolvable` when nobody ever leaves some grades.
  public func expectedYears() throws(SupplyError) -> [[Double]] {
    var system = Matrix.identity(grades.count)
    for i in grades.indices { for j in grades.indices { system[i, j] -= moves[i][j] } }
    do {
      let inverse = try solve(system, .identity(grades.count), name: "I − P")
      return grades.indices.map(inverse.row)
    } catch {
      throw .notSolvable(
        what: Bilingual(zh: "各级平均年数", en: "expected years in grade"),
        reason: Bilingual(zh: "有的级别无人离开", en: "from some grades nobody ever leaves."))
    }
  }

  /// Chances of ending in each way out: B = N R, R = shares of each grade that leave by each way.
  public func endings(_ ways: [[Double]]) throws(SupplyError) -> [[Double]] {
    try expectedYears().map { row in
      (ways.first ?? []).indices.map { way in zip(row, ways).reduce(0) { $0 + $1.0 * $1.1[way] } }
    }
  }

  /// The stocks that constant recruits lead to: recruits · N.
  public func limit(recruits: [Double]) throws(SupplyError) -> [Double] {
    try requireLength(recruits, "recruits")
    let years = try expectedYears()
    return grades.indices.map { j in zip(recruits, years).reduce(0) { $0 + $1.0 * $1.1[j] } }
  }

  /// The recruits, as shares of the whole, that keep structure q while the whole grows by `growth`:
  /// `q (1 + α) − q P`. A negative element says by how much the structure is not maintainable.
  public func recruitsToMaintain(_ structure: [Double], growth: Double = 0) throws(SupplyError) -> [Double] {
    try requireLength(structure, "structure")
    return zip(structure, matrix.times(structure, transposeSelf: true)).map { $0 * (1 + growth) - $1 }
  }

  /// Whether a structure can be kept by recruiting alone, at a given growth.
  public func isMaintainable(_ structure: [Double], growth: Double = 0) throws(SupplyError) -> Bool {
    try recruitsToMaintain(structure, growth: growth).allSatisfy { $0 >= -1e-12 }
  }

  /// Corners of the set of structures that recruitment can maintain at constant size: the rows of
  /// N, each divided by its sum. A structure is maintainable when it is a mixture of them.
  public func maintainableCorners() throws(SupplyError) -> [[Double]] {
    try expectedYears().map { row in
      let sum = row.reduce(0, +)
      return row.map { $0 / sum }
    }
  }

  /// Recruits of each year that bring `start` to `target` in `years` years while the total follows
  /// `totals` (one a year), or nil when no recruitment can.
  ///
  /// Non-negative least squares on the linear conditions: they can be met exactly when its residual
  /// vanishes (to 1e-9 of the largest stock). When several ways exist, one of them is returned.
  public func recruitsToAttain(
    _ target: [Double], from start: [Double], totals: [Double]
  ) throws(SupplyError) -> [[Double]]? {
    try requireLength(target, "target")
    try requireLength(start, "start")
    let (years, count) = (totals.count, grades.count)
    guard years > 0 else { return nil }
    // Powers of P: stocks in year t come from the start and from the recruits of years up to t.
    var powers = [Matrix.identity(count)]
    for _ in 0..<years { powers.append(powers[powers.count - 1].times(matrix)) }
    let rows = count + years - 1
    var (system, right) = (Matrix(rows: rows, columns: years * count), [Double](repeating: 0, count: rows))
    for j in 0..<count {
      right[j] = target[j] - powers[years].times(start, transposeSelf: true)[j]
      for t in 0..<years {
        for i in 0..<count { system[j, t * count + i] = powers[years - 1 - t][i, j] }
      }
    }
    for year in 0..<years - 1 {
      right[count + year] = totals[year] - powers[year + 1].times(start, transposeSelf: true).reduce(0, +)
      for t in 0...year {
        for i in 0..<count { system[count + year, t * count + i] = powers[year - t].row(i).reduce(0, +) }
      }
    }
    let recruits: [Double]
    do {
      recruits = try nonNegativeLeastSquares(system, right, name: "recruits")
    } catch {
      throw .notSolvable(
        what: Bilingual(zh: "招录人数", en: "recruits"),
        reason: Bilingual(zh: "数值求解失败（\(error.description)）", en: error.description))
    }
    let missed = zip(system.times(recruits), right).map { abs($0 - $1) }.max() ?? 0
    let scale = max(1, (start + target + totals).max() ?? 1)
    guard missed <= 1e-9 * scale else { return nil }
    return (0..<years).map { t in Array(recruits[t * count..<(t + 1) * count]) }
  }

  func requireLength(_ values: [Double], _ input: String) throws(SupplyError) {
    guard values.count == grades.count else {
      throw .lengthMismatch(input: input, expected: grades.count, found: values.count)
    }
  }
}

/// The pull model: posts are fixed, and vacancies draw persons up (a vacancy chain).
///
/// Source: White (1970), *Chains of Opportunity*; Bartholomew, Forbes & McClean (1991), ch. 5.
public struct VacancyChain: Hashable, Sendable {
  public let grades: [String]
  /// `fill[j][i]`: share of vacancies in grade j that are filled from grade i; the rest by recruits.
  public let fill: [[Double]]
  private let chain: ManpowerChain

  public init(grades: [String], fill: [[Double]]) throws(SupplyError) {
    chain = try ManpowerChain(grades: grades, moves: fill)
    self.grades = grades
    self.fill = fill
  }

  /// Stock and recruits of a year, by grade.
  public struct Year: Hashable, Sendable {
    public let stock: [Double]
    /// Persons that moved from grade i (row) into grade j.
    public let moves: [[Double]]
    public let recruits: [Double]
    public let leavers: [Double]
    /// Posts above the target that nobody left: they stay filled.
    public let surplus: [Double]
  }

  /// All moves that the vacancies set off: v (I − S)⁻¹, by grade of the vacancy.
  public func openings(_ vacancies: [Double]) throws(SupplyError) -> [Double] {
    try chain.limit(recruits: vacancies)
  }

  /// One year: leavers go, then every vacancy up to `target` is filled, and so are the vacancies that
  /// this opens. Where more stay than the target, nobody is dismissed.
  public func pulled(_ stock: [Double], wastage: [Double], target: [Double]) throws(SupplyError) -> Year {
    for (values, name) in [(stock, "stock"), (wastage, "wastage"), (target, "target")] {
      try chain.requireLength(values, name)
    }
    for (grade, share) in zip(grades, wastage) { try requireShare(share, "wastage", at: grade) }
    let leavers = zip(stock, wastage).map { $0 * $1 }
    let staying = zip(stock, leavers).map { $0 - $1 }
    let vacancies = zip(target, staying).map { max(0, $0 - $1) }
    let openings = try openings(vacancies)
    let moves = grades.indices.map { i in grades.indices.map { j in openings[j] * fill[j][i] } }
    let recruits = grades.indices.map { j in openings[j] * (1 - fill[j].reduce(0, +)) }
    let next = grades.indices.map { j in
      staying[j] + recruits[j] + grades.indices.reduce(0) { $0 + moves[$1][j] - moves[j][$1] }
    }
    for (grade, persons) in zip(grades, next) where persons < -1e-9 * max(1, stock.max() ?? 1) {
      throw .stockExhausted(at: grade, left: persons)
    }
    let books = next.reduce(0, +) - recruits.reduce(0, +) + leavers.reduce(0, +)
    try requireConserved(
      start: stock.reduce(0, +), change: 0, end: books, at: "all grades", step: "vacancy chain")
    return Year(
      stock: next, moves: moves, recruits: recruits, leavers: leavers,
      surplus: zip(staying, target).map { max(0, $0 - $1) })
  }
}
