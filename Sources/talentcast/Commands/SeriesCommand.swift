import ArgumentParser
import Foundation
import Messages
import Tables
import TimeSeries

extension ForecastMethod: ExpressibleByArgument {}

/// Forecasts series of a CSV, and shows how wrong such forecasts have been.
struct SeriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "短序列预测与回测 · Forecast short series and back-test the forecasters",
    subcommands: [
      BacktestSubcommand.self, ForecastSubcommand.self, MethodsSubcommand.self, VintagesSubcommand.self,
    ])

  /// Which rows and columns of which file.
  struct Input: ParsableArguments {
    @Option(help: "CSV 文件 · CSV file, one observation a row.")
    var data: String

    @Option(help: "时间列 · Column of times: 2020, 2020-12-31, 2020-12, 2020Q4.")
    var time: String

    @Option(help: "数值列 · Column of values.")
    var value: String

    @Option(help: "区分序列的列，逗号分隔 · Columns that tell series apart, comma-separated.")
    var by: String?

    @Option(help: "可比组的列（默认全部一组） · Columns that make pools of comparable series (default: one pool).")
    var pool: String?

    @Option(name: .customLong("where"), help: "只取满足 列=值 的行，可重复 · Keep rows with COL=VALUE; repeatable.")
    var filters: [String] = []

    func columns() throws -> SeriesColumns {
      var columns = SeriesColumns(time: time, value: value)
      columns.by = names(by)
      columns.pool = names(pool)
      columns.filters = try filters.map { filter in
        guard let sign = filter.firstIndex(of: "="), sign > filter.startIndex else {
          throw ValidationError("--where 应写作 列=值 · --where takes COL=VALUE, got '\(filter)'")
        }
        return (String(filter[..<sign]), String(filter[filter.index(after: sign)...]))
      }
      return columns
    }

    func read(_ columns: SeriesColumns) throws(ProblemReport) -> SeriesTable {
      var options = ReadOptions()
      options.textColumns = columns.textColumns
      return try SeriesTable(readTable(data, options: options), columns)
    }

    private func names(_ list: String?) -> [String] {
      (list ?? "").split(whereSeparator: { $0 == "," || $0 == "，" }).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  /// What is forecast and how sure.
  struct Settings: ParsableArguments {
    @Option(help: "预测期数 · Periods ahead.")
    var horizon = 5

    @Option(help: "区间水平（%），逗号分隔 · Interval levels in percent, comma-separated.")
    var level = "80,95"

    @Option(help: "固定参数，如 alpha=0.5,beta=0.2 · Parameters held fixed.")
    var fixed: String?

    @Option(help: "logistic 的上限 · Ceiling of the logistic curve.")
    var ceiling: Double?

    @Option(help: "下限：数值不可能低于它，计数用 0 · Floor no value can lie below; 0 for counts.")
    var floor: Double?

    @Option(help: "季节周期（默认取自时间列） · Periods in a season (default: from the time column).")
    var period: Int?

    @Flag(help: "走势用 ASCII 字符 · Draw shapes with ASCII characters.")
    var ascii = false

    /// In 0..<1, as given.
    func levels() throws -> [Double] {
      try level.split(separator: ",").map { text in
        guard let number = Double(text.trimmingCharacters(in: .whitespaces)), number > 0, number < 100 else {
          throw ValidationError(
            "--level 应为 0 到 100 之间的百分数 · --level takes percentages between 0 and 100, got '\(text)'")
        }
        return number < 1 ? number : number / 100
      }
    }

    func options(_ axis: TimeAxis) throws -> ForecastOptions {
      var options = ForecastOptions(horizon: horizon)
      options.ceiling = ceiling
      options.floor = floor
      options.period = period ?? axis.period
      options.fixed = try fixedParameters()
      return options
    }

    func fixedParameters() throws -> [String: Double] {
      var values: [String: Double] = [:]
      for pair in (fixed ?? "").split(separator: ",") {
        let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, let number = Double(parts[1]), values[parts[0]] == nil else {
          throw ValidationError("--fixed 应写作 名=数,名=数 · --fixed takes NAME=NUMBER,…, got '\(pair)'")
        }
        values[parts[0]] = number
      }
      return values
    }
  }

  struct ForecastSubcommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "forecast", abstract: "预测每条序列 · Forecast every series",
      discussion: """
        方法用不了的序列逐条指明，其余照常预测，退出码为 2。
        A series the method cannot take is named, the others are forecast, and the exit status is 2.
        """)

    @OptionGroup var input: Input
    @OptionGroup var settings: Settings
    @OptionGroup var common: CommonOptions

    @Option(help: "方法（见 series methods） · Method (see series methods).")
    var method = ForecastMethod.pdd

    @Option(help: "把预测存入此文件夹，只增不改 · Keep the forecast in this append-only folder.")
    var vintages: String?

    @Option(help: "存档的运行编号 · Run id of the kept forecast.")
    var runID: String?

    @Option(help: "存档的单位 · Unit noted in the kept forecast.")
    var unit = ""

    func validate() throws {
      _ = try settings.levels()
      _ = try settings.fixedParameters()
      _ = try input.columns()
      if vintages != nil, runID == nil {
        throw ValidationError("--vintages 需要 --run-id · --vintages needs --run-id")
      }
    }

    func run() throws {
      let (columns, levels) = (try input.columns(), try settings.levels())
      try reporting(common.language) {
        let table = try input.read(columns)
        say(warnings: table.warnings, common.language)
        let output = try ForecastOutput(
          table, method: method, options: settings.options(table.axis), levels: levels, file: input.data)
        if let vintages, let runID { try keep(output, in: vintages, as: runID) }
        print(
          common.json
            ? try output.json(common.language) : output.text(common.language, ascii: settings.ascii) + "\n",
          terminator: "")
        if !output.problems.isEmpty { throw ProblemReport(.problemsFound, output.problems) }
      }
    }

    private func keep(_ output: ForecastOutput, in directory: String, as runID: String) throws {
      let vintage = Vintage(
        runID: runID, method: method.rawValue, methodVersion: "\(method.rawValue)-2",
        dataHash: fingerprint(FileManager.default.contents(atPath: input.data) ?? Data()),
        concept: input.value, unit: unit, keyColumns: output.table.keyColumns,
        entries: Vintage.entries(
          output.forecasts, origins: output.series.map(\.lastTime), levels: output.levels))
      let path = try VintageStore(directory: directory).save(vintage)
      say(Bilingual(zh: "已存档：\(path)", en: "kept: \(path)")[common.language])
    }
  }

  struct BacktestSubcommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backtest",
      abstract: "在过去各起点重做预测并评分，始终与 naive 和固定份额对照 · Re-make past forecasts and score them")

    @OptionGroup var input: Input
    @OptionGroup var settings: Settings
    @OptionGroup var common: CommonOptions

    @Option(parsing: .singleValue, help: "方法，可重复 · Method; repeatable.")
    var method: [ForecastMethod] = [.pdd]

    @Option(help: "起点前的最少观测数 · Observations needed up to an origin.")
    var minTrain = 8

    @Option(help: "最早的起点 · Earliest origin.")
    var firstOrigin: Int?

    @Flag(help: "JSON 中列出每个历史预测 · List every past forecast in the JSON.")
    var forecasts = false

    func validate() throws {
      _ = try settings.levels()
      _ = try settings.fixedParameters()
      _ = try input.columns()
      if minTrain < 2 { throw ValidationError("--min-train 至少为 2 · --min-train is at least 2") }
    }

    func run() throws {
      let (columns, levels) = (try input.columns(), try settings.levels())
      try reporting(common.language) {
        let table = try input.read(columns)
        say(warnings: table.warnings, common.language)
        let forecast = try settings.options(table.axis)
        var unique: [ForecastMethod] = []
        for m in method where !unique.contains(m) { unique.append(m) }
        var options = BacktestOptions(methods: unique, horizon: forecast.horizon)
        options.forecast = forecast
        options.levels = levels
        options.minimumCount = minTrain
        options.firstOrigin = firstOrigin
        let output = try BacktestOutput(table, options, file: input.data)
        print(
          common.json
            ? try output.json(common.language, forecasts: forecasts)
            : output.text(common.language, ascii: settings.ascii) + "\n", terminator: "")
      }
    }
  }

  struct MethodsSubcommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "methods", abstract: "方法、最短长度与区间依据 · Methods, shortest series, how intervals are made")

    @OptionGroup var common: CommonOptions

    func run() throws {
      print(
        common.json ? try methodsJSON(common.language) : methodsText(common.language) + "\n", terminator: "")
    }
  }

  struct VintagesSubcommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "vintages",
      abstract: "把存档的预测与后来的实际对照 · Join kept forecasts to what came true")

    @OptionGroup var input: Input
    @OptionGroup var common: CommonOptions

    @Option(help: "存档文件夹 · Folder of kept forecasts.")
    var vintages: String

    @Option(help: "存档所记的单位 · Unit noted in the kept forecasts.")
    var unit = ""

    func run() throws {
      let columns = try input.columns()
      try reporting(common.language) {
        let table = try input.read(columns)
        let joined = outcomes(
          of: try VintageStore(directory: vintages).load(), actuals: table.series, concept: input.value,
          unit: unit)
        let output = OutcomeOutput(outcomes: joined, axis: table.axis, keyColumns: table.keyColumns)
        print(common.json ? try output.json() : output.text(common.language) + "\n", terminator: "")
      }
    }
  }
}

private func say(warnings: [Problem], _ language: Language) {
  for warning in warnings { say(warning.text(in: language)) }
}
