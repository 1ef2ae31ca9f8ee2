/// A rectangle of named columns read from delimited text, which remembers where each row stood.
public struct Table: Sendable {
  /// The file's name as the user gave it; used in messages.
  public let file: String
  public let columns: [Column]
  /// 1-based line on which each row begins (a quoted field may span lines).
  public let lines: LineNumbers
  private let positions: [String: Int]
  /// The text itself, to say on which character a cell stands; nil for tables made in memory.
  let source: SourceText?

  public var rowCount: Int { lines.count }
  public var names: [String] { columns.map(\.name) }

  public init(file: String, columns: [Column], lines: [Int]) {
    self.init(file: file, columns: columns, lines: LineNumbers(lines), source: nil)
  }

  init(file: String, columns: [Column], lines: LineNumbers, source: SourceText?) {
    self.file = file
    self.columns = columns
    self.lines = lines
    self.source = source
    positions = Dictionary(columns.indices.map { (columns[$0].name, $0) }) { first, _ in first }
  }

  /// The column of that name; nil when there is none.
  public func column(_ name: String) -> Column? { positions[name].map { columns[$0] } }
}

/// One column: either all numbers (missing = NaN) or text coded by a dictionary of its distinct values.
public struct Column: Sendable {
  /// The values of a column: numbers, or texts by code.
  public enum Values: Sendable {
    case numbers([Double])
    case text(TextValues)
  }

  public let name: String
  /// 0-based position in the file.
  public let position: Int
  public let values: Values

  public init(name: String, position: Int, values: Values) {
    self.name = name
    self.position = position
    self.values = values
  }

  /// The numbers, or nil when a cell of the column is neither a number nor missing.
  public var numbers: [Double]? {
    if case .numbers(let numbers) = values { numbers } else { nil }
  }

  /// The cell as the file spells it when the column is text; numbers in shortest round-trip form
  /// (whole numbers without a decimal point); "" when missing.
  public func string(_ row: Int) -> String {
    switch values {
    case .numbers(let numbers): shortText(numbers[row])
    case .text(let text): text[row]
    }
  }

  /// Whether the cell is empty.
  public func isMissing(_ row: Int) -> Bool {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN
    case .text(let text): text[row].isEmpty
    }
  }
}

/// Text cells as codes into their distinct values, in order of first appearance.
public struct TextValues: Sendable {
  public let distinct: [String]
  public let codes: [Int32]

  public init(distinct: [String], codes: [Int32]) {
    self.distinct = distinct
    self.codes = codes
  }

  /// Codes the cells in order of first appearance.
  public init(_ cells: some Sequence<String>) {
    var index: [String: Int32] = [:]
    var distinct: [String] = []
    codes = cells.map { cell in
      if let code = index[cell] { return code }
      let code = Int32(distinct.count)
      index[cell] = code
      distinct.append(cell)
      return code
    }
    self.distinct = distinct
  }

  public var count: Int { codes.count }

  public subscript(row: Int) -> String { distinct[Int(codes[row])] }
}

/// A number in shortest form that reads back the same; whole numbers without a decimal point.
public func shortText(_ number: Double) -> String {
  if number.isNaN { return "" }
  if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
  return number.description
}
