import ArgumentParser
import Datasets
import Foundation
import Messages

struct DataFreezeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "更新数据包的校验值 · Renew the checksums of data packages",
    discussion: """
      改动数据文件之后运行：datapackage.json 中的大小和校验值按现在的文件更新，其余一字不动。
      Run it after changing a data file: sizes and checksums in datapackage.json are renewed, all else stays as it is.
      """)

  @Argument(help: "数据包或数据包目录 · A package or a folder of packages.")
  var path = "Datasets"

  @Flag(help: "只列出将要更新的文件 · Only list what would be renewed.")
  var dryRun = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.language
    try reporting(language) {
      let packages = try freezePackages(path)
      if !dryRun { try FileSet(packages.map { ($0.file, $0.text) }, force: true).write() }
      if common.json { return print(try jsonText(DataFreezeJSON(packages)), terminator: "") }
      for package in packages { for name in package.renewed { print("\(package.file)\t\(name)") } }
      let count = packages.reduce(0) { $0 + $1.renewed.count }
      say(
        count == 0
          ? Bilingual(zh: "\(packages.count) 个数据包均无须更新。", en: "\(packages.count) package(s): nothing to renew.")[language]
          : Bilingual(
            zh: "\(dryRun ? "将更新" : "已更新") \(count) 个文件的大小与校验值。",
            en: "\(dryRun ? "would renew" : "renewed") size and checksum of \(count) file(s).")[language])
    }
  }
}

struct DataFreezeJSON: Encodable {
  private struct Package: Encodable {
    let file: String
    let renewed: [String]
  }

  private let schema = "talentcast/data-freeze@1"
  private let packages: [Package]
  init(_ packages: [FrozenPackage]) { self.packages = packages.map { Package(file: $0.file, renewed: $0.renewed) } }
}
