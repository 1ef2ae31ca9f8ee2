import Messages

/// The methods with the shortest series each is fitted to and what replaces it below that.
public func methodsText(_ language: Language) -> String {
  let zh = language == .zh
  var table = TextTable([
    (zh ? "方法" : "method", .left), (zh ? "最少观测" : "fewest points", .right),
    (zh ? "不足时改用" : "else", .left), (zh ? "须为正" : "positive only", .left),
    (zh ? "可固定参数" : "can be fixed", .left), (zh ? "区间" : "intervals", .left),
  ])
  for method in ForecastMethod.allCases {
    table.append([
      method.rawValue, "\(method.minimumCount)", method.fallback?.rawValue ?? "–",
      method.needsPositiveValues ? (zh ? "是" : "yes") : "", method.parameterNames.joined(separator: " "),
      method.intervals[language],
    ])
  }
  return table.text
}

/// The methods and when they apply, for programs.
public func methodsJSON(_ language: Language) throws -> String {
  struct Entry: Encodable {
    let method: String
    let minimum: Int
    let fallback: String?
    let positive: Bool
    let parameters: [String]
    let intervals: String
  }
  struct Document: Encodable {
    let schema = "talentcast/series-methods@1"
    let methods: [Entry]
  }
  return try jsonText(
    Document(
      methods: ForecastMethod.allCases.map {
        Entry(
          method: $0.rawValue, minimum: $0.minimumCount, fallback: $0.fallback?.rawValue,
          positive: $0.needsPositiveValues, parameters: $0.parameterNames, intervals: $0.intervals[language])
      }))
}

/// Kept forecasts beside what came true.
public struct OutcomeOutput: Sendable {
  public let outcomes: [VintageOutcome]
  public let axis: TimeAxis
  public let keyColumns: [String]

  public init(outcomes: [VintageOutcome], axis: TimeAxis, keyColumns: [String]) {
    self.outcomes = outcomes
    self.axis = axis
    self.keyColumns = keyColumns
  }

  /// The comparison as a table.
  public func text(_ language: Language) -> String {
    let zh = language == .zh
    guard !outcomes.isEmpty else {
      return zh
        ? "还没有可对照的预测（键、时期、概念与单位须一致）"
        : "no kept forecast can be joined yet (key, period, concept and unit must agree)"
    }
    var table = TextTable(
      [(zh ? "运行" : "run", .left), (zh ? "方法" : "method", .left)] + keyColumns.map { ($0, .left) } + [
        (zh ? "起点" : "origin", .left), (zh ? "时期" : "time", .left), (zh ? "预测" : "forecast", .right),
        (zh ? "实际" : "actual", .right), (zh ? "误差" : "error", .right), (zh ? "落入区间" : "inside", .left),
      ])
    for outcome in outcomes {
      let entry = outcome.entry
      let inside = zip(entry.intervals, outcome.inside).map { interval, hit in
        "\(percent(interval.level).replacingPointZero) \(hit ? (zh ? "是" : "yes") : (zh ? "否" : "no"))"
      }
      table.append(
        [outcome.runID, outcome.methodVersion] + entry.key + [
          axis.label(entry.origin), axis.label(entry.time), readable(entry.forecast),
          readable(outcome.actual),
          readable(outcome.error), inside.joined(separator: " "),
        ])
    }
    return table.text
  }

  /// The comparison for programs.
  public func json() throws -> String {
    struct Row: Encodable {
      let run: String
      let method: String
      let methodVersion: String
      let key: [String: String]
      let origin: TimeJSON
      let time: TimeJSON
      let forecast: Double
      let actual: Double
      let error: Double
      let intervals: [Vintage.Interval]
      let inside: [Bool]

      enum CodingKeys: String, CodingKey {
        case run, method, key, origin, time, forecast, actual, error, intervals, inside
        case methodVersion = "method_version"
      }
    }
    struct Document: Encodable {
      let schema = "talentcast/series-vintages@1"
      let outcomes: [Row]
    }
    return try jsonText(
      Document(
        outcomes: outcomes.map { o in
          Row(
            run: o.runID, method: o.method, methodVersion: o.methodVersion,
            key: keyObject(keyColumns, o.entry.key),
            origin: TimeJSON(o.entry.origin, axis), time: TimeJSON(o.entry.time, axis),
            forecast: o.entry.forecast,
            actual: o.actual, error: o.error, intervals: o.entry.intervals, inside: o.inside)
        }))
  }
}
