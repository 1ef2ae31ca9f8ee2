import Dimensions
import Messages

/// One styled layer of a GeoPackage.
package struct GISLayer: Sendable {
  package enum Kind: Sendable { case text, integer, real, date }
  package struct Field: Sendable {
    package let name: String, kind: Kind
    /// What a person reads above the column.
    package let alias: Bilingual
  }

  package let id: String
  package let title: Bilingual
  package let group: Bilingual
  package let fields: [Field]
  package let rows: [(geometry: Geometry, values: [JSONValue])]
  package let style: QGISStyle
  /// Field with the date of each row, for the time slider.
  package let period: String?
  package let shownAtFirst: Bool
}

/// Layers as an OGC GeoPackage 1.3, each with its QGIS style as default.
///
/// - Source: OGC 12-128r18; QGIS `layer_styles`.
package func geoPackage(_ layers: [GISLayer]) -> [UInt8] {
  let database = DatabaseImage()
  database.run(schema)
  for (number, layer) in layers.enumerated() { add(layer, number: number + 1, to: database) }
  return database.bytes
}

/// A fixed moment stands where the format wants a time of change: same input, same bytes.
private let epoch = "2000-01-01T00:00:00.000Z"

private let schema = """
  PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; PRAGMA encoding = 'UTF-8';
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84 geodetic', 4326, 'EPSG', 4326,
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
    'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
  CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
    srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
  CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
  CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
  INSERT INTO gpkg_contents VALUES ('layer_styles', 'attributes', 'layer_styles', '', '\(epoch)', NULL, NULL, NULL, NULL, 0);
  """

private func add(_ layer: GISLayer, number: Int, to database: DatabaseImage) {
  let kinds: [GISLayer.Kind: String] = [.text: "TEXT", .integer: "INTEGER", .real: "REAL", .date: "DATE"]
  let columns = layer.fields.map { "\"\($0.name)\" \(kinds[$0.kind] ?? "TEXT")" }.joined(separator: ", ")
  database.run("CREATE TABLE \"\(layer.id)\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, \(columns))")
  let box = layer.rows.reduce(into: Box.empty) { $0.include($1.geometry.box) }
  database.insert(
    into: "gpkg_contents",
    columns: ["table_name", "data_type", "identifier", "description", "last_change", "min_x", "min_y", "max_x", "max_y", "srs_id"],
    rows: [
      [
        .text(layer.id), .text("features"), .text(layer.id), .text("\(layer.title.zh) \(layer.title.en)"), .text(epoch),
        .real(box.west), .real(box.south), .real(box.east), .real(box.north), .integer(4326),
      ]
    ])
  database.insert(
    into: "gpkg_geometry_columns", columns: ["table_name", "column_name", "geometry_type_name", "srs_id", "z", "m"],
    rows: [[.text(layer.id), .text("geom"), .text("MULTIPOLYGON"), .integer(4326), .integer(0), .integer(0)]])
  database.insert(
    into: layer.id, columns: ["geom"] + layer.fields.map(\.name),
    rows: layer.rows.map { row in [.blob(geometryBlob(row.geometry))] + zip(layer.fields, row.values).map(value) })
  database.insert(
    into: "layer_styles",
    columns: [
      "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD", "useAsDefault", "description",
      "owner", "update_time",
    ],
    rows: [
      [
        .text(""), .text(""), .text(layer.id), .text("geom"), .text("talentcast"), .text(layer.style.qml), .text(""), .integer(1),
        .text(layer.title.en), .text(""), .text(epoch),
      ]
    ])
}

private func value(_ field: GISLayer.Field, _ value: JSONValue) -> DatabaseImage.Value {
  switch (field.kind, value) {
  case (.integer, .number(let number)): .integer(Int(number))
  case (_, .number(let number)): .real(number)
  case (_, .string(let text)): .text(text)
  default: .null
  }
}

/// GeoPackage binary: header with envelope, then a well-known-binary MultiPolygon, little-endian.
func geometryBlob(_ geometry: Geometry) -> [UInt8] {
  var bytes: [UInt8] = [0x47, 0x50, 0, 0b11]
  func add32(_ number: UInt32) { for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) } }
  func add64(_ number: Double) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift)) }
  }
  let (box, polygons) = (geometry.box, geometry.polygons)
  add32(4326)
  for side in [box.west, box.east, box.south, box.north] { add64(side) }
  bytes.append(1)
  add32(6)
  add32(UInt32(polygons.count))
  for polygon in polygons {
    bytes.append(1)
    add32(3)
    add32(UInt32(polygon.rings.count))
    for ring in polygon.rings {
      add32(UInt32(ring.count))
      for point in ring {
        add64(point.x)
        add64(point.y)
      }
    }
  }
  return bytes
}
