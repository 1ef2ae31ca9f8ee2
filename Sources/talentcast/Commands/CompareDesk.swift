import Dimensions
import Forecasting
import Messages
import ModelSpecs

/// What `compare` shows besides levers: the difference by place, team or industry, and regrets.
struct CompareDesk {
  let base: RunInputs
  let question: FigureQuestion
  let draws: Int
  let seed: UInt64
  let language: Language
  let json: Bool

  private var zh: Bool { language == .zh }
  private var title: String { question.title(language) }

  func sameModel(_ other: ScenarioSpec) throws(ProblemReport) {
    guard other.model == base.scenario.model else {
      throw refusedFigure(other.id, "scenario", zh: "与基准不属于同一模型：", en: "rests on another model than the base:")
    }
  }

  // MARK: By place, team, industry

  func breakdowns(
    _ scenarios: [String], _ axis: FigureQuestion.Axis, _ library: ScenarioLibrary
  ) throws(ProblemReport) -> String {
    guard question.measure.isSum else {
      throw refusedFigure(
        question.measure.rawValue, "measure", zh: "各部分不能相加，无法分解：", en: "parts do not add up, so it cannot be split:")
    }
    let parts = question.parts(by: axis, base.assembly.inputs)
    guard !parts.isEmpty else {
      throw refusedFigure(question.node.code.text, axis.rawValue, zh: "没有可分解的部分：", en: "has no parts:")
    }
    let questions = [question] + parts.map(\.question)
    let before = try values(questions, base.scenario)
    var results: [CompareBreakdownJSON.Result] = []
    for name in scenarios.dropFirst() {
      let other = try library.resolve(name)
      try sameModel(other)
      let after = try values(questions, other)
      results.append(
        CompareBreakdownJSON.Result(
          from: base.scenario.id, to: other.id, before: before[0], after: after[0], difference: after[0] - before[0],
          parts: parts.indices.map {
            CompareBreakdownJSON.Part(
              code: code(parts[$0].question, axis), name: parts[$0].name[language], before: before[$0 + 1],
              after: after[$0 + 1], change: after[$0 + 1] - before[$0 + 1])
          }))
    }
    guard !json else {
      do {
        return try jsonText(CompareBreakdownJSON(question, axis, results))
      } catch {
        throw refusedFigure(question.measure.rawValue, "json", zh: "无法输出", en: "cannot be written:")
      }
    }
    return results.map { text($0, axis) }.joined(separator: "\n\n") + "\n"
  }

  private func code(_ part: FigureQuestion, _ axis: FigureQuestion.Axis) -> String {
    switch axis {
    case .region: part.node.code.text
    case .team: part.team
    case .industry: part.industry
    }
  }

  private func values(_ questions: [FigureQuestion], _ scenario: ScenarioSpec) throws(ProblemReport) -> [Double] {
    let inputs = try base.assembly.inputs(under: scenario, model: base.model, catalogue: base.catalogue)
    let found: [Double?]
    do throws(ForecastError) {
      found = try FigureQuestion.cells(
        questions, inputs, RunOptions(scenario: scenario.id, draws: draws, seed: seed, jobs: 2)
      ).map { $0?.value }
    } catch {
      throw ProblemReport(.badData, [Problem("run.failed", path: scenario.id, message: error.message)])
    }
    let known = found.compactMap { $0 }
    guard known.count == questions.count else {
      throw refusedFigure(
        question.measure.rawValue, "measure", zh: "各部分没有这一指标（按产业只有 demand 需求）：",
        en: "the parts have no such measure (by industry there is only demand):")
    }
    return known
  }

  private func text(_ result: CompareBreakdownJSON.Result, _ axis: FigureQuestion.Axis) -> String {
    let names: [FigureQuestion.Axis: Bilingual] = [
      .region: Bilingual(zh: "地区", en: "region"), .team: Bilingual(zh: "队伍", en: "team"),
      .industry: Bilingual(zh: "产业", en: "industry"),
    ]
    var table = TextTable([
      (names[axis]?[language] ?? axis.rawValue, .left), (result.from, .right), (result.to, .right),
      (zh ? "变化" : "change", .right), (zh ? "占比" : "share", .right), ("", .left),
    ])
    let largest = result.parts.map { abs($0.change) }.max() ?? 0
    let unchanged = abs(result.difference) < 1e-9
    for part in result.parts.sorted(by: { abs($0.change) > abs($1.change) }) {
      let length = largest > 0 ? Int((abs(part.change) / largest * 16).rounded()) : 0
      table.append([
        part.name, readableFigure(part.before), readableFigure(part.after), signedFigure(part.change),
        unchanged ? "—" : "\(oneOf(part.change / result.difference * 100, 1))%",
        String(repeating: part.change < 0 ? "▒" : "█", count: length),
      ])
    }
    table.append([
      zh ? "合计" : "total", readableFigure(result.before), readableFigure(result.after), signedFigure(result.difference),
      unchanged ? "—" : "100%", "",
    ])
    return title + (zh ? "：" : ": ") + "\(result.from) → \(result.to)\n" + table.text + "\n"
      + meanWords(question.measure, draws, language)
  }

  // MARK: Regret

  func regrets(_ policies: [String], _ futures: [String], _ library: ScenarioLibrary) throws(ProblemReport) -> String {
    var known: [ScenarioSpec] = []
    for name in policies + futures {
      let scenario = try library.resolve(name)
      try sameModel(scenario)
      known.append(scenario)
    }
    guard !futures.isEmpty else {
      throw refusedFigure("", "regret", zh: "没有列出未来情景", en: "no future is named")
    }
    let neutral = try library.resolve(base.scenario.model)
    let isGap = question.measure == .gapRequirement || question.measure == .gapPlan
    let table = try RegretTable(
      policies: Array(known.prefix(policies.count)), futures: Array(known.suffix(futures.count)), neutral: neutral,
      isGap: isGap
    ) { scenario throws(ProblemReport) in try values([question], scenario)[0] }
    guard !json else {
      do {
        return try jsonText(RegretJSON(question, table))
      } catch {
        throw refusedFigure(question.measure.rawValue, "json", zh: "无法输出", en: "cannot be written:")
      }
    }
    return text(table, isGap: isGap)
  }

  private func text(_ table: RegretTable, isGap: Bool) -> String {
    var shown = TextTable(
      [(zh ? "政策＼未来" : "policy \\ future", .left)] + table.futures.map { ($0, .right) }
        + [(zh ? "最大后悔" : "worst regret", .right)])
    for policy in table.ranking {
      shown.append(
        [table.policies[policy]]
          + table.futures.indices.map {
            "\(readableFigure(table.figures[policy][$0], unit: question.measure.unit)) (\(readableFigure(table.regrets[policy][$0], unit: question.measure.unit)))"
          } + [readableFigure(table.worst(policy), unit: question.measure.unit)])
    }
    let note =
      isGap
      ? Bilingual(
        zh: "每格为缺口，括号内为后悔值：缺口大小（不论短缺或富余）比该未来下最好的政策多多少人。最大后悔最小者列首；\(meanWords(question.measure, draws, .zh))。",
        en:
          "Each cell is the gap and, in brackets, the regret: how many persons farther from zero, short or over, than the best policy in that future. Smallest worst regret first; \(meanWords(question.measure, draws, .en))."
      )
      : Bilingual(
        zh: "每格为数值，括号内为后悔值：比该未来下最好的政策少多少（越多越好）。最大后悔最小者列首；\(meanWords(question.measure, draws, .zh))。",
        en:
          "Each cell is the figure and, in brackets, the regret: how much less than the best policy in that future (more is better). Smallest worst regret first; \(meanWords(question.measure, draws, .en))."
      )
    let overlap = Bilingual(
      zh: "政策与未来动同一杠杆时，以政策为准。", en: "Where policy and future move the same lever, the policy's holds.")
    return title + "\n" + shown.text + "\n" + note[language] + "\n" + overlap[language] + "\n"
  }
}

/// How a figure of some draws was made.
func meanWords(_ measure: Measure, _ draws: Int, _ language: Language) -> String {
  let kind =
    measure == .shortageProbability
    ? Bilingual(zh: "\(draws) 次抽样中的比重", en: "share of \(draws) draws")
    : measure.isSum
      ? Bilingual(zh: "\(draws) 次抽样的均值", en: "means of \(draws) draws")
      : Bilingual(zh: "\(draws) 次抽样均值之比", en: "ratios of the means of \(draws) draws")
  return kind[language] + (language == .zh ? "，各情景用同样的随机数" : ", the same chances in every scenario")
}

/// A probability in whole per cent.
func percentText(_ probability: Double) -> String { "\(Int((probability * 100).rounded()))%" }

func signedFigure(_ value: Double, unit: String = "人") -> String {
  let size = readableFigure(abs(value), unit: unit)
  return (size == "0" ? "" : value > 0 ? "+" : value < 0 ? "−" : "") + size
}

/// Whole persons; what is no count of persons (a ratio, a probability) with three decimals below 10.
func readableFigure(_ value: Double, unit: String = "人") -> String {
  let size = abs(value) >= 10 || value == 0 || unit != "1" ? grouped(abs(value).rounded()) : oneOf(abs(value), 3)
  return (value < 0 && size != "0" ? "−" : "") + size
}

struct CompareBreakdownJSON: Encodable {
  struct Part: Encodable {
    let code: String
    let name: String
    let before: Double
    let after: Double
    let change: Double
  }

  struct Result: Encodable {
    let from: String
    let to: String
    let before: Double
    let after: Double
    let difference: Double
    let parts: [Part]
  }

  private let schema = "talentcast/compare@1"
  private let measure: String
  private let region: String
  private let team: String
  private let year: Int
  private let by: String
  private let results: [Result]

  init(_ question: FigureQuestion, _ axis: FigureQuestion.Axis, _ results: [Result]) {
    (measure, region) = (question.measure.rawValue, question.node.code.text)
    (team, year, by) = (question.team, question.year, axis.rawValue)
    self.results = results
  }
}

struct RegretJSON: Encodable {
  private struct Row: Encodable {
    let policy: String
    let future: String
    let value: Double
    let regret: Double
  }

  private struct Worst: Encodable {
    let policy: String
    let regret: Double
  }

  private let schema = "talentcast/regret@1"
  private let measure: String
  private let region: String
  private let team: String
  private let year: Int
  private let cells: [Row]
  private let ranking: [Worst]

  init(_ question: FigureQuestion, _ table: RegretTable) {
    (measure, region) = (question.measure.rawValue, question.node.code.text)
    (team, year) = (question.team, question.year)
    cells = table.policies.indices.flatMap { policy in
      table.futures.indices.map {
        Row(
          policy: table.policies[policy], future: table.futures[$0], value: table.figures[policy][$0],
          regret: table.regrets[policy][$0])
      }
    }
    ranking = table.ranking.map { Worst(policy: table.policies[$0], regret: table.worst($0)) }
  }
}

extension FigureQuestion {
  /// What is compared: `全国 2030 年需求缺口`, `China (mainland) 2030 requirement gap`.
  func title(_ language: Language) -> String {
    let (place, measure) = (node.name[language], measure.name[language])
    return language == .zh ? "\(place) \(year) 年\(measure)" : "\(place) \(year) \(measure)"
  }
}
