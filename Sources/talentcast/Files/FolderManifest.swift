import Foundation
import Messages

/// Which files of a folder are ours: those that a manifest of ours lists, with the checksum that it states.
struct FolderManifest {
  /// Where the list stands.
  enum Kind: String {
    /// `run.json` of a run.
    case run
    /// `SHA256SUMS` as `sha256sum -c` reads it, below a line that names us.
    case checksums
    /// A folder that is the user's as soon as it is written.
    case none

    var file: String? {
      switch self {
      case .run: "run.json"
      case .checksums: checksumFile
      case .none: nil
      }
    }
  }

  static let checksumFile = "SHA256SUMS"
  /// First line of a checksum file of ours.
  static let heading = "# talentcast"

  let kind: Kind
  /// Checksum by name.
  let files: [String: String]

  /// - Returns: nil when the folder has no manifest of ours.
  init?(_ folder: String, _ kind: Kind) {
    guard let file = kind.file, let bytes = SystemCalls.read("\(folder)/\(file)"),
      let files = kind == .run ? FolderManifest.run(bytes) : FolderManifest.checksums(bytes)
    else { return nil }
    (self.kind, self.files) = (kind, files)
  }

  /// Whether a file below the folder is one that we wrote and nobody changed.
  func isOurs(_ name: String, in folder: String) -> Bool {
    if name == kind.file { return true }
    guard let sum = files[name], let found = SystemCalls.status("\(folder)/\(name)"), SystemCalls.isFile(found),
      let bytes = SystemCalls.read("\(folder)/\(name)")
    else { return false }
    return SHA256.hex(bytes) == sum
  }

  private struct RunList: Decodable {
    struct File: Decodable {
      let name: String
      let sha256: String
    }
    let schema: String
    let outputs: [File]
  }

  private static func run(_ bytes: [UInt8]) -> [String: String]? {
    let list: RunList
    do { list = try JSONDecoder().decode(RunList.self, from: Data(bytes)) } catch { return nil }
    guard list.schema.hasPrefix("talentcast/run@") else { return nil }
    return Dictionary(list.outputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  }

  private static func checksums(_ bytes: [UInt8]) -> [String: String]? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.first?.hasPrefix(heading) == true else { return nil }
    var files: [String: String] = [:]
    for line in lines.dropFirst() where line.utf8.count > 66 { files[String(line.dropFirst(66))] = String(line.prefix(64)) }
    return files
  }
}
