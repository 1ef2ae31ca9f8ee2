/// A region as our own boundary files know it.
package struct KnownRegion: Sendable, Hashable {
  package let code: String
  package let nameZh: String
  package let nameEn: String
  package let level: String
  package let parent: String
  package let geometry: Geometry?
}

/// The regions a map's codes, names and outlines are compared with.
package struct KnownRegions: Sendable {
  package let byCode: [String: KnownRegion]
  /// Every name that the files give to a code.
  package let names: [String: Set<String>]

  /// - Parameter layers: boundary files; when a code stands in several, the first one counts.
  package init(_ layers: [FeatureCollection]) {
    var (byCode, names) = ([String: KnownRegion](), [String: Set<String>]())
    for feature in layers.flatMap(\.features) {
      guard let code = feature.code, let zh = feature[property: "name_zh"]?.string else { continue }
      names[code, default: []].formUnion([zh, feature[property: "name_en"]?.string ?? zh])
      if byCode[code] != nil { continue }
      byCode[code] = KnownRegion(
        code: code, nameZh: zh, nameEn: feature[property: "name_en"]?.string ?? zh,
        level: feature[property: "level"]?.string ?? "", parent: feature[property: "parent_code"]?.string ?? "", geometry: feature.geometry)
    }
    (self.byCode, self.names) = (byCode, names)
  }

  package var codes: [String] { byCode.keys.sorted() }

  /// The province-level units of GB/T 2260, which a map of the whole country shows all of.
  package var provinces: [KnownRegion] {
    codes.filter { $0.count == 6 && $0.hasSuffix("0000") && $0 != "100000" }.compactMap { byCode[$0] }
  }
}
