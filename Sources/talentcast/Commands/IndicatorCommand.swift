import ArgumentParser
import Datasets
import Dimensions
import Forecasting
import Gaps
import Messages

/// `talentcast indicator`: how a plan's quantified targets stand.
struct IndicatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "indicator", abstract: "规划指标监测 · Monitor the plan's indicators.",
    subcommands: [IndicatorStatusCommand.self])
}

struct IndicatorStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "最新值、所需速度、预测与完成概率 · Latest, needed pace, forecast, P(met).",
    discussion: """
      例 · Examples:
        talentcast indicator status
        talentcast indicator status --plan plan-2030 --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "规划数据包，缺省为模型所用 · Plan package; the model's own by default.")
  var plan: String?

  @Option(help: "情景 · Scenario whose forecast is compared.")
  var scenario = "baseline"

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let inputs = try RunInputs(scenario: scenario, models: models, datasets: datasets)
      let run = try CompletedRun(
        inputs, RunOptions(scenario: inputs.scenario.id, draws: 1000, seed: 20_260_601, jobs: 2))
      guard let plan = plan ?? inputs.model.plan else { throw withoutPlan(inputs) }
      let monitor = try run.planMonitor(plan)
      print(common.json ? try jsonText(PlanMonitorJSON(monitor, language)) : table(monitor, language), terminator: common.json ? "" : "\n")
    }
  }

  private func withoutPlan(_ inputs: RunInputs) -> ProblemReport {
    ProblemReport(
      .badConfiguration,
      [
        Problem(
          "indicator.no-plan", file: inputs.modelFile, path: "plan",
          message: Bilingual(zh: "模型没有指定规划", en: "the model names no plan"),
          hint: Bilingual(
            zh: "用 --plan 指定规划数据包，或在模型中写 plan", en: "name a plan package by --plan, or by `plan` in the model"))
      ])
  }

  private func table(_ monitor: PlanMonitor, _ language: Language) -> String {
    targetTable(monitor, language)
      + (monitor.milestones.isEmpty ? "" : "\n\n" + milestoneTable(monitor, language))
  }

  private func milestoneTable(_ monitor: PlanMonitor, _ language: Language) -> String {
    let zh = language == .zh
    var table = TextTable([
      (zh ? "编号" : "id", .left), (zh ? "任务" : "task", .left), (zh ? "状态" : "status", .left),
      (zh ? "已公布的进展" : "published progress", .left),
    ])
    for task in monitor.milestones {
      table.append([task.id, task.name[language], task.status.name[language], task.progress[language]])
    }
    return table.text
  }

  private func targetTable(_ monitor: PlanMonitor, _ language: Language) -> String {
    let zh = language == .zh
    var table = TextTable([
      (zh ? "编号" : "id", .left), (zh ? "指标" : "indicator", .left), (zh ? "目标" : "target", .right),
      (zh ? "最新（年）" : "latest (year)", .right), (zh ? "所需年均" : "needed a year", .right),
      (zh ? "实际年均" : "realised a year", .right), (zh ? "目标年预测（80%区间）" : "forecast (80 % interval)", .right),
      (zh ? "完成概率" : "P(met)", .right), (zh ? "判断" : "judgement", .left),
    ])
    for row in monitor.rows { table.append(cells(row, language)) }
    return ([table.text] + methods(monitor, language) + [zh ? "[x] 数据不可得 · 目标均为预期性" : "[x] not available · every target is an expectation"])
      .joined(separator: "\n")
  }

  /// Each method once, with the targets that it forecasts.
  private func methods(_ monitor: PlanMonitor, _ language: Language) -> [String] {
    var used: [(method: String, rows: [String])] = []
    for row in monitor.rows {
      guard let method = row.outlook?.method[language] else { continue }
      if let at = used.firstIndex(where: { $0.method == method }) { used[at].rows.append(row.id) } else { used.append((method, [row.id])) }
    }
    return used.map { method, rows in
      language == .zh ? "预测方法：\(method)（\(rows.joined(separator: "、"))）" : "forecast by: \(method) (\(rows.joined(separator: ", ")))"
    }
  }

  private func cells(_ row: PlanMonitor.Row, _ language: Language) -> [String] {
    [
      row.id, row.name[language], "\(number(row.target)) (\(row.targetYear))", latest(row),
      speed(row.pace.required, row, language), speed(row.pace.realised, row, language), forecast(row, language), chance(row),
      row.status.name[language],
    ]
  }

  private func latest(_ row: PlanMonitor.Row) -> String {
    guard let latest = row.latest else { return "[x]" }
    return "\(number(latest.value)) (\(latest.year))"
  }

  private func forecast(_ row: PlanMonitor.Row, _ language: Language) -> String {
    guard let outlook = row.outlook else { return "—" }
    return "\(number(outlook.p50.rounded())) (\(rangeText(number(outlook.p10.rounded()), number(outlook.p90.rounded()), language)))"
  }

  private func chance(_ row: PlanMonitor.Row) -> String {
    guard let probability = row.probability else { return "—" }
    return "\(Int((probability * 100).rounded()))%"
  }

  private func number(_ value: Double) -> String {
    value == value.rounded() || value > 1000 ? grouped(value) : oneOf(value, 1)
  }

  private func speed(_ value: Double?, _ row: PlanMonitor.Row, _ language: Language) -> String {
    guard let value else { return "—" }
    return row.pace.kind == .compound ? oneOf(value * 100, 1) + "%" : "\(oneOf(value, 1)) \(unitName(row.unit)[language])"
  }
}

struct PlanMonitorJSON: Encodable {
  private struct Row: Encodable {
    let id: String
    let group: String
    let name: String
    let unit: String
    let target: Double
    let target_year: Int
    let baseline: Double?
    let baseline_year: Int?
    let latest: Double?
    let latest_year: Int?
    let latest_precision: String?
    let required_pace: Double?
    let realised_pace: Double?
    let p10: Double?
    let p50: Double?
    let p90: Double?
    let probability: Double?
    let progress: Double?
    let pace: IndicatorPace.Kind
    let pace_required: Double?
    let pace_realised: Double?
    let method: String?
    let status: PlanMonitor.Status
    let judgement: String
    let reason: String
    let nature: String
    let quote: String?
    let evidence: Evidence?
    let source: String
  }

  private struct Task: Encodable {
    let id: String
    let name: String
    let kind: String
    let status: String
    let progress: String?
    let progress_source: String?
    let source: String
  }

  private let schema = "talentcast/indicator-status@1"
  private let plan: String
  private let title: String
  private let indicators: [Row]
  private let milestones: [Task]

  init(_ monitor: PlanMonitor, _ language: Language) {
    func filled(_ text: String) -> String? { text.isEmpty ? nil : text }
    plan = monitor.plan
    title = monitor.title[language]
    milestones = monitor.milestones.map {
      Task(
        id: $0.id, name: $0.name[language], kind: $0.kind, status: $0.status.rawValue, progress: filled($0.progress[language]),
        progress_source: filled($0.progressSource), source: $0.source)
    }
    indicators = monitor.rows.map {
      Row(
        id: $0.id, group: $0.group, name: $0.name[language], unit: $0.unit, target: $0.target, target_year: $0.targetYear,
        baseline: $0.baseline, baseline_year: $0.baselineYear, latest: $0.latest?.value, latest_year: $0.latest?.year,
        latest_precision: $0.latest?.precision.rawValue, required_pace: $0.requiredPace, realised_pace: $0.realisedPace,
        p10: $0.p10, p50: $0.p50, p90: $0.p90, probability: $0.probability, progress: $0.progress,
        pace: $0.pace.kind, pace_required: $0.pace.required, pace_realised: $0.pace.realised,
        method: $0.outlook?.method[language], status: $0.status, judgement: $0.status.name[language],
        reason: $0.reason[language], nature: $0.nature, quote: filled($0.quote), evidence: $0.latest?.evidence, source: $0.latest?.source ?? $0.source
      )
    }
  }
}

extension PublishedMilestone.Status {
  var name: Bilingual {
    switch self {
    case .done: Bilingual(zh: "已完成", en: "done")
    case .inProgress: Bilingual(zh: "推进中", en: "in progress")
    case .notAvailable: Bilingual(zh: "数据不可得", en: "not available")
    }
  }
}
