import ArgumentParser
import Foundation
import Messages
import Tables
import Testing

@testable import talentcast

private func report(_ formula: String, _ data: String, _ change: (inout FitRequest) -> Void = { _ in }) throws
  -> FitReport
{
  var request = FitRequest(formula: formula)
  change(&request)
  return try FitReport(request, table: parseTable(Array(data.utf8), file: "d.csv"))
}

private let small = "y,x,g\n1,1,a\n3,2,b\n2,3,a\n5,4,b\n4,5,c\n7,6,c\n"

@Suite struct FitCommandTests {
  @Test func readsItsOptions() throws {
    let command = try FitCommand.parse([
      "--data", "d.csv", "--formula", "y ~ x", "--absorb", "a, b", "--vcov", "cluster:g1+g2", "--ssc",
      "stata",
      "--effects", "first-difference", "--level", "90", "--json",
    ])
    let request = try command.fitRequest()
    #expect(request.absorb == ["a", "b"])
    #expect(request.covariance == .clustered(["g1", "g2"]))
    #expect(request.smallSample == .stata && request.effects == .firstDifference && request.level == 0.9)
    #expect(throws: (any Error).self) {
      try FitCommand.parse(["--data", "d", "--formula", "y~x", "--ridge", "-1"])
    }
    #expect(throws: (any Error).self) {
      try FitCommand.parse(["--data", "d", "--formula", "y~x", "--family", "beta"])
    }
  }

  @Test func extrasStandInTheDocumentWhenAskedFor() throws {
    let panel = (0..<24).map { i in
      "\(Double((i * 7) % 11) + Double(i / 6)),\((i * 5) % 13),\("abcd".map(String.init)[i / 6]),\(i % 6)"
    }
    let data = "y,x,g,t\n" + panel.joined(separator: "\n") + "\n"
    let text = try jsonText(
      report("y ~ x", data) {
        ($0.entity, $0.time, $0.hausman, $0.diagnostics) = ("g", "t", true, true)
        $0.bootstrap = try? FitExtras.BootstrapRequest("wild:g")
      })
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let tests = try #require(json["tests"] as? [[String: Any]])
    #expect(tests.map { $0["name"] as? String } == ["hausman"] && tests[0]["df"] as? Int == 1)
    let bootstrap = try #require(json["bootstrap"] as? [[String: Any]])
    #expect(bootstrap.map { $0["name"] as? String } == ["(Intercept)", "x"])
    let diagnostics = try #require(json["diagnostics"] as? [String: Any])
    let rows = try #require(diagnostics["influential_rows"] as? [[String: Any]])
    #expect(rows.count == 10 && rows.allSatisfy { ($0["line"] as? Int ?? 0) >= 2 })
    let leverages = rows.compactMap { $0["leverage"] as? Double }
    #expect(leverages.count == 10 && leverages == leverages.sorted(by: >))
    #expect(json["marginal_effects"] == nil)
    #expect(throws: ProblemReport.self) { try report("y ~ x", data) { $0.margins = true } }
    #expect(throws: ProblemReport.self) { try report("y ~ x", data) { $0.hausman = true } }
  }

  @Test func exactFitsAndSingleLevelsAreSaid() throws {
    let exact = try report("y ~ x", "y,x\n5,1\n5,2\n5,4\n5,7\n")
    #expect(exact.remarks.map(\.code) == ["fit.exact"] && exact.fit.isExact)
    #expect(!exact.text(in: .en).contains("nan"))
    let single = try report("y ~ x + C(g)", "y,x,g\n1,1,a\n2,2,a\n3,3.5,a\n4,4,a\n")
    #expect(single.remarks.map(\.code) == ["formula.single-level"] && single.fit.names == ["(Intercept)", "x"])
    #expect(try report("y ~ 1", small).fit.measures.rSquared == 0)
  }

  @Test(arguments: ["wild", "wild:", "pairs:g", "wild:g:normal", "wild:g:webb:1", ""])
  func unknownBootstrapsAreRefused(text: String) {
    #expect { try FitExtras.BootstrapRequest(text) } throws: { ($0 as? ProblemReport)?.status == .usage }
  }

  @Test(arguments: ["HC5", "cluster:", "cluster:a+b+c", "NW", "NW:-1", "DK:x", "iid:2", ""])
  func unknownCovariancesAreRefused(text: String) {
    #expect { try CovarianceRequest(text) } throws: { ($0 as? ProblemReport)?.status == .usage }
  }

  @Test func jsonHasEveryKeyOfTheContract() throws {
    let text = try jsonText(report("y ~ x + I(2*x)", small))
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "schema", "n", "df_residual", "coefficients", "r_squared", "adj_r_squared", "within_r_squared",
        "residual_sd",
        "log_likelihood", "deviance", "aic", "bic", "vcov", "dropped", "condition_number", "iterations",
        "left_out", "notes",
      ])
    #expect(json["schema"] as? String == "talentcast/fit@1")
    #expect(json["dropped"] as? [String] == ["I(2*x)"])
    #expect(json["within_r_squared"] is NSNull)
    let coefficients = try #require(json["coefficients"] as? [[String: Any]])
    #expect(coefficients.map { $0["name"] as? String } == ["(Intercept)", "x"])
    #expect(
      Set(coefficients[0].keys) == [
        "name", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high",
      ])
    // By hand: Sxy = 18, Sxx = 17.5.
    #expect(abs(try #require(coefficients[1]["estimate"] as? Double) - 18 / 17.5) < 1e-15)
    #expect((json["vcov"] as? [String: String])?["type"] == "iid")
  }

  @Test func perfectFitsStayFinite() throws {
    let text = try jsonText(report("y ~ x", "y,x\n1,1\n2,2\n3,3\n4,4\n"))
    #expect(!text.contains("inf") && !text.contains("nan"))
  }

  @Test func textIsBilingualAndNamesTheConvention() throws {
    let fitted = try report("y ~ x", small) { $0.covariance = .clustered(["g"]) }
    #expect(fitted.text(in: .en).contains("standard errors: cluster:g (G/(G-1)*(n-1)/(n-k); G=3, n=6, k=2)"))
    #expect(fitted.text(in: .zh).contains("估计值"))
    #expect(fitted.remarks.contains { $0.message.en.hasPrefix("only 3 clusters") })
  }

  @Test func tooFewRowsSayHowManyAreMissing() {
    #expect {
      try report("y ~ x + I(x^2)", "y,x\n1,1\n2,3\n4,5\n")
    } throws: { error in
      let problem = (error as? ProblemReport)?.problems.first
      return problem?.message.en.hasSuffix("at least 1 more row is missing") == true
    }
  }

  @Test func errorsNameTheLineOfTheFile() {
    #expect {
      try report("y ~ x", "y,x\n0,1\n1,2\n,3\n45,4\n1,9\n0,3\n") { $0.family = .binomial }
    } throws: { error in
      let problem = (error as? ProblemReport)?.problems.first
      return problem?.line == 5 && problem?.code == "fit.response-range"
    }
    #expect {
      try report("y ~ x", "y,x\n0,1\n0,2\n0,3\n1,4\n1,9\n1,7\n") { $0.family = .binomial }
    } throws: { ($0 as? ProblemReport)?.problems.first?.code == "fit.separation" }
    #expect { try report("y ~ x", small) { $0.effects = .random } } throws: {
      ($0 as? ProblemReport)?.status == .usage
    }
  }
}
