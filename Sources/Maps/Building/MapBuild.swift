import Dimensions
import Messages

/// One file that the maps consist of.
public struct MapFile: Sendable, Hashable {
  /// Path below the output folder, e.g. `supply_2024_provinces.geojson`.
  public let name: String
  public let bytes: [UInt8]

  package init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
  package init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}

/// Kinds of files that maps come in. The GIS project needs the GeoPackage and brings it along.
public enum MapFormat: String, CaseIterable, Sendable {
  case geojson, gpkg, qgs, svg, html
}

/// What the caller decides about maps.
public struct MapOptions: Sendable {
  /// Year of "now"; nil takes the last counted year.
  public var baseYear: Int?
  /// Years shown as the future; empty takes the last one and 2030 when it lies between.
  public var futureYears: [Int] = []
  /// 审图号. Nil until a map-review office has given one: never made up.
  public var approvalNumber: String?
  /// Who made the map, for the foot of pictures.
  public var producer: Bilingual?
  /// Names by region code, for aggregates and for English.
  public var names: [RegionCode: Bilingual] = [:]
  /// Names of scenarios, teams and hubs by their id; the id itself stands in for a missing one.
  public var labels: [String: Bilingual] = [:]
  /// Titles of sources by their id, which may be that of a hub, too.
  public var sources: [String: Bilingual] = [:]
  /// Classes of a measure, in place of the default.
  public var classing: [MapMeasure: Classing] = [:]
  /// Measures with maps of their own; the page always has every measure.
  public var measures = Set(MapMeasure.allCases)
  public var formats = Set(MapFormat.allCases)
  /// Scenario of single maps; nil takes the first one. The page always has every scenario.
  public var scenario: String?
  /// Of the GIS project's layers, groups, legends and labels; nil gives both.
  public var language: Language?
  /// What draws the map page; nil makes a page of still pictures.
  public var library: GraphicsLibrary?
  /// What is being counted, for titles: 知识产权人才.
  public var subject = Bilingual(zh: "知识产权人才", en: "IP talent")
  /// The whole that the maps' places are parts of; nil takes what the boundaries say their regions are parts of.
  public var nation: RegionCode?
  /// Credit of the boundaries, in place of what their files say.
  public var credit: String?

  public init() {}

  /// Whether maps of these boundaries need a review and have none.
  public func isUnreviewed(_ boundaries: Boundaries) -> Bool {
    approvalNumber == nil && (nation?.text ?? boundaries.nation) == Boundaries.china
  }

  /// Calls a source by its title. One that has no English title keeps its id on English maps.
  public mutating func name(source id: String, _ title: Bilingual) {
    let isHan = title.en.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    sources[id] = Bilingual(zh: title.zh, en: isHan ? id : title.en)
  }
}

/// Everything that is settled once before any map is drawn.
package struct MapBuild: Sendable {
  package let boundaries: Boundaries
  package let table: MapTable
  package let options: MapOptions
  /// The whole that the places are parts of; empty when nothing says what.
  package let nation: String
  package let futureYears: [Int]
  package let classes: [MapMeasure: Classes]

  package init(_ cells: [ResultCell], _ boundaries: Boundaries, _ options: MapOptions) {
    let table = MapTable(cells, baseYear: options.baseYear, areas: boundaries.publishedAreas)
    var options = options
    options.subject = options.subject.printable
    options.producer = options.producer?.printable
    options.names = options.names.mapValues(\.printable)
    options.labels = options.labels.mapValues(\.printable)
    options.sources = options.sources.mapValues(\.printable)
    (self.boundaries, self.table, self.options) = (boundaries, table, options)
    nation = options.nation?.text ?? boundaries.nation
    let later = options.futureYears.isEmpty ? [2030, table.years.last ?? 0] : options.futureYears
    futureYears = Set(later.filter { table.years.contains($0) && $0 > table.baseYear }).sorted()
    var codes: [String] = []
    for region in boundaries.views.flatMap(\.regions) where !codes.contains(region.code) { codes.append(region.code) }
    classes = Dictionary(
      uniqueKeysWithValues: MapMeasure.allCases.map { ($0, Self.classes($0, table, codes, options)) })
  }

  /// Supply and demand share their classes, so that a map pair compares.
  private static func classes(
    _ measure: MapMeasure, _ table: MapTable, _ codes: [String], _ options: MapOptions
  ) -> Classes {
    let together: [MapMeasure] =
      switch measure {
      case .supply, .demand: [.supply, .demand]
      case .supplyChange, .demandChange: [.supplyChange, .demandChange]
      default: [measure]
      }
    let values = together.flatMap { table.all($0, of: codes) }
    if let chosen = options.classing[measure] { return .sequential(values.map(\.value), chosen) }
    switch measure {
    case .gap: return .diverging(values.map(\.value), halfWidths: values.compactMap(\.halfWidth))
    case .adequacy:
      return Classes(
        method: Classing.manual([]).name, breaks: [0.8, 0.95, 1.05, 1.25],
        colours: [0, 2, 4, 6, 8].map { shortToSurplus[$0] })
    case .supplyChange, .demandChange: return .sequential(values.map(\.value), .pretty(5))
    case .supply, .demand, .density: return .sequential(values.map(\.value))
    }
  }

  /// At least half of the regions have a value; the others are shown as having none.
  package func hasData(_ view: Boundaries.View) -> Bool {
    2 * view.regions.count { !table.all(.supply, of: [$0.code]).isEmpty } >= view.regions.count
  }

  package func unit(_ measure: MapMeasure) -> Bilingual {
    let stock =
      switch table.unit {
      case "人年"?: Bilingual(zh: "人年", en: "person-years (FTE)")
      default: Bilingual(zh: "人", en: "persons")
      }
    return measure.unit(of: stock)
  }

  package func label(_ id: String) -> Bilingual {
    if let label = options.labels[id] { return label }
    switch id {
    case "total": return Bilingual(zh: "合计", en: "All")
    case "baseline": return Bilingual(zh: "基准情景", en: "Baseline")
    default: return Bilingual(zh: id, en: id)
    }
  }

  /// What a hub is called: its label, else the name of the region that stands for it.
  package func hubName(_ hub: String) -> Bilingual {
    if let label = options.labels[hub] { return label }
    guard let code = table.hubRegions[hub] else { return Bilingual(zh: hub, en: hub) }
    return regionName(code)
  }

  package func regionName(_ code: String) -> Bilingual {
    if let name = options.names[RegionCode(code)] { return name }
    if let region = boundaries.views.lazy.flatMap(\.regions).first(where: { $0.code == code }) { return region.name }
    let name = table.regionNames[code] ?? code
    if code == Boundaries.china { return Bilingual(zh: "全国", en: "China") }
    return Bilingual(zh: name, en: name)
  }

  package func title(_ view: Boundaries.View) -> Bilingual {
    if view.isChina { return Bilingual(zh: "全国省级单位", en: "Provinces of China") }
    if view.isNational {
      if let title = view.fileTitle { return title }
      let name = nation.isEmpty ? nil : Optional(regionName(nation))
      guard let name, name.zh != nation else { return Bilingual(zh: "各地区", en: "Regions") }
      return Bilingual(zh: "\(name.zh)各地区", en: "Regions of \(name.en)")
    }
    let hub = hubName(view.hub)
    let isCity = view.regions.contains { $0.level == "city" || $0.level == "sar" } && view.level != "district"
    // A hub without an English name: the boundary file's own title is better than Chinese in an English map.
    let file = hub.en == hub.zh ? view.fileTitle?.en : nil
    return isCity
      ? Bilingual(zh: "\(hub.zh)各市", en: file ?? "Cities of \(hub.en)")
      : Bilingual(zh: "\(hub.zh)各区", en: file ?? "Districts of \(hub.en)")
  }

  /// Whether Chinese rules on maps hold: review and its notice.
  package var isOfChina: Bool { nation == Boundaries.china }
  package var isUnreviewed: Bool { options.isUnreviewed(boundaries) }

  package func credit(_ view: Boundaries.View) -> String { options.credit ?? view.credit(boundaries.overlayAttribution) }

  package var notice: Bilingual {
    guard isOfChina else { return Bilingual(zh: "", en: "") }
    if let number = options.approvalNumber { return Bilingual(zh: "审图号：\(number)", en: "Map approval number: \(number)") }
    return Bilingual(zh: "内部用图，未经地图审核", en: "For internal use only; not submitted to map review")
  }

  package static let boundaryNotice = Bilingual(
    zh: "边界仅用于统计展示，不作为行政区域界线或权属的依据。",
    en: "Boundaries are for statistical display only and express no opinion on any boundary or territory.")
}
