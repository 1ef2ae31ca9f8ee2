import Foundation
import Messages
import Testing

@testable import Datasets

/// A package in a folder of its own, removed at the end.
private func withPackage(_ descriptor: String, _ files: [String: String], _ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "freeze-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) } }
  for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
  try Data(descriptor.utf8).write(to: URL(filePath: folder + "/datapackage.json"))
  try body(folder)
}

@Suite struct PackageFreezeTests {
  @Test func onlySizesAndChecksumsChange() throws {
    let descriptor = """
      {"name": "包", "resources": [
        {"title": "“表”", "path": "t.csv",   "bytes": 99, "format": "csv", "hash": "sha256:00"} ,
        {"path": "u.csv"}]}

      """
    try withPackage(descriptor, ["t.csv": "a\n1\n", "u.csv": ""]) { folder in
      let package = try #require(try freezePackages(folder).first)
      #expect(package.renewed == ["t.csv", "u.csv"])
      let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      let t = "sha256:\(SHA256.hex(Array("a\n1\n".utf8)))"
      #expect(
        String(decoding: package.text, as: UTF8.self) == """
          {"name": "包", "resources": [
            {"title": "“表”", "path": "t.csv",   "bytes": 4, "format": "csv", "hash": "\(t)"} ,
            {"path": "u.csv", "bytes": 0, "hash": "\(empty)"}]}

          """)
      try Data(package.text).write(to: URL(filePath: package.file))
      #expect(try freezePackages(folder).allSatisfy { $0.renewed.isEmpty && Array($0.text) == package.text })
    }
  }

  @Test func everyMissingFileIsNamedAtItsPlace() throws {
    let descriptor = "{\"resources\": [{\"path\": \"a.csv\"},\n{\"path\": \"../b.csv\"}, {\"path\": \"c.csv\"}]}"
    try withPackage(descriptor, ["c.csv": ""]) { folder in
      let report = try #require(throws: ProblemReport.self) { try freezePackages(folder) }
      #expect(report.problems.map(\.line) == [1, 2] && report.problems.map(\.column) == [25, 10])
    }
  }

  /// The bundled packages are frozen as they stand.
  @Test func bundledPackagesNeedNoRenewal() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let packages = try freezePackages(root.appending(path: "Datasets").path)
    #expect(packages.count >= 10 && packages.allSatisfy { $0.renewed.isEmpty })
  }
}
