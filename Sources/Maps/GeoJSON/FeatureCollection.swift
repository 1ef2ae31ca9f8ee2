/// One GeoJSON feature: an area, line or place with its properties.
package struct Feature: Hashable, Sendable {
  /// A string or a number.
  package var id: JSONValue?
  package var properties: [JSONValue.Member]
  package var geometry: Geometry?

  package init(id: JSONValue? = nil, properties: [JSONValue.Member], geometry: Geometry?) {
    self.id = id
    self.properties = properties
    self.geometry = geometry
  }

  package subscript(property name: String) -> JSONValue? {
    properties.last { $0.name == name }?.value
  }

  /// Region code: `code`, else `adcode` as DataV writes it (text or number), else the id.
  package var code: String? {
    for value in [self[property: "code"], self[property: "adcode"]] {
      switch value {
      case .string(let text): return text
      case .number(let number) where number == number.rounded() && abs(number) < 1e12:
        return String(Int(number))
      default: continue
      }
    }
    return nil
  }
}

/// A GeoJSON document. A lone geometry or feature is a collection of one.
package struct FeatureCollection: Hashable, Sendable {
  /// Members of the file other than type, bbox and features, in order.
  package var members: [JSONValue.Member]
  package var features: [Feature]

  package init(members: [JSONValue.Member] = [], features: [Feature]) {
    self.members = members
    self.features = features
  }

  package subscript(member name: String) -> JSONValue? { members.last { $0.name == name }?.value }

  package var boxes: [Box] { features.flatMap { $0.geometry?.boxes ?? [] } }
}
