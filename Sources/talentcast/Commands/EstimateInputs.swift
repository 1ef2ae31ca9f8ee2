import DesignMatrices
import LinearAlgebra
import Messages
import SmallArea
import Tables

/// Everything `estimate` is asked.
struct EstimateRequest {
  let data: String
  let formula: String
  let variance: String
  var method = VarianceMethod.reml
  var model = AreaModelName.fayHerriot
  var area: String?
  var time: String?
  var spatial: String?
  var benchmark: String?
  var benchmarkMethod = BenchmarkMethod.ratio
  var benchmarkWeights: String?

  init(data: String, formula: String, variance: String) {
    (self.data, self.formula, self.variance) = (data, formula, variance)
  }
}

/// The files of `estimate`, read and brought into one order.
struct EstimateInputs {
  let table: Table
  let frame: ModelFrame
  /// One per row of the frame.
  let variances: [Double]
  let areas: [String]
  let times: [String]?
  /// Nil where areas are independent.
  let effects: AreaEffects?
  /// Totals by time ("" without times), and the weight of each row in its total.
  let totals: [(time: String, total: Double)]
  let weights: [Double]

  /// - Throws: `ProblemReport`: columns, cells, or weights that do not fit the data.
  init(_ request: EstimateRequest) throws(ProblemReport) {
    var options = ReadOptions()
    options.textColumns = Set([request.area].compactMap(\.self))
    let table = try Tables.readTable(request.data, options: options)
    try table.requireColumns([request.variance, request.area, request.time, request.benchmarkWeights].compactMap(\.self))
    var wanted = FrameRequest(formula: request.formula)
    wanted.groups = [request.variance, request.area, request.time, request.benchmarkWeights].compactMap(\.self)
    frame = try modelFrame(wanted, table)
    self.table = table
    let all = try table.numbers(named: request.variance)
    var flaws = frame.rows.filter { !(all[$0] > 0) }.map { row in
      Table.Flaw(
        "estimate.variance", row: row, position: table.column(request.variance)?.position ?? 0,
        message: Bilingual(
          zh: "抽样方差 \(shortText(all[row])) 应大于 0", en: "a sampling variance is above 0, not \(shortText(all[row]))"),
        hint: Bilingual(zh: "完全知道的地区请给一个很小的方差", en: "give an area that is known exactly a very small variance"))
    }
    let rows = frame.rows
    variances = rows.map { all[$0] }
    if let name = request.area {
      let labels = try table.strings(named: name)
      areas = rows.map { labels[$0] }
    } else {
      areas = rows.map { String($0 + 1) }
    }
    var periods: [Int]?
    if let name = request.time {
      let numbers = try table.numbers(named: name)
      flaws += Self.brokenTimes(table, rows, name, numbers)
      periods = flaws.isEmpty ? rows.map { Int(numbers[$0]) } : nil
      let labels = try table.strings(named: name)
      times = rows.map { labels[$0] }
    } else {
      times = nil
    }
    flaws += Self.repeated(table, rows, areas, times, request)
    if !flaws.isEmpty { throw ProblemReport(.badData, table.problems(flaws)) }
    var order = Self.appearance(areas)
    var proximity: Matrix?
    if let file = request.spatial {
      (order, proximity) = try spatialWeights(file, areas: areas, isNamed: request.area != nil)
    }
    let known = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let indices = areas.enumerated().map { row, area in
      request.area == nil && proximity != nil ? row : known[area] ?? 0
    }
    if proximity == nil, periods == nil {
      effects = nil
    } else {
      do {
        effects = try AreaEffects(areas: indices, proximity: proximity, times: periods)
      } catch {
        throw error.report(in: request.spatial ?? request.data)
      }
    }
    if let name = request.benchmarkWeights {
      let column = try table.numbers(named: name)
      weights = rows.map { column[$0] }
    } else {
      weights = [Double](repeating: 1, count: rows.count)
    }
    if let file = request.benchmark {
      totals = try benchmarkTotals(file, time: request.time, present: times)
    } else {
      totals = []
    }
  }

  private static func appearance(_ areas: [String]) -> [String] {
    var seen: Set<String> = []
    return areas.filter { seen.insert($0).inserted }
  }

  private static func brokenTimes(_ table: Table, _ rows: [Int], _ name: String, _ numbers: [Double]) -> [Table.Flaw] {
    guard let column = table.column(name) else { return [] }
    return rows.filter { numbers[$0] != numbers[$0].rounded() || abs(numbers[$0]) > 1e9 }.map {
      Table.Flaw(
        "estimate.time", row: $0, position: column.position,
        message: Bilingual(zh: "时间 \(column.string($0)) 不是整数", en: "the time \(column.string($0)) is no whole number"),
        hint: Bilingual(zh: "用期数，如 2020、2021", en: "count periods, for example 2020, 2021"))
    }
  }

  /// Two rows of one area (at one time) are two answers to one question.
  private static func repeated(
    _ table: Table, _ rows: [Int], _ areas: [String], _ times: [String]?, _ request: EstimateRequest
  ) -> [Table.Flaw] {
    guard let name = request.area, let column = table.column(name) else { return [] }
    var first: [[String]: Int] = [:]
    var flaws: [Table.Flaw] = []
    for (i, row) in rows.enumerated() {
      let key = [areas[i], times?[i] ?? ""]
      guard let earlier = first[key] else {
        first[key] = row
        continue
      }
      flaws.append(
        Table.Flaw(
          "estimate.duplicate", row: row, position: column.position,
          message: Bilingual(
            zh: "地区“\(areas[i])”\(times.map { "（\($0[i])）" } ?? "")已在第 \(table.lines[earlier]) 行",
            en: "area '\(areas[i])'\(times.map { " at \($0[i])" } ?? "") stands on line \(table.lines[earlier]) already"),
          hint: times == nil
            ? Bilingual(zh: "一个地区有多期时，用 --time 与 --model rao-yu", en: "for several periods an area, use --time and --model rao-yu")
            : nil))
    }
    return flaws
  }
}

/// W.csv: the header names the areas, row i is area i's neighbours.
private func spatialWeights(
  _ file: String, areas: [String], isNamed: Bool
) throws(ProblemReport) -> (areas: [String], weights: Matrix) {
  let table = try Tables.readTable(file)
  let names = table.names
  var problems: [Problem] = []
  if table.rowCount != names.count {
    problems.append(
      Problem(
        "estimate.spatial-shape", file: file,
        message: Bilingual(
          zh: "有 \(names.count) 个地区，却有 \(table.rowCount) 行", en: "\(names.count) areas in the header and \(table.rowCount) rows"),
        hint: Bilingual(zh: "表头之后每个地区一行，次序与表头相同", en: "after the header, one row an area in the header's order")))
  }
  if isNamed {
    let known = Set(names)
    for area in Set(areas).subtracting(known).sorted().prefix(20) {
      let near = nearest(area, among: names)
      problems.append(
        Problem(
          "estimate.spatial-area", file: file, line: 1, path: area,
          message: Bilingual(zh: "表头没有地区“\(area)”", en: "the header has no area '\(area)'"),
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }))
    }
  } else if names.count != areas.count {
    problems.append(
      Problem(
        "estimate.spatial-shape", file: file,
        message: Bilingual(
          zh: "\(names.count) 个地区与数据的 \(areas.count) 行对不上", en: "\(names.count) areas against \(areas.count) rows of data"),
        hint: Bilingual(zh: "用 --area 指定地区列，按代码对应", en: "name the areas with --area to match them by code")))
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  var weights = Matrix(rows: names.count, columns: names.count)
  for (j, name) in names.enumerated() {
    let column = try table.numbers(named: name)
    for i in column.indices {
      if column[i].isNaN || column[i] < 0, let cell = table.column(name) {
        problems.append(
          table.problem(
            "estimate.spatial-weight", row: i, column: cell,
            message: Bilingual(zh: "权重应不小于 0", en: "a weight is 0 or more")))
      }
      weights[i, j] = column[i]
    }
  }
  for i in 0..<names.count where problems.isEmpty {
    let sum = weights.row(i).reduce(0, +)
    guard abs(sum - 1) < 1e-4 || sum == 0 else {
      problems.append(
        Problem(
          "estimate.spatial-row", file: file, line: table.lines[i], path: names[i],
          message: Bilingual(
            zh: "地区“\(names[i])”的权重之和为 \(digits(sum))，应为 1", en: "the weights of area '\(names[i])' add up to \(digits(sum)), not 1"),
          hint: Bilingual(zh: "把该行除以其和；没有邻居的地区全填 0", en: "divide the row by its sum; fill a row without neighbours with 0")))
      continue
    }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return (names, weights)
}

/// total.csv: a column `total`; with times a column named like them.
private func benchmarkTotals(
  _ file: String, time: String?, present: [String]?
) throws(ProblemReport) -> [(time: String, total: Double)] {
  let table = try Tables.readTable(file)
  let hasTimes = time.map { table.column($0) != nil } ?? false
  try table.requireColumns(["total"])
  let values = try table.numbers(named: "total")
  guard let column = table.column("total") else { return [] }
  var flaws = values.indices.filter { values[$0].isNaN }.map {
    Table.Flaw("estimate.total", row: $0, position: column.position, message: Bilingual(zh: "合计为空", en: "the total is missing"))
  }
  guard hasTimes, let time else {
    guard values.count == 1, flaws.isEmpty else {
      if flaws.isEmpty {
        let hint = time.map {
          Bilingual(zh: "多期的合计需要时间列“\($0)”", en: "totals of several periods need the column '\($0)'")
        }
        throw ProblemReport(
          .badData,
          [
            Problem(
              "estimate.total", file: file,
              message: Bilingual(zh: "应只有一个合计，却有 \(values.count) 行", en: "one total is needed, there are \(values.count) rows"),
              hint: hint)
          ])
      }
      throw ProblemReport(.badData, table.problems(flaws))
    }
    if let present, Set(present).count > 1 {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "estimate.total", file: file, line: 1, path: time,
            message: Bilingual(
              zh: "数据有 \(Set(present).count) 期，一个合计说不清是哪一期", en: "the data have \(Set(present).count) periods: one total does not say which"),
            hint: Bilingual(zh: "加上时间列“\(time ?? "")”", en: "add the column '\(time ?? "")'"))
        ])
    }
    return [(present?.first ?? "", values[0])]
  }
  let labels = try table.strings(named: time)
  let known = Set(present ?? [])
  var seen: Set<String> = []
  for (row, label) in labels.enumerated() {
    if !known.contains(label) {
      flaws.append(
        Table.Flaw(
          "estimate.total-time", row: row, position: table.column(time)?.position ?? 0,
          message: Bilingual(zh: "数据里没有 \(label) 这一期", en: "the data have no period \(label)")))
    } else if !seen.insert(label).inserted {
      flaws.append(
        Table.Flaw(
          "estimate.total-time", row: row, position: table.column(time)?.position ?? 0,
          message: Bilingual(zh: "\(label) 有两个合计", en: "\(label) has two totals")))
    }
  }
  guard flaws.isEmpty else { throw ProblemReport(.badData, table.problems(flaws)) }
  return zip(labels, values).map { (time: $0, total: $1) }
}

extension SmallAreaError {
  /// The error of one file.
  func report(in file: String, line: Int? = nil) -> ProblemReport {
    let (code, status): (String, ExitStatus) =
      switch self {
      case .lengthMismatch: ("length", .badData)
      case .tooFewAreas: ("too-few-rows", .badData)
      case .notFinite: ("not-finite", .badData)
      case .varianceOutOfRange: ("variance", .badData)
      case .noConvergence: ("no-convergence", .badData)
      case .singularDesign: ("repeated-columns", .badData)
      case .proximityRow: ("spatial-row", .badData)
      case .nothingToAdjust: ("benchmark", .badData)
      case .unsupported: ("unsupported", .usage)
      case .linearAlgebra: ("linear-algebra", .badData)
      }
    return ProblemReport(status, [Problem("estimate.\(code)", file: file, line: line, message: message)])
  }
}
