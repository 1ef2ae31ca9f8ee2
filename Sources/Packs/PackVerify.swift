import Dimensions
import Messages
import Tables

/// Hashes every file of a pack again and checks its tables against the descriptor, the codelists and
/// each other.
///
/// - Parameters:
///   - files: every file of the folder, by path inside it.
///   - folder: as the user named it; messages repeat it.
/// - Returns: every problem, in the order of checksums, descriptor, tables, SDMX; none when the pack is sound.
public func verifyPack(_ files: [PackFile], folder: String) -> [Problem] {
  let contents = PackContents(files, folder: folder)
  let checker = PackChecker(contents: contents)
  return checker.checksums() + contents.problems + checker.resources() + checker.tables() + checker.sums() + checker.sdmx()
    + checker.withheld()
}

struct PackChecker {
  let contents: PackContents

  func problem(
    _ code: String, _ file: String, line: Int? = nil, path: String? = nil, zh: String, en: String,
    hint: Bilingual? = nil
  ) -> Problem {
    Problem(
      "pack.\(code)", file: contents.path(file), line: line, path: path, message: Bilingual(zh: zh, en: en), hint: hint)
  }

  // MARK: Checksums

  func checksums() -> [Problem] {
    guard let list = contents.files[checksumFile] else {
      return [problem("missing-file", checksumFile, zh: "缺少 \(checksumFile)。", en: "\(checksumFile) is missing.")]
    }
    var problems: [Problem] = []
    var listed: Set<String> = [checksumFile]
    let lines = String(decoding: list.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for (i, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      let digest = String(line.prefix(64))
      let name = String(line.dropFirst(66))
      guard digest.count == 64, digest.allSatisfy(\.isHexDigit), !name.isEmpty, line.dropFirst(64).hasPrefix("  ") else {
        problems.append(
          problem(
            "bad-checksum-line", checksumFile, line: i + 1, zh: "这一行不是“校验值、两个空格、文件名”。",
            en: "The line is not a checksum, two blanks and a file name."))
        continue
      }
      listed.insert(name)
      problems += compare(name, digest, line: i + 1)
    }
    for name in contents.files.keys.sorted() where !listed.contains(name) {
      problems.append(
        problem("unlisted-file", name, zh: "\(checksumFile) 没有列出这个文件。", en: "\(checksumFile) does not list this file."))
    }
    return problems
  }

  private func compare(_ name: String, _ digest: String, line: Int) -> [Problem] {
    guard let file = contents.files[name] else {
      return [
        problem(
          "missing-file", name, zh: "文件不存在（\(checksumFile) 第 \(line) 行）。",
          en: "The file does not exist (\(checksumFile), line \(line)).")
      ]
    }
    let found = SHA256.hex(file.bytes)
    guard found != digest.lowercased() else { return [] }
    return [
      problem(
        "changed-file", name, zh: "内容与校验值不符：文件已改动。", en: "The file differs from its checksum: it was changed.",
        hint: Bilingual(zh: "现为 \(found)", en: "it is now \(found)"))
    ]
  }

  // MARK: Descriptor

  func resources() -> [Problem] {
    (contents.descriptor?.resources ?? []).flatMap { resource -> [Problem] in
      guard let file = contents.files[resource.path] else {
        return [
          problem(
            "missing-resource", resource.path, path: resource.name, zh: "datapackage.json 列出的文件不存在。",
            en: "datapackage.json lists this file and it does not exist.")
        ]
      }
      var problems: [Problem] = []
      if let bytes = resource.bytes, bytes != file.bytes.count {
        problems.append(
          problem(
            "wrong-size", resource.path, path: resource.name, zh: "有 \(file.bytes.count) 字节，描述为 \(bytes)。",
            en: "\(file.bytes.count) bytes; the descriptor says \(bytes)."))
      }
      if let hash = resource.hash, hash != "sha256:\(SHA256.hex(file.bytes))" {
        problems.append(
          problem(
            "wrong-hash", resource.path, path: resource.name, zh: "校验值与 datapackage.json 不符。",
            en: "The checksum differs from datapackage.json."))
      }
      if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        problems.append(
          problem(
            "byte-order-mark", resource.path, line: 1, path: resource.name, zh: "机器用文件不应有字节序标记（BOM）。",
            en: "A machine file has no byte order mark (BOM)."))
      }
      return problems
    }
  }
}
