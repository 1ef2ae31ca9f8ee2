import Foundation
import TestSupport
import Testing

@testable import Demand

@Suite struct DriverElasticityTests {
  /// ln y = region effect + 0.8 ln x exactly: every slope is 0.8 when the prior is vague.
  @Test func exactRelationIsRecoveredWhateverTheLevels() {
    var driver: [[Double]] = []
    var response: [[Double]] = []
    for region in 0..<5 {
      let x: [Double] = (0..<10).map { year in Double(region) + 0.1 * Double(year * (region + 1)) }
      driver.append(x)
      response.append(x.map { Double(region * region) + 0.8 * $0 })
    }
    let fit = DriverElasticity(driver: driver, response: response, prior: (0.2, 100), bounds: 0...1.5)
    #expect(close(fit.pooled, 0.8, relative: 1e-6))
    #expect(fit.regional.allSatisfy { close($0, 0.8, relative: 1e-6) })
  }

  @Test func wrongSignsAreHeldAtTheBound() {
    let driver = [[0.0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]
    let response = [[0.0, -1, -2, -3, -4], [0, -1, -2, -3, -4]]
    let fit = DriverElasticity(driver: driver, response: response, prior: (0.7, 10), bounds: 0...1.5)
    #expect(fit.pooled == 0 && fit.regional == [0, 0])
  }

  /// The disturbance (+, −, −, +) is orthogonal to level and trend: own slopes stay exact, only their
  /// precision differs.
  @Test func noisyRegionsShrinkMoreThanClearOnes() {
    let x = (0..<12).map { 0.1 * Double($0) }
    let disturbance: [Double] = (0..<12).map { [1.0, -1, -1, 1][$0 % 4] }
    func response(_ slope: Double, _ scale: Double) -> [Double] {
      zip(x, disturbance).map { slope * $0 + scale * $1 }
    }
    let slopes = [0.4, 1.2, 0.4, 1.2]
    let fit = DriverElasticity(
      driver: slopes.map { _ in x },
      response: [response(0.4, 0.01), response(1.2, 0.01), response(0.4, 0.3), response(1.2, 0.3)],
      prior: (0.7, 100), bounds: 0...1.5)
    #expect(close(fit.pooled, 0.8, relative: 1e-4))
    #expect(abs(fit.regional[1] - 1.2) < 0.01)
    #expect(abs(fit.regional[3] - fit.pooled) < 0.95 * abs(fit.regional[1] - fit.pooled))
  }

  @Test func missingYearsAreLeftOut() {
    let fit = DriverElasticity(
      driver: [[0, 1, .nan, 3, 4, 2]], response: [[1, 1.5, 9, .nan, 3, 2]], prior: (0.7, 100), bounds: 0...1.5)
    #expect(close(fit.pooled, 0.5, relative: 1e-3))
  }

  @Test func weightsFavourSmallErrorsButStayHalfEqual() {
    let good = [Double](repeating: 1, count: 10)
    let bad = [Double](repeating: 3, count: 10)
    #expect(forecastWeights(squaredErrors: [good, bad]) == [0.5 * 0.75 + 0.25, 0.5 * 0.25 + 0.25])
    #expect(forecastWeights(squaredErrors: [[1, 2], [9, 9]]) == [0.5, 0.5])
  }
}
