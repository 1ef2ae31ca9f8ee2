/// The 1-based line on which each row of a table begins.
///
/// Nearly every row stands one line below the one before; only the exceptions (blank lines, quoted
/// line breaks) are stored, so ten million rows cost a few bytes.
public struct LineNumbers: RandomAccessCollection, Hashable, Sendable {
  /// Row `rows[k]` begins on line `firstLines[k]`, and the rows after it follow line by line.
  private var rows: [Int]
  private var firstLines: [Int]
  public private(set) var count: Int

  public init() {
    rows = []
    firstLines = []
    count = 0
  }

  public init(_ lines: some Sequence<Int>) {
    self.init()
    for line in lines { append(line) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(row: Int) -> Int {
    precondition(row >= 0 && row < count, "a row of the table")
    let run = lastRun(atOrBefore: row)
    return firstLines[run] + row - rows[run]
  }

  /// Adds the next row.
  public mutating func append(_ line: Int) {
    if let row = rows.last, let first = firstLines.last, first + count - row == line {
      count += 1
      return
    }
    rows.append(count)
    firstLines.append(line)
    count += 1
  }

  /// Adds rows that stand on consecutive lines.
  mutating func append(from line: Int, count more: Int) {
    guard more > 0 else { return }
    append(line)
    count += more - 1
  }

  /// Adds the rows of a later piece whose own lines were counted from `offset` lines further up.
  mutating func append(_ piece: LineNumbers, offset: Int) {
    for run in piece.rows.indices {
      let next = run + 1 < piece.rows.count ? piece.rows[run + 1] : piece.count
      append(from: piece.firstLines[run] + offset, count: next - piece.rows[run])
    }
  }

  private func lastRun(atOrBefore row: Int) -> Int {
    var (low, high) = (0, rows.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }
}
