import Messages

/// The answer to an intake problem: whom to admit, what comes of it, and what stands in the way.
public struct IntakePlan: Sendable {
  /// A limit that binds, and what one more unit of it would change.
  public struct Bottleneck: Sendable {
    /// What holds an intake back.
    public enum Kind: String, Sendable, Codable { case capacity, least, rise, fall, budget }
    public let kind: Kind
    /// Position of the channel; nil for a budget.
    public let channel: Int?
    public let year: Int
    /// Change of the shortage over the plan, person-years, to four decimals: negative = less.
    public let shortage: Double
    public let surplus: Double
    /// Change of the cost, whole yuan.
    public let cost: Double
  }

  /// Shortage in the draws, at present intakes or under the plan.
  public struct Risk: Sendable {
    /// Mean shortage over the plan's years, person-years.
    public let expected: Double
    /// Mean of the worst draws, person-years.
    public let worst: Double
    /// Share of the draws with a shortage of more than half a per cent of the goal in the last year.
    public let probability: Double
  }

  public let problem: IntakeProblem
  /// `[channel][year]`: admissions.
  public let admitted: [[Double]]
  /// By year, in the path without chance: supply at present intakes and under the plan, and the goal.
  public let supplyNow: [Double]
  public let supply: [Double]
  public let goal: [Double]
  /// Yuan by year: at present intakes and under the plan.
  public let costNow: [Double]
  public let cost: [Double]
  public let bottlenecks: [Bottleneck]
  /// At present intakes and under the plan; nil without draws.
  public let risk: (now: Risk, plan: Risk)?
  /// Share of the draws left out of `Risk.worst`.
  public let level: Double

  /// Solves a problem, then asks of every limit with a price what one more unit of it would change, by
  /// solving again: at a degenerate optimum the price itself is only one of several.
  ///
  /// - Throws: `PlanningError`; of what contradicts each other `conflict` gives the words.
  public init(_ problem: IntakeProblem) throws(PlanningError) {
    self.problem = problem
    let program = IntakeProgram(problem)
    let optimum = try program.solved()
    admitted = program.admitted.map { $0.map { max(0, optimum.value($0)) } }
    let present = problem.channels.map { [Double](repeating: $0.now, count: problem.years.count) }
    supplyNow = problem.supply(present, run: 0)
    supply = problem.supply(admitted, run: 0)
    goal = problem.goal.map { $0[0] }
    costNow = problem.cost(present)
    cost = problem.cost(admitted)
    bottlenecks = try IntakePlan.bottlenecks(program, optimum)
    if case .worst(let level) = problem.counted { self.level = level } else { level = 0.9 }
    let runs = problem.supply.first?.count ?? 1
    risk = runs > 1 ? (problem.risk(present, level: level), problem.risk(admitted, level: level)) : nil
  }

  public var shortage: [Double] { zip(goal, supply).map { max(0, $0 - $1) } }
  public var shortageNow: [Double] { zip(goal, supplyNow).map { max(0, $0 - $1) } }

  /// Which of the problem's limits contradict each other; empty when an optimum exists.
  ///
  /// - Throws: `PlanningError` other than `.infeasible`.
  public static func conflict(_ problem: IntakeProblem) throws(PlanningError) -> [Bilingual] {
    let program = IntakeProgram(problem)
    do throws(PlanningError) {
      _ = try program.solved()
      return []
    } catch {
      guard case .infeasible(let rows) = error else { throw error }
      return program.told(rows)
    }
  }

  private static func bottlenecks(
    _ program: IntakeProgram, _ optimum: IntakeProgram.Optimum
  ) throws(PlanningError) -> [Bottleneck] {
    var found: [Bottleneck] = []
    for (limit, _) in program.limits where optimum.priced.contains(limit) {
      guard let looser = program.loosened(limit), let (kind, channel, year) = limit.place else { continue }
      let moved = try looser.solved(near: optimum).aims
      func change(_ aim: IntakeProblem.Aim) -> Double {
        (moved[aim] ?? 0) - (optimum.aims[aim] ?? 0)
      }
      // Further digits are the solver's tolerance.
      let (shortage, surplus) = (rounded(change(.shortage), 1e4), rounded(change(.surplus), 1e4))
      let cost = rounded(change(.cost) * IntakeProgram.million, 1)
      guard shortage != 0 || surplus != 0 || cost != 0 else { continue }
      found.append(
        Bottleneck(
          kind: kind, channel: channel, year: program.problem.years.lowerBound + year, shortage: shortage,
          surplus: surplus, cost: cost))
    }
    return found
  }
}

private func rounded(_ value: Double, _ scale: Double) -> Double {
  let whole = (value * scale).rounded()
  return whole == 0 ? 0 : whole / scale
}

extension IntakeProgram.Limit {
  fileprivate var place: (kind: IntakePlan.Bottleneck.Kind, channel: Int?, year: Int)? {
    switch self {
    case .capacity(let channel, let year): (.capacity, channel, year)
    case .least(let channel, let year): (.least, channel, year)
    case .rise(let channel, let year): (.rise, channel, year)
    case .fall(let channel, let year): (.fall, channel, year)
    case .budget(let year): (.budget, nil, year)
    case .requirement: nil
    }
  }
}

extension IntakeProblem {
  /// Yuan by year.
  func cost(_ admitted: [[Double]]) -> [Double] {
    supply.indices.map { y in zip(channels, admitted).reduce(0) { $0 + $1.0.cost * $1.1[y] } }
  }

  func risk(_ admitted: [[Double]], level: Double) -> IntakePlan.Risk {
    var totals: [Double] = []
    var short = 0
    for run in 1..<(supply.first?.count ?? 1) {
      let lacking = zip(goal, supply(admitted, run: run)).map { max(0, $0[run] - $1) }
      totals.append(lacking.reduce(0, +))
      if let last = lacking.last, let wanted = goal.last?[run], last > 0.005 * wanted { short += 1 }
    }
    let count = Double(totals.count)
    return IntakePlan.Risk(
      expected: totals.reduce(0, +) / count, worst: worstMean(totals, level: level), probability: Double(short) / count)
  }
}

/// Mean of the share 1 − level of the values that are largest; the value at the edge counts with the part
/// of it that belongs to the tail.
func worstMean(_ values: [Double], level: Double) -> Double {
  let size = (1 - level) * Double(values.count)
  var (left, sum) = (size, 0.0)
  for value in values.sorted(by: >) where left > 0 {
    sum += value * min(1, left)
    left -= 1
  }
  return sum / size
}
