import ArgumentParser
import Foundation
import Messages
import Tables
import TestSupport
import Testing

@testable import talentcast

/// Files on which other programs, or ours, once went wrong, each with the right answer. Values from R, statsmodels,
/// fixest and numpy, or by hand.
@Suite struct FitCaseTests {
  private func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "FitCases/\(name).csv").path()
  }

  /// The fit of a command line.
  private func fit(_ name: String, _ formula: String, _ options: String...) throws -> FitReport {
    let command = try FitCommand.parse(["--data", path(name), "--formula", formula] + options)
    return try FitReport(command.fitRequest(), table: command.readData())
  }

  private func expect(
    _ report: FitReport, _ name: String, _ estimate: Double, _ error: Double? = nil,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let coefficient = try #require(report.fit[name], sourceLocation: location)
    #expect(close(coefficient.estimate, estimate, relative: 2e-6), sourceLocation: location)
    if let error { #expect(close(coefficient.standardError, error, relative: 4e-6), sourceLocation: location) }
  }

  private func json(_ report: FitReport) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(jsonText(report).utf8)) as? [String: Any])
  }

  @Test func thousandsAreReadWhenAskedAndNeverDummiesWithoutAWord() throws {
    try expect(fit("c20_thousands", "y ~ x", "--thousands", ","), "x", 0.00927453, 0.000486018)
    let warned = try fit("c20_thousands", "y ~ x")
    let warning = try #require(warned.remarks.first { $0.code == "formula.text-column" })
    #expect(warning.severity == .warning && warning.line == 2 && warning.column == 1 && warning.path == "x")
    #expect(warning.hint?.en.contains("--thousands \",\"") == true)
    // Meant as categories: nothing to say.
    #expect(try fit("c20_thousands", "y ~ C(x)").remarks.isEmpty)
    // As the response it cannot be categories: the cells and the option are named.
    let refused = #expect(throws: ProblemReport.self) { try fit("c20_thousands", "x ~ y") }
    #expect(refused?.problems.first?.line == 2)
    #expect(refused?.problems.last?.code == "formula.number-style")
  }

  @Test(arguments: [("16c_inf", "x", "inf", 9, 1), ("c18_misc", "pct", "7%", 2, 103), ("c18_misc", "big", "1,250", 2, 69)])
  func oddCellsAreNamed(file: String, column: String, cell: String, line: Int, character: Int) throws {
    let remarks = try fit(file, "y ~ \(column)").remarks
    let warning = try #require(remarks.first { $0.code == "formula.text-column" })
    #expect(warning.line == line && warning.column == character && warning.message.en.contains("'\(cell)'"))
  }

  @Test func warningsStayWhenTheFitFails() {
    let report = #expect(throws: ProblemReport.self) { try fit("c18_misc", "y ~ x + big", "--vcov", "NW:50") }
    #expect(report?.problems.map(\.code) == ["fit.unsupported", "formula.text-column"])
    #expect(report?.problems.map(\.severity) == [.error, .warning])
  }

  @Test(arguments: [("c18_misc", 50, 24), ("15c_ridge", 1000, 40)])
  func bandwidthsAsLongAsTheSampleAreRefused(file: String, lags: Int, rows: Int) throws {
    let report = #expect(throws: ProblemReport.self) { try fit(file, "y ~ x", "--vcov", "NW:\(lags)") }
    #expect(report?.status == .usage)
    #expect(report?.problems.first?.message.en.hasSuffix("the longest series has \(rows) rows") == true)
    #expect(throws: ProblemReport.self) { try fit(file, "y ~ x", "--vcov", "NW:\(rows)") }
    #expect(throws: Never.self) { try fit(file, "y ~ x", "--vcov", "NW:\(rows - 1)") }
  }

  @Test func autocorrelationIsCountedByTheCalendar() throws {
    // By numpy, from the definition over pairs of rows at most 3 years apart.
    try expect(fit("63b_gap", "y ~ x", "--vcov", "NW:3", "--time", "t", "--entity", "g"), "x", 1.80029058, 0.19285999)
    try expect(fit("63b_gap", "y ~ x", "--vcov", "DK:3", "--time", "t", "--entity", "g"), "x", 1.80029058, 0.19155213)
    // No year recurs, so that nothing but the option says it is the time: rows are counted, and that is said.
    let rows = try fit("63b_gap", "y ~ x", "--vcov", "NW:3", "--entity", "g")
    #expect(rows.remarks.map(\.code) == ["formula.file-order"] && rows.fit.adjustment.hasSuffix("lags in rows"))
    try expect(rows, "x", 1.80029058, 0.18976591)
    #expect(try fit("63b_gap", "y ~ x", "--vcov", "NW:3").remarks.first?.code == "formula.file-order")
  }

  @Test func lagsStayWithinEntitiesAndYears() throws {
    let asked = #expect(throws: ProblemReport.self) { try fit("c08_lag_gap", "y ~ lag(value)") }
    #expect(asked?.status == .usage && asked?.problems.first?.code == "formula.row-order")
    #expect(asked?.problems.first?.hint?.en.hasPrefix("for example --entity id --time year") == true)
    let told = try fit("c08_lag_gap", "y ~ lag(value)", "--entity", "id", "--time", "year")
    try expect(told, "lag(value)", 0.318175, 0.291347)
    #expect(told.fit.rows == 13)
    // The absorbed column shows the panel, and the note says which.
    let shown = try fit("c08_lag_gap", "y ~ lag(value)", "--absorb", "id")
    #expect(shown.fit.rows == 13 && shown.remarks.first?.code == "formula.panel")
    #expect(shown.remarks.first?.message.en == "lag() and diff() go by 'year' within 'id'")
    let same = try fit("c08_lag_gap", "y ~ lag(value)", "--absorb", "id", "--entity", "id", "--time", "year")
    #expect(shown.fit.coefficients == same.fit.coefficients)
  }

  @Test func absorbedGroupsWithoutVariationAreDroppedAndNamed() throws {
    let poisson = try fit("c06_pois_fe", "y ~ x", "--absorb", "g", "--family", "poisson")
    // fixest prints 0.122965 = 0.1164308·√(29/26): its factor (n−1)/(n−k), which a likelihood does not have.
    try expect(poisson, "x", 0.318774, 0.1164308)
    #expect(poisson.fit.rows == 30)
    let said = try #require(poisson.remarks.first { $0.code == "fit.left-out" })
    #expect(said.severity == .warning)
    #expect(
      said.message.en
        == "1 group of g is left out, 10 rows: the response is 0 throughout, so the effect runs to minus infinity: d")
    let left = try #require(try json(poisson)["left_out"] as? [[String: Any]])
    #expect(left.count == 1 && left[0]["group"] as? String == "d" && left[0]["rows"] as? Int == 10)
    try expect(
      fit("13c_pois_absorb_zero_group", "y ~ x", "--absorb", "g", "--family", "poisson"), "x", -0.0426465, 0.1092109)
    let logit = try fit("13d_logit_absorb_one_group", "y ~ x", "--absorb", "g", "--family", "binomial")
    try expect(logit, "x", -0.2012116, 0.4600876)
    #expect(logit.remarks.contains { $0.code == "fit.left-out" && $0.message.en.hasSuffix(": g0") })
  }

  @Test func singletonsAreKeptOrDropped() throws {
    let kept = try fit("c02_singletons", "y ~ x", "--absorb", "id", "--vcov", "cluster:id")
    try expect(kept, "x", 0.698989, 0.183576)
    #expect(kept.remarks.contains { $0.message.en.contains("--drop-singletons") })
    let dropped = try fit("c02_singletons", "y ~ x", "--absorb", "id", "--vcov", "cluster:id", "--drop-singletons")
    try expect(dropped, "x", 0.698989, 0.192161)
    let p = try #require(dropped.fit["x"]?.pValue)
    #expect(abs(p - 0.0054) < 5e-5 && dropped.fit.rows == 40)
    #expect(throws: ProblemReport.self) { try fit("c02_singletons", "y ~ x", "--drop-singletons") }
  }

  @Test func identityLinkStartsFromTheMean() throws {
    // Maximum likelihood by Nelder–Mead to 1e-10.
    let report = try fit("14_id_3_0", "y ~ x", "--family", "poisson", "--link", "identity")
    try expect(report, "(Intercept)", 3.62114271)
    try expect(report, "x", 1.05987756)
  }

  @Test func coefficientsScaleWithTheUnit() throws {
    let large = try fit("02_scale_y_1e+75", "y ~ x")
    try expect(large, "x", 2.9955354630718874e75, 1.3403801031904286e73)
    let table = try fit("02_scale_y_1e+75", "I(y*1e120) ~ x", "--diagnostics")
    try expect(table, "x", 2.9955354630718874e195, 1.3403801031904286e193)
    let document = try json(table)
    #expect(document["deviance"] is NSNull && document["r_squared"] as? Double != nil)
    let diagnostics = try #require(document["diagnostics"] as? [String: Any])
    let tests = try #require(diagnostics["tests"] as? [[String: Any]])
    #expect(tests.map { $0["name"] as? String } == ["jarque_bera", "breusch_pagan", "reset"])
    let small = try fit("02_scale_y_1e+75", "I(y/1e300) ~ x")
    try expect(small, "x", 2.9955354630718874e-225)
  }

  @Test func negativePenaltiesAreAnsweredByTheirRange() throws {
    let error = #expect(throws: (any Error).self) {
      try FitCommand.parse(["--data", "d", "--formula", "y ~ x", "--ridge", "-1"])
    }
    let text = FitCommand.message(for: try #require(error))
    #expect(text.contains("0 or more"), "\(text)")
  }

  @Test func hausmanRefusalsStandInTheDocument() throws {
    let data = "y,x,g,t\n1,1,a,1\n2,2,a,2\n4,3,a,3\n2,1,b,1\n3,2,b,2\n7,4,b,3\n5,2,c,1\n5,3,c,2\n6,5,c,3\n"
    var request = FitRequest(formula: "y ~ x + I(x^2)")
    (request.entity, request.time, request.hausman) = ("g", "t", true)
    let report = try FitReport(request, table: parseTable(Array(data.utf8), file: "d.csv"))
    let tests = try #require(try json(report)["tests"] as? [[String: Any]])
    #expect(tests.count == 1 && tests[0]["name"] as? String == "hausman")
    #expect(tests[0]["p_value"] is NSNull && tests[0]["statistic"] is NSNull)
    #expect((tests[0]["reason"] as? String)?.isEmpty == false)
  }
}
