import Dimensions
import Messages
import Reports
import Testing

private func cell(_ region: RegionCode, _ industry: String, _ team: String, _ year: Int, _ value: Double) -> ResultCell {
  ResultCell(
    scenario: "base", region: region, regionName: "", hub: "", industry: industry, team: team, year: year,
    measure: .demand, unit: "人", value: value, p025: value, p10: value, p50: value, p90: value, p975: value,
    evidence: .assumed, method: "m", concept: "c", source: "s")
}

private func member(_ code: String) -> CrossTable.Member { CrossTable.Member(code: code, name: Bilingual(zh: code, en: code)) }

@Suite struct CrossTableTests {
  private let cells = [
    cell("A", "x", "P", 2030, 1), cell("A", "x", "U", 2030, 2), cell("A", "y", "U", 2030, 3), cell("B", "y", "P", 2030, 4),
    cell("A", "x", "P", 2031, 5),
  ]
  private func selection(years: [String] = ["2030"]) -> [CrossTable.Axis: [CrossTable.Member]] {
    [
      .region: ["A", "B"].map(member), .industry: ["x", "y"].map(member), .team: ["P", "U"].map(member),
      .year: years.map(member), .measure: [member("demand")], .scenario: [member("base")],
    ]
  }

  @Test func everyFigureStandsInItsRowAndColumn() {
    let table = CrossTable(cells, selection: selection(), rows: [.region, .industry], columns: .team)
    #expect(table.rows.map { $0.members.map(\.code) } == [["A", "x"], ["A", "y"], ["B", "y"]])
    #expect(table.rows.map { $0.cells.map { $0?.value } } == [[1, 2], [nil, 3], [4, nil]])
    #expect(table.fixed.map(\.member.code) == ["2030", "demand", "base"])
  }

  @Test func withoutAColumnAxisThereIsOneColumn() {
    let table = CrossTable(cells, selection: selection(years: ["2030", "2031"]), rows: [.year, .team, .region, .industry], columns: nil)
    #expect(table.columns.count == 1)
    #expect(table.rows.map { $0.cells[0]?.value } == [1, 4, 2, 3, 5])
  }

  /// The sum over any arrangement of the axes is the same.
  @Test(arguments: [[CrossTable.Axis.region, .industry], [.industry, .region]])
  func arrangementMovesNothing(rows: [CrossTable.Axis]) {
    let table = CrossTable(cells, selection: selection(), rows: rows, columns: .team)
    #expect(table.rows.flatMap(\.cells).compactMap { $0?.value }.reduce(0, +) == 10)
  }
}
