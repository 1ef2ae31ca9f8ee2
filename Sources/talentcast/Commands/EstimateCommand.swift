import ArgumentParser
import Messages
import SmallArea

extension VarianceMethod: ExpressibleByArgument {}
extension BenchmarkMethod: ExpressibleByArgument {}

/// What hangs together across rows besides the regression.
enum AreaModelName: String, CaseIterable, ExpressibleByArgument {
  case fayHerriot = "fay-herriot"
  case raoYu = "rao-yu"
}

/// Small-area estimation from a CSV of direct estimates with their variances.
struct EstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "小区域估计：Fay–Herriot、空间、Rao–Yu，可凑合计 · Small-area estimates: Fay–Herriot, spatial, Rao–Yu, benchmarked",
    discussion: """
      每行一个地区（或地区和时期）的直接估计及其抽样方差；公式右边是能解释它的量。估计值介于直接估计与回归之间，
      方差大的地区更多地借用回归。空间权重文件：表头为地区代码，其后各行同序，每行之和为 1。合计文件：一列 total；
      有时间列时每期一行。凑合计后 estimate 为调整后的值。
      One row an area (or an area and a time) with its direct estimate and sampling variance; the right of the formula
      explains it. An estimate lies between the direct figure and the regression, nearer to the regression where the
      variance is large. Spatial weights: a header of area codes, then one row an area in that order, rows adding up to
      one. Totals: a column total, one row, or one row a time. After benchmarking, estimate is the adjusted value.

      talentcast estimate --data areas.csv --formula "staff ~ rd + firms" --variance var --area code \\
        --benchmark total.csv --json
      """)

  @Option(help: "数据 CSV · Data, CSV.")
  var data: String

  @Option(help: "公式 · Formula, for example \"y ~ x1 + x2\".")
  var formula: String

  @Option(help: "抽样方差列 · Column of sampling variances.")
  var variance: String

  @Option(help: "方差成分的估计法：reml、ml、fh（矩） · Variance components by reml, ml or fh (moments).")
  var method: VarianceMethod = .reml

  @Option(help: "模型：fay-herriot 或 rao-yu（需要 --area 与 --time） · Model; rao-yu needs --area and --time.")
  var model: AreaModelName = .fayHerriot

  @Option(help: "地区列（默认按行号） · Column that names the area (default: the row's number).")
  var area: String?

  @Option(help: "时间列，整数 · Column of times, whole numbers.")
  var time: String?

  @Option(help: "空间权重 CSV · Spatial weights, CSV.")
  var spatial: String?

  @Option(help: "合计 CSV，列名 total · Totals to add up to, CSV with a column total.")
  var benchmark: String?

  @Option(help: "凑合计的办法：ratio（同比）或 distance（误差大者多动） · Move all alike, or the uncertain more.")
  var benchmarkMethod: BenchmarkMethod = .ratio

  @Option(help: "合计中各行的权重列（默认 1） · Column of weights in the total (default: 1).")
  var benchmarkWeights: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if model == .raoYu, area == nil || time == nil {
      throw ValidationError("--model rao-yu 需要 --area 与 --time · --model rao-yu needs --area and --time")
    }
    if model != .raoYu, time != nil {
      throw ValidationError("--time 需要 --model rao-yu · --time needs --model rao-yu")
    }
    if method == .fh, model == .raoYu || spatial != nil {
      throw ValidationError(
        "--method fh 只用于独立地区的模型；请用 reml 或 ml · --method fh fits independent areas only; use reml or ml")
    }
    if benchmark == nil, benchmarkWeights != nil {
      throw ValidationError("--benchmark-weights 需要 --benchmark · --benchmark-weights needs --benchmark")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let report = try EstimateReport(request)
      if common.json {
        print(try jsonText(report), terminator: "")
      } else {
        print(report.text(in: language))
      }
      let remarks = report.remarks.map { $0.text(in: language) }
      if !remarks.isEmpty { say(remarks.joined(separator: "\n")) }
    }
  }

  var request: EstimateRequest {
    var request = EstimateRequest(data: data, formula: formula, variance: variance)
    (request.method, request.model, request.area, request.time) = (method, model, area, time)
    (request.spatial, request.benchmark) = (spatial, benchmark)
    (request.benchmarkMethod, request.benchmarkWeights) = (benchmarkMethod, benchmarkWeights)
    return request
  }
}
