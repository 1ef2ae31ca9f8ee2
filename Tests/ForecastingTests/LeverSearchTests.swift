import Foundation
import TestSupport
import Testing

@testable import Forecasting

@Suite struct LeverSearchTests {
  @Test(arguments: [0.5, 2, 8, 27, 1000])
  func findsTheCubeRoot(target: Double) {
    let search = LeverSearch(target: target, in: 0...10, from: 1) { $0 * $0 * $0 }
    #expect(close(search.solution?.value ?? .nan, cbrt(target), relative: 1e-8))
    #expect(search.isMonotone)
    #expect(search.evaluations < 40)
  }

  @Test func takesTheSolutionNearestToWhereTheLeverStands() throws {
    let search = LeverSearch(target: 0, in: -10...10, from: 3) { ($0 - 4) * ($0 + 5) }
    #expect(abs(try #require(search.solution).value - 4) < 1e-6)
    #expect(!search.isMonotone)
  }

  @Test func saysHowNearItComesWhenTheTargetIsOutOfReach() {
    let search = LeverSearch(target: 100, in: 0...2, from: 1) { 3 * $0 }
    #expect(search.solution == nil)
    #expect(search.nearest == LeverSearch.Point(value: 2, figure: 6))
    #expect(search.start == LeverSearch.Point(value: 1, figure: 3))
  }

  @Test func aFlatFigureHasNoSolutionButOnItsLevel() {
    #expect(LeverSearch(target: 1, in: 0...1, from: 0.5) { _ in 2 }.solution == nil)
    #expect(LeverSearch(target: 2, in: 0...1, from: 0.5) { _ in 2 }.solution != nil)
  }

  @Test func aStepIsFoundToTheLastDigit() throws {
    let search = LeverSearch(target: 0.5, in: 0...1, from: 0) { $0 < 0.7 ? 0 : 1 }
    #expect(abs(try #require(search.solution).value - 0.7) < 1e-6)
  }
}
