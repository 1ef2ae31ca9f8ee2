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
      out and counted; columns that repeat others are dropped and named. lag and diff go back in time within an
      entity: --entity and --time name them, or --absorb shows them; otherwise they are asked for. Absorbed groups
      whose response is all 0 (or all 1) are left out of poisson, logit and probit fits, and named.

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

  @Option(parsing: .unconditional, help: "岭惩罚 λ‖b‖²，截距除外 · Ridge penalty, the intercept excepted.")
  var ridge: Double = 0

  @Option(help: "协方差：iid、HC0–HC3、cluster:g、cluster:g1+g2、NW:滞后、DK:滞后 · Covariance of the estimates.")
  var vcov: String = "iid"

  @Option(help: "小样本修正：default、none、stata、plm、full · Small-sample convention of clustered errors.")
  var ssc: SmallSample = .standard

  @Flag(help: "去掉吸收后只有一行的组，不计入聚类标准误 · Leave out absorbed groups of a single row, which count in clustered errors.")
  var dropSingletons = false

  @Option(help: "数据中的小数点，例如 \",\" · Decimal mark of the data, for example \",\".")
  var decimal: String?

  @Option(help: "数据中的千位分隔符，例如 \",\" · Mark that sets thousands apart in the data, for example \",\".")
  var thousands: String?

  @Flag(help: "Hausman 检验：固定效应还是随机效应，需要 --entity · Hausman test, fixed against random effects.")
  var hausman = false

  @Option(help: "聚类少时的 p 值：wild:列 或 wild:列:webb · Wild cluster bootstrap of every coefficient.")
  var bootstrap: String?

  @Flag(help: "logit、probit、log 的平均边际效应 · Average marginal effects.")
  var margins = false

  @Flag(help: "诊断：杠杆值、VIF、Jarque–Bera、Durbin–Watson、RESET · Diagnostics.")
  var diagnostics = false

  @Option(parsing: .unconditional, help: "置信区间的水平，百分数 · Level of the intervals, percent.")
  var level: Double = 95

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard ridge >= 0, ridge.isFinite else {
      throw ValidationError("--ridge：应为不小于 0 的数 · --ridge is a number of 0 or more")
    }
    _ = try numberStyle()
    guard level > 0, level < 100 else {
      throw ValidationError("--level：应在 0 与 100 之间 · --level lies between 0 and 100")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let request = try fitRequest()
      var report = try FitReport(request, table: readData())
      report.language = language
      if common.json {
        print(try jsonText(report), terminator: "")
      } else {
        print(report.text(in: language))
      }
      let remarks = report.remarks.map { $0.text(in: language) }
      if !remarks.isEmpty { say(remarks.joined(separator: "\n")) }
    }
  }

  func readData() throws -> Table {
    guard let style = try numberStyle() else { return try readTable(data) }
    return try tableAsText(data).reading(style)
  }

  /// How the data spell numbers; nil for plain ones.
  func numberStyle() throws -> NumberStyle? {
    guard decimal != nil || thousands != nil else { return nil }
    func mark(_ text: String, _ option: String) throws -> Character {
      guard let mark = text.first, text.count == 1, !mark.isNumber, !mark.isLetter, !"+-".contains(mark) else {
        throw ValidationError(
          "\(option)：应为一个符号，例如 , 或 . · \(option) is a single mark, for example , or .")
      }
      return mark
    }
    let point = try decimal.map { try mark($0, "--decimal") }
    let group = try thousands.map { try mark($0, "--thousands") }
    // A comma between thousands leaves the point to decimals, and the other way round.
    let style = NumberStyle(decimal: point ?? (group == "." ? "," : "."), thousands: group)
    guard style.decimal != style.thousands else {
      throw ValidationError(
        "--decimal 与 --thousands 不能是同一个符号 · --decimal and --thousands cannot be the same mark")
    }
    return style
  }

  /// The options as one value; what cannot be understood is named with its nearest spelling.
  func fitRequest() throws(ProblemReport) -> FitRequest {
    var request = FitRequest(formula: formula)
    (request.family, request.link, request.effects) = (family, link, effects)
    (request.weights, request.offset, request.entity, request.time) = (weights, offset, entity, time)
    request.absorb = columnList(absorb ?? "")
    (request.ridge, request.smallSample, request.level) = (ridge, ssc, level / 100)
    request.dropsSingletons = dropSingletons
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
