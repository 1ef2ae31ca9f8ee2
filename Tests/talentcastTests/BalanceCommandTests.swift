import Messages
import Testing

@testable import talentcast

@Suite struct BalanceCommandTests {
  @Test func readsItsOptions() throws {
    let command = try BalanceCommand.parse([
      "--seed", "s.csv", "--margin", "a.csv", "--margin", "b.csv", "--value", "人数", "--adjust", "--json",
    ])
    #expect(command.margin == ["a.csv", "b.csv"])
    #expect(command.value == "人数")
    #expect(command.adjust && command.common.json)
    #expect(command.zeros == .structural)
  }

  @Test(arguments: [
    ["--seed", "s.csv"], ["--seed", "s.csv", "--margin", "a.csv", "--tolerance", "0"],
    ["--seed", "s.csv", "--margin", "a.csv", "--max-iterations", "0"],
    ["--seed", "s.csv", "--margin", "a.csv", "--zeros", "perhaps"],
  ])
  func refusesWhatMakesNoSense(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try BalanceCommand.parse(arguments) }
  }

  @Test func figuresAreReadable() {
    #expect(figure(0) == "0")
    #expect(figure(1234.5) == "1234.5000")
    #expect(figure(0.00012345678) == "0.000123457")
  }
}

@Suite struct ReconcileCommandTests {
  @Test func readsItsOptions() throws {
    let command = try ReconcileCommand.parse([
      "--hierarchy", "h.csv", "--base", "b.csv", "--residuals", "r.csv", "--method", "mint-shrink", "--nonnegative",
      "--fixed", "f.csv", "--centred",
    ])
    #expect(command.method == .minimumTraceShrink)
    #expect(command.nonnegative && command.centred)
    #expect(command.fixed == "f.csv")
  }

  @Test(arguments: ["wls-var", "mint-sample", "mint-shrink"])
  func asksForResidualsWhereTheyAreNeeded(_ method: String) {
    #expect(throws: (any Error).self) {
      try ReconcileCommand.parse(["--hierarchy", "h.csv", "--base", "b.csv", "--method", method])
    }
  }
}
