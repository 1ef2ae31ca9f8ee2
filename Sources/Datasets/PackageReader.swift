import Foundation
import Dimensions
import Messages
import Tables

/// Size and fingerprint of one file.
public struct FileHash: Hashable, Sendable {
  public let bytes: Int
  public let sha256: String
}

/// One package with its tables, and everything that is wrong with it taken by itself.
struct PackageContents: Sendable {
  let package: DataPackage
  var tables: [String: Table] = [:]
  /// By path inside the package.
  var hashes: [String: FileHash] = [:]
  var regions: [Region] = []
  var sources: [Source] = []
  var indicators: [Indicator] = []
}

/// Reads a folder with a `datapackage.json`.
struct PackageReader {
  /// The package's folder as the user wrote it.
  let folder: String
  private(set) var problems: [Problem] = []

  init(folder: String) { self.folder = folder }

  mutating func read() -> PackageContents? {
    let file = folder + "/datapackage.json"
    guard let data = FileManager.default.contents(atPath: file) else {
      problems.append(
        Problem(
          "package.missing-descriptor", file: file,
          message: Bilingual(zh: "缺少 datapackage.json，或无法读取", en: "there is no readable datapackage.json"),
          hint: Bilingual(zh: "数据包由 datapackage.json 描述", en: "a data package is described by its datapackage.json")))
      return nil
    }
    let bytes = Array(data)
    let root: LocatedJSON
    do throws(ProblemReport) {
      root = try parseLocatedJSON(bytes, file: file)
    } catch {
      problems += error.problems
      return nil
    }
    var descriptor = DescriptorReader(file: file, folder: folder)
    let package = descriptor.package(root)
    problems += descriptor.problems
    guard let package else { return nil }
    var contents = PackageContents(package: package)
    contents.hashes["datapackage.json"] = FileHash(bytes: bytes.count, sha256: SHA256.hex(bytes))
    for resource in package.resources { read(resource, into: &contents) }
    reportUnlisted(package)
    return contents
  }

  private mutating func read(_ resource: DataPackage.Resource, into contents: inout PackageContents) {
    let file = folder + "/" + resource.path
    guard let data = FileManager.default.contents(atPath: file) else {
      problems.append(
        Problem(
          "package.missing-file", file: file, path: resource.name,
          message: Bilingual(zh: "资源“\(resource.name)”的文件不存在或无法读取", en: "the file of '\(resource.name)' is missing or unreadable")))
      return
    }
    let bytes = Array(data)
    let hash = FileHash(bytes: bytes.count, sha256: SHA256.hex(bytes))
    contents.hashes[resource.path] = hash
    if let expected = resource.sha256, expected != hash.sha256 {
      problems.append(
        Problem(
          "package.checksum", file: file, path: resource.name,
          message: Bilingual(
            zh: "校验值与 datapackage.json 不符：文件已改动", en: "the checksum differs from datapackage.json: the file was changed"),
          hint: Bilingual(
            zh: "如是有意改动：talentcast data freeze 更新校验值（现为 sha256:\(hash.sha256)）",
            en: "if that was meant: talentcast data freeze renews it (it is now sha256:\(hash.sha256))")))
    }
    if let expected = resource.bytes, expected != hash.bytes {
      problems.append(
        Problem(
          "package.size", file: file, path: resource.name,
          message: Bilingual(
            zh: "大小 \(hash.bytes) 字节，datapackage.json 写的是 \(expected)",
            en: "\(hash.bytes) bytes, datapackage.json says \(expected)")))
    }
    guard resource.isTable else { return }
    let (sound, flaws) = parseSoundRows(bytes, file: file, options: SchemaCheck.options(resource))
    problems += flaws
    // Nothing refers to a figure; a region or source that cannot be read would only seem unknown elsewhere.
    if flaws.isEmpty || isObservations(resource) { contents.tables[resource.name] = sound }
    guard let table = contents.tables[resource.name] else { return }
    let schema = SchemaCheck(resource: resource, table: table)
    problems += isObservations(resource) ? schema.columnProblems() : schema.problems()
    switch resource.name {
    case "regions": contents.regions = readRegions(table)
    case "sources": contents.sources = readSources(table)
    case "indicators": contents.indicators = readIndicators(table)
    default: break
    }
  }

  private mutating func reportUnlisted(_ package: DataPackage) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch { return }
    for name in names.sorted() where name.hasSuffix(".csv") || name.hasSuffix(".geojson") {
      guard !package.resources.contains(where: { $0.path == name }) else { continue }
      problems.append(
        Problem(
          "package.unlisted-file", .warning, file: folder + "/" + name,
          message: Bilingual(zh: "datapackage.json 没有列出这个文件", en: "datapackage.json does not list this file")))
    }
  }
}

/// Resources that hold one published figure a row.
func isObservations(_ resource: DataPackage.Resource) -> Bool {
  resource.name == "observations" || ObservationReader.looksLong(resource.fields.map(\.name))
}

// MARK: - Lists that have a meaning of their own

private struct Rows {
  let table: Table
  var count: Int { table.rowCount }
  subscript(row: Int, name: String) -> String { table.column(name)?.string(row) ?? "" }
}

private func readRegions(_ table: Table) -> [Region] {
  let rows = Rows(table: table)
  guard table.missingColumns(["code", "name_zh", "name_en", "level"]).isEmpty else { return [] }
  return (0..<rows.count).map { row in
    let parent = rows[row, "parent"]
    return Region(
      code: RegionCode(rows[row, "code"]), name: Bilingual(zh: rows[row, "name_zh"], en: rows[row, "name_en"]),
      level: rows[row, "level"], parent: parent.isEmpty ? nil : RegionCode(parent), hub: rows[row, "hub"],
      longitude: Double(rows[row, "longitude"]), latitude: Double(rows[row, "latitude"]),
      areaPublished: Double(rows[row, "area_km2_published"]))
  }
}

private func readSources(_ table: Table) -> [Source] {
  let rows = Rows(table: table)
  guard table.missingColumns(["id", "title", "publisher"]).isEmpty else { return [] }
  func words(_ row: Int, _ column: String) -> Bilingual {
    let (own, english) = (rows[row, column], rows[row, "\(column)_en"])
    return Bilingual(zh: own, en: english.isEmpty ? own : english)
  }
  return (0..<rows.count).map { row in
    Source(
      id: rows[row, "id"], title: words(row, "title"), publisher: words(row, "publisher"), address: rows[row, "address"],
      licence: words(row, "licence"), accessed: rows[row, "accessed"], note: words(row, "note"))
  }
}

private func readIndicators(_ table: Table) -> [Indicator] {
  let rows = Rows(table: table)
  guard table.missingColumns(["id", "name_zh", "name_en", "unit", "concept", "kind"]).isEmpty else { return [] }
  return (0..<rows.count).compactMap { row in
    guard let kind = Indicator.Kind(rawValue: rows[row, "kind"]) else { return nil }
    return Indicator(
      id: rows[row, "id"], name: Bilingual(zh: rows[row, "name_zh"], en: rows[row, "name_en"]),
      unit: rows[row, "unit"], concept: rows[row, "concept"], kind: kind, timing: rows[row, "timing"],
      scope: rows[row, "scope"])
  }
}
