import Messages

extension Table {
  /// What is wrong with one cell, before it is placed on a line and character.
  public struct Flaw: Sendable {
    public let code: String
    public let severity: Problem.Severity
    /// 0-based, as in `lines`.
    public let row: Int
    /// 0-based position of the column.
    public let position: Int
    public let message: Bilingual
    public let hint: Bilingual?
    /// What makes flaws with texts of their own the same, so that they are said once; nil for all others.
    public let cause: String?

    public init(
      _ code: String, _ severity: Problem.Severity = .error, row: Int, position: Int, message: Bilingual,
      hint: Bilingual? = nil, cause: String? = nil
    ) {
      self.cause = cause
      self.code = code
      self.severity = severity
      self.row = row
      self.position = position
      self.message = message
      self.hint = hint
    }
  }

  /// Flaws of one named cause as one, at the first row, with how many there are.
  private static func once(_ flaws: [Flaw]) -> [Flaw] {
    func key(_ flaw: Flaw) -> String? { flaw.cause.map { "\(flaw.code) \(flaw.position) \($0)" } }
    var counts: [String: Int] = [:]
    for flaw in flaws { if let key = key(flaw) { counts[key, default: 0] += 1 } }
    var seen: Set<String> = []
    return flaws.compactMap { flaw in
      guard let key = key(flaw), let count = counts[key], count > 1 else { return flaw }
      guard seen.insert(key).inserted else { return nil }
      return Flaw(
        flaw.code, flaw.severity, row: flaw.row, position: flaw.position,
        message: Bilingual(zh: "\(flaw.message.zh)（此类共 \(count) 行）", en: "\(flaw.message.en) (\(count) such rows)"), hint: flaw.hint,
        cause: flaw.cause)
    }
  }

  /// Places many flaws with one pass over the text per column; in the order of lines and characters.
  ///
  /// - Parameter limit: flaws listed for one code and column; the rest of them is counted.
  public func problems(_ all: [Flaw], limit: Int = 200) -> [Problem] {
    let flaws = Table.once(all)
    struct Group: Hashable {
      let code: String
      let position: Int
    }
    var counts: [Group: Int] = [:]
    let listed = flaws.filter { flaw in
      let count = counts[Group(code: flaw.code, position: flaw.position), default: 0] + 1
      counts[Group(code: flaw.code, position: flaw.position)] = count
      return count <= limit
    }
    let rowsByColumn = Dictionary(grouping: listed, by: \.position).mapValues { Array(Set($0.map(\.row))).sorted() }
    var places: [Int: [Int: CellPlace]] = [:]
    for (position, rows) in rowsByColumn { places[position] = self.places(of: rows, position: position) }
    let placed = listed.map { flaw in
      let place = places[flaw.position]?[flaw.row]
      return Problem(
        flaw.code, flaw.severity, file: file, line: place?.line ?? lines[flaw.row], column: place?.character,
        path: columns[flaw.position].name, message: flaw.message, hint: flaw.hint)
    }
    let order = placed.indices.sorted {
      (placed[$0].line ?? 0, placed[$0].column ?? 0, $0) < (placed[$1].line ?? 0, placed[$1].column ?? 0, $1)
    }
    let more = counts.filter { $0.value > limit }.sorted { ($0.key.position, $0.key.code) < ($1.key.position, $1.key.code) }
    return order.map { placed[$0] }
      + more.map { group, count in
        Problem(
          "csv.more-problems", file: file, path: columns[group.position].name,
          message: Bilingual(
            zh: "该列另有 \(count - limit) 处同类问题（\(group.code)）",
            en: "\(count - limit) more of these in this column (\(group.code))"))
      }
  }
}
