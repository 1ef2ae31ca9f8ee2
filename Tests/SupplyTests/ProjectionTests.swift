import LinearAlgebra
import Messages
import Supply
import Tables
import TestSupport
import Testing

/// Checks vectors to a relative tolerance, element by element.
func expectClose(
  _ found: [Double], _ expected: [Double], relative: Double = 1e-10, absolute: Double = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  for (a, b) in zip(found, expected) {
    #expect(close(a, b, relative: relative, absolute: absolute), sourceLocation: sourceLocation)
  }
}

private func model(_ rows: [[Double]], _ orientation: ProjectionMatrix.Orientation = .column) throws -> ProjectionMatrix {
  try ProjectionMatrix(
    states: rows.indices.map { "s\($0)" }, transitions: Matrix(rowMajor: rows), orientation: orientation)
}

private let killerWhale = [
  [0, 0.0043, 0.1132, 0], [0.9775, 0.9111, 0, 0], [0, 0.0736, 0.9534, 0], [0, 0, 0.0452, 0.9804],
]

struct ProjectionTests {
  /// Killer whale: Caswell (2001), example 5.1; digits of R popbio 2.8.
  @Test func killerWhaleAgreesWithCaswell() throws {
    let whale = try model(killerWhale)
    let analysis = try whale.analysis()
    #expect(matchingDigits(analysis.growthRate, certified: 1.02544132553035) >= 13)
    expectClose(
      try #require(analysis.stableStructure),
      [0.0369718682858861, 0.31607121119006, 0.322909676804727, 0.324047243719326], relative: 1e-12)
    let value = try #require(analysis.reproductiveValue)
    expectClose(Array(value.prefix(3)), [1, 1.04904483430214, 1.57132033824552], relative: 1e-12)
    // Past reproduction the value is zero, not nearly so.
    #expect(value[3] == 0)
    #expect(whale.fundamentalMatrix(growthRate: analysis.growthRate) == nil)
    let path = try whale.path(from: [10, 10, 10, 10], steps: 19)
    #expect(path.count == 20)
    expectClose(path[19], [2.44627458989806, 21.2676639673643, 21.3802861654482, 18.4516701362264], relative: 1e-13)
  }

  /// Desert tortoise under four fecundities: Doak, Kareiva & Klepetka (1994); digits of R popbio 2.8.
  @Test(arguments: [
    ([0.042, 0.069, 0.069], 0.874087567771233), ([0.42, 0.69, 0.69], 0.918502728393898),
    ([1.3, 1.98, 2.57], 0.958059212404463), ([2.22, 3.38, 4.38], 0.98189564869881),
  ])
  func desertTortoiseAgreesWithPopbio(_ fecundity: [Double], _ growth: Double) throws {
    let tortoise = try model([
      [0, 0, 0, 0, 0] + fecundity, [0.716, 0.567, 0, 0, 0, 0, 0, 0], [0, 0.149, 0.567, 0, 0, 0, 0, 0],
      [0, 0, 0.149, 0.604, 0, 0, 0, 0], [0, 0, 0, 0.235, 0.56, 0, 0, 0], [0, 0, 0, 0, 0.225, 0.678, 0, 0],
      [0, 0, 0, 0, 0, 0.249, 0.851, 0], [0, 0, 0, 0, 0, 0, 0.016, 0.86],
    ])
    let analysis = try tortoise.analysis()
    #expect(matchingDigits(analysis.growthRate, certified: growth) >= 12)
    #expect(close(try #require(analysis.stableStructure).reduce(0, +), 1, relative: 1e-14))
    // Below replacement the fundamental matrix exists, and (I − A) times it is the identity.
    let n = try #require(tortoise.fundamentalMatrix(growthRate: analysis.growthRate))
    let lived = tortoise.transitions.times(n)
    for i in 0..<8 { for j in 0..<8 { #expect(close(n[i, j] - lived[i, j], i == j ? 1 : 0, absolute: 1e-12)) } }
  }

  /// California and the rest of the United States: Lay, *Linear Algebra and Its Applications*.
  @Test func twoRegionsMigrateAsInLay() throws {
    let rows = [[0.98033, 0.00179], [0.01967, 0.99821]]
    let start = [38.041430, 275.872610]
    let path = try model(rows).path(from: start, steps: 10)
    expectClose(path[10], [35.728988, 278.185053], relative: 1e-7)
    let transposed = [[0.98033, 0.01967], [0.00179, 0.99821]]
    #expect(try model(transposed, .row).path(from: start, steps: 10) == path)
    let analysis = try model(rows).analysis()
    #expect(close(analysis.growthRate, 1, relative: 1e-14))
    expectClose(try #require(analysis.stableStructure), [0.00179 / 0.02146, 0.01967 / 0.02146], relative: 1e-12)
    expectClose(try #require(analysis.reproductiveValue), [1, 1], relative: 1e-12)
  }

  @Test func zeroRowsAndUnreachedStatesAreExactlyZero() throws {
    // s0 → s0 grows by 1.1 and feeds s1; s2 feeds s0 but nobody feeds it; s3 stands alone.
    let analysis = try model([[1.1, 0, 0.5, 0], [0.3, 0.6, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0.9]]).analysis()
    #expect(close(analysis.growthRate, 1.1))
    let structure = try #require(analysis.stableStructure)
    // w1 (1.1 − 0.6) = 0.3 w0.
    expectClose(structure, [1 / 1.6, 0.6 / 1.6, 0, 0], relative: 1e-14)
    #expect(structure[2] == 0 && structure[3] == 0)
    // v2 · 1.1 = 0.5 v0.
    expectClose(try #require(analysis.reproductiveValue), [1, 0, 0.5 / 1.1, 0], relative: 1e-14)
    #expect(analysis.notes.contains { $0.en.hasPrefix("the matrix is reducible: {s0} rules") })
  }

  @Test func saysWhenTheLongRunDependsOnTheStart() throws {
    let identity = try model([[1, 0], [0, 1]]).analysis()
    #expect(identity.growthRate == 1 && identity.stableStructure == nil && identity.reproductiveValue == nil)
    #expect(
      identity.notes.first?.en
        == "2 groups of states that do not feed each other both ways grow equally fast: {s0}, {s1}; the long-run structure depends on the start")
    let dying = try model([[0, 1], [0, 0]]).analysis()
    #expect(dying.growthRate == 0 && dying.stableStructure == nil)
    let cycle = try model([[0, 0, 4], [0.5, 0, 0], [0, 0.5, 0]]).analysis()
    #expect(cycle.period == 3)
    #expect(close(cycle.growthRate, 1, relative: 1e-14))
    expectClose(try #require(cycle.stableStructure), [4.0 / 7, 2.0 / 7, 1.0 / 7], relative: 1e-12)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func longPathsApproachTheStableStructure(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let n = Int.random(in: 2...9, using: &random)
    let rows = (0..<n).map { _ in
      (0..<n).map { _ in Bool.random(using: &random) ? 0 : Double.random(in: 0...1, using: &random) }
    }
    let random0 = (0..<n).map { _ in Double.random(in: 1...2, using: &random) }
    let analysis = try model(rows).analysis()
    guard let structure = analysis.stableStructure, let value = analysis.reproductiveValue else { return }
    // A w = λ w, vᵀ A = λ vᵀ.
    let a = Matrix(rowMajor: rows)
    expectClose(a.times(structure), structure.map { $0 * analysis.growthRate }, relative: 1e-9, absolute: 1e-12)
    expectClose(
      a.times(value, transposeSelf: true), value.map { $0 * analysis.growthRate }, relative: 1e-9,
      absolute: 1e-9 * (value.max() ?? 1))
    guard analysis.period == 1, let damping = analysis.dampingRatio, damping > 1.2 else { return }
    let path = try model(rows).path(from: random0, steps: 200)
    let total = path[200].reduce(0, +)
    expectClose(path[200].map { $0 / total }, structure, relative: 1e-8, absolute: 1e-9)
  }

  @Test func refusesPathsBeyondAllNumbers() throws {
    #expect(throws: SupplyError.notACount(input: "path", at: "step 2, s0", value: .infinity)) {
      try model([[1e200]]).path(from: [1e10], steps: 3)
    }
    #expect(throws: SupplyError.notACount(input: "matrix", at: "s0, s0", value: -1)) { try model([[-1]]) }
  }
}

struct ProjectionInputTests {
  private func inputs(
    _ matrix: String, _ start: String, _ entrants: String? = nil, steps: Int = 2,
    _ orientation: ProjectionMatrix.Orientation = .column
  ) throws -> ProjectionInputs {
    try ProjectionInputs(
      matrix: projectionTable(Array(matrix.utf8), file: "A.csv"),
      start: projectionTable(Array(start.utf8), file: "n0.csv"),
      entrants: entrants.map { try projectionTable(Array($0.utf8), file: "e.csv") }, steps: steps,
      orientation: orientation)
  }

  private func problems(_ matrix: String, _ start: String, _ entrants: String? = nil) -> [String] {
    let report = #expect(throws: ProblemReport.self) { try inputs(matrix, start, entrants) }
    return report?.problems.map { $0.text(in: .en) } ?? []
  }

  @Test(arguments: [
    "a,b\n0.5,0.1\n0.2,0.7\n", "state,a,b\na,0.5,0.1\nb,0.2,0.7\n", ",a,b\nb,0.2,0.7\na,0.5,0.1\n",
    "\u{feff}\"\",a,b\r\n\"a\",0.5,0.1\r\nb,0.2,0.7\r\n",
  ])
  func readsEveryWayOfWritingAMatrix(_ text: String) throws {
    let read = try inputs(text, "state,value\nb,20\na,10\n")
    #expect(read.model.states == ["a", "b"])
    #expect(read.model.transitions == Matrix(rowMajor: [[0.5, 0.1], [0.2, 0.7]]))
    #expect(read.start == [10, 20])
  }

  @Test func statesMayBeNumbersOrChinese() throws {
    let numbered = try inputs("id,1,2\n1,0.5,0.1\n2,0.2,0.7\n", "state,value\n1,10\n2,20\n")
    #expect(numbered.model.states == ["1", "2"])
    let chinese = try inputs("北京,上海\n0.9,0.1\n0.1,0.9\n", "state,value\n上海,20\n北京,10\n")
    #expect(chinese.start == [10, 20])
  }

  @Test func entrantsComeEachStepOrInTheirStep() throws {
    let every = try inputs("a,b\n1,0\n0,1\n", "state,value\na,0\nb,0\n", "state,value\nb,5\n")
    #expect(every.entrants == [[0, 5], [0, 5]])
    let dated = try inputs("a,b\n1,0\n0,1\n", "state,value\na,0\nb,0\n", "state,step,value\nb,2,5\na,1,3\n")
    #expect(dated.entrants == [[3, 0], [0, 5]])
    let path = try dated.model.path(from: dated.start, steps: 2, entrants: dated.entrants)
    #expect(path == [[0, 0], [3, 0], [3, 5]])
  }

  @Test func reportsTheProblemsOfAllFilesAtOnce() {
    let found = problems(
      "juvenile,adult\n0.5,-1\n,x\n", "state,value\njuvenil,-3\nadult,\nadult,4\n",
      "state,step,value\nadult,3,1\nchild,1,2\n")
    #expect(
      found == [
        "A.csv:3:1: error [projection.value] the matrix element is missing; write 0 if it is zero",
        "A.csv:2:5: error [projection.value] the matrix element -1 is negative",
        "A.csv:3:2: error [projection.value] 'x' is no number",
        "n0.csv:2:9: error [projection.value] the number of persons -3 is negative",
        "n0.csv:3:7: error [projection.value] the number of persons is missing; write 0 if it is zero",
        "n0.csv:2:1: error [projection.unknown-state] the matrix has no state 'juvenil'\n    = did you mean 'juvenile'?",
        "n0.csv:4:1: error [projection.duplicate-state] state 'adult' appears twice",
        "n0.csv: error [projection.missing-state] state 'juvenile' has no start value\n    = write 0 if there is nobody",
        "e.csv:3:1: error [projection.unknown-state] the matrix has no state 'child'\n    = states of the matrix: juvenile, adult",
        "e.csv:2:7: error [projection.step] step 3 is no whole number in 1...2",
      ])
  }

  @Test(arguments: ["a,b\n1,0\n", "a\n1\n0\n", "state,a,b\na,1,0\n", "a,b\n"])
  func saysWhenAMatrixIsNotSquare(_ text: String) {
    #expect(problems(text, "state,value\na,1\nb,1\n").contains { $0.contains("[projection.not-square]") })
  }
}
