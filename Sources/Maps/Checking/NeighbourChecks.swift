import Messages

/// Regions beside each other: those of one time may not overlap, nor leave slivers between them.
extension MapCheck {
  /// Narrower is the rounding of coordinates. Metres.
  private static let narrow = 1.0
  /// Wider is water. Degrees, about 30 m.
  private static let wide = 0.0003

  mutating func checkNeighbours() {
    var groups: [(key: String, members: [Int])] = []
    for (i, feature) in collection.features.enumerated() where shapes[i] != nil && feature.geometry?.polygons.isEmpty == false {
      guard feature.code != nil else { continue }
      let key = ["scenario", "measure", "year", "period", "team", "industry"].map { feature[property: $0]?.text ?? "" }.joined(separator: "|")
      if let g = groups.lastIndex(where: { $0.key == key }) { groups[g].members.append(i) } else { groups.append((key, [i])) }
    }
    var judged: [[Geometry?]] = []
    for (_, members) in groups {
      let outlines = members.map { collection.features[$0].geometry }
      if judged.contains(outlines) { continue }
      judged.append(outlines)
      checkNeighbours(members)
    }
  }

  private mutating func checkNeighbours(_ members: [Int]) {
    let boxes = members.map { collection.features[$0].geometry?.box ?? .empty }
    let open = openEdges(members)
    for (a, i) in members.enumerated() {
      for (b, j) in members.enumerated() where b > a && boxes[a].grown(by: Self.wide).meets(boxes[b]) {
        if collection.features[i].code == collection.features[j].code || isNested(i, j) { continue }
        guard let first = shapes[i], let second = shapes[j] else { continue }
        if first.meets(second), let common = first.intersection(second), tellOverlap(i, j, common) { continue }
        let frame = boxes[a].grown(by: Self.wide), other = boxes[b].grown(by: Self.wide)
        let ours = open[a].filter { Box(around: $0).meets(other) }, theirs = open[b].filter { Box(around: $0).meets(frame) }
        if !ours.isEmpty, !theirs.isEmpty { tellSlivers(i, j, ours, theirs) }
      }
    }
  }

  /// One is a part of the other, by its parents or, when nothing says what it is a part of, by another level.
  private func isNested(_ i: Int, _ j: Int) -> Bool {
    let (a, b) = (collection.features[i], collection.features[j])
    func parent(_ feature: Feature) -> String {
      let own = feature[property: "parent_code"]?.string ?? ""
      return own.isEmpty ? feature.code.flatMap { known.byCode[$0]?.parent } ?? "" : own
    }
    func isPart(_ part: Feature, of whole: Feature) -> Bool {
      var (code, seen) = (parent(part), Set<String>())
      while !code.isEmpty, seen.insert(code).inserted {
        if code == whole.code { return true }
        code = known.byCode[code]?.parent ?? ""
      }
      return false
    }
    if isPart(a, of: b) || isPart(b, of: a) { return true }
    return parent(a).isEmpty && parent(b).isEmpty && a[property: "level"] != b[property: "level"]
  }

  /// Each member's edges that no other member shares.
  private func openEdges(_ members: [Int]) -> [[[Point]]] {
    struct Edge: Hashable { let a, b: Point }
    func edge(_ a: Point, _ b: Point) -> Edge { (a.x, a.y) < (b.x, b.y) ? Edge(a: a, b: b) : Edge(a: b, b: a) }
    var uses: [Edge: Int] = [:]
    let rings = members.map { collection.features[$0].geometry?.polygons.flatMap(\.rings) ?? [] }
    for ring in rings.joined() { for (a, b) in zip(ring, ring.dropFirst()) { uses[edge(a, b), default: 0] += 1 } }
    return rings.map { rings in
      rings.flatMap { ring in
        zip(ring, ring.dropFirst()).compactMap { a, b in a != b && uses[edge(a, b)] == 1 ? [a, b] : nil }
      }
    }
  }

  /// - Returns: whether there was one to tell.
  private mutating func tellOverlap(_ i: Int, _ j: Int, _ common: GEOSShape) -> Bool {
    guard common.area > 0, let place = common.inside, let (first, second) = names(i, j) else { return false }
    let size = squareKilometres(common.area, at: place.y)
    guard size * 2e6 >= Self.narrow * metres(along: common.geometry.polygons.flatMap(\.rings)) else { return false }
    tell(
      i, "map.overlap", .warning,
      Bilingual(
        zh: "\(first) 与 \(second) 重叠约 \(areaText(size))，在 \(shown(place)) 一带。",
        en: "\(first) and \(second) overlap by about \(areaText(size)), at \(shown(place))."),
      hint: Bilingual(zh: "相邻区域应共用同一条边界。", en: "Neighbours should share one border."))
    return true
  }

  /// Strips between open edges that run beside each other. An inlet, which begins where two regions part and widens to
  /// open water, is none.
  private mutating func tellSlivers(_ i: Int, _ j: Int, _ ours: [[Point]], _ theirs: [[Point]]) {
    guard let first = shapes[i], let second = shapes[j], let (a, b) = names(i, j),
      let near = context.lines(theirs)?.dissolved()?.buffered(Self.wide),
      let sides = context.lines(ours)?.intersection(near)?.merged()
    else { return }
    for side in sides.members where side.length > 10 * Self.wide {
      let line = side.geometry.lines.first ?? []
      let ends = [line.first, line.last].compactMap(\.self).map { context.shape(Box(around: [$0]))?.isWithin(1e-9, of: second) ?? false }
      guard ends.count == 2, ends[0] == ends[1], let strip = side.buffered(Self.wide)?.intersection(near)?.difference(first)?.difference(second),
        strip.area > 0,
        let place = side.halfway
      else { continue }
      let size = squareKilometres(strip.area, at: place.y), length = metres(along: side.geometry.lines)
      let width = size * 1e6 / max(length, 1)
      guard width >= Self.narrow else { continue }
      tell(
        i, "map.gap", .warning,
        Bilingual(
          zh: "\(a) 与 \(b) 之间有一条约 \(areaText(size)) 的缝隙（宽约 \(lengthText(width))，长约 \(lengthText(length))），在 \(shown(place)) 一带。",
          en:
            "Between \(a) and \(b) a sliver of about \(areaText(size)) is left open (\(lengthText(width)) wide, \(lengthText(length)) long), at \(shown(place))."
        ),
        hint: Bilingual(zh: "相邻区域应共用同一条边界。", en: "Neighbours should share one border."))
    }
  }

  private func names(_ i: Int, _ j: Int) -> (String, String)? {
    guard let a = collection.features[i].code, let b = collection.features[j].code else { return nil }
    return (a, b)
  }
}
