import ArgumentParser
import Messages
import Regression
import Tables

extension Family: ExpressibleByArgument {}
extension Link: ExpressibleByArgument {}
extension PanelEffects: ExpressibleByArgument {}
extension SmallSample: ExpressibleByArgument {}

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "回归：线性、加权、岭、面板、二元、计数 · Regression: linear, weighted, ridge, panel, binary, counts",
    discussion: """
      公式：y ~ x + I(x^2) + C(g)；函数 log log2 log10 log1p exp sqrt abs lag diff I C offset；运算 + - : * ^；
      0 + 或 - 1 去掉截距；文本列即类别。缺失的行不用，并说明行数；重复的列去掉，并报出名字。
      Formula: y ~ x + I(x^2) + C(g); functions log log2 log10 log1p exp sqrt abs lag diff I C offset; operators
      + - : * ^; 0 + or - 1 removes the intercept; text columns are categories. Rows with missing values are left
      out and counted; columns that repeat others are dropped and named.

      talentcast fit --data panel.csv --formula "log(staff) ~ log(rd) + log(firms)" \\
        --absorb region,year --vcov cluster:region --json
      """)

  @Option(help: "数据 CSV · Data, CSV.")
  var data: String

  @Option(help: "公式 · Formula, for example \"y ~ x + C(g)\".")
  var formula: String

  @Option(help: "分布 · gaussian, binomial or poisson.")
  var family: Family = .gaussian

  @Option(help: "链接函数 · identity, log, logit or probit (default: the family's own).")
  var link: Link?

  @Option(help: "权重列 · Column of weights.")
  var weights: String?

  @Option(help: "偏移列 · Column added to the linear predictor.")
  var offset: String?

  @Option(help: "吸收的固定效应，逗号分隔 · Columns whose effects are swept out, comma-separated.")
  var absorb: String?

  @Option(help: "面板：fixed（个体固定效应）、random、between、first-difference · Panel method.")
  var effects: PanelEffects?

  @Option(help: "个体列 · Column that names the entity.")
  var entity: String?

  @Option(help: "时间列 · Column that names the time.")
  var time: String?

  @Option(help: "岭惩罚 λ‖b‖²，截距除外 · Ridge penalty, the intercept excepted.")
  var ridge: Double = 0

  @Option(help: "协方差：iid、HC0–HC3、cluster:g、cluster:g1+g2、NW:滞后、DK:滞后 · Covariance of the estimates.")
  var vcov: String = "iid"

  @Option(help: "小样本修正：default、none、stata、plm、full · Small-sample convention of clustered errors.")
  var ssc: SmallSample = .standard

  @Flag(help: "Hausman 检验：固定效应还是随机效应，需要 --entity · Hausman test, fixed against random effects.")
  var hausman = false

  @Option(help: "聚类少时的 p 值：wild:列 或 wild:列:webb · Wild cluster bootstrap of every coefficient.")
  var bootstrap: String?

  @Flag(help: "logit、probit、log 的平均边际效应 · Average marginal effects.")
  var margins = false

  @Flag(help: "诊断：杠杆值、VIF、Jarque–Bera、Durbin–Watson、RESET · Diagnostics.")
  var diagnostics = false

  @Option(help: "置信区间的水平，百分数 · Level of the intervals, percent.")
  var level: Double = 95

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard ridge >= 0, ridge.isFinite else {
      throw ValidationError("--ridge：应为不小于 0 的数 · --ridge is a number of 0 or more")
    }
    guard level > 0, level < 100 else {
      throw ValidationError("--level：应在 0 与 100 之间 · --level lies between 0 and 100")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let request = try fitRequest()
      let report = try FitReport(request, table: readTable(data))
      if common.json {
        print(try jsonText(report), terminator: "")
      } else {
        print(report.text(in: language))
      }
      let remarks = report.remarks.map { $0.text(in: language) }
      if !remarks.isEmpty { say(remarks.joined(separator: "\n")) }
    }
  }

  /// The options as one value; what cannot be understood is named with its nearest spelling.
  func fitRequest() throws(ProblemReport) -> FitRequest {
    var request = FitRequest(formula: formula)
    (request.family, request.link, request.effects) = (family, link, effects)
    (request.weights, request.offset, request.entity, request.time) = (weights, offset, entity, time)
    request.absorb = columnList(absorb ?? "")
    (request.ridge, request.smallSample, request.level) = (ridge, ssc, level / 100)
    request.covariance = try CovarianceRequest(vcov)
    (request.hausman, request.margins, request.diagnostics) = (hausman, margins, diagnostics)
    if let bootstrap { request.bootstrap = try FitExtras.BootstrapRequest(bootstrap) }
    return request
  }
}

/// "a,b" as column names; the full-width comma counts too.
private func columnList(_ text: String) -> [String] {
  text.split { $0 == "," || $0 == "，" }.map { $0.trimmed }.filter { !$0.isEmpty }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
