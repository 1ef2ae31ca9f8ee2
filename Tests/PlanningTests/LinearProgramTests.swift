import Planning
import TestSupport
import Testing

@Suite struct LinearProgramTests {
  /// Oracle: Williams; the cost plan's redundancies are 1423.7188.
  @Test func agreesWithWilliams() throws {
    let fewest = WilliamsManpower(byCost: false)
    #expect(abs(try fewest.program.solved().objective - 841.796875) < 1e-6)
    let cheapest = WilliamsManpower(byCost: true)
    let plan = try cheapest.program.solved()
    #expect(abs(plan.objective - 498_677.2853) < 1e-3)
    let yearly = cheapest.redundant.map { $0.reduce(0) { $0 + plan[$1] } }
    #expect(abs(yearly.reduce(0, +) - 1423.7188) < 1e-3)
    #expect(zip(yearly, [812.5, 257.6, 353.6]).allSatisfy { abs($0 - $1) < 0.05 })
  }

  /// Dantzig's textbook case: max 3x + 5y, x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18 → (2, 6), 36; prices 0, 1.5, 1.
  @Test func matchesTheWyndorGlassCase() throws {
    var program = LinearProgram(.maximise)
    let x = program.column("doors", cost: 3)
    let y = program.column("windows", cost: 5)
    let one = program.row("plant 1", [(x, 1)], .atMost(4))
    let two = program.row("plant 2", [(y, 2)], .atMost(12))
    let three = program.row("plant 3", [(x, 3), (y, 2)], .atMost(18))
    let solution = try program.solved()
    #expect(abs(solution.objective - 36) < 1e-9)
    #expect(abs(solution[x] - 2) < 1e-9 && abs(solution[y] - 6) < 1e-9)
    #expect(zip([one, two, three], [0, 1.5, 1]).allSatisfy { abs(solution.shadowPrice($0) - $1) < 1e-9 })
    #expect(abs(solution.activity(three) - 18) < 1e-9)
  }

  /// Law: no gap between primal and dual, and a price only where a bound is active.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func pricesSupportTheOptimum(seed: UInt64) throws {
    let random = RandomProgram(seed: seed)
    let solution = try random.program.solved()
    #expect(abs(solution.objective - solution.dualObjective(random.program)) < 1e-7 * max(1, abs(solution.objective)))
    #expect(solution.violation(random.program) < 1e-8)
    for row in random.rows {
      let bounds = random.program.bounds(of: row)
      let slack = min(solution.activity(row) - bounds.lower, bounds.upper - solution.activity(row))
      #expect(abs(solution.shadowPrice(row)) < 1e-9 || slack < 1e-6 * max(1, abs(solution.activity(row))))
    }
    for column in random.columns {
      let bounds = random.program.bounds(of: column)
      let slack = min(solution[column] - bounds.lower, bounds.upper - solution[column])
      #expect(abs(solution.reducedCost(column)) < 1e-9 || slack < 1e-6)
    }
  }

  /// Law: another currency rescales the objective and its prices and moves nothing else.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func costsInAnotherUnitOnlyRescale(seed: UInt64) throws {
    let (plain, dear) = (RandomProgram(seed: seed), RandomProgram(seed: seed, unit: 1000))
    let (a, b) = (try plain.program.solved(), try dear.program.solved())
    #expect(close(b.objective, 1000 * a.objective, relative: 1e-9))
    for (row, other) in zip(plain.rows, dear.rows) {
      #expect(abs(b.shadowPrice(other) - 1000 * a.shadowPrice(row)) < 1e-6 * max(1, abs(b.shadowPrice(other))))
    }
  }

  /// Law: the minimum of the costs is minus the maximum of their opposites, prices with it.
  @Test func aMaximumIsMinusTheMinimumOfTheOpposite() throws {
    let (least, most) = (RandomProgram(seed: 7), RandomProgram(seed: 7, sense: .maximise, unit: -1))
    let (a, b) = (try least.program.solved(), try most.program.solved())
    #expect(close(a.objective, -b.objective, relative: 1e-12))
    #expect(zip(least.rows, most.rows).allSatisfy { abs(a.shadowPrice($0) + b.shadowPrice($1)) < 1e-9 })
  }

  /// Law: where a search starts does not change where it ends.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func aNearbyOptimumIsOnlyAStart(seed: UInt64) throws {
    var random = RandomProgram(seed: seed)
    let first = try random.program.solved()
    random.loosen()
    let (cold, warm) = (try random.program.solved(), try random.program.solved(near: first))
    #expect(close(cold.objective, warm.objective, relative: 1e-9, absolute: 1e-9))
    #expect(warm.objective <= first.objective + 1e-9, "a looser programme is no dearer")
  }

  @Test func namesTheRowsThatContradictEachOther() throws {
    var program = LinearProgram(.minimise)
    let seats = program.column("seats", to: 100)
    let trainees = program.column("trainees", to: 50)
    let bystander = program.column("bystander", to: 10, cost: 1)
    program.row("supply in 2030", [(seats, 0.5), (trainees, 1)], .atLeast(120))
    program.row("unrelated", [(bystander, 1), (seats, 0.1)], .atLeast(3))
    #expect(throws: PlanningError.infeasible(conflict: ["supply in 2030", "seats", "trainees"])) { try program.solved() }
    do { _ = try program.solved() } catch {
      #expect(error.message.en.hasSuffix("supply in 2030; seats; trainees"))
      #expect(error.message.zh.contains("互相矛盾"))
    }
  }

  /// Law: what is named is infeasible, and leaving any one of it out is not.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func conflictsAreIrreducible(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // A chain x0 ≥ a, x(i+1) ≥ x(i) + step, x(last) ≤ cap: infeasible only through all of it.
    func chain(without left: Int?) -> LinearProgram {
      var program = LinearProgram(.minimise)
      let x = (0..<5).map { program.column("x\($0)", cost: 1) }
      var rows: [(String, [(column: LinearProgram.Column, coefficient: Double)], LinearProgram.Bound)] = [
        ("start", [(x[0], 1)], .atLeast(10))
      ]
      for i in 0..<4 { rows.append(("step \(i)", [(x[i + 1], 1), (x[i], -1)], .atLeast(5))) }
      rows.append(("cap", [(x[4], 1)], .atMost(29)))
      for (k, row) in rows.enumerated() where k != left { program.row(row.0, row.1, row.2) }
      for k in 0..<5 { program.row("loose \(k)", [(x[k], 1)], .atMost(1000 + Double(seed))) }
      return program
    }
    #expect(throws: PlanningError.infeasible(conflict: ["start", "step 0", "step 1", "step 2", "step 3", "cap"])) {
      try chain(without: nil).solved()
    }
    _ = try chain(without: Int.random(in: 0..<6, using: &random)).solved()
  }

  @Test func namesTheColumnsThatGrowForEver() {
    var program = LinearProgram(.maximise)
    let graduates = program.column("graduates", cost: 1)
    let transfers = program.column("transfers", cost: 1)
    _ = program.column("fixed", to: 5, cost: 1)
    program.row("balance", [(graduates, 1), (transfers, -1)], .equal(0))
    #expect(throws: PlanningError.unbounded(along: ["graduates", "transfers"])) { try program.solved() }
  }

  @Test func refusesWhatNoSolverCouldRead() {
    var twice = LinearProgram(.minimise)
    _ = twice.column("a")
    _ = twice.column("a")
    #expect(throws: PlanningError.duplicateName("a")) { try twice.solved() }
    var crossed = LinearProgram(.minimise)
    _ = crossed.column("a", from: 2, to: 1)
    #expect(throws: PlanningError.emptyRange("a", lower: 2, upper: 1)) { try crossed.solved() }
    var broken = LinearProgram(.minimise)
    let a = broken.column("a")
    broken.row("r", [(a, .nan)], .atMost(1))
    #expect(throws: PlanningError.notFinite("r")) { try broken.solved() }
    #expect(PlanningError.emptyRange("a", lower: 2, upper: 1).message.zh.contains("下限 2.0 高于上限 1.0"))
  }

  @Test func programmesWithoutRowsOrColumnsHaveAnswers() throws {
    #expect(try LinearProgram(.minimise).solved().objective == 0)
    var bounded = LinearProgram(.maximise)
    let a = bounded.column("a", to: 3, cost: 2)
    #expect(try bounded.solved()[a] == 3)
    #expect(throws: PlanningError.unbounded(along: ["b"])) {
      var open = LinearProgram(.maximise)
      _ = open.column("b", cost: 1)
      return try open.solved()
    }
  }
}

/// A feasible, bounded programme: rows hold at a known point inside the bounds.
private struct RandomProgram {
  private(set) var program: LinearProgram
  private(set) var columns: [LinearProgram.Column] = []
  private(set) var rows: [LinearProgram.Row] = []

  /// Every bound of a row a little wider.
  mutating func loosen() {
    for row in rows {
      let bounds = program.bounds(of: row)
      program.setBound(.between(bounds.lower - 0.3, bounds.upper + 0.3), of: row)
    }
  }

  init(seed: UInt64, sense: LinearProgram.Sense = .minimise, unit: Double = 1) {
    var random = SeededGenerator(seed: seed)
    program = LinearProgram(sense)
    let n = Int.random(in: 2...12, using: &random)
    let point = (0..<n).map { _ in Double.random(in: 0...10, using: &random) }
    for j in 0..<n {
      columns.append(program.column("x\(j)", to: 10, cost: unit * Double.random(in: -5...5, using: &random)))
    }
    for i in 0..<Int.random(in: 1...10, using: &random) {
      let coefficients = (0..<n).map { _ in Double.random(in: -3...3, using: &random) }
      let sum = zip(coefficients, point).reduce(0) { $0 + $1.0 * $1.1 }
      let room = Double.random(in: 0...4, using: &random)
      let bound: LinearProgram.Bound =
        switch i % 3 {
        case 0: .atMost(sum + room)
        case 1: .atLeast(sum - room)
        default: .between(sum - room, sum + room)
        }
      rows.append(program.row("r\(i)", zip(columns, coefficients).map { ($0, $1) }, bound))
    }
  }
}
