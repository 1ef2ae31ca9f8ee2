import Foundation
import Messages
import Tables

/// What `data check` found.
public struct DataReport: Sendable {
  /// How the input was understood.
  public enum Subject: String, Sendable {
    case packages, observationTable, plainTable
  }

  public let subject: Subject
  public let problems: [Problem]
  public let packages: Int
  public let rows: Int

  public var isValid: Bool { !problems.contains { $0.severity == .error } }
}

/// Checks a folder of packages, one package, a `datapackage.json`, or one table.
///
/// - Parameters:
///   - path: as the user gave it; messages repeat it.
///   - reference: a folder of packages whose regions, indicators and sources the input may use; nil or
///     unreadable: only what the input defines itself is known.
/// - Returns: every problem; nothing is thrown for bad data.
/// - Throws: `.missingInput` when there is nothing at `path`.
public func checkData(_ path: String, reference: String?) throws(ProblemReport) -> DataReport {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "file.missing", file: path,
          message: Bilingual(zh: "文件或文件夹不存在", en: "there is no such file or folder"))
      ])
  }
  if isFolder.boolValue { return try checkPackages(path, reference: reference) }
  let url = URL(fileURLWithPath: path)
  if url.lastPathComponent == "datapackage.json" {
    let slash = path.lastIndex(of: "/")
    return try checkPackages(slash.map { String(path[..<$0]) } ?? ".", reference: reference)
  }
  return try checkTable(path, reference: reference)
}

private func checkPackages(_ folder: String, reference: String?) throws(ProblemReport) -> DataReport {
  var loader = try CatalogueLoader(directory: folder, reference: nil)
  if loader.contents.allSatisfy({ $0.regions.isEmpty }), !loader.contents.isEmpty, let known = known(reference) {
    loader = try CatalogueLoader(directory: folder, reference: known)
  }
  return DataReport(
    subject: .packages, problems: loader.problems, packages: loader.contents.count,
    rows: loader.contents.reduce(0) { $0 + $1.tables.values.reduce(0) { $0 + $1.rowCount } })
}

/// The reference packages as far as they can be read, sound or not.
private func known(_ folder: String?) -> Catalogue? {
  guard let folder, FileManager.default.fileExists(atPath: folder) else { return nil }
  do throws(ProblemReport) {
    return Catalogue(try CatalogueLoader(directory: folder, reference: nil))
  } catch {
    return nil
  }
}

private func checkTable(_ path: String, reference: String?) throws(ProblemReport) -> DataReport {
  var options = ReadOptions()
  options.allText = true
  let table: Table
  var problems: [Problem] = []
  do throws(ProblemReport) {
    table = try readTable(path, options: options)
  } catch {
    if error.status == .missingInput { throw error }
    problems = error.problems
    guard let data = FileManager.default.contents(atPath: path),
      let sound = parseSoundRows(Array(data), file: path, options: options).table
    else { return DataReport(subject: .plainTable, problems: problems, packages: 0, rows: 0) }
    table = sound
  }
  let known = known(reference)
  if table.rowCount == 0, problems.isEmpty {
    problems.append(
      Problem(
        "data.no-rows", .warning, file: path, line: 1,
        message: Bilingual(zh: "只有表头，没有数据行", en: "there is a header and no row")))
  }
  if let sign = otherSeparator(table) {
    problems.append(
      Problem(
        "csv.other-separator", file: path, line: 1,
        message: Bilingual(
          zh: "只有一列，各值似以“\(sign)”分隔", en: "there is but one column; its values seem to be separated by '\(sign)'"),
        hint: Bilingual(zh: "另存为以逗号分隔的 CSV（UTF-8）", en: "save it as CSV with commas (UTF-8)")))
  }
  guard ObservationReader.looksLong(table.names) else {
    problems += PlainTableCheck(table: table, regions: known?.regions ?? []).problems()
    return DataReport(subject: .plainTable, problems: problems, packages: 0, rows: table.rowCount)
  }
  let definitions = Dictionary((known?.indicators ?? []).map { ($0.id, $0) }) { first, _ in first }
  let codes = Set((known?.regions ?? []).map(\.code.text))
  var reader = ObservationReader(
    table: table,
    reference: ObservationReader.Reference(
      regions: codes.isEmpty ? nil : codes, indicators: nil, known: definitions, sources: nil))
  let read = reader.read()
  problems += read.problems + tenfoldJumps(read.observations, indicators: definitions, breaks: known?.breaks ?? [])
  if let known { problems += unregistered(table, known) }
  return DataReport(subject: .observationTable, problems: problems, packages: 0, rows: table.rowCount)
}

/// What a table of one column is really separated by: its header holds the sign, and no comma.
private func otherSeparator(_ table: Table) -> String? {
  guard table.names.count == 1, let name = table.names.first else { return nil }
  return [(";", ";"), ("\t", "Tab"), ("|", "|")].first { name.contains($0.0) }?.1
}

/// Indicators and sources that a table of its own uses and no package defines: worth a remark, no error.
private func unregistered(_ table: Table, _ known: Catalogue) -> [Problem] {
  let lists = [
    ("indicator", "data.unregistered-indicator", Set(known.indicators.map(\.id)), "指标"),
    ("source", "data.unregistered-source", Set(known.sources.map(\.id)), "来源"),
  ]
  return lists.flatMap { name, code, ids, word -> [Problem] in
    guard let column = table.column(name), case .text(let text) = column.values else { return [] }
    return text.distinct.filter { !$0.isEmpty && !ids.contains($0) }.map { id in
      let near = nearest(id, among: ids.sorted())
      return Problem(
        code, .note, file: table.file, path: name,
        message: Bilingual(zh: "\(word)“\(id)”未在数据包中登记", en: "the \(name) '\(id)' is defined in no package"),
        hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
    }
  }
}
