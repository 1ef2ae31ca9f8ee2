import Foundation
import Messages

/// A descriptor with the sizes and checksums of its files as they are now.
public struct FrozenPackage: Sendable {
  /// The `datapackage.json`.
  public let file: String
  /// Its new text; everything but sizes and checksums is left as it was, byte for byte.
  public let text: [UInt8]
  /// Paths of the resources whose size or checksum was renewed.
  public let renewed: [String]
}

/// Sizes and checksums renewed in the descriptor of one package, or of every package in a folder.
///
/// - Returns: packages in the order of their names.
/// - Throws: `ProblemReport` with every descriptor that cannot be read and every file that is missing;
///   `.missingInput` when the folder holds no package.
public func freezePackages(_ folder: String) throws(ProblemReport) -> [FrozenPackage] {
  let manager = FileManager.default
  var folders: [String] = []
  if manager.fileExists(atPath: folder + "/datapackage.json") {
    folders = [folder]
  } else if let names = manager.subpaths(atPath: folder) {
    folders = names.filter { $0.hasSuffix("/datapackage.json") }.sorted().map { "\(folder)/\($0.dropLast(17))" }
  }
  guard !folders.isEmpty else {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "package.none", file: folder, message: Bilingual(zh: "没有数据包", en: "there is no data package"),
          hint: Bilingual(zh: "数据包是含 datapackage.json 的目录", en: "a package is a folder with a datapackage.json"))
      ])
  }
  var frozen: [FrozenPackage] = []
  var problems: [Problem] = []
  for folder in folders {
    do throws(ProblemReport) {
      frozen.append(try freezePackage(folder))
    } catch {
      problems += error.problems
    }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return frozen
}

private func freezePackage(_ folder: String) throws(ProblemReport) -> FrozenPackage {
  let file = folder + "/datapackage.json"
  guard let data = FileManager.default.contents(atPath: file) else {
    throw ProblemReport(
      .badData,
      [Problem("package.missing-descriptor", file: file, message: Bilingual(zh: "无法读取", en: "cannot be read"))])
  }
  let bytes = Array(data)
  let root = try parseLocatedJSON(bytes, file: file)
  var problems: [Problem] = []
  var edits: [(range: Range<Int>, text: String)] = []
  var renewed: [String] = []
  for entry in root["resources"]?.elements ?? [] {
    guard let path = entry["path"], let name = path.text else { continue }
    guard isInside(name, folder),
      let content = FileManager.default.contents(atPath: "\(folder)/\(name)")
    else {
      problems.append(
        Problem(
          "package.missing-file", file: file, line: path.line, column: path.column,
          message: Bilingual(zh: "文件 \(name) 不存在或无法读取", en: "the file \(name) is missing or unreadable")))
      continue
    }
    let hash = "\"sha256:\(SHA256.hex(Array(content)))\""
    let before = edits.count
    edits += edit(entry["bytes"], "bytes", to: "\(content.count)", after: path, in: bytes)
    edits += edit(entry["hash"], "hash", to: hash, after: path, in: bytes)
    if edits.count > before { renewed.append(name) }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  var text = bytes
  for (range, new) in edits.enumerated().sorted(by: { ($0.element.range.lowerBound, $0.offset) > ($1.element.range.lowerBound, $1.offset) }).map(
    \.element)
  {
    text.replaceSubrange(range, with: Array(new.utf8))
  }
  return FrozenPackage(file: file, text: text, renewed: renewed)
}

/// The edit that gives a member its value; a member that is missing is written behind `path`.
private func edit(
  _ member: LocatedJSON?, _ key: String, to new: String, after path: LocatedJSON, in bytes: [UInt8]
) -> [(range: Range<Int>, text: String)] {
  guard let member else {
    let end = token(path, in: bytes).upperBound
    return [(end..<end, ", \"\(key)\": \(new)")]
  }
  let range = token(member, in: bytes)
  return Array(bytes[range]) == Array(new.utf8) ? [] : [(range, new)]
}

/// Where a string or number stands in the file.
private func token(_ value: LocatedJSON, in bytes: [UInt8]) -> Range<Int> {
  var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  for _ in 1..<value.line { start = (bytes[start...].firstIndex(of: 0x0A) ?? bytes.count - 1) + 1 }
  var characters = value.column - 1
  while characters > 0, start < bytes.count {
    start += 1
    while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
    characters -= 1
  }
  var end = start
  if bytes[start] == UInt8(ascii: "\"") {
    end += 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    return start..<min(end + 1, bytes.count)
  }
  while end < bytes.count, !",}] \n\r\t".utf8.contains(bytes[end]) { end += 1 }
  return start..<end
}
