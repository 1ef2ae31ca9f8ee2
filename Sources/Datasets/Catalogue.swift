import Dimensions
import Foundation
import Messages
import Tables

/// Every data package of a folder, read and checked: the only door through which figures enter a run.
public struct Catalogue: Sendable {
  public let directory: String
  /// In name order.
  public let packages: [DataPackage]
  /// By package, file and line.
  public let observations: [Observation]
  /// In id order; an indicator used by several packages appears once.
  public let indicators: [Indicator]
  /// In id order.
  public let sources: [Source]
  /// As the `regions` resources list them.
  public let regions: [Region]
  public let conflicts: [Conflict]
  public let breaks: [DefinitionBreak]
  /// Bytes and fingerprint of every file read, by path from the folder's own name on (`Datasets/…`).
  public let fileHashes: [String: FileHash]
  /// What is not wrong but worth a look.
  public let warnings: [Problem]

  private let contents: [String: PackageContents]
  /// By indicator; made once, because models ask for the same ones again and again.
  private let panels: [String: Panel]
  private let homes: [String: [String]]

  /// - Throws: `ProblemReport`: `.missingInput` when the folder cannot be read, else `.badData` with every
  ///   error of every package at once.
  public init(directory: String) throws(ProblemReport) {
    let loader = try CatalogueLoader(directory: directory, reference: nil)
    let errors = loader.problems.filter { $0.severity == .error }
    guard errors.isEmpty else { throw ProblemReport(.badData, errors) }
    self.init(loader)
  }

  init(_ loader: CatalogueLoader) {
    directory = loader.directory
    packages = loader.contents.map(\.package)
    observations = loader.observations
    indicators = loader.indicators.values.sorted { $0.id < $1.id }
    sources = loader.sources.values.sorted { $0.id < $1.id }
    regions = loader.contents.flatMap(\.regions)
    conflicts = loader.conflicts
    breaks = loader.breaks
    warnings = loader.problems.filter { $0.severity != .error }
    fileHashes = loader.fileHashes
    contents = Dictionary(loader.contents.map { ($0.package.name, $0) }) { first, _ in first }
    let (byIndicator, breaks) = (Dictionary(grouping: loader.observations, by: \.indicator), breaks)
    panels = Dictionary(
      indicators.map { ($0.id, Panel($0, observations: byIndicator[$0.id] ?? [], breaks: breaks)) }, uniquingKeysWith: { first, _ in first })
    homes = Dictionary(
      grouping: loader.contents.flatMap { package in package.indicators.map { ($0.id, package.package.name) } }, by: \.0
    ).mapValues { $0.map(\.1).sorted() }
  }

  /// All figures of one indicator.
  /// - Throws: `ProblemReport` (bad configuration) when there is no such indicator, with the nearest spelling.
  public func panel(_ indicator: String) throws(ProblemReport) -> Panel {
    if let panel = panels[indicator] { return panel }
    return Panel(try self.indicator(indicator), observations: [], breaks: breaks)
  }

  /// What an indicator measures; throws as `panel` does.
  public func indicator(_ id: String) throws(ProblemReport) -> Indicator {
    if let indicator = indicators.first(where: { $0.id == id }) { return indicator }
    let near = nearest(id, among: indicators.map(\.id))
    throw ProblemReport(
      .badConfiguration,
      [
        Problem(
          "data.unknown-indicator", path: id,
          message: Bilingual(zh: "没有指标“\(id)”", en: "there is no indicator '\(id)'"),
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
            ?? Bilingual(zh: "用 talentcast data list 查看全部指标", en: "talentcast data list shows them all"))
      ])
  }

  /// Names of the packages that define an indicator, in name order.
  public func packages(of indicator: String) -> [String] { homes[indicator] ?? [] }

  /// Indicators that are to be added, spliced or compared with each other.
  ///
  /// - Throws: `ProblemReport` (bad data) unless they share concept, unit, scope and timing.
  public func comparablePanels(_ ids: [String]) throws(ProblemReport) -> [Panel] {
    var panels: [Panel] = []
    for id in ids { panels.append(try panel(id)) }
    guard let first = panels.first?.definition else { return [] }
    var problems: [Problem] = []
    for other in panels.dropFirst().map(\.definition) {
      let differences: [(zh: String, en: String, a: String, b: String)] = [
        ("概念", "concept", first.concept, other.concept), ("单位", "unit", first.unit, other.unit),
        ("统计范围", "scope", first.scope, other.scope), ("时点", "timing", first.timing, other.timing),
      ]
      for difference in differences where difference.a != difference.b {
        problems.append(
          Problem(
            "data.concepts-mixed", path: other.id,
            message: Bilingual(
              zh: "\(first.id) 与 \(other.id) 的\(difference.zh)不同（\(difference.a)、\(difference.b)），不能相加或比较",
              en: "\(first.id) and \(other.id) differ in \(difference.en) (\(difference.a), \(difference.b)): not to be added or compared")
          ))
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    return panels
  }

  /// A resource that is not a list of observations, e.g. the retirement schedule.
  /// - Throws: `ProblemReport` (bad configuration) when package or resource do not exist.
  public func rows(package: String, resource: String) throws(ProblemReport) -> Table {
    guard let found = contents[package] else {
      throw unknown("data.unknown-package", package, among: packages.map(\.name), zh: "没有数据包", en: "there is no package")
    }
    guard let table = found.tables[resource] else {
      throw unknown(
        "data.unknown-resource", resource, among: found.tables.keys.sorted(), zh: "数据包 \(package) 没有表",
        en: "package \(package) has no table")
    }
    return table
  }

  private func unknown(_ code: String, _ name: String, among: [String], zh: String, en: String) -> ProblemReport {
    let near = nearest(name, among: among)
    return ProblemReport(
      .badConfiguration,
      [
        Problem(
          code, path: name, message: Bilingual(zh: "\(zh)“\(name)”", en: "\(en) '\(name)'"),
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
            ?? Bilingual(zh: "现有：\(among.joined(separator: "、"))", en: "at hand: \(among.joined(separator: ", "))"))
      ])
  }
}
