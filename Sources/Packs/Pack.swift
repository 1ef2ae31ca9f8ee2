import Dimensions
import Messages
import Reports

/// A file of a pack, named relative to the pack's folder.
public struct PackFile: Hashable, Sendable {
  public let name: String
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }
}

/// Everything that somebody who did not make the run needs to use its figures: a Frictionless data
/// package, the same figures as SDMX-CSV 2.0 with their structure, loaders for four programs, checksums.
///
/// Machine files are UTF-8 without byte order mark, LF, with decimal points. A withheld cell is an empty
/// value with `obs_status` Q and `conf_status` C. The same input gives the same bytes.
///
/// - Source: Frictionless Data Package (v1 descriptor members that v2 kept); SDMX-CSV 2.0.0 and
///   SDMX-JSON 2.0.0 structure messages.
public func pack(_ input: ReportInput) throws -> [PackFile] {
  let tables = PackTables(input)
  var files = tables.all.map { PackFile(name: $0.path, text: $0.csv) }
  let sdmx = SDMXMessage(input)
  files.append(PackFile(name: SDMXMessage.dataPath, text: sdmx.csv))
  files.append(PackFile(name: SDMXMessage.structurePath, text: try sdmx.structure()))
  files += loaders(edition: input.edition)
  files.append(PackFile(name: "README.md", text: readMe(input, tables)))
  files.append(
    PackFile(name: "datapackage.json", text: try jsonText(Descriptor(input, tables: tables.all, files: files))))
  files.sort { $0.name < $1.name }
  files.append(PackFile(name: checksumFile, text: checksums(files)))
  return files
}

/// As `sha256sum -c` reads it, which passes over the first line; that line says whose list it is.
let checksumFile = "SHA256SUMS"

func checksums(_ files: [PackFile]) -> String {
  "# talentcast pack\n" + files.map { "\(SHA256.hex($0.bytes))  \($0.name)\n" }.joined()
}
