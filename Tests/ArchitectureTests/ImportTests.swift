import Foundation
import Testing

/// The arrows of Package.swift are the architecture; sources may not import past them.
@Suite struct ImportTests {
  /// Modules that come with the toolchain.
  private static let platform: Set<String> = ["Foundation", "Dispatch", "Glibc", "Synchronization"]
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyImportIsAnArrowOfThePackage() throws {
    let arrows = try Self.arrows()
    #expect(arrows.count >= 18, "the package file was not understood")
    var checked = 0
    for (module, allowed) in arrows {
      for (file, imports) in try Self.imports(of: module) {
        checked += imports.count
        for name in imports.subtracting(Self.platform) {
          #expect(allowed.contains(name), "\(file) imports \(name), which is no dependency of \(module)")
        }
      }
    }
    #expect(checked > 8, "no imports were found: the pattern no longer reads our sources")
  }

  @Test(arguments: [("CLAPACKE", "LinearAlgebra"), ("CClp", "Planning"), ("CSQLite", "Maps"), ("CGEOS", "Maps")])
  func everyLibraryInCHasOneDoor(library: String, door: String) throws {
    for (module, _) in try Self.arrows() {
      let users = try Self.imports(of: module).filter { $0.imports.contains(library) }.map(\.file)
      #expect(module == door ? !users.isEmpty : users.isEmpty, "\(library) is called from \(users)")
    }
  }

  /// Swift Package Manager refuses cycles by itself; what it cannot know is that files are read
  /// before the first arrow: numeric modules see no data package and no model file.
  @Test func numericModulesReadNoFiles() throws {
    let arrows = try Self.arrows()
    let numeric = [
      "LinearAlgebra", "Probability", "Regression", "TimeSeries", "Simulation", "SmallArea", "Balancing",
      "Reconciliation",
    ]
    for module in numeric {
      let seen = try #require(arrows[module])
      #expect(seen.isDisjoint(with: ["Datasets", "ModelSpecs", "Yams"]), "\(module) sees files")
    }
  }

  /// Target → the modules it may import, read from `swift package`'s own manifest text.
  private static func arrows() throws -> [String: Set<String>] {
    let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    var arrows: [String: Set<String>] = [:]
    let declaration = #/(?:library|executableTarget)\(\s*(?:name:\s*)?"(\w+)"(?:,\s*(?:dependencies:\s*)?\[([^\]]*)\])?/#
    for match in text.matches(of: declaration) {
      let list = String(match.output.2 ?? "")
      var names = Set(list.matches(of: #/"(\w+)"/#).map { String($0.output.1) })
      if list.contains("argumentParser") { names.insert("ArgumentParser") }
      if list.contains("yams") { names.insert("Yams") }
      arrows[String(match.output.1)] = names
    }
    return arrows.filter { FileManager.default.fileExists(atPath: root.appending(path: "Sources/\($0.key)").path) }
  }

  private static func imports(of module: String) throws -> [(file: String, imports: Set<String>)] {
    let folder = root.appending(path: "Sources/\(module)")
    guard let files = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let source = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let imports = source.matches(of: #/(?m)^(?:@\w+ )*(?:internal |private |public |package )?import (?:struct |class |func |enum )?(\w+)/#)
      return ("\(module)/\(name)", Set(imports.map { String($0.output.1) }))
    }
  }
}
