import Foundation
import Messages
import TestSupport
import Testing

@testable import Datasets
@testable import DesignMatrices
@testable import Maps
@testable import ModelSpecs
@testable import Tables

/// The short form of `make fuzz`: files of ours, broken at random places by a fixed seed, are read or refused with
/// problems that say where; a reader that traps takes the test run with it.
@Suite struct BrokenInputTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func bytes(_ path: String, _ count: Int) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appending(path: path)).prefix(count))
  }

  /// Bytes dropped, doubled, swapped or replaced by ones that mean something to a reader.
  private func broken(_ seed: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    let special = Array("\"',:;{}[]()#&*!|>-+\n\r\t \0~^.e9".utf8) + [0xFF, 0xEF, 0xBB, 0xBF, 0xE4, 0x80]
    var bytes = seed
    for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(special[Int.random(in: 0..<special.count, using: &generator)], at: at)
      case 2: bytes[at] = special[Int.random(in: 0..<special.count, using: &generator)]
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + 40))
      default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 20)], at: at)
      }
    }
    return bytes
  }

  private func tried(_ seed: [UInt8], times: Int = 400, _ read: ([UInt8]) throws(ProblemReport) -> Void) -> (read: Int, refused: Int) {
    var generator = SeededGenerator(seed: 20_260_601)
    var count = (read: 0, refused: 0)
    for _ in 0..<times {
      do throws(ProblemReport) {
        try read(broken(seed, &generator))
        count.read += 1
      } catch {
        #expect(!error.problems.isEmpty && error.problems.allSatisfy { !$0.message.zh.isEmpty && !$0.message.en.isEmpty })
        count.refused += 1
      }
    }
    return count
  }

  @Test func tables() throws {
    let text = try Self.bytes("Datasets/drivers/observations.csv", 2000)
    let whole = Array(text[...(text.lastIndex(of: 0x0A) ?? 0)])
    let count = tried(whole) { bytes throws(ProblemReport) in
      _ = try parseTable(bytes, file: "t.csv")
    }
    #expect(count.refused > 0 && count.read > 0)
  }

  @Test func maps() throws {
    var generator = SeededGenerator(seed: 1)
    let seed = try Self.bytes("Examples/demo/Datasets/boundaries/provinces.geojson", 2500) + Array("]}".utf8)
    var found = 0
    for _ in 0..<400 { found += checkMap(readGeoJSON(broken(seed, &generator))).isEmpty ? 0 : 1 }
    #expect(found > 300)
  }

  @Test func descriptors() throws {
    let seed = try Self.bytes("Examples/demo/Datasets/boundaries/datapackage.json", 5000)
    let count = tried(seed) { bytes throws(ProblemReport) in
      var reader = DescriptorReader(file: "datapackage.json", folder: ".")
      _ = reader.package(try parseLocatedJSON(bytes, file: "datapackage.json"))
    }
    #expect(count.refused > 0)
  }

  @Test func scenariosAndModels() throws {
    let scenario = tried(try Self.bytes("Models/scenarios/high-innovation.yaml", 4000)) { bytes throws(ProblemReport) in
      _ = try parseScenario(String(decoding: bytes, as: UTF8.self), file: "s.yaml", id: "high-innovation")
    }
    let model = tried(try Self.bytes("Examples/demo/Models/baseline.yaml", 6000), times: 150) { bytes throws(ProblemReport) in
      _ = try parseModel(String(decoding: bytes, as: UTF8.self), file: "m.yaml")
    }
    #expect(scenario.refused > 0 && model.refused > 0)
  }

  @Test func formulas() {
    let seed = Array("log(y) ~ x + C(g, \"a\"):z - 1 + I(x^2) + lag(x, 1)".utf8)
    let count = tried(seed, times: 2000) { bytes throws(ProblemReport) in
      _ = try Formula(String(decoding: bytes, as: UTF8.self))
    }
    #expect(count.refused > count.read)
  }
}
