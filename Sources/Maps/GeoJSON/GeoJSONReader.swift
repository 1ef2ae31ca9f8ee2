import Messages

/// What a GeoJSON file holds and everything that is wrong with it.
package struct GeoJSONReading: Sendable {
  /// Present when the text is JSON and its outer object is GeoJSON; faulty features have no geometry.
  package let collection: FeatureCollection?
  package let problems: [Problem]
  /// Byte offset of each feature, for checks that come later.
  let offsets: [Int]
  /// Which features say that they have no properties.
  let withoutProperties: [Int]
  let bytes: [UInt8]

  package var isValid: Bool { !problems.contains { $0.severity == .error } }
}

/// How far a reading looks into shapes.
package enum ShapeChecking: Sendable {
  /// Closed rings, winding, range.
  case structure
  /// Validity (OGC 06-103r4) too: crossings, holes and shells in their places.
  case validity
}

/// Reads GeoJSON (RFC 7946) and checks it: structure, types, closed and valid rings, winding,
/// coordinates in range, boxes, ids. What the standard forbids is an error; what it advises against
/// is a warning; every problem carries line, column and JSON pointer.
package func readGeoJSON(_ bytes: [UInt8], file: String? = nil, checking: ShapeChecking = .validity) -> GeoJSONReading {
  let document: JSONDocument
  do {
    document = try JSONDocument(bytes)
  } catch {
    return GeoJSONReading(
      collection: nil, problems: [error.problem(file: file, bytes: bytes)], offsets: [], withoutProperties: [], bytes: bytes)
  }
  var reader = GeoJSONReader(document)
  let collection = reader.readRoot()
  if checking == .validity { reader.checkValidity() }
  return GeoJSONReading(
    collection: collection, problems: reader.findings.problems(file: file, in: bytes),
    offsets: reader.offsets, withoutProperties: reader.withoutProperties, bytes: bytes)
}

/// The file as far as it can be read: open rings are closed, rings and parts that cannot be read are left out. Nil when
/// it is no GeoJSON.
func lenientCollection(_ bytes: [UInt8]) -> FeatureCollection? {
  do {
    var reader = GeoJSONReader(try JSONDocument(bytes), isLenient: true)
    return reader.readRoot()
  } catch {
    return nil
  }
}

private let geometryTypes = [
  "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
]

struct GeoJSONReader {
  var findings = Findings()
  private(set) var offsets: [Int] = []
  private(set) var withoutProperties: [Int] = []
  /// Shapes whose rings are closed and in range: their validity is judged at the end, all together.
  private(set) var placed: [[PlacedPolygon]] = []
  /// Boxes of such a file are not judged.
  private(set) var crossesAntimeridian = false
  private let document: JSONDocument

  private let isLenient: Bool

  init(_ document: JSONDocument, isLenient: Bool = false) { (self.document, self.isLenient) = (document, isLenient) }

  // MARK: Features

  mutating func readRoot() -> FeatureCollection? {
    let root = document.root
    if document.hasByteOrderMark {
      findings.add(
        "json.byte-order-mark", .warning, at: 0,
        Bilingual(zh: "文件以字节顺序标记（BOM）开头。", en: "The file begins with a byte order mark."),
        hint: Bilingual(zh: "RFC 8259 不允许 BOM，请另存为不带 BOM 的 UTF-8。", en: "RFC 8259 forbids it: save as UTF-8 without BOM."))
    }
    guard root.isObject else {
      findings.add(
        "geojson.root-not-object", at: root.offset,
        Bilingual(zh: "GeoJSON 文件的最外层必须是对象，这里是\(root.kindName.zh)。", en: "A GeoJSON file is an object, not \(root.kindName.en)."))
      return nil
    }
    guard let type = type(of: root, path: "") else { return nil }
    switch type {
    case "FeatureCollection": return collection(root)
    case "Feature":
      let feature = feature(root, path: "")
      return FeatureCollection(features: feature.map { [$0] } ?? [])
    case _ where geometryTypes.contains(type):
      offsets.append(root.offset)
      return FeatureCollection(features: [Feature(properties: [], geometry: geometry(root, path: ""))])
    default:
      unknownType(type, root, path: "", among: geometryTypes + ["Feature", "FeatureCollection"])
      return nil
    }
  }

  private mutating func collection(_ root: JSONElement) -> FeatureCollection? {
    let members = self.members(of: root, path: "")
    forbid(["coordinates", "geometries", "geometry", "properties"], in: members, of: "FeatureCollection", path: "")
    checkCRS(members["crs"])
    guard let list = members["features"] else {
      missing("features", in: "FeatureCollection", at: root.offset, path: "")
      return nil
    }
    guard list.isArray else {
      wrong("features", list, Bilingual(zh: "数组", en: "an array"), path: "/features")
      return nil
    }
    if let numbers = list.numbers, !numbers.isEmpty {
      findings.add(
        "geojson.feature-not-object", at: list.offset, path: "/features/0",
        Bilingual(zh: "features 的每一项必须是 Feature 对象。", en: "Every item of features must be a Feature object."))
    }
    var features: [Feature] = []
    for (i, element) in list.elements.enumerated() {
      if let feature = feature(element, path: "/features/\(i)") { features.append(feature) }
    }
    checkIDs(features)
    checkBox(members["bbox"], around: features.flatMap { $0.geometry?.boxes ?? [] }, path: "")
    let foreign = members.filter { !["type", "bbox", "features"].contains($0.name) }
    return FeatureCollection(
      members: foreign.map { JSONValue.Member($0.name, $0.value.value) }, features: features)
  }

  private mutating func feature(_ element: JSONElement, path: String) -> Feature? {
    guard element.isObject else {
      findings.add(
        "geojson.feature-not-object", at: element.offset, path: path,
        Bilingual(zh: "features 的每一项必须是 Feature 对象。", en: "Every item of features must be a Feature object."))
      return nil
    }
    guard let type = type(of: element, path: path) else { return nil }
    guard type == "Feature" else {
      unknownType(type, element, path: path, among: ["Feature"])
      return nil
    }
    let members = self.members(of: element, path: path)
    forbid(["coordinates", "geometries", "features"], in: members, of: "Feature", path: path)
    if let id = members["id"], !id.isString, !id.isNumber {
      wrong("id", id, Bilingual(zh: "文本或数值", en: "a string or a number"), path: path + "/id")
    }
    if members["properties"] == nil { missing("properties", in: "Feature", at: element.offset, path: path) }
    if let properties = members["properties"], !properties.isObject, !properties.isNull {
      wrong("properties", properties, Bilingual(zh: "对象或 null", en: "an object or null"), path: path + "/properties")
    }
    if let properties = members["properties"], properties.isObject { checkDuplicates(properties, path: path + "/properties") }
    var shape: Geometry?
    if let value = members["geometry"] {
      if !value.isNull { shape = geometry(value, path: path + "/geometry") }
    } else {
      missing("geometry", in: "Feature", at: element.offset, path: path)
    }
    checkBox(members["bbox"], around: shape?.boxes ?? [], path: path)
    if members["properties"]?.isNull == true { withoutProperties.append(offsets.count) }
    var properties: [JSONValue.Member] = []
    if case .object(let list) = members["properties"]?.value ?? .null { properties = list }
    offsets.append(element.offset)
    let id = members["id"].flatMap { $0.isString || $0.isNumber ? $0.value : nil }
    return Feature(id: id, properties: properties, geometry: shape)
  }

  // MARK: Geometry

  private mutating func geometry(_ element: JSONElement, path: String, depth: Int = 0) -> Geometry? {
    guard element.isObject else {
      findings.add(
        "geojson.geometry-not-object", at: element.offset, path: path,
        Bilingual(zh: "几何必须是对象，这里是\(element.kindName.zh)。", en: "A geometry is an object, not \(element.kindName.en)."))
      return nil
    }
    guard let type = type(of: element, path: path) else { return nil }
    guard geometryTypes.contains(type) else {
      unknownType(type, element, path: path, among: geometryTypes)
      return nil
    }
    let members = self.members(of: element, path: path)
    let misplaced = ["geometry", "properties", "features"] + (type == "GeometryCollection" ? ["coordinates"] : ["geometries"])
    forbid(misplaced, in: members, of: type, path: path)
    if type == "GeometryCollection" {
      let shapes = geometries(members["geometries"], of: element, path: path, depth: depth)
      checkBox(members["bbox"], around: shapes?.boxes ?? [], path: path)
      return shapes
    }
    guard let coordinates = members["coordinates"] else {
      missing("coordinates", in: type, at: element.offset, path: path)
      return nil
    }
    guard coordinates.isArray else {
      wrong("coordinates", coordinates, Bilingual(zh: "数组", en: "an array"), path: path + "/coordinates")
      return nil
    }
    if coordinates.count == 0, type.hasPrefix("Multi") || type == "Polygon" {
      findings.add(
        "geojson.empty-geometry", .warning, at: coordinates.offset, path: path + "/coordinates",
        Bilingual(zh: "几何是空的：没有坐标。", en: "The geometry is empty: it has no coordinates."),
        hint: Bilingual(zh: "没有形状时写 \"geometry\": null。", en: "Write \"geometry\": null where there is no shape."))
    }
    let shape = shape(type, coordinates, path: path + "/coordinates")
    checkBox(members["bbox"], around: shape?.boxes ?? [], path: path)
    return shape
  }

  private mutating func geometries(
    _ list: JSONElement?, of element: JSONElement, path: String, depth: Int
  ) -> Geometry? {
    guard let list else {
      missing("geometries", in: "GeometryCollection", at: element.offset, path: path)
      return nil
    }
    guard list.isArray else {
      wrong("geometries", list, Bilingual(zh: "数组", en: "an array"), path: path + "/geometries")
      return nil
    }
    if depth > 0 {
      findings.add(
        "geojson.nested-collection", .warning, at: element.offset, path: path,
        Bilingual(zh: "GeometryCollection 不宜嵌套（RFC 7946 §3.1.8）。", en: "GeometryCollections should not be nested (RFC 7946 §3.1.8)."))
    }
    if list.count == 1 {
      findings.add(
        "geojson.single-collection", .warning, at: element.offset, path: path,
        Bilingual(zh: "只含一个几何的 GeometryCollection 应改用单一几何。", en: "A GeometryCollection of one should be that geometry itself."))
    }
    if list.numbers != nil {
      findings.add(
        "geojson.geometry-not-object", at: list.offset, path: path + "/geometries/0",
        Bilingual(zh: "几何必须是对象，这里是数值。", en: "A geometry is an object, not a number."))
    }
    var shapes: [Geometry] = []
    for (i, member) in list.elements.enumerated() {
      if let shape = geometry(member, path: "\(path)/geometries/\(i)", depth: depth + 1) { shapes.append(shape) }
    }
    return .collection(shapes)
  }

  private mutating func shape(_ type: String, _ coordinates: JSONElement, path: String) -> Geometry? {
    switch type {
    case "Point": return position(coordinates, path: path).map { .point($0) }
    case "MultiPoint": return line(coordinates, path: path, atLeast: 0).map { .multiPoint($0) }
    case "LineString": return line(coordinates, path: path, atLeast: 2).map { .lineString($0) }
    case "MultiLineString":
      return list(coordinates, path: path) { $0.line($1, path: $2, atLeast: 2) }.map { .multiLineString($0) }
    case "Polygon":
      guard let polygon = polygon(coordinates, path: path) else { return nil }
      keep([polygon])
      return .polygon(Polygon(polygon.rings.map(\.points)))
    default:
      guard let polygons = list(coordinates, path: path, { $0.polygon($1, path: $2) }) else { return nil }
      keep(polygons)
      return .multiPolygon(polygons.map { Polygon($0.rings.map(\.points)) })
    }
  }

  /// A ring with the place of its array, so that any of its positions can be pointed at.
  struct PlacedRing {
    let points: [Point]
    let element: JSONElement
    let path: String
    func dimension(of position: Int) -> Int { Int(element.document.nodes[element.index + 1 + position].count) }
    func offset(of position: Int) -> Int { Int(element.document.nodes[element.index + 1 + position].start) }
  }

  struct PlacedPolygon { let rings: [PlacedRing] }

  private mutating func keep(_ polygons: [PlacedPolygon]) {
    let inRange = polygons.allSatisfy { $0.rings.allSatisfy { isInRange($0.points) && longEdge($0.points) == nil } }
    if inRange { placed.append(polygons) }
  }

  private func isInRange(_ points: [Point]) -> Bool { points.allSatisfy { abs($0.x) <= 180 && abs($0.y) <= 90 } }

  private mutating func list<T>(
    _ element: JSONElement, path: String, _ read: (inout GeoJSONReader, JSONElement, String) -> T?
  ) -> [T]? {
    guard nested(element, path: path) else { return nil }
    var (items, whole) = ([T](), true)
    for (i, child) in element.elements.enumerated() {
      if let item = read(&self, child, "\(path)/\(i)") { items.append(item) } else { whole = false }
    }
    return whole || isLenient ? items : nil
  }

  private mutating func polygon(_ element: JSONElement, path: String) -> PlacedPolygon? {
    guard
      var rings = list(
        element, path: path,
        { reader, child, path -> PlacedRing? in
          reader.line(child, path: path, atLeast: reader.isLenient ? 3 : 4, ring: true).map { PlacedRing(points: $0, element: child, path: path) }
        })
    else { return nil }
    if isLenient {
      rings = rings.map { ring in
        ring.points.first == ring.points.last
          ? ring : PlacedRing(points: ring.points + ring.points.prefix(1), element: ring.element, path: ring.path)
      }
      return PlacedPolygon(rings: rings)
    }
    var closed = true
    for (i, ring) in rings.enumerated() where !ring.points.isEmpty {
      if ring.points.first == ring.points.last, ring.dimension(of: 0) == ring.dimension(of: ring.points.count - 1) {
        if longEdge(ring.points) == nil { checkWinding(ring, exterior: i == 0) }
      } else {
        closed = false
        findings.add(
          "geojson.ring-not-closed", at: ring.offset(of: ring.points.count - 1),
          path: "\(ring.path)/\(ring.points.count - 1)",
          Bilingual(
            zh: "环没有闭合：首点 \(shown(ring.points[0]))，末点 \(shown(ring.points[ring.points.count - 1]))。",
            en: "The ring is not closed: it begins at \(shown(ring.points[0])) and ends at \(shown(ring.points[ring.points.count - 1]))."),
          hint: Bilingual(zh: "在末尾重复首点。", en: "Repeat the first position at the end."))
      }
    }
    return closed ? PlacedPolygon(rings: rings) : nil
  }

  /// True when the array holds arrays; numbers here mean that the file nests one level too few.
  private mutating func nested(_ element: JSONElement, path: String) -> Bool {
    guard element.isArray, element.numbers == nil else {
      let found = element.numbers == nil ? element.kindName : Bilingual(zh: "数值", en: "numbers")
      findings.add(
        "geojson.nesting", at: element.offset, path: path,
        Bilingual(zh: "这里应为坐标数组，却是\(found.zh)。", en: "Expected arrays of positions here, found \(found.en)."),
        hint: Bilingual(zh: "坐标的嵌套层数要与几何类型一致。", en: "The depth of nesting must fit the geometry type."))
      return false
    }
    return true
  }

  mutating func line(_ element: JSONElement, path: String, atLeast minimum: Int, ring: Bool = false) -> [Point]? {
    guard nested(element, path: path) else { return nil }
    var (points, whole) = ([Point](), true)
    points.reserveCapacity(element.count)
    var at = element.index + 1
    for i in 0..<element.count {
      let node = document.nodes[at]
      if node.kind == .numbers, node.count == 2 {
        let first = Int(node.first)
        let point = Point(document.numbers[first], document.numbers[first + 1])
        if abs(point.x) > 180 || abs(point.y) > 90 { outOfRange(point, at: Int(node.start), path: "\(path)/\(i)") }
        points.append(point)
      } else if let point = position(JSONElement(document: document, index: at), path: "\(path)/\(i)") {
        points.append(point)
      } else {
        whole = false
      }
      at = Int(node.next)
    }
    guard whole else { return nil }
    guard points.count >= minimum else {
      findings.add(
        ring ? "geojson.ring-too-short" : "geojson.line-too-short", at: element.offset, path: path,
        ring
          ? Bilingual(zh: "环至少要有 4 个点，这里有 \(points.count) 个。", en: "A ring has at least 4 positions; this one has \(points.count).")
          : Bilingual(zh: "线至少要有 2 个点，这里有 \(points.count) 个。", en: "A line has at least 2 positions; this one has \(points.count)."))
      return nil
    }
    if isInRange(points), let edge = longEdge(points) { tellCrossing(points[edge], points[edge + 1], of: element, edge, path: path) }
    return points
  }

  /// A warning here, because RFC 7946 §3.1.9 says "should"; on a map of regions it is an error.
  private mutating func tellCrossing(_ a: Point, _ b: Point, of element: JSONElement, _ edge: Int, path: String) {
    crossesAntimeridian = true
    let offset = edge < element.count ? Int(document.nodes[element.index + 1 + edge].start) : element.offset
    findings.add(
      "geojson.antimeridian", .warning, at: offset, path: "\(path)/\(edge)",
      Bilingual(
        zh: "从 \(shown(a)) 到 \(shown(b)) 的线越过了 180° 经线。",
        en: "The line from \(shown(a)) to \(shown(b)) crosses the antimeridian."),
      hint: Bilingual(
        zh: "在 ±180° 处切开，分为两部分（RFC 7946 §3.1.9）；talentcast map repair 可以代劳。",
        en: "Cut it at ±180° into two parts (RFC 7946 §3.1.9); talentcast map repair does it."))
  }

  private mutating func position(_ element: JSONElement, path: String) -> Point? {
    guard element.isArray else {
      findings.add(
        "geojson.position-not-array", at: element.offset, path: path,
        Bilingual(zh: "坐标点应为数组，这里是\(element.kindName.zh)。", en: "A position is an array, not \(element.kindName.en)."))
      return nil
    }
    guard let numbers = element.numbers else {
      let empty = element.count == 0
      findings.add(
        empty ? "geojson.position-too-short" : "geojson.coordinate-not-number", at: element.offset, path: path,
        empty
          ? Bilingual(zh: "坐标点是空的。", en: "The position is empty.")
          : Bilingual(zh: "坐标点的每一项必须是数值。", en: "Each element of a position must be a number."),
        hint: Bilingual(zh: "写成 [经度, 纬度]。", en: "Write [longitude, latitude]."))
      return nil
    }
    guard let x = numbers.first, let y = numbers.dropFirst().first else {
      findings.add(
        "geojson.position-too-short", at: element.offset, path: path,
        Bilingual(zh: "坐标点至少要有经度和纬度两个数值。", en: "A position needs at least a longitude and a latitude."))
      return nil
    }
    if numbers.count > 3 {
      findings.add(
        "geojson.position-too-long", .warning, at: element.offset, path: path,
        Bilingual(zh: "坐标点不宜超过三个数值（RFC 7946 §3.1.1）。", en: "A position should have no more than three elements (RFC 7946 §3.1.1)."))
    }
    if abs(x) > 180 || abs(y) > 90 { outOfRange(Point(x, y), at: element.offset, path: path) }
    return Point(x, y)
  }

  /// A warning here, because RFC 7946 names no limits; on a map of regions it is an error (`checkMap`).
  private mutating func outOfRange(_ point: Point, at offset: Int, path: String) {
    let swapped = abs(point.y) <= 180 && abs(point.x) <= 90
    findings.add(
      "geojson.out-of-range", .warning, at: offset, path: path,
      Bilingual(
        zh: "坐标 \(shown(point)) 超出经度 ±180°、纬度 ±90°。", en: "\(shown(point)) lies outside longitude ±180°, latitude ±90°."),
      hint: swapped
        ? Bilingual(zh: "经纬度可能颠倒：GeoJSON 先经度、后纬度。", en: "Longitude comes first in GeoJSON; the two look swapped.")
        : Bilingual(zh: "GeoJSON 使用 WGS 84 经纬度，不是投影坐标（米）。", en: "GeoJSON is in WGS 84 degrees, not in projected metres."))
  }

  func lineNumber(of offset: Int) -> Int { document.place(of: offset).line }

  func shown(_ point: Point) -> String { Maps.shown(point) }
}

/// Where a line crosses the antimeridian: an edge over more than half the globe, but for one from side to side of
/// the map, does so.
func longEdge(_ points: [Point]) -> Int? {
  zip(points, points.dropFirst()).enumerated().first { _, edge in
    abs(edge.1.x - edge.0.x) > 180 && min(abs(edge.0.x), abs(edge.1.x)) < 180
  }?.offset
}

/// A position as a message shows it.
func shown(_ point: Point) -> String { "[\(degrees(point.x)), \(degrees(point.y))]" }

func degrees(_ number: Double) -> String {
  var text = ByteText()
  text.append(number, decimals: 6)
  return String(decoding: text.bytes, as: UTF8.self)
}
