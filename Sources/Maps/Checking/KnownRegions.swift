/// A region as our own boundary files know it.
package struct KnownRegion: Sendable, Hashable {
  package let code: String
  package let nameZh: String
  package let nameEn: String
  package let level: String
  package let geometry: Geometry?
}

/// The regions a map's codes, names and outlines are compared with.
package struct KnownRegions: Sendable {
  package let byCode: [String: KnownRegion]

  /// - Parameter layers: boundary files; when a code stands in several, the first one counts.
  package init(_ layers: [FeatureCollection]) {
    var byCode: [String: KnownRegion] = [:]
    for feature in layers.flatMap(\.features) {
      guard let code = feature.code, byCode[code] == nil, let zh = feature[property: "name_zh"]?.string else { continue }
      byCode[code] = KnownRegion(
        code: code, nameZh: zh, nameEn: feature[property: "name_en"]?.string ?? zh,
        level: feature[property: "level"]?.string ?? "", geometry: feature.geometry)
    }
    self.byCode = byCode
  }

  package var codes: [String] { byCode.keys.sorted() }
}
