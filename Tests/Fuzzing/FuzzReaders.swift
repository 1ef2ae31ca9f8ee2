import Dimensions
import Foundation
import Tables

@testable import Datasets
@testable import DesignMatrices
@testable import Maps
@testable import ModelSpecs

/// One reader of files that people write. A problem report is an answer; a trap, a hang or a report without
/// any problem is a defect.
private enum Reader: String, CaseIterable {
  case table, geojson, descriptor, scenario, model, plan, formula, hierarchy

  func read(_ bytes: [UInt8]) throws {
    switch self {
    case .table:
      let (sound, problems) = parseSoundRows(bytes, file: "fuzz.csv")
      precondition(problems.isEmpty || (sound.map { $0.rowCount < bytes.count } ?? true))
      let table = try parseTable(bytes, file: "fuzz.csv")
      for column in table.columns { _ = try? table.strings(named: column.name) }
    case .geojson:
      _ = checkMap(readGeoJSON(bytes))
    case .descriptor:
      var reader = DescriptorReader(file: "datapackage.json", folder: ".")
      _ = reader.package(try parseLocatedJSON(bytes, file: "datapackage.json"))
    case .scenario:
      _ = try parseScenario(String(decoding: bytes, as: UTF8.self), file: "fuzz.yaml", id: "fuzz")
    case .model:
      _ = try parseModel(String(decoding: bytes, as: UTF8.self), file: "fuzz.yaml")
    case .plan:
      _ = try parseSpec(String(decoding: bytes, as: UTF8.self), file: "fuzz.yaml")
    case .formula:
      _ = try Formula(String(decoding: bytes, as: UTF8.self), otherColumns: ["x", "y"])
    case .hierarchy:
      let table = try parseTable(bytes, file: "fuzz.csv")
      let (parents, children) = (try table.strings(named: "parent"), try table.strings(named: "child"))
      _ = try Hierarchy(
        parents.indices.map { Hierarchy.Link(parents[$0], children[$0], line: table.lines[$0]) }, file: "fuzz.csv")
    }
  }
}

private let reader: Reader = {
  let name = ProcessInfo.processInfo.environment["FUZZ_READER"] ?? ""
  guard let reader = Reader(rawValue: name) else {
    fatalError("FUZZ_READER is one of \(Reader.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return reader
}()

/// What libFuzzer calls with every input it makes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do { try reader.read(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch {}
  return 0
}

/// The entry point that the package manager expects of a program with this name.
@_cdecl("fuzz_main")
public func fuzzMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  var (count, arguments) = (count, arguments)
  return libFuzzer(&count, &arguments, fuzzOneInput)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func libFuzzer(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
