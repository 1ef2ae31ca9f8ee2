import ArgumentParser
import Balancing
import Foundation
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

@Suite struct BalanceTextTests {
  private func result(_ values: [Double], cap: Int = 10_000) throws -> BalancedRows {
    let labels = [["东 区", "a\"b"], ["东 区", "c"], ["西", "a\"b"], ["西", "c"]]
    let seed = LongTable(
      file: "s.csv", dimensions: ["zone", "部门"], labels: labels, values: values, lines: [2, 3, 4, 5])
    let rows = LongTable(
      file: "r.csv", dimensions: ["zone"], labels: [["东 区"], ["西"]], values: [30, 70], lines: [2, 3])
    let columns = LongTable(
      file: "c.csv", dimensions: ["部门"], labels: [["a\"b"], ["c"]], values: [80, 20], lines: [2, 3])
    var options = BalancingOptions()
    options.cap = cap
    return try balanced(seed, to: [rows, columns], options: options)
  }

  @Test func documentIsWhatTheEncoderWouldWrite() throws {
    let result = try result([1, 2, 3, 0])
    let text = String(decoding: try balanceJSON(result, .en), as: UTF8.self)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let cells = try #require(json["cells"] as? [[String: Any]])
    #expect(cells.map { $0["value"] as? Double } == result.values)
    #expect(cells[0]["zone"] as? String == "东 区" && cells[0]["部门"] as? String == "a\"b")
    #expect(json["max_relative_error"] is NSNumber && json["converged"] as? Bool == true)
    // Byte for byte: sorted keys, whole numbers without a point.
    struct Cell: Encodable {
      let zone: String
      let value: Double
      let 部门: String
    }
    let cellsText = try jsonText((0..<4).map { Cell(zone: result.labels(at: $0)[0], value: result.values[$0], 部门: result.labels(at: $0)[1]) })
    let indented = cellsText.dropLast().split(separator: "\n").dropFirst().map { "  " + $0 }.joined(separator: "\n")
    #expect(text.hasPrefix("{\n  \"cells\" : [\n" + indented + ",\n  \"converged\""))
  }

  @Test func tableIsSetAsEveryOther() throws {
    let result = try result([1, 2, 3, 4])
    var table = TextTable([("zone", .left), ("部门", .left), ("数值", .right)])
    for row in 0..<4 { table.append(result.labels(at: row) + [figure(result.values[row])]) }
    let text = String(decoding: cellTable(result, "数值", width: nil), as: UTF8.self)
    #expect(text == table.text(width: nil) + "\n")
  }

  @Test func tooFewIterationsAreNotBlamedOnZeros() throws {
    let stopped = try result([1, 2, 3, 4], cap: 1).table
    #expect(!stopped.converged)
    #expect(unconverged(stopped).en.hasPrefix("not converged after 1 iteration, largest relative error"))
    #expect(unconverged(stopped).en.hasSuffix("more iterations are needed: raise --max-iterations"))
    #expect(unconverged(stopped).zh.hasSuffix("请增大 --max-iterations"))
  }

  @Test func negativeLimitsAreAnsweredByTheirRange() throws {
    let error = #expect(throws: (any Error).self) {
      try BalanceCommand.parse(["--seed", "s", "--margin", "m", "--max-iterations", "-1"])
    }
    #expect(BalanceCommand.message(for: try #require(error)).contains("1...10000000"))
  }
}
