import Planning

/// H. P. Williams, *Model Building in Mathematical Programming*, "Manpower planning": three grades
/// (unskilled, semi-skilled, skilled), three years.
struct WilliamsManpower {
  private(set) var program = LinearProgram(.minimise)
  private(set) var redundant: [[LinearProgram.Column]] = []
  private var costs: [(column: LinearProgram.Column, cost: Double)] = []

  private static let grades = ["unskilled", "semi-skilled", "skilled"]
  private static let current = [2000.0, 1500, 1000]
  private static let required = [[1000.0, 1400, 1000], [500, 2000, 1500], [0, 2500, 2000]]
  private static let leavingNew = [0.25, 0.2, 0.1]
  private static let leavingOld = [0.1, 0.05, 0.05]
  private static let recruits = [500.0, 800, 500]

  /// - Parameter byCost: minimise cost; else redundancies.
  init(byCost: Bool) {
    var before: [LinearProgram.Column]?
    for year in 0..<3 {
      let staff = (0..<3).map { program.column("staff \(Self.grades[$0]) \(year)") }
      let recruited = (0..<3).map { program.column("recruited \(Self.grades[$0]) \(year)", to: Self.recruits[$0]) }
      let dismissed = (0..<3).map { priced("redundant \(Self.grades[$0]) \(year)", [200, 500, 500][$0]) }
      let short = (0..<3).map { priced("short-time \(Self.grades[$0]) \(year)", [500, 400, 400][$0], to: 50) }
      let over = (0..<3).map { priced("overmanned \(Self.grades[$0]) \(year)", [1500, 2000, 3000][$0]) }
      // [from][to]
      let up = [(0, 1, 400.0), (1, 2, 500.0)].map { ($0.0, $0.1, priced("retrained \($0.0)-\($0.1) \(year)", $0.2, to: $0.0 == 0 ? 200 : .infinity)) }
      let down = [(1, 0), (2, 0), (2, 1)].map { ($0.0, $0.1, program.column("downgraded \($0.0)-\($0.1) \(year)")) }
      for grade in 0..<3 {
        var terms = [(column: staff[grade], coefficient: -1.0), (recruited[grade], 1 - Self.leavingNew[grade]), (dismissed[grade], -1)]
        var stock = 0.0
        if let before {
          terms.append((before[grade], 1 - Self.leavingOld[grade]))
        } else {
          stock = Self.current[grade] * (1 - Self.leavingOld[grade])
        }
        for (from, to, column) in up {
          if to == grade { terms.append((column, 1 - Self.leavingOld[grade])) }
          if from == grade { terms.append((column, -1)) }
        }
        for (from, to, column) in down {
          if to == grade { terms.append((column, 0.5)) }
          if from == grade { terms.append((column, -1)) }
        }
        program.row("balance \(Self.grades[grade]) \(year)", terms, .equal(-stock))
        program.row(
          "requirement \(Self.grades[grade]) \(year)", [(staff[grade], 1), (over[grade], -1), (short[grade], -0.5)],
          .equal(Self.required[year][grade]))
      }
      program.row("overmanning \(year)", over.map { ($0, 1) }, .atMost(150))
      program.row("trainers \(year)", [(up[1].2, 1), (staff[2], -0.25)], .atMost(0))
      redundant.append(dismissed)
      before = staff
    }
    for (column, cost) in costs { program.setCost(byCost ? cost : 0, of: column) }
    if !byCost { for column in redundant.joined() { program.setCost(1, of: column) } }
  }

  private mutating func priced(_ name: String, _ cost: Double, to upper: Double = .infinity) -> LinearProgram.Column {
    let column = program.column(name, to: upper)
    costs.append((column, cost))
    return column
  }
}
