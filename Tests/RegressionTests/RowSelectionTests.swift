import LinearAlgebra
import Messages
import TestSupport
import Testing

@testable import Regression

@Suite struct RowSelectionTests {
  private let x = [0.5, 1, -1, 2, 0, 1.5, -0.5, 1, 2, 0.2]
  private let a = Grouping(name: "a", codes: [0, 0, 0, 1, 1, 2, 2, 2, 3, 3])

  private func input(_ response: [Double]) -> RegressionInput {
    RegressionInput(response: response, columns: [("x", x)])
  }

  @Test func leavingOneGroupOutCanEmptyAnother() throws {
    // Group 1 of a is all zero; without it group 1 of b has only a zero left.
    let b = Grouping(name: "b", codes: [0, 0, 1, 1, 0, 0, 0, 2, 2, 2])
    var options = RegressionOptions()
    (options.family, options.absorb) = (.poisson, [a, b])
    let response: [Double] = [1, 3, 0, 0, 0, 2, 1, 4, 2, 1]
    let fit = try regress(input(response), options)
    #expect(fit.leftOut.map { "\($0.grouping)\($0.code) \($0.rows)" } == ["a1 [3, 4]", "b1 [2]"])
    #expect(fit.usedRows == [0, 1, 5, 6, 7, 8, 9] && fit.rows == 7)
    // The same as never having had these rows.
    let rows = [0, 1, 5, 6, 7, 8, 9]
    let alone = try regress(input(response).rows(rows), options.rows(rows))
    #expect(alone.coefficients == fit.coefficients && alone.leftOut.isEmpty)
  }

  @Test func sharesOfOneAreExtremeOnlyForLogitAndProbit() throws {
    var options = RegressionOptions()
    (options.family, options.absorb) = (.binomial, [a])
    let response: [Double] = [1, 0, 0, 1, 1, 1, 0, 1, 0, 1]
    for link in [Link.logit, .probit] {
      options.link = link
      let fit = try regress(input(response), options)
      #expect(fit.leftOut.map(\.reason) == [.allOne] && fit.leftOut[0].code == 1)
    }
    #expect(try regress(input(response), { $0.absorb = [a] }).leftOut.isEmpty)
  }

  @Test func errorsNameRowsOfTheWholeInput() {
    var options = RegressionOptions()
    (options.family, options.absorb) = (.poisson, [a])
    #expect(throws: RegressionError.responseOutOfRange(family: "poisson", row: 5, value: -1)) {
      try regress(input([1, 3, 0, 0, 0, -1, 1, 4, 2, 1]), options)
    }
    #expect(throws: RegressionError.nothingInformative(groups: 4)) {
      try regress(input([Double](repeating: 0, count: 10)), options)
    }
  }

  @Test func singletonsAreLookedForAgainAndAgain() throws {
    let b = Grouping(name: "b", codes: [0, 0, 0, 0, 1, 1, 0, 0, 2, 2])
    let c = Grouping(name: "c", codes: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    var options = RegressionOptions()
    (options.absorb, options.dropSingletons) = ([b, c], true)
    // Row 4 is alone in c; then row 5 is alone in b.
    let fit = try regress(input([1, 3, 0, 2, 5, 2, 1, 4, 2, 1]), options)
    #expect(fit.leftOut.flatMap(\.rows) == [4, 5] && fit.leftOut.allSatisfy { $0.reason == .singleton })
    options.absorb = []
    #expect(throws: RegressionError.self) { try regress(input([1, 3, 0, 2, 5, 2, 1, 4, 2, 1]), options) }
  }

  private func regress(_ input: RegressionInput, _ change: (inout RegressionOptions) -> Void) throws -> RegressionFit {
    var options = RegressionOptions()
    change(&options)
    return try Regression.regress(input, options)
  }

  private func regress(_ input: RegressionInput, _ options: RegressionOptions) throws -> RegressionFit {
    try Regression.regress(input, options)
  }
}

@Suite struct TwoWayRepairTests {
  /// Few clusters, so that the two-way covariance has negative eigenvalues.
  private func panel(_ seed: UInt64) -> (x: [Double], z: [Double], y: [Double], firm: Grouping, year: Grouping) {
    var generator = SplitMix(state: seed)
    func draw() -> Double { Double(generator.next() >> 11) * 0x1p-53 - 0.5 }
    let cells = (0..<6).flatMap { f in (0..<5).map { (f, $0) } }.filter { ($0.0 * 5 + $0.1) % 7 != 3 }
    let (x, z) = (cells.map { _ in draw() }, cells.map { _ in draw() })
    let y = cells.indices.map { x[$0] + 0.3 * Double(cells[$0].0) + draw() }
    return (
      x, z, y, Grouping(name: "f", codes: cells.map { Int32($0.0) }), Grouping(name: "t", codes: cells.map { Int32($0.1) })
    )
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func writtenOutAndAbsorbedEffectsGiveTheSameErrors(seed: UInt64) throws {
    let data = panel(seed)
    var options = RegressionOptions()
    (options.covariance, options.smallSample) = (.clustered([data.firm, data.year]), .none)
    var columns: [(name: String, values: [Double])] = [("x", data.x), ("z", data.z)]
    for k in 1..<6 { columns.append(("f\(k)", data.firm.codes.map { $0 == Int32(k) ? 1 : 0 })) }
    for k in 1..<5 { columns.append(("t\(k)", data.year.codes.map { $0 == Int32(k) ? 1 : 0 })) }
    let written = try regress(RegressionInput(response: data.y, columns: columns), options)
    options.absorb = [data.firm, data.year]
    let absorbed = try regress(RegressionInput(response: data.y, columns: [("x", data.x), ("z", data.z)]), options)
    for name in ["x", "z"] {
      let (a, b) = (try #require(written[name]), try #require(absorbed[name]))
      #expect(close(a.standardError, b.standardError, relative: 1e-7, absolute: 1e-9), "\(name)")
    }
    #expect(written.coefficients.allSatisfy { $0.standardError >= 0 })
  }
}

@Suite struct ResponseScaleTests {
  @Test(arguments: [1e-250, 1e-75, 1e75, 1e250])
  func onlyTheUnitChanges(unit: Double) throws {
    let x = [0.0, 1, 2, 3, 4, 5, 6, 7]
    let y = [1.0, 3, 2, 5, 4, 7, 6, 9]
    let plain = try regress(RegressionInput(response: y, columns: [("x", x)]))
    let input = RegressionInput(response: y.map { $0 * unit }, columns: [("x", x)])
    let scaled = try regress(input)
    for (a, b) in zip(plain.coefficients, scaled.coefficients) {
      #expect(close(b.estimate / unit, a.estimate, relative: 1e-12))
      #expect(close(b.standardError / unit, a.standardError, relative: 1e-12))
      #expect(close(b.pValue, a.pValue, relative: 1e-9))
    }
    #expect(!scaled.isExact && close(durbinWatson(scaled.residuals), durbinWatson(plain.residuals), relative: 1e-12))
    #expect(close(jarqueBera(scaled.residuals).statistic, jarqueBera(plain.residuals).statistic, relative: 1e-9))
    #expect(close(try breuschPagan(scaled).statistic, try breuschPagan(plain).statistic, relative: 1e-9))
    let resets = (try reset(input), try reset(RegressionInput(response: y, columns: [("x", x)])))
    #expect(close(resets.0.statistic, resets.1.statistic, relative: 1e-7))
  }
}
