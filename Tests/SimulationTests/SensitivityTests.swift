import TestSupport
import Testing

@testable import Simulation

private let stream = RandomStream(seed: 1, named: "sensitivity")

/// Closed forms, METHODS O19.
@Test func exactIndicesOfTheTestFunctions() {
  let ishigami = SensitivityTestFunction.ishigami.exact
  #expect(close(ishigami.variance, 13.8445879407, relative: 1e-11))
  #expect(zip(ishigami.first, [0.3139051911, 0.4424111448, 0]).allSatisfy { abs($0 - $1) < 1e-10 })
  #expect(
    zip(ishigami.total, [0.5575888552, 0.4424111448, 0.2436836641]).allSatisfy { abs($0 - $1) < 1e-10 })
  let g = SensitivityTestFunction.gstar.exact
  #expect(
    zip(g.first, [0.71619217, 0.17904804, 0.02367577, 0.00716192, 0.00007162]).allSatisfy {
      abs($0 - $1) < 1e-8
    })
  #expect(
    zip(g.total, [0.78714413, 0.24219819, 0.03431692, 0.01046039, 0.00010495]).allSatisfy {
      abs($0 - $1) < 1e-8
    })
}

@Test(arguments: SensitivityTestFunction.allCases)
func estimatedIndicesAreNearTheExactOnes(function: SensitivityTestFunction) throws {
  let inputs = try function.inputs()
  let design = try SobolDesign(inputs, groups: try InputGroup.covering(inputs), samples: 2048, stream: stream)
  let result = try design.indices((0..<design.runs).map { function(design.point($0)) }, resamples: 100)
  let exact = function.exact
  #expect(close(result.variance, exact.variance, relative: 0.01))
  #expect(result.isConverged)
  for (k, share) in result.shares.enumerated() {
    #expect(abs(share.first.value - exact.first[k]) < 0.02, "\(share)")
    #expect(abs(share.total.value - exact.total[k]) < 0.02, "\(share)")
    #expect(share.first.low <= share.first.value && share.first.value <= share.first.high)
  }
}

@Test func fewSamplesAreNotConverged() throws {
  let function = SensitivityTestFunction.ishigami
  let inputs = try function.inputs()
  let design = try SobolDesign(inputs, groups: try InputGroup.covering(inputs), samples: 16, stream: stream)
  #expect(try !design.indices((0..<design.runs).map { function(design.point($0)) }).isConverged)
  #expect(try !design.indices([Double](repeating: 3, count: design.runs)).isConverged)
}

/// Ishigami's x1 and x3 together explain everything that x2 does not.
@Test func groupsAreJudgedAsOne() throws {
  let function = SensitivityTestFunction.ishigami
  let inputs = try function.inputs()
  let groups = try InputGroup.covering(inputs, named: [("pair", ["x1", "x3"])])
  #expect(groups.map(\.name) == ["pair", "x2"])
  let design = try SobolDesign(inputs, groups: groups, samples: 2048, stream: stream)
  #expect(design.runs == 2048 * 4)
  let shares = try design.indices((0..<design.runs).map { function(design.point($0)) }, resamples: 20).shares
  #expect(abs(shares[0].first.value - (1 - 0.4424111448)) < 0.02)
  #expect(abs(shares[0].total.value - (1 - 0.4424111448)) < 0.02)
  #expect(throws: SimulationError.unknownInput(group: "g", name: "x9")) {
    try InputGroup.covering(inputs, named: [("g", ["x9"])])
  }
}

/// A linear function has the same effect everywhere: slope × range, without spread.
@Test func morrisIsExactOnALinearFunction() throws {
  let function = SensitivityTestFunction.linear
  let design = try MorrisDesign(try function.inputs(), trajectories: 5, stream: stream)
  let result = try design.effects((0..<design.runs).map { function(design.point($0)) })
  for (k, effect) in result.effects.enumerated() {
    #expect(close(effect.mean, Double(k + 1), relative: 1e-12))
    #expect(close(effect.meanSize, Double(k + 1), relative: 1e-12))
    #expect(effect.deviation < 1e-12)
  }
  #expect(result.isConverged)
}

@Test func morrisMovesOneInputAtATimeOnItsGrid() throws {
  let inputs = try SensitivityTestFunction.gstar.inputs()
  let design = try MorrisDesign(inputs, trajectories: 30, levels: 6, stream: stream)
  for t in 0..<30 {
    let path = (0...8).map { design.point(t * 9 + $0) }
    for (before, after) in zip(path, path.dropFirst()) {
      let moves = zip(before, after).map { abs($0 - $1) }.filter { $0 > 1e-12 }
      #expect(moves.count == 1 && close(moves[0], 0.6, relative: 1e-12))
    }
    #expect(path.joined().allSatisfy { abs(($0 * 5).rounded() - $0 * 5) < 1e-9 && (0...1).contains($0) })
  }
}

@Test func morrisSeesInteractionAndNoInfinities() throws {
  let inputs = [
    UncertainInput(name: "a", distribution: try .normal(mean: 0, standardDeviation: 1)),
    UncertainInput(name: "b", distribution: try .logNormal(logMean: 0, logDeviation: 1)),
    UncertainInput(name: "idle", distribution: try .uniform(0, 1)),
  ]
  let design = try MorrisDesign(inputs, trajectories: 40, stream: stream)
  let result = try design.effects((0..<design.runs).map { design.point($0)[0] * design.point($0)[1] })
  #expect(result.effects[0].deviation > 0 && result.effects[2].meanSize == 0)
  #expect(!result.isConverged)
}

@Test func tornadoRanksBySwing() throws {
  let inputs = [
    UncertainInput(name: "small", distribution: try .uniform(0, 1)),
    UncertainInput(name: "large", distribution: try .uniform(0, 10)),
  ]
  let design = try TornadoDesign(inputs)
  #expect((0..<design.runs).map(design.point) == [[0.5, 5], [0.1, 5], [0.9, 5], [0.5, 1], [0.5, 9]])
  let bars = try design.bars((0..<design.runs).map { 2 * design.point($0)[0] - design.point($0)[1] })
  #expect(bars.map(\.name) == ["large", "small"])
  #expect(bars[0].outputAtLow == 0 && bars[0].outputAtHigh == -8 && close(bars[1].swing, 1.6))
  #expect(throws: SimulationError.outputNotFinite(run: 1, value: .infinity)) {
    try design.bars([0, .infinity, 0, 0, 0])
  }
  #expect(throws: SimulationError.lengthMismatch(input: "outputs", expected: 5, found: 1)) {
    try design.bars([0])
  }
}
