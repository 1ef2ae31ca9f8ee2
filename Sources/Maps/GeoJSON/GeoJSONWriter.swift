import Dispatch
import Synchronization

extension FeatureCollection {
  /// RFC 7946 text: exterior rings counter-clockwise and holes clockwise whatever they were, at most
  /// six decimals (0.1 m), `bbox`, no `crs`; one feature a line; same value, same bytes.
  package func geoJSON(decimals: Int = 6) -> [UInt8] {
    var writer = GeoJSONWriter(decimals: decimals)
    writer.write(self)
    return writer.text.bytes
  }
}

private struct GeoJSONWriter {
  let decimals: Int
  private(set) var text = ByteText()

  init(decimals: Int) { self.decimals = decimals }

  mutating func write(_ collection: FeatureCollection) {
    text.append("{\"type\":\"FeatureCollection\"" as StaticString)
    for member in collection.members {
      text.append(",\n" as StaticString)
      text.append(quoted: member.name)
      text.append(":" as StaticString)
      text.append(member.value)
    }
    let box = Box(onTheGlobe: collection.boxes)
    if box.south <= box.north {
      text.append(",\n\"bbox\":[" as StaticString)
      for (i, side) in [box.west, box.south, box.east, box.north].enumerated() {
        if i > 0 { text.append(byte: UInt8(ascii: ",")) }
        text.append(side, decimals: decimals)
      }
      text.append("]" as StaticString)
    }
    text.append(",\n\"features\":[" as StaticString)
    text.append(features(of: collection))
    text.append("\n]}\n" as StaticString)
  }

  /// Long lists are written in parts on every core; the parts do not depend on their number.
  private func features(of collection: FeatureCollection) -> [[UInt8]] {
    let size = 64, parts = (collection.features.count + size - 1) / size
    let written = Mutex([[UInt8]](repeating: [], count: parts))
    @Sendable func part(_ index: Int) {
      var writer = GeoJSONWriter(decimals: decimals)
      for i in index * size..<min((index + 1) * size, collection.features.count) {
        writer.text.append(i == 0 ? "\n" : ",\n" as StaticString)
        writer.write(collection.features[i])
      }
      let bytes = writer.text.bytes
      written.withLock { $0[index] = bytes }
    }
    if parts > 1 {
      DispatchQueue.concurrentPerform(iterations: parts) { part($0) }
    } else if parts == 1 {
      part(0)
    }
    return written.withLock(\.self)
  }

  private mutating func write(_ feature: Feature) {
    text.append("{\"type\":\"Feature\"" as StaticString)
    if let id = feature.id {
      text.append(",\"id\":" as StaticString)
      text.append(id)
    }
    text.append(",\"properties\":" as StaticString)
    text.append(.object(feature.properties))
    text.append(",\"geometry\":" as StaticString)
    if let geometry = feature.geometry { write(geometry) } else { text.append("null" as StaticString) }
    text.append("}" as StaticString)
  }

  private mutating func write(_ geometry: Geometry) {
    switch geometry {
    case .point(let point):
      open("Point")
      write(point)
    case .multiPoint(let points):
      open("MultiPoint")
      write(points)
    case .lineString(let points):
      open("LineString")
      write(points)
    case .multiLineString(let lines):
      open("MultiLineString")
      list(lines) { $0.write($1) }
    case .polygon(let polygon):
      open("Polygon")
      write(polygon)
    case .multiPolygon(let polygons):
      open("MultiPolygon")
      list(polygons) { $0.write($1) }
    case .collection(let members):
      text.append("{\"type\":\"GeometryCollection\",\"geometries\":" as StaticString)
      list(members) { $0.write($1) }
    }
    text.append("}" as StaticString)
  }

  private mutating func open(_ type: StaticString) {
    text.append("{\"type\":\"" as StaticString)
    text.append(type)
    text.append("\",\"coordinates\":" as StaticString)
  }

  private mutating func list<T>(_ items: [T], _ write: (inout GeoJSONWriter, T) -> Void) {
    text.append(byte: UInt8(ascii: "["))
    for (i, item) in items.enumerated() {
      if i > 0 { text.append(byte: UInt8(ascii: ",")) }
      write(&self, item)
    }
    text.append(byte: UInt8(ascii: "]"))
  }

  private mutating func write(_ polygon: Polygon) {
    text.append(byte: UInt8(ascii: "["))
    for (i, ring) in polygon.rings.enumerated() {
      if i > 0 { text.append(byte: UInt8(ascii: ",")) }
      if (signedArea(ring) < 0) == (i == 0) { write(ring.reversed()) } else { write(ring) }
    }
    text.append(byte: UInt8(ascii: "]"))
  }

  private mutating func write(_ points: some RandomAccessCollection<Point>) {
    text.append(points, decimals: decimals)
  }

  private mutating func write(_ point: Point) {
    text.append(byte: UInt8(ascii: "["))
    text.append(point.x, decimals: decimals)
    text.append(byte: UInt8(ascii: ","))
    text.append(point.y, decimals: decimals)
    text.append(byte: UInt8(ascii: "]"))
  }
}
