import Messages

/// What 《公开地图内容表示规范》 asks of a map of the whole country: every province-level unit, by its name and at its
/// level, with all of its territory. The reference is the known outlines; a file with twenty of them is such a map.
extension MapCheck {
  /// Islands further than this from everything drawn are missing; nearer ones are left to generalisation. Degrees.
  private static let remote = 1.0
  /// A piece that holds a circle of this radius is territory, not a coarser line. Degrees.
  private static let deep = 0.2

  mutating func checkNation() {
    let units = known.provinces
    var drawn: [String: Int] = [:]
    for (i, feature) in collection.features.enumerated() {
      if let code = feature.code, drawn[code] == nil { drawn[code] = i }
    }
    let present = units.compactMap { unit in drawn[unit.code].map { (unit, $0) } }
    guard present.count >= 20 else { return }
    let missing = units.filter { drawn[$0.code] == nil }
    if !missing.isEmpty {
      findings.add(
        "map.china-incomplete", at: 0, path: "/features",
        Bilingual(
          zh: "全国图缺少：\(missing.map(\.nameZh).joined(separator: "、"))。",
          en: "The map of China lacks: \(missing.map(\.nameEn).joined(separator: ", "))."),
        hint: Bilingual(zh: "没有数据的单元也要画出，标为“无数据”。", en: "Draw units without data too, marked as such."))
    }
    for (unit, i) in present {
      checkLevel(unit, i)
      checkNames(unit, i)
    }
    checkTerritory(present)
  }

  private mutating func checkLevel(_ unit: KnownRegion, _ i: Int) {
    let feature = collection.features[i]
    if let level = feature[property: "level"]?.string, !level.isEmpty, level != unit.level {
      findings.add(
        "map.china-level", at: offsets[i], path: "/features/\(i)/properties/level",
        Bilingual(
          zh: "全国图上 \(unit.nameZh)（\(unit.code)）的级别应为 \(unit.level)，这里是 \(level)。",
          en: "On a map of China \(unit.nameEn) (\(unit.code)) is of level \(unit.level), not \(level)."))
    }
    if let parent = feature[property: "parent_code"]?.string, parent != unit.parent {
      findings.add(
        "map.china-level", at: offsets[i], path: "/features/\(i)/properties/parent_code",
        Bilingual(
          zh: "全国图上 \(unit.nameZh)（\(unit.code)）属于 \(unit.parent)，这里是“\(parent)”。",
          en: "On a map of China \(unit.nameEn) (\(unit.code)) belongs to \(unit.parent), not \"\(parent)\"."))
    }
  }

  /// Short forms are right: they are part of the whole name.
  private mutating func checkNames(_ unit: KnownRegion, _ i: Int) {
    for property in ["name", "name_zh", "name_en"] {
      guard let name = collection.features[i][property: property]?.string, !name.isEmpty,
        known.names[unit.code]?.contains(where: { $0.contains(name) }) == false
      else { continue }
      findings.add(
        "map.china-name", at: offsets[i], path: "/features/\(i)/properties/\(property)",
        Bilingual(
          zh: "全国图上 \(unit.code) 的名称应为“\(unit.nameZh)”，这里写作“\(name)”。",
          en: "On a map of China \(unit.code) is called \"\(unit.nameEn)\", not \"\(name)\"."))
    }
  }

  private mutating func checkTerritory(_ present: [(unit: KnownRegion, feature: Int)]) {
    var whole: GEOSShape?
    for (unit, i) in present {
      guard let right = unit.geometry, collection.features[i].geometry != right, let reference = context.shape(right) else { continue }
      guard let shape = shapes[i] else { continue }
      let remote = right.polygons.filter { polygon in
        context.shape([polygon]).map { !$0.isWithin(Self.remote, of: shape) } ?? false
      }
      let lacking = reference.difference(shape)
      let isDeep = lacking?.buffered(-Self.deep).map { !$0.isEmpty } ?? false
      guard isDeep || !remote.isEmpty else { continue }
      whole = whole ?? context.all(shapes.compactMap(\.self))?.dissolved()
      guard let whole else { continue }
      if isDeep { tellTerritory(unit, i, lacking?.difference(whole)) }
      let gone = remote.filter { polygon in context.shape([polygon]).map { !$0.isWithin(Self.remote, of: whole) } ?? false }
      if let first = gone.first?.rings.first?.first { tellIslands(unit, i, gone.count, first) }
    }
  }

  private mutating func tellTerritory(_ unit: KnownRegion, _ i: Int, _ lacking: GEOSShape?) {
    for piece in lacking?.members ?? [] {
      guard let core = piece.buffered(-Self.deep), !core.isEmpty, let place = core.inside else { continue }
      let size = areaText(squareKilometres(piece.area, at: place.y))
      tell(
        i, "map.china-territory", .error,
        Bilingual(
          zh: "全国图上 \(unit.nameZh)（\(unit.code)）缺少约 \(size)，在 \(shown(place)) 一带。",
          en: "On this map of China \(unit.nameEn) (\(unit.code)) lacks about \(size), at \(shown(place))."),
        hint: Bilingual(zh: "全国图须完整表示国家领土。", en: "A map of the country shows its whole territory."))
    }
  }

  private mutating func tellIslands(_ unit: KnownRegion, _ i: Int, _ count: Int, _ place: Point) {
    tell(
      i, "map.china-islands", .error,
      Bilingual(
        zh: "全国图上 \(unit.nameZh)（\(unit.code)）缺少 \(count) 处岛屿，如 \(shown(place)) 一带。",
        en: "On this map of China \(count) of the islands of \(unit.nameEn) (\(unit.code)) are missing, such as those at \(shown(place))."),
      hint: Bilingual(zh: "南海诸岛等岛屿须画出，也可放在附图中。", en: "Islands far from the coast are drawn too, if need be in an inset."))
  }
}
