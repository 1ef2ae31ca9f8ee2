import Datasets
import Dimensions
import Foundation
import ModelSpecs
import Synchronization
import Testing

@testable import Forecasting

/// Processes of a team as threads that meet at every exchange.
private final class Meeting: Sendable {
  private struct Table {
    var numbers: [[Double]]
    var bytes: [[UInt8]]
    var arrived = 0
    var round = 0
    var result: [Double] = []
    var all: [[UInt8]] = []
  }
  private let table: Mutex<Table>
  private let condition = NSCondition()
  let size: Int

  init(_ size: Int) {
    self.size = size
    table = Mutex(Table(numbers: Array(repeating: [], count: size), bytes: Array(repeating: [], count: size)))
  }

  /// Waits until everybody has brought something, then gives all of it to everybody.
  func exchange(_ rank: Int, _ numbers: [Double], _ bytes: [UInt8]) -> ([Double], [[UInt8]]) {
    condition.lock()
    defer { condition.unlock() }
    let round = table.withLock { table in
      table.numbers[rank] = numbers
      table.bytes[rank] = bytes
      table.arrived += 1
      let round = table.round
      if table.arrived == size {
        table.result = table.numbers.flatMap(\.self)
        table.all = table.bytes
        table.arrived = 0
        table.round += 1
      }
      return round
    }
    condition.broadcast()
    while table.withLock({ $0.round }) == round { condition.wait() }
    return table.withLock { ($0.result, $0.all) }
  }
}

private struct Member: RunTeam {
  let meeting: Meeting
  let rank: Int
  var size: Int { meeting.size }

  func everybody(_ own: [Double], counts: [Int]) -> [Double] {
    #expect(own.count == counts[rank])
    return meeting.exchange(rank, own, []).0
  }

  func atLeader(_ own: [UInt8]) -> [[UInt8]]? {
    let all = meeting.exchange(rank, [], own).1
    return rank == 0 ? all : nil
  }
}

@Suite struct RunTeamTests {
  /// Draws shared out among processes give the cells of one process, to the last bit, in one section or in three.
  @Test(arguments: [(2, 1000), (3, 1000), (5, 1000), (2, 16)]) func teamsMakeTheSameCells(_ size: Int, _ mostAtOnce: Int) async throws {
    let inputs = mostAtOnce < 43 ? Sample.inputs : try BundledInputs.load()
    var options = RunOptions(scenario: "baseline", draws: 43, seed: 7, jobs: 1)
    options.mostAtOnce = mostAtOnce
    let asked = options
    let alone = try forecast(inputs, options)
    let meeting = Meeting(size)
    let led = try await withThrowingTaskGroup(of: ForecastResults?.self) { group in
      for rank in 0..<size {
        group.addTask {
          try await withCheckedThrowingContinuation { done in
            Thread { done.resume(with: Result { try forecast(inputs, asked, team: Member(meeting: meeting, rank: rank)) }) }.start()
          }
        }
      }
      var led: [ForecastResults] = []
      for try await result in group { led += result.map { [$0] } ?? [] }
      return led
    }
    #expect(led.count == 1)
    let together = try #require(led.first)
    #expect(together.cells.count == alone.cells.count)
    #expect(CellBytes(together.cells).bytes == CellBytes(alone.cells).bytes)
    #expect(together.nationalStock == alone.nationalStock)
  }

  @Test func cellsTravelToTheLastBit() throws {
    let inputs = try BundledInputs.load()
    let cells = try forecast(inputs, RunOptions(scenario: "x", draws: 20, seed: 1, jobs: 2)).cells
    let bytes = CellBytes(cells).bytes
    #expect(CellBytes(CellBytes.cells(bytes)).bytes == bytes && CellBytes.cells(bytes).count == cells.count)
  }

  /// Who watches sees all of the work done, and changes none of it.
  @Test func aWatchedRunIsTheSameRun() throws {
    #expect(abs(ForecastWatch.Part.allCases.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    let inputs = try BundledInputs.load()
    var options = RunOptions(scenario: "x", draws: 20, seed: 1, jobs: 2)
    let alone = try forecast(inputs, options)
    let watch = ForecastWatch()
    options.watch = watch
    #expect(watch.share == 0)
    #expect(CellBytes(try forecast(inputs, options).cells).bytes == CellBytes(alone.cells).bytes)
    #expect(abs(watch.share - 1) < 1e-9)
  }

  @Test func everyDrawHasOneProcess() {
    for (draws, size) in [(10, 3), (100, 7), (5, 8)] {
      let parts = (0..<1).flatMap { _ in Member(meeting: Meeting(size), rank: 0).parts(of: draws) }
      #expect(parts.count == size && parts.flatMap(Array.init) == Array(1...draws))
    }
  }
}

private enum BundledInputs {
  static let loaded: Result<ForecastInputs, any Error> = Result {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let model = try readModel(root.appending(path: "Models/baseline.yaml").path)
    let catalogue = try Catalogue(directory: root.appending(path: "Datasets").path)
    return try ForecastAssembly(model: model, catalogue: catalogue).inputs
  }

  static func load() throws -> ForecastInputs { try loaded.get() }
}
