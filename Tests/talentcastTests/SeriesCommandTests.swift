import ArgumentParser
import Foundation
import Testing

@testable import talentcast

@Suite struct SeriesCommandTests {
  private func settings(_ extra: [String]) throws -> SeriesCommand.ForecastSubcommand {
    let command = try TalentCast.parseAsRoot(
      ["series", "forecast", "--data", "f.csv", "--time", "年份", "--value", "人数"] + extra)
    return try #require(command as? SeriesCommand.ForecastSubcommand)
  }

  @Test func defaultsAreTheContract() throws {
    let forecast = try settings([])
    #expect(forecast.method == .pdd && forecast.settings.horizon == 5)
    #expect(try forecast.settings.levels() == [0.8, 0.95])
    #expect(try forecast.input.columns().by.isEmpty)
  }

  @Test func listsAndFixedParametersAreRead() throws {
    let forecast = try settings([
      "--by", "省份，行业, 年龄", "--where", "indicator=a=b", "--method", "damped-holt", "--fixed",
      "alpha=0.5, phi=.9",
      "--level", "50,97.5",
    ])
    let columns = try forecast.input.columns()
    #expect(columns.by == ["省份", "行业", "年龄"])
    #expect(columns.filters.map { $0.column } == ["indicator"] && columns.filters.map { $0.text } == ["a=b"])
    #expect(try forecast.settings.fixedParameters() == ["alpha": 0.5, "phi": 0.9])
    #expect(try forecast.settings.levels() == [0.5, 0.975])
  }

  @Test(arguments: [
    ["--level", "180"], ["--level", "x"], ["--fixed", "alpha"], ["--fixed", "alpha=a"], ["--where", "=3"],
    ["--method", "prophet"], ["--vintages", "store"],
  ])
  func nonsenseIsRefused(extra: [String]) {
    #expect(throws: (any Error).self) { try settings(extra) }
  }

  @Test func backtestTakesSeveralMethods() throws {
    let command = try TalentCast.parseAsRoot([
      "series", "backtest", "--data", "f.csv", "--time", "t", "--value", "v", "--method", "pdd", "--method",
      "gm11",
    ])
    let backtest = try #require(command as? SeriesCommand.BacktestSubcommand)
    #expect(backtest.method == [.pdd, .gm11] && backtest.minTrain == 8)
  }
}
