import ArgumentParser
import Dimensions
import Forecasting
import Messages

/// Which figure of a run a question is about, and where its model and data are.
struct FigureOptions: ParsableArguments {
  @Option(help: "指标：supply、demand、gap、openings 等，或其名称 · Measure: supply, demand, gap, openings …, or its name.")
  var measure = "gap"

  @Option(help: "地区：代码、名称或高地编号，缺省为全国 · Region: code, name, or id of a hub; the nation by default.")
  var region: String?

  @Option(help: "队伍，缺省为全部 · Team; all by default.")
  var team = "total"

  @Option(help: "年份 · Year.")
  var year = 2030

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  /// - Throws: `.usage` with everything that is wrong with the question.
  func question(_ inputs: ForecastInputs) throws(ProblemReport) -> FigureQuestion {
    var problems: [Problem] = []
    let node = region.map { inputs.geography.node(called: $0) } ?? inputs.geography.nodes.first
    if node == nil {
      problems +=
        refusedFigure(
          region ?? "", "region", zh: "没有地区", en: "there is no region",
          among: inputs.geography.nodes.flatMap { [$0.code.text, $0.name.zh, $0.name.en] }
        ).problems
    }
    let kind = Measure.called(measure)
    if kind == nil {
      problems +=
        refusedFigure(
          measure, "measure", zh: "没有指标", en: "there is no measure", among: Measure.allCases.map(\.rawValue)
        ).problems
    }
    if team != "total", !inputs.teams.contains(where: { $0.id == team }) {
      problems += refusedFigure(team, "team", zh: "没有队伍", en: "there is no team", among: inputs.teams.map(\.id)).problems
    }
    if !(inputs.years.base...inputs.years.last).contains(year) {
      problems +=
        refusedFigure(
          "\(year)", "year", zh: "不在 \(inputs.years.base)—\(inputs.years.last) 年之内：",
          en: "not in \(inputs.years.base) to \(inputs.years.last):"
        ).problems
    }
    guard let node, let kind, problems.isEmpty else { throw ProblemReport(.usage, problems) }
    return FigureQuestion(measure: kind, node: node, team: team, year: year)
  }

  /// The figure as a run of so many draws has it: a mean, a ratio of means, or a share of draws.
  func figure(
    _ question: FigureQuestion, _ inputs: ForecastInputs, draws: Int, seed: UInt64
  ) throws(ProblemReport) -> Double {
    var found: Double?
    do throws(ForecastError) {
      found = try question.cell(inputs, RunOptions(scenario: "", draws: draws, seed: seed, jobs: 2))?.value
    } catch {
      throw ProblemReport(
        .badData, [Problem("run.failed", path: measure, message: error.message)])
    }
    guard let found, found.isFinite else { throw refusedFigure(measure, "measure", zh: "该地区、队伍、年份没有指标", en: "there is no cell of the measure") }
    return found
  }
}

/// A question that names something that is not there.
func refusedFigure(_ text: String, _ path: String, zh: String, en: String, among: [String] = []) -> ProblemReport {
  ProblemReport(.usage, [.unknown(text, Bilingual(zh: zh, en: en), among: among, code: "compare.\(path)", path: path)])
}
