import Foundation
import Messages
import Tables

/// The members of a `datapackage.json` that verifying needs.
struct PackDescriptor: Decodable {
  struct Field: Decodable {
    struct Constraints: Decodable { let required: Bool? }
    let name: String
    let type: String
    let constraints: Constraints?
  }
  struct ForeignKey: Decodable {
    struct Reference: Decodable {
      let resource: String
      let fields: [String]
    }
    let fields: [String]
    let reference: Reference
  }
  struct Schema: Decodable {
    let fields: [Field]
    let primaryKey: [String]?
    let foreignKeys: [ForeignKey]?
  }
  struct Resource: Decodable {
    let name: String
    let path: String
    let bytes: Int?
    let hash: String?
    let schema: Schema?
  }
  let resources: [Resource]
}

/// A pack as found: its files, and its tables read as text.
struct PackContents {
  let folder: String
  let files: [String: PackFile]
  private(set) var descriptor: PackDescriptor?
  private(set) var tables: [String: Table] = [:]
  private(set) var problems: [Problem] = []

  init(_ found: [PackFile], folder: String) {
    self.folder = folder
    files = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    readDescriptor()
    for resource in descriptor?.resources ?? [] where resource.schema != nil { readTable(resource) }
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  private mutating func readDescriptor() {
    guard let file = files["datapackage.json"] else {
      problems.append(
        Problem(
          "pack.missing-file", file: path("datapackage.json"),
          message: Bilingual(zh: "缺少 datapackage.json。", en: "datapackage.json is missing."),
          hint: Bilingual(zh: "用 talentcast pack build 重新生成。", en: "Build the pack again with talentcast pack build.")))
      return
    }
    do {
      descriptor = try JSONDecoder().decode(PackDescriptor.self, from: Data(file.bytes))
    } catch {
      problems.append(
        Problem(
          "pack.unreadable-descriptor", file: path("datapackage.json"),
          message: Bilingual(zh: "不是可读的数据包描述。", en: "This is no readable package descriptor."),
          hint: Bilingual(zh: "\(error)", en: "\(error)")))
    }
  }

  private mutating func readTable(_ resource: PackDescriptor.Resource) {
    guard let file = files[resource.path] else { return }
    var options = ReadOptions()
    options.allText = true
    do throws(ProblemReport) {
      tables[resource.name] = try parseTable(file.bytes, file: path(resource.path), options: options)
    } catch {
      problems += error.problems
    }
  }
}
