import Foundation
import Messages
import ModelSpecs
import Planning

/// An intake plan as a person reads it.
struct PlanText {
  private let question: IntakeQuestion
  private let plan: IntakePlan
  private let language: Language
  private var zh: Bool { language == .zh }
  private var problem: IntakeProblem { plan.problem }

  /// Bottlenecks shown; the others are counted.
  private static let shown = 8

  init(_ question: IntakeQuestion, _ plan: IntakePlan, _ language: Language) {
    (self.question, self.plan, self.language) = (question, plan, language)
  }

  var text: String {
    ([head, balances, intakes] + [bottlenecks, risks, notes].filter { !$0.isEmpty }).joined(separator: "\n\n")
  }

  private var head: String {
    let spec = question.spec
    let team = spec.team.map { " · \($0.value)" } ?? ""
    let (first, last) = (problem.years.lowerBound, problem.years.upperBound)
    let years = first == last ? "\(first)" : "\(first)–\(last)"
    return "\(spec.name[language])\n\(question.node.name[language])\(team) · \(years) · "
      + (zh ? "情景 " : "scenario ") + spec.scenario.value
  }

  private var balances: String {
    var table = TextTable([
      (zh ? "年份" : "year", .left), (zh ? "目标" : "goal", .right), (zh ? "现有规模下供给" : "supply as now", .right),
      (zh ? "短缺" : "short", .right), (zh ? "规划供给" : "supply planned", .right), (zh ? "短缺" : "short", .right),
      (zh ? "费用（万元）" : "cost (10⁴ yuan)", .right),
    ])
    for (y, year) in problem.years.enumerated() {
      table.append([
        "\(year)", grouped(plan.goal[y]), grouped(plan.supplyNow[y]), grouped(plan.shortageNow[y]), grouped(plan.supply[y]),
        grouped(plan.shortage[y]), grouped(plan.cost[y] / 1e4),
      ])
    }
    func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
    table.append([
      zh ? "合计" : "total", "", "", grouped(sum(plan.shortageNow)), "", grouped(sum(plan.shortage)), grouped(sum(plan.cost) / 1e4),
    ])
    let extra = sum(plan.cost) - sum(plan.costNow)
    return table.text + "\n"
      + (zh
        ? "短缺合计为人·年；费用比维持现有规模\(extra < 0 ? "少" : "多") \(grouped(abs(extra) / 1e4)) 万元"
        : "total shortage in person-years; \(grouped(abs(extra) / 1e4)) × 10⁴ yuan \(extra < 0 ? "less" : "more") than at present intakes")
  }

  private var intakes: String {
    var table = TextTable(
      [(zh ? "每年招录" : "admitted", .left), (zh ? "现有" : "now", .right)] + problem.years.map { ("\($0)", .right) })
    for (channel, admitted) in zip(problem.channels, plan.admitted) {
      table.append(
        [channel.name[language], grouped(channel.now)]
          + zip(admitted, channel.capacity).map { grouped($0) + ($0 >= $1 - 1e-6 * max(1, $1) ? "*" : " ") })
    }
    return table.text + "\n" + (zh ? "* 达到容量" : "* at capacity")
  }

  private var bottlenecks: String {
    // What moves the shortage most comes first; then what saves most.
    let ranked = plan.bottlenecks.sorted { ($0.shortage, $0.surplus, $0.cost) < ($1.shortage, $1.surplus, $1.cost) }
    guard !ranked.isEmpty else { return "" }
    let lines = ranked.prefix(PlanText.shown).map { "  - " + $0.words(problem.channels)[language] }
    let more = ranked.count - lines.count
    let counted =
      switch problem.counted {
      case .central: Bilingual(zh: "", en: "")
      case .expected: Bilingual(zh: "；短缺为抽样均值", en: "; shortage: mean of the draws")
      case .worst(let level):
        Bilingual(
          zh: "；短缺为最差 \(oneOf((1 - level) * 100, 1))% 抽样的均值", en: "; shortage: mean of the worst \(oneOf((1 - level) * 100, 1)) % of the draws")
      }
    return
      (zh
      ? "放宽一个单位的约束，会改变什么（其余重新优化\(counted.zh)）：\n"
      : "What one more unit of a limit would change (all else optimised again\(counted.en)):\n")
      + lines.joined(separator: "\n")
      + (more > 0 ? (zh ? "\n  另有 \(more) 条，见 --json" : "\n  \(more) more in --json") : "")
  }

  private var risks: String {
    guard let risk = plan.risk else { return "" }
    let tail = oneOf((1 - plan.level) * 100, 1)
    var table = TextTable([
      (zh ? "抽样 \((problem.supply.first?.count ?? 1) - 1) 次" : "\((problem.supply.first?.count ?? 1) - 1) draws", .left),
      (zh ? "现有规模" : "as now", .right), (zh ? "规划" : "planned", .right),
    ])
    table.append([zh ? "平均短缺（人·年）" : "mean shortage (person-years)", grouped(risk.now.expected), grouped(risk.plan.expected)])
    table.append([
      zh ? "最差 \(tail)% 的平均短缺（人·年）" : "mean of the worst \(tail) % (person-years)", grouped(risk.now.worst), grouped(risk.plan.worst),
    ])
    table.append([
      zh ? "末年短缺概率" : "probability of shortage in the last year", percent(risk.now.probability), percent(risk.plan.probability),
    ])
    return table.text
  }

  private var notes: String {
    let share = question.throughChannels / max(1, question.entrants.first ?? 1)
    let entering = grouped(question.throughChannels)
    let all = grouped(question.entrants.first ?? 0)
    let assumed = question.spec.channels.flatMap { [$0.now, $0.yield] + [$0.cost].compactMap(\.self) }
      .count { $0.evidence == .assumed }
    return zh
      ? "各渠道现有规模每年进入 \(entering) 人，占预测新增 \(all) 人的 \(percent(share))；其余新增随情景变化，不在规划之内。\n"
        + "\(assumed) 个渠道参数为假定（D），出处见 \(question.spec.file)；各年数字与约束（require）按无扰动路径计算，不是预测均值。"
      : "At present the channels let in \(entering) a year, \(percent(share)) of the run's \(all) entrants; the others follow the scenario.\n"
        + "\(assumed) figures of the channels are assumptions (D), see \(question.spec.file); yearly figures and `require` are those of the path without chance, which is no forecast."
  }

  private func percent(_ share: Double) -> String { "\(oneOf(share * 100, 1))%" }
}

struct PlanJSON: Encodable {
  private struct Channel: Encodable {
    let id: String
    let name: String
    let now: Double
    let admitted: [Double]
    let capacity: [Double]
  }

  private struct Bottleneck: Encodable {
    let kind: IntakePlan.Bottleneck.Kind
    let channel: String?
    let year: Int
    let shortage: Double
    let surplus: Double
    let cost: Double
    let words: String
  }

  private struct Risk: Encodable {
    let expected: Double
    let worst: Double
    let probability: Double

    init(_ risk: IntakePlan.Risk) { (expected, worst, probability) = (risk.expected, risk.worst, risk.probability) }
  }

  private let schema = "talentcast/plan@1"
  private let id: String
  private let name: String
  private let scenario: String
  private let region: String
  private let team: String
  private let years: [Int]
  private let goal: [Double]
  private let supply_now: [Double]
  private let supply: [Double]
  private let shortage_now: [Double]
  private let shortage: [Double]
  private let cost_now: [Double]
  private let cost: [Double]
  private let entrants: [Double]
  private let entrants_through_channels_now: Double
  private let channels: [Channel]
  private let bottlenecks: [Bottleneck]
  private let draws: Int
  private let level: Double?
  private let risk_now: Risk?
  private let risk: Risk?

  init(_ question: IntakeQuestion, _ plan: IntakePlan, _ language: Language) {
    let problem = plan.problem
    id = question.spec.id
    name = question.spec.name[language]
    scenario = question.spec.scenario.value
    region = question.node.code.text
    team = question.spec.team?.value ?? "total"
    years = Array(problem.years)
    (goal, supply_now, supply) = (plan.goal, plan.supplyNow, plan.supply)
    (shortage_now, shortage, cost_now, cost) = (plan.shortageNow, plan.shortage, plan.costNow, plan.cost)
    (entrants, entrants_through_channels_now) = (question.entrants, question.throughChannels)
    channels = zip(problem.channels, plan.admitted).map {
      Channel(id: $0.id, name: $0.name[language], now: $0.now, admitted: $1, capacity: $0.capacity)
    }
    bottlenecks = plan.bottlenecks.map { one in
      Bottleneck(
        kind: one.kind, channel: one.channel.map { problem.channels[$0].id }, year: one.year, shortage: one.shortage,
        surplus: one.surplus, cost: one.cost, words: one.words(problem.channels)[language])
    }
    draws = (problem.supply.first?.count ?? 1) - 1
    level = plan.risk == nil ? nil : plan.level
    risk_now = plan.risk.map { Risk($0.now) }
    risk = plan.risk.map { Risk($0.plan) }
  }
}
