import ArgumentParser
import Forecasting
import Foundation
import LinearAlgebra
import Messages
import ModelSpecs
import Planning

/// `talentcast plan`: what intake, by channel and year, brings supply closest to its goal.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "招录培养规划（线性规划） · Intake plan: how many to admit, by channel and year.",
    discussion: """
      规划文件写明目标、渠道、容量、成本和不确定性；例见 Models/plans/。
      The plan file states goal, channels, capacities, costs and uncertainty; see Models/plans/.
      约束互相矛盾时逐条列出，退出码 2 · Contradicting limits are named one by one, exit status 2.

      例 · Examples:
        talentcast plan Models/plans/close-the-gap.yaml
        talentcast plan Models/plans/robust-intake.yaml --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "规划文件 · The plan file.")
  var file: String

  @Option(help: "另存为 CSV · Also write the plan as CSV.")
  var out: String?

  @Flag(help: "覆盖已有文件 · Overwrite an existing file.")
  var force = false

  @Option(help: "线程数 · Threads.")
  var jobs = 2

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func validate() throws {
    guard jobs > 0 else { throw ValidationError("--jobs 应为正整数 · --jobs is a positive number") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      BLASThreads.set(1)
      let spec = try readIntakePlan(file)
      let inputs = try inputs(of: spec)
      let question = try IntakeQuestion(spec, inputs, jobs: jobs)
      let plan = try solved(question)
      if let out { try FileSet(out, planCSV(plan), force: force).write() }
      print(
        common.json ? try jsonText(PlanJSON(question, plan, language)) : PlanText(question, plan, language).text,
        terminator: common.json ? "" : "\n")
    }
  }

  /// Without boundaries and back-tests, which a plan does not need.
  private func inputs(of spec: IntakePlanSpec) throws(ProblemReport) -> ForecastInputs {
    try planInputs(spec, models: models, datasets: datasets)
  }

  private func solved(_ question: IntakeQuestion) throws(ProblemReport) -> IntakePlan {
    do throws(PlanningError) {
      return try IntakePlan(question.problem)
    } catch {
      throw refused(question, error)
    }
  }

  private func refused(_ question: IntakeQuestion, _ error: PlanningError) -> ProblemReport {
    var conflict: [Bilingual] = []
    do throws(PlanningError) { conflict = try IntakePlan.conflict(question.problem) } catch {
      return ProblemReport(.failure, [Problem("plan.not-solved", file: file, message: error.message)])
    }
    guard !conflict.isEmpty else {
      return ProblemReport(.failure, [Problem("plan.not-solved", file: file, message: error.message)])
    }
    return ProblemReport(
      .problemsFound,
      [
        Problem(
          "plan.infeasible", file: file,
          message: Bilingual(
            zh: "无可行方案，下列约束互相矛盾：\n" + conflict.map { "      - \($0.zh)" }.joined(separator: "\n"),
            en: "no plan satisfies these limits together:\n" + conflict.map { "      - \($0.en)" }.joined(separator: "\n")),
          hint: Bilingual(zh: "放宽其中任何一条即可解开这一矛盾", en: "loosening any one of them resolves this contradiction"))
      ])
  }
}

/// The central inputs of a plan's scenario.
///
/// - Throws: every problem of model, scenario and data; a scenario that is nowhere is told at its place.
func planInputs(_ spec: IntakePlanSpec, models: String, datasets: String) throws(ProblemReport) -> ForecastInputs {
  let library = ScenarioLibrary(folder: models)
  let named = spec.scenario
  guard library.models.contains(named.value) || library.scenarios.contains(named.value) else {
    throw ProblemReport(
      .badConfiguration,
      [
        Problem(
          "plan.scenario", file: spec.file, line: named.line, column: named.column, path: "scenario",
          message: Bilingual(zh: "没有名为“\(named.value)”的情景或模型", en: "no scenario or model is called '\(named.value)'"),
          hint: nearest(named.value, among: library.scenarios + library.models).map {
            Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)")
          })
      ])
  }
  return try RunInputs(scenario: named.value, models: models, datasets: datasets).assembly.inputs
}

/// One row a figure: year, channel (empty for all), measure, unit, value.
func planCSV(_ plan: IntakePlan) -> String {
  var rows = ["year,channel,measure,unit,value"]
  for (y, year) in plan.problem.years.enumerated() {
    for (channel, admitted) in zip(plan.problem.channels, plan.admitted) {
      rows.append("\(year),\(channel.id),admitted,人,\(admitted[y])")
      rows.append("\(year),\(channel.id),capacity,人,\(channel.capacity[y])")
    }
    let totals: [(String, String, [Double])] = [
      ("goal", "人", plan.goal), ("supply_at_present_intakes", "人", plan.supplyNow), ("supply", "人", plan.supply),
      ("shortage_at_present_intakes", "人", plan.shortageNow), ("shortage", "人", plan.shortage),
      ("cost_at_present_intakes", "元", plan.costNow), ("cost", "元", plan.cost),
    ]
    for (measure, unit, values) in totals { rows.append("\(year),,\(measure),\(unit),\(values[y])") }
  }
  return rows.joined(separator: "\n") + "\n"
}
