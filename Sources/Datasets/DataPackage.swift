import Foundation
import Messages

/// A Frictionless data package: what its `datapackage.json` says.
public struct DataPackage: Sendable {
  /// A column of a table, as `datapackage.json` declares it.
  public struct Field: Hashable, Sendable {
    /// What the values of a column are.
    public enum Kind: String, CaseIterable, Sendable {
      case string, number, integer, year, boolean, date, any
    }

    public let name: String
    public let kind: Kind
    public let title: Bilingual
    public let required: Bool
    public let allowed: [String]
  }

  /// A file of the package with its columns, size and checksum.
  public struct Resource: Sendable {
    public let name: String
    public let title: Bilingual
    /// Relative to the package's folder.
    public let path: String
    public let format: String
    public let bytes: Int?
    /// 64 hexadecimal digits.
    public let sha256: String?
    /// Empty for a resource that is not a table.
    public let fields: [Field]
    public let primaryKey: [String]

    public var isTable: Bool { format == "csv" }
  }

  /// A licence as the package names it.
  public struct Licence: Hashable, Sendable {
    public let name: String
    public let title: String
    public let path: String
  }

  public let name: String
  public let title: Bilingual
  public let description: Bilingual
  public let created: String
  public let licences: [Licence]
  public let resources: [Resource]
  /// The package's folder.
  public let folder: String

  /// The file of that name; nil when the package has none.
  public func resource(_ name: String) -> Resource? { resources.first { $0.name == name } }
}

/// Reads a descriptor; collects every missing or wrong member.
struct DescriptorReader {
  let file: String
  let folder: String
  var problems: [Problem] = []

  init(file: String, folder: String) {
    self.file = file
    self.folder = folder
  }

  /// nil when the descriptor is not usable at all.
  mutating func package(_ root: LocatedJSON) -> DataPackage? {
    guard root.members != nil else {
      report("package.not-an-object", root, "/", zh: "描述文件应为一个对象", en: "the descriptor is not an object")
      return nil
    }
    let name = text("name", in: root, at: "")
    let title = Bilingual(zh: text("title", in: root, at: ""), en: text("title_en", in: root, at: "", .warning))
    let description = Bilingual(
      zh: text("description", in: root, at: "", .warning), en: text("description_en", in: root, at: "", .warning))
    let created = text("created", in: root, at: "", .warning)
    var licences: [DataPackage.Licence] = []
    for (i, entry) in list("licenses", in: root, at: "").enumerated() {
      licences.append(
        DataPackage.Licence(
          name: text("name", in: entry, at: "/licenses/\(i)"), title: entry["title"]?.text ?? "",
          path: entry["path"]?.text ?? ""))
    }
    for (i, entry) in list("sources", in: root, at: "").enumerated() { _ = text("title", in: entry, at: "/sources/\(i)") }
    let resources = list("resources", in: root, at: "").enumerated().compactMap { i, entry in
      resource(entry, at: "/resources/\(i)")
    }
    for (i, resource) in resources.enumerated() where resources[..<i].contains(where: { $0.name == resource.name }) {
      report(
        "package.duplicate-resource", root, "/resources/\(i)/name", zh: "资源名“\(resource.name)”重复",
        en: "the resource name '\(resource.name)' appears twice")
    }
    return DataPackage(
      name: name, title: title, description: description, created: created, licences: licences,
      resources: resources, folder: folder)
  }

  private mutating func resource(_ entry: LocatedJSON, at path: String) -> DataPackage.Resource? {
    guard entry.members != nil else {
      report("package.not-an-object", entry, path, zh: "资源应为对象", en: "a resource is an object")
      return nil
    }
    let name = text("name", in: entry, at: path)
    let file = text("path", in: entry, at: path)
    if !isInside(file, folder) {
      report(
        "package.unsafe-path", entry, path + "/path", zh: "路径必须在数据包目录之内",
        en: "the path leads out of the package's folder")
      return nil
    }
    var format = ""
    if let declared = entry["format"]?.text { format = declared } else if file.hasSuffix(".csv") { format = "csv" }
    let bytes = entry["bytes"]?.number
    if bytes == nil { missing("bytes", in: entry, at: path, .warning) }
    let hash = hash(entry, at: path)
    let (fields, key) = format == "csv" ? tableSchema(of: entry, at: path) : ([], [])
    guard !name.isEmpty, !file.isEmpty else { return nil }
    return DataPackage.Resource(
      name: name, title: title(of: entry, named: name), path: file, format: format,
      bytes: bytes.flatMap { Int(exactly: $0) }, sha256: hash, fields: fields, primaryKey: key)
  }

  private func title(of entry: LocatedJSON, named name: String) -> Bilingual {
    Bilingual(zh: entry["title"]?.text ?? name, en: entry["description"]?.text ?? name)
  }

  /// Fields and primary key of a table resource.
  private mutating func tableSchema(
    of entry: LocatedJSON, at path: String
  ) -> (fields: [DataPackage.Field], key: [String]) {
    guard let schema = entry["schema"] else {
      missing("schema", in: entry, at: path)
      return ([], [])
    }
    let fields = list("fields", in: schema, at: path + "/schema").enumerated().compactMap { i, field in
      self.field(field, at: "\(path)/schema/fields/\(i)")
    }
    guard let declared = schema["primaryKey"] else { return (fields, []) }
    let key = declared.elements?.compactMap(\.text) ?? declared.text.map { [$0] } ?? []
    for column in key where !fields.contains(where: { $0.name == column }) {
      report(
        "package.unknown-field", declared, path + "/schema/primaryKey", zh: "主键列“\(column)”不在字段表中",
        en: "the key column '\(column)' is no field")
    }
    return (fields, key)
  }

  private mutating func hash(_ entry: LocatedJSON, at path: String) -> String? {
    guard let member = entry["hash"], let text = member.text else {
      missing("hash", in: entry, at: path, .warning)
      return nil
    }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "sha256", parts[1].count == 64,
      parts[1].allSatisfy(\.isHexDigit)
    else {
      report(
        "package.bad-hash", member, path + "/hash", zh: "校验值应写作 sha256: 加 64 位十六进制数",
        en: "a checksum is written sha256: and 64 hexadecimal digits")
      return nil
    }
    return parts[1].lowercased()
  }

  private mutating func field(_ entry: LocatedJSON, at path: String) -> DataPackage.Field? {
    let name = text("name", in: entry, at: path)
    let type = text("type", in: entry, at: path)
    guard let kind = DataPackage.Field.Kind(rawValue: type) else {
      if !type.isEmpty {
        let near = nearest(type, among: DataPackage.Field.Kind.allCases.map(\.rawValue))
        report(
          "package.unknown-type", entry["type"] ?? entry, path + "/type", zh: "未知的字段类型“\(type)”",
          en: "unknown field type '\(type)'",
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
      }
      return nil
    }
    let constraints = entry["constraints"]
    var required = false
    if case .bool(true) = constraints?["required"]?.value { required = true }
    return DataPackage.Field(
      name: name, kind: kind, title: Bilingual(zh: entry["title"]?.text ?? name, en: entry["description"]?.text ?? name),
      required: required, allowed: constraints?["enum"]?.elements?.compactMap(\.text) ?? [])
  }

  private mutating func text(
    _ key: String, in object: LocatedJSON, at path: String, _ severity: Problem.Severity = .error
  ) -> String {
    guard let member = object[key] else {
      missing(key, in: object, at: path, severity)
      return ""
    }
    guard let text = member.text, !text.isEmpty else {
      report(
        "package.not-text", member, "\(path)/\(key)", zh: "“\(key)”应为非空文本", en: "'\(key)' is a text that is not empty")
      return ""
    }
    return text
  }

  private mutating func list(_ key: String, in object: LocatedJSON, at path: String) -> [LocatedJSON] {
    guard let member = object[key] else {
      missing(key, in: object, at: path)
      return []
    }
    guard let elements = member.elements, !elements.isEmpty else {
      report(
        "package.empty-list", member, "\(path)/\(key)", zh: "“\(key)”应为非空列表", en: "'\(key)' is a list that is not empty")
      return []
    }
    return elements
  }

  private mutating func missing(
    _ key: String, in object: LocatedJSON, at path: String, _ severity: Problem.Severity = .error
  ) {
    let near = nearest(key, among: (object.members ?? []).map(\.key))
    report(
      "package.missing-member", object, "\(path)/\(key)", severity: severity, zh: "缺少成员“\(key)”", en: "the member '\(key)' is missing",
      hint: near.map { Bilingual(zh: "有一个相近的“\($0)”", en: "there is a '\($0)'") })
  }

  private mutating func report(
    _ code: String, _ place: LocatedJSON, _ path: String, severity: Problem.Severity = .error, zh: String,
    en: String, hint: Bilingual? = nil
  ) {
    problems.append(
      Problem(
        code, severity, file: file, line: place.line, column: place.column, path: path, message: Bilingual(zh: zh, en: en),
        hint: hint))
  }
}

/// Whether a resource stands in its package: a path from the folder downwards that no link leads out of.
func isInside(_ path: String, _ folder: String) -> Bool {
  guard !path.hasPrefix("/"), !path.contains("\\"), !path.split(separator: "/").contains(".."),
    !path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
  else { return false }
  func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
  // A file that is not there is told later, as missing.
  guard let root = resolved(folder), let place = resolved("\(folder)/\(path)") else { return true }
  return place.hasPrefix(root == "/" ? root : "\(root)/")
}
