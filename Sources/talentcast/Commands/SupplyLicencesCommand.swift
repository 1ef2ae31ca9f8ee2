import ArgumentParser
import Datasets
import Forecasting
import Messages
import ModelSpecs
import Supply

/// `talentcast supply licences`: from examination to practice.
struct SupplyLicencesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "licences",
    abstract: "执业资格：考试通过、执业、退出，估计、预测与回测 · From examination to practice: estimates, forecast, back-test.",
    discussion: """
      例 · Examples:
        talentcast supply licences
        talentcast supply licences --origin 2017 --through 2030 --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "回测只用到这一年的数据 · The back-test knows no later year.")
  var origin: Int?

  @Option(help: "预测到哪一年，缺省为模型的末年 · Last year of the forecast; the model's by default.")
  var through: Int?

  @Option(help: "模型 · Model.")
  var model = "baseline"

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let spec = try readModel(ScenarioLibrary(folder: models).modelFile(model))
      let catalogue = try Catalogue(directory: datasets)
      let outlook = try LicenceOutlook(spec, catalogue: catalogue, origin: origin, through: through)
      let name = catalogue.indicators.first { $0.id == outlook.practising }?.name ?? Bilingual(zh: outlook.practising, en: outlook.practising)
      print(
        common.json ? try jsonText(LicencesJSON(outlook)) : text(outlook, name, language),
        terminator: common.json ? "" : "\n")
    }
  }

  private func text(_ outlook: LicenceOutlook, _ name: Bilingual, _ language: Language) -> String {
    let zh = language == .zh
    let future = outlook.future
    return [
      zh ? "\(name.zh)：考试通过—执业—退出" : "\(name.en): from examination to practice", "",
      rates(future, language), "",
      zh ? "回测（只用 \(outlook.past.origin) 年及以前的数据）" : "back-test (nothing known after \(outlook.past.origin))",
      years(outlook.past, language, withActual: true), coverage(outlook.past, language), "",
      zh
        ? "预测（假定每年通过 \(grouped(outlook.passesToCome.rounded())) 人，为 \(span(outlook)) 年公布数的均值）"
        : "forecast (assuming \(grouped(outlook.passesToCome.rounded())) passers a year, the mean of \(span(outlook)))",
      years(future, language, withActual: false), heldOut(outlook, language),
      (zh ? "来源：" : "sources: ") + outlook.sources.joined(separator: ", "),
    ].joined(separator: "\n")
  }

  private func span(_ outlook: LicenceOutlook) -> String {
    "\(outlook.passYears.first ?? 0)–\(outlook.passYears.last ?? 0)"
  }

  private func rates(_ estimate: LicenceOutlook.Estimate, _ language: Language) -> String {
    func line(_ name: Bilingual, _ rate: LicencePipeline.Estimate) -> String {
      let error = rate.standardError.map { " ± \(oneOf($0 * 100, 1))%" } ?? (language == .zh ? "（在边界上）" : " (at its bound)")
      return "\(name[language])\(language == .zh ? "：" : ": ")\(oneOf(rate.value * 100, 1))%\(error)"
    }
    return [
      line(Bilingual(zh: "未执业的合格者每年开始执业", en: "qualified who take up practice, a year"), estimate.pipeline.uptake[0]),
      line(Bilingual(zh: "执业者每年退出", en: "practising who lapse, a year"), estimate.pipeline.lapse),
    ].joined(separator: "\n")
  }

  private func years(_ estimate: LicenceOutlook.Estimate, _ language: Language, withActual: Bool) -> String {
    let zh = language == .zh
    var columns: [(String, TextTable.Alignment)] = [(zh ? "年份" : "year", .right), (zh ? "流程预测" : "pipeline", .right)]
    columns += [(zh ? "80% 区间" : "80 % interval", .right), (zh ? "序列外推" : "own trend", .right)]
    columns +=
      withActual
      ? [(zh ? "实际" : "published", .right), (zh ? "误差" : "error", .right)]
      : [(zh ? "新执业" : "newly practising", .right), (zh ? "退出" : "lapsed", .right)]
    var table = TextTable(columns)
    for year in estimate.years {
      var row = [
        "\(year.year)", grouped(year.forecast.rounded()), rangeText(grouped(year.inner.low.rounded()), grouped(year.inner.high.rounded()), language),
        year.trend.map { grouped($0.rounded()) } ?? "–",
      ]
      if withActual {
        row.append(year.actual.map { grouped($0) } ?? "–")
        row.append(year.actual.map { oneOf((year.forecast / $0 - 1) * 100, 1) + "%" } ?? "–")
      } else {
        row += [grouped(year.newlyPractising.rounded()), grouped(year.lapsed.rounded())]
      }
      table.append(row)
    }
    return table.text
  }

  /// Which of the two methods was nearer, and what the other commands therefore show.
  private func heldOut(_ outlook: LicenceOutlook, _ language: Language) -> String {
    guard let held = outlook.heldOut else { return "" }
    let (pipeline, trend) = (oneOf(held.pipeline * 100, 1), oneOf(held.trend * 100, 1))
    let better = held.pipeline <= held.trend
    return language == .zh
      ? "\(held.origins.lowerBound)—\(held.origins.upperBound) 年各起点 \(held.forecasts) 个历史预测的平均误差：流程 \(pipeline)%，序列外推（合并阻尼对数漂移）\(trend)%；规划监测与报告采用\(better ? "流程" : "序列外推")。"
      : "mean error of \(held.forecasts) past forecasts from \(held.origins.lowerBound) to \(held.origins.upperBound): pipeline \(pipeline)%, own trend (pooled damped log-drift) \(trend)%; the plan monitor and the report use the \(better ? "pipeline" : "trend")."
  }

  private func coverage(_ estimate: LicenceOutlook.Estimate, _ language: Language) -> String {
    let judged = estimate.years.filter { $0.actual != nil }
    let inside = judged.count { $0.inner.low <= ($0.actual ?? .nan) && ($0.actual ?? .nan) <= $0.inner.high }
    return language == .zh
      ? "\(judged.count) 个可比年份中，\(inside) 个落入 80% 区间"
      : "\(inside) of \(judged.count) comparable years lie in the 80 % interval"
  }
}

struct LicencesJSON: Encodable {
  private struct Rate: Encodable {
    let value: Double
    let std_error: Double?
    init(_ estimate: LicencePipeline.Estimate) { (value, std_error) = (estimate.value, estimate.standardError) }
  }

  private struct Year: Encodable {
    let year: Int
    let forecast: Double
    let p025: Double
    let p10: Double
    let p90: Double
    let p975: Double
    let actual: Double?
    let trend: Double?
    let newly_practising: Double
    let lapsed: Double
  }

  private struct Estimate: Encodable {
    let origin: Int
    let uptake: Rate
    let lapse: Rate
    let residual_sd: Double
    let df: Int
    let years: [Year]

    init(_ estimate: LicenceOutlook.Estimate) {
      origin = estimate.origin
      uptake = Rate(estimate.pipeline.uptake[0])
      lapse = Rate(estimate.pipeline.lapse)
      residual_sd = estimate.pipeline.residualDeviation
      df = estimate.pipeline.degreesOfFreedom
      years = estimate.years.map {
        Year(
          year: $0.year, forecast: $0.forecast, p025: $0.outer.low, p10: $0.inner.low, p90: $0.inner.high,
          p975: $0.outer.high, actual: $0.actual, trend: $0.trend, newly_practising: $0.newlyPractising, lapsed: $0.lapsed)
      }
    }
  }

  private struct HeldOut: Encodable {
    let forecasts: Int
    let first_origin: Int
    let last_origin: Int
    let pipeline_error: Double
    let trend_error: Double
  }

  private let schema = "talentcast/supply-licences@1"
  private let indicator: String
  private let past: Estimate
  private let future: Estimate
  private let held_out: HeldOut?
  private let assumed_passes: Double
  private let sources: [String]

  init(_ outlook: LicenceOutlook) {
    indicator = outlook.practising
    past = Estimate(outlook.past)
    future = Estimate(outlook.future)
    held_out = outlook.heldOut.map {
      HeldOut(
        forecasts: $0.forecasts, first_origin: $0.origins.lowerBound, last_origin: $0.origins.upperBound,
        pipeline_error: $0.pipeline, trend_error: $0.trend)
    }
    assumed_passes = outlook.passesToCome
    sources = outlook.sources
  }
}
