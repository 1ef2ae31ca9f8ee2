import Messages

/// A workbook of scenarios as sheets of cells: what a spreadsheet program shows, and what is written and read back.
public struct ScenarioBook: Codable, Sendable, Equatable {
  /// A cell of the workbook.
  public enum Cell: Sendable, Equatable {
    case blank
    case text(String)
    case number(Double)
    case flag(Bool)
    /// An error value, a date, or a formula that was saved without its result: nothing a scenario can hold.
    case unusable(String)
  }

  /// How a column is laid out and what its cells may hold.
  public struct Column: Codable, Sendable, Equatable {
    public let width: Int
    /// Shown beside the heading.
    public let note: String
    /// The only values that the cells may have, or a range that lists them (`=levers!$A$2:$A$9`).
    public var choices: [String]?
    public var isShare: Bool?
  }

  /// A sheet with its columns and rows.
  public struct Sheet: Codable, Sendable, Equatable {
    public let name: String
    /// Headings first.
    public var rows: [[Cell]]
    /// How it is laid out; empty where a book was read.
    public var columns: [Column]
    /// For reading only.
    public var locked: Bool
    /// Whether rows were left unread because there are too many.
    public var isCut: Bool?

    public init(_ name: String, rows: [[Cell]], columns: [Column] = [], locked: Bool = false) {
      (self.name, self.rows, self.columns, self.locked) = (name, rows, columns, locked)
    }
  }

  public var sheets: [Sheet]

  public init(sheets: [Sheet]) { self.sheets = sheets }
}

extension ScenarioBook.Cell: Codable {
  private enum Keys: String, CodingKey { case text, number, flag, unusable }

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .blank
      return
    }
    let members = try decoder.container(keyedBy: Keys.self)
    if let text = try members.decodeIfPresent(String.self, forKey: .text) {
      self = .text(text)
    } else if let number = try members.decodeIfPresent(Double.self, forKey: .number) {
      self = .number(number)
    } else if let flag = try members.decodeIfPresent(Bool.self, forKey: .flag) {
      self = .flag(flag)
    } else {
      self = .unusable(try members.decode(String.self, forKey: .unusable))
    }
  }

  /// Writes the cell as its plain value.
  public func encode(to encoder: any Encoder) throws {
    if self == .blank {
      var value = encoder.singleValueContainer()
      try value.encodeNil()
      return
    }
    var members = encoder.container(keyedBy: Keys.self)
    switch self {
    case .blank: break
    case .text(let text): try members.encode(text, forKey: .text)
    case .number(let number): try members.encode(number, forKey: .number)
    case .flag(let flag): try members.encode(flag, forKey: .flag)
    case .unusable(let words): try members.encode(words, forKey: .unusable)
    }
  }
}

/// The headings of the two sheets that are read back, in the order in which they are written.
enum BookHeadings {
  static let scenarios = ["id", "name_zh", "name_en", "extends", "include", "why_zh", "why_en"]
  static let changes =
    ["scenario", "lever", "op"] + LeverChange.Operation.Name.allKeys
    + ["from", "to", "geo", "team", "source", "note", "force", "order"]
  static let between = "; "
  /// What separates the entries of a list in one cell.
  static let separators: Set<Character> = [";", "；", ",", "，", "、", "\n"]
}

/// The letters of a column: 1 is A, 27 is AA.
func columnLetters(_ number: Int) -> String {
  var (rest, letters) = (number, "")
  while rest > 0 {
    letters = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + letters
    rest = (rest - 1) / 26
  }
  return letters
}
