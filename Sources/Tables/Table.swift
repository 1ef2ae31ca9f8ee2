/// A rectangle of named columns read from delimited text, which remembers where each row stood.
public struct Table: Sendable {
  /// The file's name as the user gave it; used in messages.
  public let file: String
  public let columns: [Column]
  /// 1-based line on which each row begins (a quoted field may span lines).
  public let lines: [Int]

  public var rowCount: Int { lines.count }
  public var names: [String] { columns.map(\.name) }

  public init(file: String, columns: [Column], lines: [Int]) {
    self.file = file
    self.columns = columns
    self.lines = lines
  }

  public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

/// One column: either all numbers (missing = NaN) or text coded by a dictionary of its distinct values.
public struct Column: Sendable {
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

  public subscript(row: Int) -> String { distinct[Int(codes[row])] }
}

/// A number in shortest form that reads back the same; whole numbers without a decimal point.
public func shortText(_ number: Double) -> String {
  if number.isNaN { return "" }
  if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
  return number.description
}
