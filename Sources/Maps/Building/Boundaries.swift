import Messages

/// The outlines that maps are drawn with, sorted into views: sets of regions shown together.
public struct Boundaries: Sendable {
  package struct Region: Sendable {
    package let code: String
    package let name: Bilingual
    package let level: String
    package let hub: String
    package let parent: String
    package let publishedArea: Double?
    package let geometry: Geometry
  }

  package struct View: Sendable {
    /// File-name safe, e.g. `provinces`, `gba_cities`, `beijing_districts`.
    package let id: String
    package let level: String
    /// Empty for a view that is not one hub's.
    package let hub: String
    package let regions: [Region]
    package let attribution: String
    package let license: String
    package let licenseURL: String?
    /// What the file calls itself.
    package let fileTitle: Bilingual?

    fileprivate func renamed(_ id: String) -> View {
      View(
        id: id, level: level, hub: hub, regions: regions, attribution: attribution, license: license,
        licenseURL: licenseURL, fileTitle: fileTitle)
    }

    /// What stands under a picture of this view.
    package func credit(_ overlay: String?) -> String {
      isChina ? [attribution, overlay ?? ""].filter { !$0.isEmpty }.joined(separator: "; ") : attribution
    }

    /// The parts of a whole rather than of a hub.
    package var isNational: Bool { hub.isEmpty }
    /// What most of the regions say they are parts of; empty when they do not.
    package var parent: String {
      let counts = regions.reduce(into: [String: Int]()) { $0[$1.parent, default: 0] += 1 }
      return counts.first { 2 * $0.value > regions.count }?.key ?? ""
    }
    /// The whole of China, which has a projection, an inset and lines of its own.
    package var isChina: Bool {
      guard isNational, regions.count >= 20 else { return false }
      return parent == Boundaries.china || parent.isEmpty && regions.allSatisfy { $0.code.count == 6 && $0.code.hasSuffix("0000") }
    }
    /// East of 180° where the view lies on both sides of the antimeridian.
    package var box: Box { Box(around: regions.flatMap(\.geometry.boxes)) }
  }

  /// The code of the nation in GB/T 2260.
  package static let china = "100000"

  package let views: [View]
  /// Lines drawn over the national view and in its inset.
  package let overlays: [Geometry]
  package let overlayAttribution: String?

  package var attribution: String {
    var seen: [String] = []
    for line in views.map(\.attribution) + [overlayAttribution ?? ""] where !line.isEmpty && !seen.contains(line) {
      seen.append(line)
    }
    return seen.joined(separator: "; ")
  }

  /// What the regions say they are parts of; that of GB/T 2260 for codes of its form; else empty.
  package var nation: String {
    if let parent = views.lazy.filter(\.isNational).map(\.parent).first(where: { !$0.isEmpty }) { return parent }
    let isGB = views.lazy.flatMap(\.regions).contains { $0.code.count == 6 && $0.code.allSatisfy { $0.isASCII && $0.isNumber } }
    return isGB ? Self.china : ""
  }

  package var publishedAreas: [String: Double] {
    views.flatMap(\.regions).reduce(into: [:]) { areas, region in
      if let area = region.publishedArea { areas[region.code] = area }
    }
  }

  /// - Parameter files: GeoJSON by file name, in the order in which their views shall stand; each
  ///   feature has `code` (or `adcode`) and a name (`name_zh`, `name_en`, or `name` for both), and may have `level`, `hub`, `parent_code`,
  ///   `area_km2_published`. Features of level `overlay` are lines to draw on top.
  /// - Throws: every error of every file (65).
  public init(files: [(name: String, bytes: [UInt8])]) throws(ProblemReport) {
    var (views, overlays, overlayAttribution) = ([View](), [Geometry](), String?.none)
    var problems: [Problem] = []
    for file in files {
      let reading = readGeoJSON(file.bytes, file: file.name)
      problems += checkMap(reading, neighbours: false, file: file.name).filter { $0.severity == .error }
      guard let collection = reading.collection else { continue }
      let lines = collection.features.filter { $0[property: "level"]?.string == "overlay" }
      overlays += lines.compactMap(\.geometry)
      if !lines.isEmpty { overlayAttribution = collection[member: "attribution"]?.string }
      for view in Self.views(collection, file: file.name) {
        let same = views.count { $0.id == view.id || $0.id.hasPrefix(view.id + "_") && $0.hub == view.hub }
        views.append(views.contains { $0.id == view.id } ? view.renamed("\(view.id)_\(same + 1)") : view)
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    guard views.contains(where: { !$0.regions.isEmpty }) else {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "map.no-regions", file: files.first?.name,
            message: Bilingual(zh: "边界文件中没有带 code 的区域。", en: "The boundary files hold no region with a code."))
        ])
    }
    (self.views, self.overlays, self.overlayAttribution) = (views, overlays, overlayAttribution)
  }

  private static func views(_ collection: FeatureCollection, file: String) -> [View] {
    var stem = file.split(separator: "/").last.map(String.init) ?? file
    for ending in [".geojson", ".json"] where stem.hasSuffix(ending) { stem.removeLast(ending.count) }
    let regions = collection.features.compactMap(region)
    var groups: [(hub: String, level: String, regions: [Region])] = []
    for region in regions {
      let hub = ["city", "district"].contains(region.level) || region.level == "sar" && !region.hub.isEmpty ? region.hub : ""
      let key = regions.contains { ["province", "country"].contains($0.level) } ? "" : hub
      if let i = groups.firstIndex(where: { $0.hub == key }) {
        groups[i].regions.append(region)
      } else {
        groups.append((key, region.level, [region]))
      }
    }
    return groups.map { group in
      View(
        id: groups.count == 1 ? stem : "\(group.hub.isEmpty ? stem : group.hub)_\(group.level)s", level: group.level,
        hub: group.hub, regions: group.regions.sorted { $0.code < $1.code },
        attribution: collection[member: "attribution"]?.string ?? "",
        license: collection[member: "license"]?.string ?? "", licenseURL: collection[member: "license_url"]?.string,
        fileTitle: groups.count == 1 ? title(collection) : nil)
    }
  }

  /// `title_zh` and `title_en`, or `title` for both.
  private static func title(_ collection: FeatureCollection) -> Bilingual? {
    let plain = collection[member: "title"]?.string
    let (zh, en) = (collection[member: "title_zh"]?.string ?? plain, collection[member: "title_en"]?.string ?? plain)
    return (zh ?? en).map { Bilingual(zh: zh ?? $0, en: en ?? $0).printable }
  }

  private static func region(_ feature: Feature) -> Region? {
    let level = feature[property: "level"]?.string ?? "region"
    guard let code = feature.code, level != "overlay", let geometry = feature.geometry?.settled else { return nil }
    let en = feature[property: "name_en"]?.string
    let zh = (feature[property: "name_zh"] ?? feature[property: "name"])?.string ?? en ?? code
    return Region(
      code: code, name: Bilingual(zh: zh, en: en ?? zh).printable, level: level,
      hub: feature[property: "hub"]?.string ?? "", parent: feature[property: "parent_code"]?.string ?? "",
      publishedArea: feature[property: "area_km2_published"]?.number, geometry: geometry)
  }
}
