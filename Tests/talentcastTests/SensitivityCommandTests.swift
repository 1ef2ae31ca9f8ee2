import ArgumentParser
import Messages
import Simulation
import Testing

@testable import talentcast

@Test func sensitivityReadsItsOptions() throws {
  let command = try SensitivityCommand.parse([
    "--function", "gstar", "--method", "morris", "--samples", "50", "--seed", "7", "--json",
  ])
  #expect(command.function == .gstar && command.method == .morris)
  #expect(command.samples == 50 && command.seed == 7 && command.common.json)
  #expect(throws: (any Error).self) {
    try SensitivityCommand.parse(["--function", "gstar", "--samples", "1"])
  }
  #expect(throws: (any Error).self) { try SensitivityCommand.parse(["--function", "nothing"]) }
  #expect(throws: (any Error).self) {
    try SensitivityCommand.parse(["--function", "gstar", "--method", "tornado", "--group", "a=x1"])
  }
}

@Test func sensitivityOfIshigamiIsWithinItsIntervals() throws {
  let result = try SensitivityResult(of: .test(.ishigami), .sobol, samples: 1024, seed: 1)
  #expect(result.converged == true && result.runs == 1024 * 5)
  for row in result.inputs {
    let (s1, exact) = (try #require(row.s1), try #require(row.exactS1))
    #expect(abs(s1 - exact) < 0.03)
  }
  let json = try jsonText(result)
  #expect(json.contains("\"schema\" : \"talentcast/sensitivity@1\""))
  #expect(json.contains("\"st_high\"") && !json.contains("\"mu\""))
  #expect(result.verdict(in: .en) == nil)
}

@Test func sensitivityWithFewSamplesSaysSo() throws {
  let result = try SensitivityResult(of: .test(.ishigami), .sobol, samples: 8, seed: 1)
  #expect(result.verdict(in: .en)?.contains("not converged, N = 8") == true)
  #expect(result.verdict(in: .zh)?.contains("未收敛") == true)
}

@Test func sensitivityNamesUnknownInputs() {
  do {
    _ = try SensitivityResult(of: .test(.linear), .sobol, samples: 8, seed: 1, groups: [("g", ["x9"])])
    Issue.record("x9 was accepted")
  } catch let report as ProblemReport {
    #expect(report.status == .usage)
    #expect(report.problems.first?.hint?.en == "inputs: x1, x2, x3, x4")
  } catch {
    Issue.record("\(error)")
  }
}

@Test func tornadoOfTheLinearFunctionIsRanked() throws {
  let result = try SensitivityResult(of: .test(.linear), .tornado, samples: 0, seed: 1)
  #expect(result.inputs.map(\.name) == ["x4", "x3", "x2", "x1"])
  #expect(result.baseline == 5)
  #expect(result.text(in: .zh).contains("模型运行 9 次"))
}

/// A figure that no lever moves: indices are null, words say so, and JSON can be written.
@Test(arguments: SensitivityCommand.Method.allCases)
func sensitivityOfAConstantSaysThatNothingMovesIt(method: SensitivityCommand.Method) throws {
  let constant = LeverSubject(
    name: "figure", inputs: try (1...3).map { UncertainInput(name: "x\($0)", distribution: try .uniform(0, 1)) },
    baseline: [0.5, 0.5, 0.5]
  ) { x in 1234.5 + (x[0] > 2 ? 1 : 0) }
  let result = try SensitivityResult(of: .levers(constant), method, samples: 8, seed: 1)
  #expect(result.constant && result.converged == nil)
  #expect(result.verdict(in: .en)?.contains("do nothing") == true && result.verdict(in: .zh)?.contains("没有任何作用") == true)
  #expect(result.inputs.map(\.name) == ["x1", "x2", "x3"])
  let json = try jsonText(result)
  #expect(!json.contains("nan") && json.contains("\"constant\" : true"))
  if method == .sobol {
    #expect(result.variance == 0 && result.mean == 1234.5)
    #expect(json.contains("\"s1\" : null") && json.contains("\"st_high\" : null"))
  }
  #expect(result.text(in: .en).contains("x3"))
}

/// The lever question has a default that its method can answer.
@Test func sensitivityAsksAQuestionThatConverges() throws {
  #expect(try SensitivityCommand.parse(["--levers", "baseline"]).chosen == .morris)
  #expect(try SensitivityCommand.parse(["--function", "linear"]).chosen == .sobol)
  #expect(throws: (any Error).self) { try SensitivityCommand.parse(["--levers", "baseline", "--group", "a=x1"]) }
}
