import LinearAlgebra
import Messages
import Tables

/// Builds one frame; steps in order: columns there, factors evaluated, complete rows, coding.
struct FrameBuilder {
  let table: Table
  let request: FrameRequest
  let formula: Formula
  private var remarks: [Problem] = []
  /// Evaluated factors: numbers, or labels with "" for missing.
  private var numbers: [Factor: [Double]] = [:]
  private var labels: [Factor: [String]] = [:]

  init(table: Table, request: FrameRequest, formula: Formula) {
    (self.table, self.request, self.formula) = (table, request, formula)
  }

  /// Warnings so far, which a reader needs all the more when the frame cannot be made.
  var warnings: [Problem] { remarks.filter { $0.severity == .warning } }

  mutating func frame() throws(ProblemReport) -> ModelFrame {
    let asked = [request.weights, request.offset, request.entity, request.time].compactMap(\.self) + request.groups
    try table.requireColumns(distinct(formula.columns + asked))
    let usesLags =
      formula.terms.contains { $0.factors.contains { $0.expression.usesOrder } }
      || formula.response.expression.usesOrder || formula.offsets.contains(where: \.usesOrder)
    var panel = PanelColumns(entity: request.entity, time: request.time)
    if usesLags || request.needsOrder {
      let found = try PanelFinder(table: table, request: request, formula: formula, usesLags: usesLags).columns()
      panel = found.0
      remarks += found.remarks
    }
    let groupNames = distinct([panel.entity, panel.time].compactMap(\.self) + request.groups)
    let evaluator = Evaluator(
      table: table, panel: usesLags ? try rowOrder(panel) : nil, formula: formula.text)
    let response = try evaluated(evaluator)
    let weights: [Double]? = if let name = request.weights { try weightNumbers(name) } else { nil }
    let offset = try offsetNumbers(evaluator)
    let rows = try completeRows(response, weights, offset, groupNames)
    let (recipe, levels) = try coded(rows)
    let design = filled(recipe, rows, levels)
    remarks += table.remarks(onSingleLevels: levels, of: formula)
    func gather(_ column: [Double]) -> [Double] {
      rows.count == column.count ? column : rows.map { column[$0] }
    }
    var groups: [String: FrameGroup] = [:]
    for name in groupNames { groups[name] = group(name, rows) }
    return ModelFrame(
      formula: formula, response: gather(response), design: design, names: recipe.map(\.name),
      hasIntercept: formula.hasIntercept, indicators: indicators(recipe),
      weights: weights.map(gather), offset: offset.map(gather),
      groups: groups, panel: panel,
      rows: rows, droppedRows: table.rowCount - rows.count, remarks: remarks, recipe: recipe, levels: levels)
  }

  /// Columns that tell categories apart.
  private func indicators(_ recipe: [CodedColumn]) -> Set<String> {
    Set(recipe.filter { $0.parts.contains(where: \.isLevel) }.map(\.name))
  }

  // MARK: Evaluation

  private func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private func rowOrder(_ panel: PanelColumns) throws(ProblemReport) -> RowOrder? {
    guard panel != PanelColumns() else { return nil }
    let entity = panel.entity.map { coding(of: $0).codes } ?? [Int32](repeating: 0, count: table.rowCount)
    let periods = panel.time.map { name -> [Int?] in
      let coded = coding(of: name)
      let periods = calendarPeriods(coded.levels)
      return coded.codes.map { periods[Int($0)] }
    }
    let order = RowOrder(entity: entity, period: periods)
    if let (first, second) = order.firstDuplicate, let column = table.column(panel.time ?? "") {
      throw ProblemReport(
        .badData,
        [
          table.problem(
            "formula.duplicate-time", row: second, column: column,
            message: Bilingual(
              zh: "同一个体在同一时间有两行（另一行在第 \(table.lines[first]) 行），lag 与 diff 无从判断",
              en:
                "an entity has two rows at one time (the other on line \(table.lines[first])): lag and diff cannot choose"
            ),
            hint: panel.entity == nil
              ? Bilingual(zh: "用 --entity 指定个体列", en: "name the entity column with --entity")
              : Bilingual(zh: "只保留一行，或先合并", en: "keep one of the rows, or merge them first"))
        ])
    }
    return order
  }

  /// The response and, kept here, the factors; what is wrong with any of them comes together.
  private mutating func evaluated(_ evaluator: Evaluator) throws(ProblemReport) -> [Double] {
    var problems: [Problem] = []
    var response: [Double] = []
    do {
      response = try evaluator.numbers(formula.response.expression, of: formula.response)
    } catch {
      problems = error.problems
    }
    for factor in formula.terms.flatMap(\.factors) where numbers[factor] == nil && labels[factor] == nil {
      do {
        if isCategory(factor) {
          labels[factor] = try evaluator.labels(of: factor)
        } else {
          numbers[factor] = try evaluator.numbers(factor.expression, of: factor)
        }
      } catch {
        for problem in error.problems where !problems.contains(problem) { problems.append(problem) }
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    return response
  }

  /// `C(…)`, or a bare column of text; warns when the text is mostly numbers.
  private mutating func isCategory(_ factor: Factor) -> Bool {
    switch factor.kind {
    case .category: return true
    case .expression(.column(let name)):
      guard let column = table.column(name), case .text = column.values else { return false }
      remarks += table.remarks(onNumericText: column)
      return true
    case .expression: return false
    }
  }

  private func weightNumbers(_ name: String) throws(ProblemReport) -> [Double] {
    let weights = try table.numbers(named: name)
    if let row = weights.firstIndex(where: { $0 < 0 }), let column = table.column(name) {
      throw ProblemReport(
        .badData,
        [
          table.problem(
            "formula.negative-weight", row: row, column: column,
            message: Bilingual(zh: "权重 \(weights[row]) 是负数", en: "the weight \(weights[row]) is negative"))
        ])
    }
    return weights
  }

  private func offsetNumbers(_ evaluator: Evaluator) throws(ProblemReport) -> [Double]? {
    var total: [Double]?
    func add(_ column: [Double]) { total = total.map { zip($0, column).map { $0 + $1 } } ?? column }
    for expression in formula.offsets {
      add(
        try evaluator.numbers(
          expression, of: Factor(kind: .expression(expression), spelling: "offset", position: 0)))
    }
    if let name = request.offset { add(try table.numbers(named: name)) }
    return total
  }

  // MARK: Complete rows

  private mutating func completeRows(
    _ response: [Double], _ weights: [Double]?, _ offset: [Double]?, _ groupNames: [String]
  ) throws(ProblemReport) -> [Int] {
    var isComplete = [Bool](repeating: true, count: table.rowCount)
    var missing: [(name: String, rows: Int)] = []
    func exclude(_ name: String, _ isMissing: (Int) -> Bool) {
      var count = 0
      for i in isComplete.indices where isMissing(i) {
        isComplete[i] = false
        count += 1
      }
      if count > 0, !missing.contains(where: { $0.name == name }) { missing.append((name, count)) }
    }
    exclude(formula.responseName) { response[$0].isNaN }
    var seen: Set<Factor> = []
    for factor in formula.terms.flatMap(\.factors) where seen.insert(factor).inserted {
      if let column = numbers[factor] { exclude(factor.spelling) { column[$0].isNaN } }
      if let cells = labels[factor] { exclude(factor.spelling) { cells[$0].isEmpty } }
    }
    if let weights, let name = request.weights { exclude(name) { weights[$0].isNaN } }
    if let offset { exclude(request.offset ?? "offset") { offset[$0].isNaN } }
    for name in groupNames { if let column = table.column(name) { exclude(name) { column.isMissing($0) } } }
    let lost = isComplete.filter { !$0 }.count
    if lost > 0 {
      let parts = missing.map { "\($0.name) \($0.rows)" }
      remarks.append(
        Problem(
          "formula.missing-values", .note, file: table.file,
          message: Bilingual(
            zh: "\(lost) 行因缺失值未使用（\(parts.joined(separator: "，"))）",
            en: "\(lost) row\(lost == 1 ? " is" : "s are") left out because a value is missing (\(parts.joined(separator: ", ")))")))
    }
    if let weights {
      let before = isComplete.filter(\.self).count
      for i in isComplete.indices where weights[i] == 0 { isComplete[i] = false }
      let unweighted = before - isComplete.filter(\.self).count
      if unweighted > 0 {
        remarks.append(
          Problem(
            "formula.zero-weights", .note, file: table.file,
            message: Bilingual(
              zh: "\(unweighted) 行权重为 0，未使用", en: "\(unweighted) row\(unweighted == 1 ? " has" : "s have") weight 0: left out")))
      }
    }
    let rows = isComplete.indices.filter { isComplete[$0] }
    if rows.isEmpty {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "formula.no-rows", file: table.file,
            message: table.rowCount == 0
              ? Bilingual(zh: "文件只有表头，没有数据行", en: "the file has a header but no rows")
              : Bilingual(zh: "没有一行的所有变量都有值", en: "no row has a value in every column of the model"),
            hint: missing.first.map {
              Bilingual(zh: "\($0.name) 缺 \($0.rows) 行", en: "\($0.name) is missing in \($0.rows) rows")
            })
        ])
    }
    return rows
  }

  // MARK: Groups

  private func group(_ name: String, _ rows: [Int]) -> FrameGroup {
    let (codes, levels) = coding(of: name)
    var used = [Bool](repeating: false, count: levels.count)
    for row in rows { used[Int(codes[row])] = true }
    var position = [Int32](repeating: 0, count: levels.count)
    var kept: [String] = []
    for k in levels.indices where used[k] {
      position[k] = Int32(kept.count)
      kept.append(levels[k])
    }
    return FrameGroup(name: name, levels: kept, codes: rows.map { position[Int(codes[$0])] })
  }

  /// A whole column as codes into ascending levels; a missing cell is the level "".
  private func coding(of name: String) -> (codes: [Int32], levels: [String]) {
    guard let column = table.column(name) else { return ([], []) }
    switch column.values {
    case .numbers(let numbers): return coding(numbers)
    case .text(let text):
      let order = text.distinct.indices.sorted { text.distinct[$0] < text.distinct[$1] }
      var rank = [Int32](repeating: 0, count: order.count)
      for (k, place) in order.enumerated() { rank[place] = Int32(k) }
      return (text.codes.map { rank[Int($0)] }, order.map { text.distinct[$0] })
    }
  }

  private func coding(_ numbers: [Double]) -> (codes: [Int32], levels: [String]) {
    // Whole numbers in a short range (years, identifiers) are counted, the rest is sorted.
    let (low, high) = numbers.reduce((Double.infinity, -Double.infinity)) {
      ($1 < $0.0 ? $1 : $0.0, $1 > $0.1 ? $1 : $0.1)
    }
    let isWhole =
      low <= high && high - low < 4 * Double(numbers.count) + 1000 && abs(low) < 1e15
      && numbers.allSatisfy { $0 == $0.rounded() }
    if isWhole {
      var rank = [Int32](repeating: -1, count: Int(high - low) + 1)
      for number in numbers { rank[Int(number - low)] = 0 }
      var levels: [String] = []
      for k in rank.indices where rank[k] == 0 {
        rank[k] = Int32(levels.count)
        levels.append(shortText(low + Double(k)))
      }
      return (numbers.map { rank[Int($0 - low)] }, levels)
    }
    let distinct = Set(numbers.filter { !$0.isNaN }).sorted()
    let rank = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    let missing = Int32(distinct.count)
    return (numbers.map { rank[$0] ?? missing }, distinct.map(shortText) + [""])
  }

  // MARK: Coding

  /// One recipe per column. A category is coded against its reference when the term without it is in
  /// the model (the empty term being the intercept), by all its levels otherwise: R's rule.
  private func coded(_ rows: [Int]) throws(ProblemReport) -> ([CodedColumn], [Factor: [String]]) {
    var levels: [Factor: [String]] = [:]
    for (factor, cells) in labels { levels[factor] = try ordered(factor, Set(rows.map { cells[$0] })) }
    var columns = formula.hasIntercept ? [CodedColumn(name: "(Intercept)", parts: [])] : []
    var present = Set(formula.terms.map(\.identity))
    if formula.hasIntercept { present.insert([]) }
    var full: Set<Factor> = []
    for term in formula.terms {
      var made: [CodedColumn] = [CodedColumn(name: "", parts: [])]
      for factor in term.factors {
        var next: [CodedColumn] = []
        if let all = levels[factor] {
          let margin = term.identity.subtracting([factor])
          // Without an intercept the first category keeps all levels; the next ones repeat its sum.
          let isContrast = present.contains(margin) || (margin.isEmpty && !full.isEmpty)
          if margin.isEmpty, !isContrast { full.insert(factor) }
          for level in isContrast ? Array(all.dropFirst()) : all {
            let name = "\(factor.spelling)[\(level)]"
            for column in made {
              next.append(
                CodedColumn(
                  name: column.name.isEmpty ? name : "\(column.name):\(name)",
                  parts: column.parts + [.level(factor, level)]))
            }
          }
        } else {
          for column in made {
            next.append(
              CodedColumn(
                name: column.name.isEmpty ? factor.spelling : "\(column.name):\(factor.spelling)",
                parts: column.parts + [.number(factor)]))
          }
        }
        made = next
        guard columns.count + made.count <= 20_000 else { throw tooManyColumns(factor) }
      }
      columns += made
    }
    return (columns, levels)
  }

  private func tooManyColumns(_ factor: Factor) -> ProblemReport {
    ProblemReport(
      .badData,
      [
        Problem(
          "formula.too-many-levels", file: "formula", line: 1, column: factor.position + 1,
          path: factor.spelling,
          message: Bilingual(
            zh: "\(factor.spelling) 的类别太多", en: "\(factor.spelling) has too many levels for columns"),
          hint: Bilingual(zh: "用 --absorb 吸收它", en: "sweep it out with --absorb"))
      ])
  }

  /// Levels in order, the reference first.
  private func ordered(_ factor: Factor, _ present: Set<String>) throws(ProblemReport) -> [String] {
    var levels = present.sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { return x < y }
      return a < b
    }
    guard case .category(_, let reference?) = factor.kind else { return levels }
    guard let place = levels.firstIndex(of: reference) else {
      let near = nearest(reference, among: levels)
      throw ProblemReport(
        .badData,
        [
          Problem(
            "formula.reference", file: "formula", line: 1, column: factor.position + 1, path: factor.spelling,
            message: Bilingual(zh: "没有类别“\(reference)”", en: "there is no level '\(reference)'"),
            hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
              ?? Bilingual(
                zh: "类别：\(levels.prefix(12).joined(separator: "、"))",
                en: "levels: \(levels.prefix(12).joined(separator: ", "))"))
        ])
    }
    levels.insert(levels.remove(at: place), at: 0)
    return levels
  }

  private func filled(
    _ recipe: [CodedColumn], _ rows: [Int], _ levels: [Factor: [String]]
  ) -> Matrix {
    let n = rows.count
    let isWhole = n == table.rowCount
    // Categories as positions, so that each column compares small numbers, not words.
    let places = levels.mapValues { Dictionary(zip($0, 0...), uniquingKeysWith: { first, _ in first }) }
    var codes: [Factor: [Int]] = [:]
    for (factor, cells) in labels {
      if let place = places[factor] { codes[factor] = rows.map { place[cells[$0]] ?? -1 } }
    }
    let columns = recipe.map { column -> [Double] in
      if column.parts.count == 1, isWhole, case .number(let factor) = column.parts[0],
        let values = numbers[factor]
      {
        return values
      }
      var product = [Double](repeating: 1, count: n)
      for part in column.parts {
        switch part {
        case .number(let factor):
          if let values = numbers[factor] { for (k, row) in rows.enumerated() { product[k] *= values[row] } }
        case .level(let factor, let level):
          if let codes = codes[factor], let own = places[factor]?[level] {
            for k in product.indices where codes[k] != own { product[k] = 0 }
          }
        }
      }
      return product
    }
    return Matrix(rows: n, columns: recipe.count, elements: joined(columns: columns))
  }
}

extension Evaluator {
  /// The label of each row's category; "" when missing.
  func labels(of factor: Factor) throws(ProblemReport) -> [String] {
    if case .column(let name) = factor.expression { return try table.strings(named: name) }
    return try numbers(factor.expression, of: factor).map(shortText)
  }
}
