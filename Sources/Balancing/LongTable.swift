import Dimensions
import Messages

/// One dimension of a long file: which label each row has.
public struct LabelColumn: Sendable {
  public let name: String
  /// Distinct labels as the file spells them, in order of first appearance.
  public let distinct: [String]
  /// Place of each row's label among the distinct ones.
  public let codes: [Int32]

  public init(name: String, distinct: [String], codes: [Int32]) {
    (self.name, self.distinct, self.codes) = (name, distinct, codes)
  }

  init(name: String, labels: some Sequence<String>) {
    var (places, distinct): ([String: Int32], [String]) = ([:], [])
    codes = labels.map { label in
      if let place = places[label] { return place }
      places[label] = Int32(distinct.count)
      distinct.append(label)
      return Int32(distinct.count - 1)
    }
    (self.name, self.distinct) = (name, distinct)
  }

  subscript(row: Int) -> String { distinct[Int(codes[row])] }
}

/// A long file of figures: dimension columns and one value column, one row a cell.
public struct LongTable: Sendable {
  public let file: String
  public let columns: [LabelColumn]
  public let values: [Double]
  /// 1-based line of every row.
  public let lines: [Int]
  public let evidence: Evidence

  public init(
    file: String, columns: [LabelColumn], values: [Double], lines: [Int], evidence: Evidence = .observed
  ) {
    precondition(
      columns.allSatisfy { $0.codes.count == values.count } && lines.count == values.count, "one label and line a value")
    (self.file, self.columns, self.values, self.lines, self.evidence) = (file, columns, values, lines, evidence)
  }

  /// - Parameter labels: of each row, one a dimension.
  public init(
    file: String, dimensions: [String], labels: [[String]], values: [Double], lines: [Int],
    evidence: Evidence = .observed
  ) {
    self.init(
      file: file,
      columns: dimensions.enumerated().map { d, name in LabelColumn(name: name, labels: labels.map { $0[d] }) },
      values: values, lines: lines, evidence: evidence)
  }

  public var dimensions: [String] { columns.map(\.name) }

  func labels(at row: Int) -> [String] { columns.map { $0[row] } }
}

/// A balanced table in the rows of the seed file.
public struct BalancedRows: Sendable {
  public let table: BalancedTable
  /// The seed's rows in their order; cells that the seed does not list are zero and left out.
  public let columns: [LabelColumn]
  public let values: [Double]

  public var dimensions: [String] { columns.map(\.name) }

  /// The labels of a row as the seed spells them.
  public func labels(at row: Int) -> [String] { columns.map { $0[row] } }
}

/// Balances files: the seed's labels become the axes, in order of first appearance; cells that the seed
/// does not list are structural zeros.
///
/// - Throws: every problem at once: unknown dimensions and labels (with the nearest spelling), cells given
///   twice (both lines), totals that a margin does not state although the seed has cells there, and all
///   that `balanced(_:to:options:)` refuses.
public func balanced(
  _ seed: LongTable, to margins: [LongTable], options: BalancingOptions = BalancingOptions()
) throws(ProblemReport) -> BalancedRows {
  var reader = LongTableReader(seed)
  let start = reader.seedArray()
  let targets = margins.map { reader.margin($0, start) }
  guard reader.problems.isEmpty else { throw ProblemReport(.badData, reader.problems) }
  var cellOptions = options
  var first = start
  // Only listed cells can be unsampled: fill here, before unlisted ones would be taken along.
  if case .sampling(let share) = options.zeros {
    cellOptions.zeros = .structural
    first = reader.filled(start, share)
  }
  let result = try balanced(first, to: targets.compactMap(\.self), options: cellOptions)
  let values = reader.seedCells.map { result.cells.values[$0] }
  return BalancedRows(table: result, columns: seed.columns, values: values)
}

/// Turns rows into arrays and collects what is wrong with them.
private struct LongTableReader {
  private let seed: LongTable
  private let axes: [NamedAxis]
  /// For each axis, the position of every label without its padding.
  private let positions: [[String: Int]]
  /// The cell of every row of the seed.
  private(set) var seedCells: [Int] = []
  private(set) var problems: [Problem] = []

  init(_ seed: LongTable) {
    self.seed = seed
    axes = seed.columns.map { column in
      var known: Set<String> = []
      return NamedAxis(column.name, column.distinct.filter { known.insert(unpadded($0)).inserted })
    }
    positions = axes.map { axis in
      Dictionary(uniqueKeysWithValues: axis.labels.enumerated().map { (unpadded($1), $0) })
    }
    if seed.values.isEmpty { problems.append(empty(seed)) }
    let size = axes.reduce(1.0) { $0 * Double($1.labels.count) }
    if size > 5e7 {
      problems.append(
        Problem(
          "balance.too-large", file: seed.file,
          message: Bilingual(
            zh: "各维度的标签相乘得 \(plain(size)) 个单元格，超过 5000 万",
            en: "the labels of the dimensions span \(plain(size)) cells, more than 50 million"),
          hint: Bilingual(zh: "先合并某些维度", en: "sum over some of the dimensions first")))
    }
  }

  mutating func seedArray() -> NamedArray {
    guard problems.isEmpty else { return NamedArray(axes: []) }
    let (array, cells) = filledArray(seed, axes, missing: 0)
    seedCells = cells.filter { $0 >= 0 }
    return array
  }

  func filled(_ start: NamedArray, _ share: Double) -> NamedArray {
    guard let smallest = start.values.filter({ $0 > 0 }).min() else { return start }
    var filled = start
    for cell in seedCells where start.values[cell] == 0 { filled.values[cell] = share * smallest }
    return filled
  }

  mutating func margin(_ table: LongTable, _ start: NamedArray) -> Margin? {
    let before = problems.count
    if table.values.isEmpty { problems.append(empty(table)) }
    let own = table.dimensions.compactMap { name -> NamedAxis? in
      if let axis = axes.first(where: { $0.name == name }) { return axis }
      problems.append(unknownDimension(name, table))
      return nil
    }
    guard problems.count == before, !start.axes.isEmpty else { return nil }
    let sums = filledArray(table, own, missing: .nan).array
    guard problems.count == before else { return nil }
    return Margin(table.file, stated(sums, table, start), evidence: table.evidence)
  }

  /// Unstated totals: zero over cells that are all zero, a problem elsewhere.
  private mutating func stated(_ sums: NamedArray, _ table: LongTable, _ start: NamedArray) -> NamedArray {
    var hasCells = [Bool](repeating: false, count: sums.values.count)
    for (cell, slice) in start.cells(over: sums.axisNames).enumerated() where start.values[cell] != 0 {
      hasCells[slice] = true
    }
    let unstated = sums.values.indices.filter { sums.values[$0].isNaN && hasCells[$0] }
    for cell in unstated.prefix(20) {
      let place = place(sums.axes, sums.labels(at: cell))
      problems.append(
        Problem(
          "balance.missing-margin", file: table.file, path: place.en,
          message: Bilingual(
            zh: "\(table.file) 没有给出\(place.zh)，而种子表在那里有数",
            en: "\(table.file) does not state \(place.en), where the seed has cells"),
          hint: Bilingual(zh: "补上该行；确实为零就写 0", en: "add the row; write 0 if that is meant")))
    }
    if unstated.count > 20 {
      problems.append(
        Problem(
          "balance.more-missing", file: table.file,
          message: Bilingual(
            zh: "\(table.file) 另有 \(unstated.count - 20) 个合计没有给出",
            en: "\(table.file) leaves out \(unstated.count - 20) more totals")))
    }
    return NamedArray(axes: sums.axes, values: sums.values.map { $0.isNaN ? 0 : $0 })
  }

  /// The rows as an array, and the cell of each row (−1 where a label is unknown).
  private mutating func filledArray(
    _ table: LongTable, _ own: [NamedAxis], missing: Double
  ) -> (array: NamedArray, cells: [Int]) {
    var array = NamedArray(axes: own, repeating: missing)
    var cells = [Int](repeating: 0, count: table.values.count)
    for (column, axis) in zip(table.columns, own) {
      let known = axes.firstIndex(of: axis).map { positions[$0] } ?? [:]
      let places = column.distinct.map { known[unpadded($0)] ?? -1 }
      let length = axis.labels.count
      for row in cells.indices {
        let place = places[Int(column.codes[row])]
        if place < 0, table.values[row] != 0 { problems.append(unknownLabel(column[row], axis, table, row)) }
        cells[row] = place < 0 || cells[row] < 0 ? -1 : cells[row] * length + place
      }
    }
    var firstLine = [Int](repeating: 0, count: array.values.count)
    for (row, cell) in cells.enumerated() where cell >= 0 {
      if firstLine[cell] > 0 {
        problems.append(repeatedCell(table, row, firstLine[cell], own, table.labels(at: row)))
      } else {
        firstLine[cell] = table.lines[row]
        array.values[cell] = table.values[row]
      }
    }
    return (array, cells)
  }

  private func empty(_ table: LongTable) -> Problem {
    Problem(
      "balance.empty", file: table.file,
      message: Bilingual(zh: "文件没有数据行", en: "the file has no rows"),
      hint: Bilingual(zh: "每行一个单元格：各维度与数值", en: "write one cell a row: its dimensions and its value"))
  }

  private func unknownDimension(_ name: String, _ table: LongTable) -> Problem {
    let near = nearest(name, among: seed.dimensions)
    return Problem(
      "balance.unknown-dimension", file: table.file, line: 1, path: name,
      message: Bilingual(
        zh: "“\(name)”不是种子表的维度", en: "'\(name)' is no dimension of the seed"),
      hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
        ?? Bilingual(
          zh: "种子表的维度：\(seed.dimensions.joined(separator: "、"))",
          en: "dimensions of the seed: \(seed.dimensions.joined(separator: ", "))"))
  }

  private func unknownLabel(_ label: String, _ axis: NamedAxis, _ table: LongTable, _ row: Int) -> Problem {
    Problem(
      "balance.unknown-label", file: table.file, line: table.lines[row], path: axis.name,
      message: Bilingual(
        zh: "要求 \(axis.name)=\(label) 为 \(plain(table.values[row]))，但种子表没有“\(label)”，无法满足",
        en: "asks for \(plain(table.values[row])) at \(axis.name)=\(label), but the seed has no '\(label)': infeasible"),
      hint: nearest(label, among: axis.labels).map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
        ?? Bilingual(zh: "在种子表中加入它的单元格", en: "add its cells to the seed"))
  }

  private func repeatedCell(
    _ table: LongTable, _ row: Int, _ first: Int, _ axes: [NamedAxis], _ labels: [String]
  ) -> Problem {
    let place = place(axes, labels)
    return Problem(
      "balance.duplicate-cell", file: table.file, line: table.lines[row], path: place.en,
      message: Bilingual(
        zh: "\(place.zh)重复，首次见第 \(first) 行", en: "\(place.en) is given twice; it first stands on line \(first)"),
      hint: Bilingual(zh: "只保留一行，或先相加", en: "keep one of the rows, or add them up first"))
  }
}
