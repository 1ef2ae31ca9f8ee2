import Datasets
import Foundation
import ModelSpecs
import TestSupport
import Testing

@testable import Forecasting

@Suite struct LeverHistoryTests {
  /// Growth of 1, 2, 3, 4, 5 and −1 per cent: 3.5 % is above four of the six.
  @Test(arguments: [(0.035, 4.0 / 6), (-0.02, 0.0), (0.06, 1.0), (0.015, 2.0 / 6)])
  func theShareOfYearsThatGrewNoFaster(rate: Double, share: Double) throws {
    var rows = [(year: 2010, value: 100.0)]
    for (k, growth) in [0.01, 0.02, 0.03, 0.04, 0.05, -0.01].enumerated() {
      rows.append((2011 + k, rows[k].value * (1 + growth)))
    }
    let history = try #require(
      LeverHistory(indicator: "x", region: "100000", rows: rows, years: 2010...2016, asked: log(1 + rate)))
    #expect(history.count == 6 && close(history.percentile, share, absolute: 1e-12) && close(history.asked, rate))
  }

  /// Years between which figures are missing make no yearly change.
  @Test func shortAndBrokenSeriesSayNothing() {
    let gaps = (0..<8).map { (year: 2000 + 2 * $0, value: 100.0 + Double($0)) }
    #expect(LeverHistory(indicator: "x", region: "1", rows: gaps, years: 2000...2014, asked: 0) == nil)
    let short = (0..<5).map { (year: 2000 + $0, value: 100.0) }
    #expect(LeverHistory(indicator: "x", region: "1", rows: short, years: 2000...2004, asked: 0) == nil)
  }

  /// On the bundled data: a factor of 1 asks for the base path's own growth, and more asks for more.
  @Test func aLargerValueAsksForMore() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let model = try readModel(root.appending(path: "Models/baseline.yaml").path)
    let catalogue = try Catalogue(directory: root.appending(path: "Datasets").path)
    let lever = try #require(Lever.named("demand.rd_spending"))
    func history(_ value: Double, _ places: [String] = []) -> LeverHistory? {
      LeverHistory(lever, value: value, places: places, year: 2030, model: model, catalogue: catalogue)
    }
    let (base, more) = (try #require(history(1)), try #require(history(1.4)))
    #expect(base.indicator == model.demand.driver && base.count >= 10)
    #expect(close((1 + more.asked) / (1 + base.asked), exp(log(1.4) / 7)))
    #expect(more.percentile >= base.percentile && (0...1).contains(base.percentile))
    #expect(history(1.4, ["GBA"]) == nil && history(0) == nil)
    let tasks = try #require(Lever.named("demand.productivity"))
    #expect(LeverHistory(tasks, value: 1.2, places: [], year: 2030, model: model, catalogue: catalogue) == nil)
  }
}
