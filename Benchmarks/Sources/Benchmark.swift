import Foundation

/// `benchmark list`, `benchmark prepare CASE FOLDER`, `benchmark run CASE FOLDER REPEATS`: the parts
/// that `compare.py` puts together. Everything printed is one JSON value a line.
@main
struct Benchmark {
  /// In the order of the printed table.
  static let cases = [
    olsCase, olsQRCase, panelCase, randomPanelCase, cohortCase, csvCase, demandCase, drawsCase, geoJSONReadCase, geoJSONWriteCase,
    fittingCase, mintCase, modelCase,
  ]

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch (arguments.first, arguments.count) {
    case ("list", 1):
      for one in cases { try printLine(Entry(name: one.name, work: one.work, bars: one.bars)) }
    case ("prepare", 3): try named(arguments[1]).prepare(URL(filePath: arguments[2]))
    case ("run", 4):
      let folder = URL(filePath: arguments[2])
      for contestant in named(arguments[1]).contestants {
        try printLine(measure(contestant, in: folder, repeats: Int(arguments[3]) ?? 1))
      }
    default:
      FileHandle.standardError.write(
        Data("usage: benchmark list | prepare CASE DIR | run CASE DIR REPEATS\n".utf8))
      exit(64)
    }
  }

  private struct Entry: Encodable {
    let name: String
    let work: String
    let bars: [String: Double]
  }

  private static func named(_ name: String) -> Case {
    guard let found = cases.first(where: { $0.name == name }) else {
      FileHandle.standardError.write(
        Data("no case '\(name)': \(cases.map(\.name).joined(separator: ", "))\n".utf8))
      exit(64)
    }
    return found
  }

  private static func printLine(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
  }
}
