import Messages

/// An intake problem as a linear programme, with what each of its rows is called.
///
/// Money is counted in millions of yuan inside, so that costs and persons are of like size.
struct IntakeProgram {
  typealias Column = LinearProgram.Column

  /// A limit that could be moved: what one more unit of it is worth is asked for.
  enum Limit: Hashable {
    case capacity(channel: Int, year: Int)
    case least(channel: Int, year: Int)
    case rise(channel: Int, year: Int)
    case fall(channel: Int, year: Int)
    case budget(year: Int)
    case requirement(Int)
  }

  static let million = 1e6

  let problem: IntakeProblem
  private(set) var program = LinearProgram(.minimise)
  private(set) var admitted: [[Column]] = []
  private(set) var limits: [(limit: Limit, row: LinearProgram.Row)] = []
  private var names: [String: Bilingual] = [:]
  /// Terms whose sums are the aims: person-years of shortage and of surplus, millions of yuan.
  private var aims: [IntakeProblem.Aim: [(column: Column, coefficient: Double)]] = [:]

  init(_ problem: IntakeProblem) {
    self.problem = problem
    admissions()
    shortages()
    requirements()
  }

  private mutating func limit(
    _ limit: Limit, _ terms: [(column: Column, coefficient: Double)], _ bound: LinearProgram.Bound, _ name: Bilingual
  ) {
    let row = program.row(name.en, terms, bound)
    names[name.en] = name
    limits.append((limit, row))
  }

  private mutating func admissions() {
    let years = Array(problem.years)
    for (c, channel) in problem.channels.enumerated() {
      let own = years.map { program.column("\(channel.id) \($0)") }
      admitted.append(own)
      for (y, year) in years.enumerated() {
        // The id tells channels of one name apart.
        let what = Bilingual(zh: "\(year) 年\(channel.name.zh)（\(channel.id)）", en: "\(channel.name.en) (\(channel.id)) in \(year)")
        limit(
          .capacity(channel: c, year: y), [(own[y], 1)], .atMost(channel.capacity[y]),
          Bilingual(zh: "\(what.zh)容量 \(short(channel.capacity[y]))", en: "\(what.en): capacity \(short(channel.capacity[y]))"))
        if channel.least[y] > 0 {
          limit(
            .least(channel: c, year: y), [(own[y], 1)], .atLeast(channel.least[y]),
            Bilingual(zh: "\(what.zh)至少 \(short(channel.least[y]))", en: "\(what.en): at least \(short(channel.least[y]))"))
        }
        guard let step = channel.step else { continue }
        let change: [(column: Column, coefficient: Double)] = y == 0 ? [(own[0], 1)] : [(own[y], 1), (own[y - 1], -1)]
        let from = y == 0 ? channel.now : 0
        limit(
          .rise(channel: c, year: y), change, .atMost(from + step),
          Bilingual(zh: "\(what.zh)比上年最多增加 \(short(step))", en: "\(what.en): a rise of at most \(short(step))"))
        limit(
          .fall(channel: c, year: y), change, .atLeast(from - step),
          Bilingual(zh: "\(what.zh)比上年最多减少 \(short(step))", en: "\(what.en): a fall of at most \(short(step))"))
      }
    }
    aims[.cost] = problem.channels.enumerated().flatMap { c, channel in
      admitted[c].map { (column: $0, coefficient: channel.cost / Self.million) }
    }
    for (y, yuan) in (problem.budget ?? []).enumerated() {
      let terms = problem.channels.enumerated().map { c, channel in
        (column: admitted[c][y], coefficient: channel.cost / Self.million)
      }
      limit(
        .budget(year: y), terms, .atMost(yuan / Self.million),
        Bilingual(zh: "\(years[y]) 年经费 \(short(yuan)) 元", en: "budget of \(short(yuan)) yuan in \(years[y])"))
    }
  }

  /// Terms and constant of the supply at the end of year `t`.
  private func supply(_ t: Int, run: Int) -> (terms: [(column: Column, coefficient: Double)], constant: Double) {
    var constant = problem.supply[t][run]
    var terms: [(column: Column, coefficient: Double)] = []
    for (c, channel) in problem.channels.enumerated() {
      for y in 0...t {
        let effect = problem.effect(channel, admitted: y, at: t, run: run)
        guard effect > 0 else { continue }
        terms.append((admitted[c][y], effect))
        constant -= effect * channel.now
      }
    }
    return (terms, constant)
  }

  private mutating func shortages() {
    let scored = problem.scored
    let weight = 1 / Double(scored.count)
    var lacking: [(column: Column, coefficient: Double)] = []
    var spare: [(column: Column, coefficient: Double)] = []
    var totals: [[(column: Column, coefficient: Double)]] = []
    for run in scored {
      var total: [(column: Column, coefficient: Double)] = []
      for (t, year) in problem.years.enumerated() {
        let (terms, constant) = supply(t, run: run)
        let (short, over) = (program.column("shortage \(year) \(run)"), program.column("surplus \(year) \(run)"))
        program.row("balance \(year) \(run)", terms + [(short, 1), (over, -1)], .equal(problem.goal[t][run] - constant))
        total.append((short, 1))
        spare.append((over, weight))
      }
      lacking += total.map { ($0.column, weight) }
      totals.append(total)
    }
    if case .worst(let level) = problem.counted {
      let threshold = program.column("threshold of the worst", from: -.infinity)
      lacking = [(threshold, 1)]
      for (run, total) in zip(scored, totals) {
        let beyond = program.column("beyond \(run)")
        program.row("tail \(run)", total + [(threshold, -1), (beyond, -1)], .atMost(0))
        lacking.append((beyond, weight / (1 - level)))
      }
    }
    aims[.shortage] = lacking
    aims[.surplus] = spare
  }

  private mutating func requirements() {
    let years = Array(problem.years)
    for (k, requirement) in problem.requirements.enumerated() {
      let t = requirement.year
      let (terms, constant) = supply(t, run: 0)
      let goal = problem.goal[t][0]
      // Shortage at most v is supply at least goal − v.
      let (low, high): (Double?, Double?) =
        switch requirement.measure {
        case .supply: (requirement.atLeast, requirement.atMost)
        case .shortage: (requirement.atMost.map { goal - $0 }, requirement.atLeast.map { goal - $0 })
        }
      let what =
        switch requirement.measure {
        case .supply: Bilingual(zh: "供给", en: "supply")
        case .shortage: Bilingual(zh: "短缺", en: "shortage")
        }
      let words = [
        requirement.atLeast.map { Bilingual(zh: "至少 \(short($0))", en: "at least \(short($0))") },
        requirement.atMost.map { Bilingual(zh: "至多 \(short($0))", en: "at most \(short($0))") },
      ].compactMap(\.self)
      limit(
        .requirement(k), terms, .between((low ?? -.infinity) - constant, (high ?? .infinity) - constant),
        Bilingual(
          zh: "要求 \(k + 1)：\(years[t]) 年\(what.zh)\(words.map(\.zh).joined(separator: "、"))",
          en: "requirement \(k + 1): \(what.en) in \(years[t]) \(words.map(\.en).joined(separator: " and "))"))
    }
  }

  /// Moves a limit by one unit (a million yuan for a budget) to where it binds less; nil for a limit that
  /// is no number of seats or money.
  func loosened(_ limit: Limit) -> IntakeProgram? {
    guard let row = limits.first(where: { $0.limit == limit })?.row else { return nil }
    var moved = self
    let bounds = program.bounds(of: row)
    switch limit {
    case .capacity, .rise, .budget: moved.program.setBound(.atMost(bounds.upper + 1), of: row)
    case .least, .fall: moved.program.setBound(.atLeast(bounds.lower - 1), of: row)
    case .requirement: return nil
    }
    return moved
  }

  struct Optimum {
    /// Of every stage.
    let solutions: [LinearSolution]
    /// What each aim comes to at the optimum.
    let aims: [IntakeProblem.Aim: Double]
    /// Limits with a price in some stage.
    let priced: Set<Limit>

    /// A column in the last stage.
    func value(_ column: Column) -> Double { solutions.last?[column] ?? 0 }
  }

  /// Solves the aims in their order, or weighed.
  ///
  /// - Parameter near: the optimum of a programme with other limits, to start from.
  /// - Throws: `PlanningError`; rows are named in English, see `told`.
  func solved(near: Optimum? = nil) throws(PlanningError) -> Optimum {
    var stages: [[(column: Column, coefficient: Double)]]
    switch problem.ranking {
    case .order(let order): stages = order.map { aims[$0] ?? [] }
    case .weights(let shortage, let surplus):
      stages = [
        (aims[.cost] ?? []) + (aims[.shortage] ?? []).map { ($0.column, $0.coefficient * shortage / Self.million) }
          + (aims[.surplus] ?? []).map { ($0.column, $0.coefficient * surplus / Self.million) }
      ]
    }
    var program = program
    var solutions: [LinearSolution] = []
    var priced: Set<Limit> = []
    for (k, stage) in stages.enumerated() {
      for j in 0..<program.columnCount { program.setCost(0, of: Column(index: j)) }
      for (column, cost) in merged(stage) { program.setCost(cost, of: column) }
      let solution = try program.solved(near: near.map { $0.solutions[k] })
      for (limit, row) in limits where abs(solution.shadowPrice(row)) > 1e-9 { priced.insert(limit) }
      solutions.append(solution)
      // What one aim reached, the next may not give up, but for rounding.
      program.row("aim \(k)", stage, .atMost(solution.objective + 1e-12 * max(1, abs(solution.objective))))
    }
    guard let found = solutions.last else { throw .notSolved(reason: "no aim") }
    let reached = aims.mapValues { terms in terms.reduce(0) { $0 + $1.coefficient * found[$1.column] } }
    return Optimum(solutions: solutions, aims: reached, priced: priced)
  }

  private func merged(_ terms: [(column: Column, coefficient: Double)]) -> [(Column, Double)] {
    var sums: [Column: Double] = [:]
    for (column, coefficient) in terms { sums[column, default: 0] += coefficient }
    return sums.sorted { $0.key.index < $1.key.index }.map { ($0.key, $0.value) }
  }

  /// A contradiction in the reader's words.
  func told(_ conflict: [String]) -> [Bilingual] { conflict.map { names[$0] ?? Bilingual(zh: $0, en: $0) } }
}

/// A number without needless decimals.
private func short(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
