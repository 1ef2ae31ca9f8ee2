import Supply
import TestSupport
import Testing

struct StockFlowTests {
  /// By hand: 1000 persons, 1 % die, 3 % retire, 2 % transfer; stay = .99 · .97 · .98.
  @Test func oneYearMatchesHandArithmetic() throws {
    let year = try StockFlow.step(
      stock: 1000, rates: ExitRates(death: 0.01, retirement: 0.03, transfer: 0.02), entrants: 80,
      netMigration: -5)
    #expect(close(year.end, 1000 * 0.941094 + 75, relative: 1e-14))
    #expect(close(year.flows.exits, 58.906, relative: 1e-12))
    // Forces −ln(1 − q): 0.0100503359, 0.0304592075, 0.0202027073 of 0.0607122507.
    #expect(close(year.flows.deaths, 58.906 * 0.010050335853501442 / 0.06071225065572945, relative: 1e-12))
    #expect(close(year.flows.retirements, 58.906 * 0.030459207484708574 / 0.06071225065572945, relative: 1e-12))
    #expect(close(year.flows.replacement, 63.906, relative: 1e-12))
    #expect(close(year.flows.change, year.end - year.start, relative: 1e-12))
  }

  @Test func halfOfTheNewcomersLiveThroughTheYear() throws {
    let year = try StockFlow.step(
      stock: 0, rates: ExitRates(death: 0.1), entrants: 100, exposure: .halfYear)
    #expect(close(year.end, 95, relative: 1e-14))
    #expect(close(year.flows.deaths, 5, relative: 1e-14))
    #expect(
      close(
        try StockFlow.entrantsNeeded(stock: 0, target: 95, rates: ExitRates(death: 0.1), exposure: .halfYear),
        100, relative: 1e-14))
  }

  @Test func aCertainRiskLeavesNothingToOthers() throws {
    let shares = try ExitShares(ExitRates(death: 0.2, retirement: 1))
    #expect(shares.stay == 0 && shares.retirement == 1 && shares.death == 0)
    let both = try ExitShares(ExitRates(death: 1, retirement: 1, transfer: 0.5))
    #expect(both.death == 0.5 && both.retirement == 0.5 && both.transfer == 0)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func sharesOfOnePersonAddUpToOne(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func rate() -> Double { Double.random(in: 0...1, using: &random) * (Bool.random(using: &random) ? 1 : 1e-9) }
    let rates = ExitRates(death: rate(), retirement: rate(), transfer: rate())
    let shares = try ExitShares(rates)
    #expect(close(shares.stay + shares.death + shares.retirement + shares.transfer, 1, relative: 1e-13))
    // Twelve months together make the year.
    let month = try ExitShares(rates.during(1.0 / 12))
    var stay = 1.0
    for _ in 0..<12 { stay *= month.stay }
    #expect(close(stay, shares.stay, relative: 1e-9, absolute: 1e-12))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func booksCloseAndUnitsOnlyRescale(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func rates() -> [ExitRates] {
      (0..<15).map { _ in
        ExitRates(
          death: .random(in: 0...0.1, using: &random), retirement: .random(in: 0...0.2, using: &random),
          transfer: .random(in: 0...0.1, using: &random))
      }
    }
    let start = Double.random(in: 1...1e7, using: &random)
    let hazards = rates()
    let entrants = (0..<15).map { _ in Double.random(in: 0...0.1, using: &random) * start }
    let path = try StockFlow.path(from: start, rates: hazards, entrants: entrants)
    var (people, before) = (start, start)
    for year in path {
      #expect(year.start == before)
      people += year.flows.entrants - year.flows.deaths - year.flows.retirements - year.flows.transfers
      before = year.end
    }
    #expect(close(people, before, relative: 1e-11))
    let thousands = try StockFlow.path(from: start / 1000, rates: hazards, entrants: entrants.map { $0 / 1000 })
    #expect(close(thousands[14].end * 1000, before, relative: 1e-12))
  }

  @Test func refusesWhatCannotBe() {
    #expect(throws: SupplyError.shareOutOfRange(input: "retirement rate", at: "Beijing", value: 3.5)) {
      try StockFlow.step(stock: 1, rates: ExitRates(retirement: 3.5), entrants: 0, node: "Beijing")
    }
    #expect(throws: SupplyError.notACount(input: "stock", at: "stock", value: -1)) {
      try StockFlow.step(stock: -1, rates: .none, entrants: 0)
    }
    #expect(throws: SupplyError.stockExhausted(at: "stock", left: -5)) {
      try StockFlow.step(stock: 10, rates: .none, entrants: 0, netMigration: -15)
    }
    let error = SupplyError.shareOutOfRange(input: "retirement rate", at: "北京", value: 3.5)
    #expect(error.description == "retirement rate (北京) is 3.5; a share lies in 0...1. Printed in percent? Divide by 100.")
    #expect(error.message.zh == "退休率（北京）为 3.5，比率应在 0 到 1 之间；若原表为百分数，请先除以 100")
  }
}
