import Foundation
import LinearAlgebra
import Messages
import Tables
import TestSupport
import Testing

@testable import DesignMatrices

private func table(_ text: String) throws -> Table { try parseTable(Array(text.utf8), file: "data.csv") }

private func frame(_ formula: String, _ text: String, _ change: (inout FrameRequest) -> Void = { _ in })
  throws -> ModelFrame
{
  var request = FrameRequest(formula: formula)
  change(&request)
  return try modelFrame(request, try table(text))
}

private let panel = """
  id,year,y,x,g,区域
  1,2000,1,10,b,北京
  1,2001,2,11,a,上海
  1,2003,4,13,b,北京
  2,2000,5,20,c,广州
  2,2001,7,22,a,上海
  2,2002,9,24,c,广州
  """

@Suite struct FormulaTests {
  @Test func repeatedCrossingAddsNothing() throws {
    let once = try Formula("y ~ a * b", otherColumns: [])
    #expect(once.terms.map(\.factors.count) == [1, 1, 2])
    #expect(try Formula("y ~ a * b * a * b * a", otherColumns: []).terms.count == 3)
  }

  @Test func longChainsEndInsteadOfGrowing() {
    let many = (0..<40).map { "x\($0)" }.joined(separator: "*")
    let wide = "(" + (0..<60).map { "x\($0)" }.joined(separator: "+") + ")"
    for text in ["y ~ \(many)", "y ~ " + Array(repeating: wide, count: 30).joined(separator: ":")] {
      do throws(ProblemReport) {
        _ = try Formula(text, otherColumns: [])
        Issue.record("a formula of 2^40 terms was expanded")
      } catch {
        #expect(error.problems.map(\.code) == ["formula.too-many"])
      }
    }
  }

  @Test(arguments: [
    ("y ~ x", ["(Intercept)", "x"]),
    ("y ~ 0 + x", ["x"]),
    ("y ~ x - 1", ["x"]),
    ("y ~ x + I(x^2) + log(x)", ["(Intercept)", "x", "I(x^2)", "log(x)"]),
    ("y ~ g", ["(Intercept)", "g[b]", "g[c]"]),
    ("y ~ C(g, ref=\"c\")", ["(Intercept)", "C(g, ref=\"c\")[a]", "C(g, ref=\"c\")[b]"]),
    ("y ~ C(g, Treatment('b'))", ["(Intercept)", "C(g, Treatment('b'))[a]", "C(g, Treatment('b'))[c]"]),
    ("y ~ 0 + g", ["g[a]", "g[b]", "g[c]"]),
    ("y ~ 0 + g + 区域", ["g[a]", "g[b]", "g[c]", "区域[北京]", "区域[广州]"]),
    ("y ~ C(id)*x", ["(Intercept)", "C(id)[2]", "x", "C(id)[2]:x"]),
    ("y ~ C(id):x", ["(Intercept)", "C(id)[1]:x", "C(id)[2]:x"]),
    ("y ~ (x + g)^2", ["(Intercept)", "x", "g[b]", "g[c]", "x:g[b]", "x:g[c]"]),
    ("y ~ x:year + x + x", ["(Intercept)", "x", "x:year"]),
    ("y ~ x*year - x:year", ["(Intercept)", "x", "year"]),
    ("y～x＋log（x）", ["(Intercept)", "x", "log（x）"]),
    ("y ~ 1", ["(Intercept)"]),
    ("log(y) ~ `x`", ["(Intercept)", "x"]),
  ])
  func expandsToNamedColumns(formula: String, names: [String]) throws {
    #expect(try frame(formula, panel).names == names)
  }

  @Test func dotIsEveryOtherColumn() throws {
    let made = try frame("y ~ .", panel) { $0.groups = ["id"] }
    #expect(made.names == ["(Intercept)", "year", "x", "g[b]", "g[c]", "区域[北京]", "区域[广州]"])
  }

  @Test(arguments: [
    ("I(-x^2 + 2*(x - 1)/4)", -100 + 4.5), ("I(2^3^2 - x)", 502), ("I(x**2)", 100), ("sqrt(I(x*x))", 10),
    ("exp(log(x))", 10), ("log10(I(x*10))", 2), ("I(-2^2)", -4), ("abs(I(0-x))", 10), ("I(1e1 + x)", 20),
    ("log1p(I(x - 10))", 0),
  ])
  func arithmetic(term: String, firstRow: Double) throws {
    #expect(close(try frame("y ~ 0 + \(term)", panel).design[0, 0], firstRow, relative: 1e-14))
  }

  @Test func lagFollowsTimeNotRows() throws {
    let made = try frame("y ~ lag(x) + diff(y)", panel) {
      ($0.entity, $0.time) = ("id", "year")
    }
    // 2003 of entity 1 has no year before; first years neither.
    #expect(made.rows == [1, 4, 5])
    #expect(made.design.column(1) == [10, 20, 22])
    #expect(made.design.column(2) == [1, 2, 2])
    #expect(made.droppedRows == 3)
    let far = try frame("y ~ lag(x, 2)", panel) { ($0.entity, $0.time) = ("id", "year") }
    #expect(far.rows == [2, 5])
    #expect(far.design.column(1) == [11, 20])
    // Rows as they stand would reach from one entity into the next.
    #expect { try frame("y ~ lag(x)", panel) } throws: {
      ($0 as? ProblemReport)?.problems.first?.code == "formula.row-order"
    }
  }

  @Test func duplicateTimesAreRefusedForLags() {
    #expect {
      try frame("y ~ lag(x)", panel) { $0.time = "year" }
    } throws: { ($0 as? ProblemReport)?.problems.first?.code == "formula.duplicate-time" }
  }

  @Test func missingRowsAreCountedAndSaid() throws {
    let made = try frame("y ~ x + g", "y,x,g\n1,2,a\n,3,b\n4,NA,b\n5,6,\n7,8,b\n9,1,a\n")
    #expect(made.rows == [0, 4, 5])
    #expect(made.droppedRows == 3)
    #expect(
      made.remarks.first?.message.en == "3 rows are left out because a value is missing (y 1, x 1, g 1)")
  }

  @Test func weightsOfZeroLeaveTheFrame() throws {
    let made = try frame("y ~ x", "y,x,w\n1,2,1\n2,3,0\n4,4,2\n") { $0.weights = "w" }
    #expect(made.weights == [1, 2])
    #expect(throws: ProblemReport.self) {
      try frame("y ~ x", "y,x,w\n1,2,1\n2,3,-1\n") { $0.weights = "w" }
    }
  }

  @Test func groupsAreCodedInOrder() throws {
    let made = try frame("y ~ x", panel) { $0.groups = ["year", "g"] }
    let year = try #require(made.groups["year"])
    #expect(year.levels == ["2000", "2001", "2002", "2003"])
    #expect(year.codes == [0, 1, 3, 0, 1, 2])
    #expect(try #require(made.groups["g"]).codes == [1, 0, 1, 2, 0, 2])
  }

  @Test func newRowsGetTheSameColumns() throws {
    let made = try frame("y ~ C(g)*x + log(x)", panel)
    let again = try made.design(of: table("x,g\n3,c\n4,a\n,b\n"))
    #expect(again.row(0) == [1, 0, 1, 3, log(3), 0, 3])
    #expect(again.row(1) == [1, 0, 0, 4, log(4), 0, 0])
    #expect(again[2, 3].isNaN)
    #expect { try made.design(of: table("x,g\n3,z\n")) } throws: {
      ($0 as? ProblemReport)?.problems.first?.message.en == "the level 'z' was not in the fitted rows"
    }
  }

  @Test(arguments: [
    ("y x", "formula.no-tilde", 4), ("y ~ x +", "formula.syntax", 8), ("y ~ lg(x)", "formula.function", 5),
    ("y ~ log(x", "formula.syntax", 10), ("y ~ 2*x", "formula.number", 5),
    ("y ~ x | g", "formula.character", 7),
    ("y ~ x / g", "formula.slash", 7), ("y ~ log(x, y)", "formula.arguments", 5),
    ("y ~ lag(x, 0.5)", "formula.arguments", 5),
    ("~ x", "formula.syntax", 1), ("y ~ x ~ g", "formula.syntax", 7), ("y ~ `x", "formula.quote", 5),
    ("y ~ x^g", "formula.syntax", 7), ("y ~ I(1e999)", "formula.number", 7), ("", "formula.no-tilde", 1),
    ("y ~ " + String(repeating: "(", count: 500) + "x", "formula.too-deep", 69),
  ])
  func errorsNameTheCharacter(formula: String, code: String, column: Int) {
    #expect {
      try frame(formula, panel)
    } throws: { error in
      guard let report = error as? ProblemReport, let problem = report.problems.first else { return false }
      #expect(problem.code == code)
      #expect(problem.column == column, "\(formula)")
      return report.status == .usage
    }
  }

  @Test func manyFactorsDoNotExplode() {
    let all = (1...40).map { "x\($0)" }.joined(separator: "+")
    #expect(throws: ProblemReport.self) { try Formula("y ~ (\(all))^9") }
  }

  @Test func missingColumnsComeWithTheNearestSpelling() {
    #expect {
      try frame("y ~ xx + yaer", panel)
    } throws: { error in
      guard let report = error as? ProblemReport else { return false }
      #expect(report.problems.map(\.path) == ["xx", "yaer"])
      return report.problems[1].hint?.en == "did you mean 'year'?" && report.status == .badData
    }
  }

  @Test func undefinedValuesNameTheirLine() {
    #expect {
      try frame("y ~ log(x)", "y,x\n1,2\n2,0\n3,-1\n4,\n")
    } throws: { error in
      guard let report = error as? ProblemReport else { return false }
      #expect(report.problems.map(\.line) == [3, 4])
      return report.problems[0].message.en == "log(x) has no value in this row (x = 0)"
    }
    #expect(throws: ProblemReport.self) { try frame("y ~ I(1/x)", "y,x\n1,2\n2,0\n3,1\n") }
  }

  @Test func textWhereNumbersAreNeededIsNamed() {
    #expect {
      try frame("y ~ log(g)", panel)
    } throws: { ($0 as? ProblemReport)?.problems.first?.line == 2 }
    #expect {
      try frame("g ~ x", panel)
    } throws: { ($0 as? ProblemReport)?.problems.first?.code == "csv.not-a-number" }
  }

  @Test func mostlyNumericTextIsWarnedAbout() throws {
    let made = try frame("y ~ x", "y,x\n1,2\n2,3\n3,oops\n4,5\n")
    #expect(made.remarks.first?.severity == .warning)
    #expect(made.remarks.first?.line == 4)
  }

  @Test func emptyFramesSayWhy() {
    #expect { try frame("y ~ x", "y,x\n") } throws: {
      ($0 as? ProblemReport)?.problems.first?.message.en == "the file has a header but no rows"
    }
    #expect { try frame("y ~ x", "y,x,z\n1,,2\n2,,3\n") } throws: { $0 is ProblemReport }
  }
}
