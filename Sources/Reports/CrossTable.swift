import Dimensions
import Messages

/// Cells of a run as a table of rows by columns: regions, industries, teams, years, measures, scenarios.
///
/// Every combination of the members that were asked for is a cell; one that the run has no figure for is
/// missing, one that disclosure control withheld stays withheld.
public struct CrossTable: Sendable {
  /// What a table can be laid out by.
  public enum Axis: String, CaseIterable, Codable, Sendable {
    case region, industry, team, year, measure, scenario

    public var name: Bilingual {
      switch self {
      case .region: Bilingual(zh: "地区", en: "region")
      case .industry: Bilingual(zh: "产业", en: "industry")
      case .team: Bilingual(zh: "队伍", en: "team")
      case .year: Bilingual(zh: "年份", en: "year")
      case .measure: Bilingual(zh: "指标", en: "measure")
      case .scenario: Bilingual(zh: "情景", en: "scenario")
      }
    }
  }

  /// One value of an axis.
  public struct Member: Hashable, Sendable {
    public let code: String
    public let name: Bilingual
    public init(code: String, name: Bilingual) {
      self.code = code
      self.name = name
    }
  }

  /// A row: its place on every row axis and its cells, one a column.
  public struct Row: Sendable {
    public let members: [Member]
    /// One a column; nil where the run has no such figure.
    public let cells: [ResultCell?]
  }

  public let rowAxes: [Axis]
  /// Nil: a single column of values.
  public let columnAxis: Axis?
  public let columns: [Member]
  /// Axes with one member each, which head the table.
  public let fixed: [(axis: Axis, member: Member)]
  /// Rows that have at least one figure.
  public let rows: [Row]

  /// - Parameters:
  ///   - selection: members by axis, in printed order, each axis with at least one.
  ///   - rows: axes of the rows, outermost first; `columns` is none of them. Every other axis must have
  ///     one member.
  public init(_ cells: [ResultCell], selection: [Axis: [Member]], rows: [Axis], columns: Axis?) {
    precondition(Axis.allCases.allSatisfy { selection[$0]?.isEmpty == false }, "every axis has a member")
    let spread = rows + (columns.map { [$0] } ?? [])
    precondition(
      Axis.allCases.allSatisfy { spread.contains($0) || selection[$0]?.count == 1 }, "other axes have one member")
    rowAxes = rows
    columnAxis = columns
    fixed = Axis.allCases.filter { !spread.contains($0) }.flatMap { axis in
      (selection[axis] ?? []).map { (axis, $0) }
    }
    let heads = columns.flatMap { selection[$0] } ?? [Member(code: "value", name: Bilingual(zh: "值", en: "value"))]
    self.columns = heads
    let wanted = Set(selection[.measure]?.map(\.code) ?? [])
    var index: [[String]: ResultCell] = [:]
    for cell in cells where wanted.contains(cell.measure.rawValue) { index[Axis.allCases.map { cell.code($0) }] = cell }
    var combinations: [[Member]] = [[]]
    for axis in rows { combinations = combinations.flatMap { head in (selection[axis] ?? []).map { head + [$0] } } }
    let fixedCodes = Dictionary(fixed.map { ($0.axis, $0.member.code) }, uniquingKeysWith: { first, _ in first })
    self.rows = combinations.compactMap { members in
      let found = heads.map { head -> ResultCell? in
        index[
          Axis.allCases.map { axis in
            if axis == columns { return head.code }
            return rows.firstIndex(of: axis).map { members[$0].code } ?? fixedCodes[axis] ?? ""
          }]
      }
      return found.contains { $0 != nil } ? Row(members: members, cells: found) : nil
    }
  }
}

extension ResultCell {
  fileprivate func code(_ axis: CrossTable.Axis) -> String {
    switch axis {
    case .region: region.text
    case .industry: industry
    case .team: team
    case .year: String(year)
    case .measure: measure.rawValue
    case .scenario: scenario
    }
  }
}
