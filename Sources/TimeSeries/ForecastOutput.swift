import Messages

/// A number as JSON writes it: null when it is not finite.
func finite(_ value: Double?) -> Double? {
  guard let value, value.isFinite else { return nil }
  return value
}

/// A time in JSON: a whole number for years, text such as `2024Q3` otherwise.
enum TimeJSON: Encodable {
  case year(Int)
  case label(String)

  init(_ time: Int, _ axis: TimeAxis) { self = axis == .year ? .year(time) : .label(axis.label(time)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .year(let year): try container.encode(year)
    case .label(let label): try container.encode(label)
    }
  }
}

func keyObject(_ columns: [String], _ key: [String]) -> [String: String] {
  Dictionary(zip(columns, key)) { first, _ in first }
}

struct IntervalJSON: Encodable {
  /// In percent.
  let level: Double
  @Nullable var low: Double?
  @Nullable var high: Double?

  init(_ level: Double, _ distribution: PredictiveDistribution) {
    let (low, high) = distribution.interval(level)
    self.level = (level * 1e10).rounded() / 1e8
    self.low = finite(low)
    self.high = finite(high)
  }
}

/// What `series forecast` prints.
public struct ForecastOutput: Sendable {
  public let table: SeriesTable
  public let method: ForecastMethod
  public let options: ForecastOptions
  /// In 0..<1.
  public let levels: [Double]
  /// The series that could be forecast, in the table's order.
  public let series: [Series]
  /// One per entry of `series`.
  public let forecasts: [SeriesForecast]
  /// Series the method refuses, each with the line of the value that is in the way.
  public let problems: [Problem]

  /// Forecasts every pool of the table; a series that the method refuses does not hold up the others.
  /// - Throws: a wrong option, or every refusal at once when no series could be forecast.
  public init(
    _ table: SeriesTable, method: ForecastMethod, options: ForecastOptions, levels: [Double], file: String
  ) throws(ProblemReport) {
    var problems: [Problem] = []
    var (series, forecasts): ([Series], [SeriesForecast]) = ([], [])
    let keys = Dictionary(table.series.map { ($0.name, $0.key) }) { first, _ in first }
    func line(_ series: String, _ time: Int) -> Int? {
      keys[series].flatMap { table.line(key: $0, time: time) }
    }
    for pool in table.pools {
      let results: [Result<SeriesForecast, SeriesError>]
      do throws(SeriesError) {
        results = try forecast(pool, method: method, options: options)
      } catch {
        throw ProblemReport(error.status, [error.problem(file: file, line: line)])
      }
      for (one, result) in zip(pool, results) {
        switch result {
        case .success(let found):
          series.append(one)
          forecasts.append(found)
        case .failure(let error): problems.append(error.problem(file: file, line: line))
        }
      }
    }
    guard !forecasts.isEmpty else { throw ProblemReport(.badData, problems) }
    self.table = table
    self.series = series
    self.problems = problems
    self.method = method
    self.options = options
    self.levels = levels
    self.forecasts = forecasts
  }

  /// The forecast for programs, by schema.
  public func json(_ language: Language) throws -> String {
    struct Point: Encodable {
      let time: TimeJSON
      @Nullable var mean: Double?
      let intervals: [IntervalJSON]
    }
    struct Entry: Encodable {
      let key: [String: String]
      let method: String
      let form: String?
      let parameters: [String: Double?]
      @Nullable var logLikelihood: Double?
      let lastTime: TimeJSON
      let lastValue: Double
      let n: Int
      let forecasts: [Point]
      let notes: [String]

      enum CodingKeys: String, CodingKey {
        case key, method, form, parameters, n, forecasts, notes
        case logLikelihood = "log_likelihood"
        case lastTime = "last_time"
        case lastValue = "last_value"
      }
    }
    struct Document: Encodable {
      let schema = "talentcast/series-forecast@1"
      let method: String
      let horizon: Int
      let intervals: String
      let series: [Entry]
      let problems: [ProblemJSON]
    }
    let entries = zip(series, forecasts).map { series, forecast in
      Entry(
        key: keyObject(table.keyColumns, series.key), method: forecast.method.rawValue, form: forecast.form,
        parameters: Dictionary(forecast.parameters.map { ($0.name, finite($0.value)) }) { first, _ in first },
        logLikelihood: finite(forecast.logLikelihood), lastTime: TimeJSON(series.lastTime, table.axis),
        lastValue: series.lastValue, n: series.count,
        forecasts: forecast.points.map { point in
          Point(
            time: TimeJSON(point.time, table.axis), mean: finite(point.mean),
            intervals: levels.map { IntervalJSON($0, point.distribution) })
        }, notes: forecast.notes.map { $0[language] })
    }
    return try jsonText(
      Document(
        method: method.rawValue, horizon: options.horizon, intervals: method.intervals[language],
        series: entries, problems: problems.map { ProblemJSON($0, language) }))
  }

  /// A table with one row per series and period, a small picture in the last column, then the notes.
  public func text(_ language: Language, ascii: Bool) -> String {
    let zh = language == .zh
    var columns: [(heading: String, alignment: TextTable.Alignment)] =
      table.keyColumns.map { ($0, .left) } + [
        (zh ? "时期" : "time", .left), (zh ? "预测" : "forecast", .right),
      ]
    for level in levels {
      columns.append((percent(level).replacingPointZero + (zh ? " 下限" : " low"), .right))
      columns.append((percent(level).replacingPointZero + (zh ? " 上限" : " high"), .right))
    }
    columns.append((zh ? "方法" : "method", .left))
    columns.append((zh ? "走势" : "shape", .left))
    var text = TextTable(columns)
    for (series, forecast) in zip(series, forecasts) {
      for (i, point) in forecast.points.enumerated() {
        let ends = levels.flatMap { level in
          let (low, high) = point.distribution.interval(level)
          return [readable(low), readable(high)]
        }
        let shape =
          i == 0
          ? sparkline(history: series.regular, forecast: forecast.points.map(\.mean), ascii: ascii) : ""
        text.append(
          series.key.map { i == 0 ? $0 : "" } + [table.axis.label(point.time), readable(point.mean)] + ends
            + [i == 0 ? forecast.method.rawValue : "", shape])
      }
    }
    var lines = [text.text, "", (zh ? "区间：" : "intervals: ") + method.intervals[language]]
    lines += notes(language)
    return lines.joined(separator: "\n")
  }

  /// Each note once, with the series it is about.
  private func notes(_ language: Language) -> [String] {
    var about: [(note: String, names: [String])] = []
    for forecast in forecasts {
      for note in forecast.notes.map({ $0[language] }) {
        let name = forecast.key.joined(separator: " · ")
        if let i = about.firstIndex(where: { $0.note == note }) {
          about[i].names.append(name)
        } else {
          about.append((note, [name]))
        }
      }
    }
    return about.map { note, names in
      if names.count == forecasts.count { return "* " + note }
      let shown = names.prefix(5).joined(separator: language == .zh ? "、" : ", ")
      let rest =
        names.count > 5 ? (language == .zh ? " 等 \(names.count) 条" : " and \(names.count - 5) more") : ""
      return "* \(note) (\(shown)\(rest))"
    }
  }
}

extension String {
  /// `80.0%` → `80%`.
  var replacingPointZero: String {
    hasSuffix(".0%") ? String(dropLast(3)) + "%" : self
  }
}
