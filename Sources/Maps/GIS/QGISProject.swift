import Messages

/// A QGIS project beside the GeoPackage: layers in groups, styled, the time slider on.
///
/// A style alone cannot switch the slider on; a project can.
///
/// - Parameter language: of the titles; nil gives both, Chinese first.
package func qgisProject(
  _ layers: [GISLayer], title: Bilingual, years: [Int], geoPackage: String, language: Language? = nil
) -> String {
  let all = layers.reduce(into: Box.empty) { box, layer in layer.rows.forEach { box.include($0.geometry.box) } }
  var xml = """
    <!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
    <qgis projectname="\(escaped(title.shown(in: language)))" version="3.22.16">
    <homePath path=""/>
    <title>\(escaped(title.shown(in: language)))</title>
    <projectCrs>\(wgs84)</projectCrs>
    <layer-tree-group>

    """
  var groups: [Bilingual] = []
  for layer in layers where !groups.contains(layer.group) { groups.append(layer.group) }
  for group in groups {
    xml += "<layer-tree-group name=\"\(escaped(group.shown(in: language)))\" checked=\"Qt::Checked\" expanded=\"1\">\n"
    for layer in layers where layer.group == group {
      xml +=
        "<layer-tree-layer id=\"\(layer.id)\" name=\"\(escaped(layer.title.shown(in: language)))\" providerKey=\"ogr\" source=\"./\(geoPackage)|layername=\(layer.id)\" checked=\"\(layer.shownAtFirst ? "Qt::Checked" : "Qt::Unchecked")\" expanded=\"0\"/>\n"
    }
    xml += "</layer-tree-group>\n"
  }
  xml += """
    </layer-tree-group>
    <mapcanvas name="theMapCanvas" annotationsVisible="1"><units>degrees</units><extent><xmin>\(all.west)</xmin><ymin>\(all.south)</ymin><xmax>\(all.east)</xmax><ymax>\(all.north)</ymax></extent><rotation>0</rotation><destinationsrs>\(wgs84)</destinationsrs></mapcanvas>
    <projectlayers>

    """
  for layer in layers { xml += mapLayer(layer, geoPackage, language) }
  return xml + """
    </projectlayers>
    <properties><Paths><Absolute type="bool">false</Absolute></Paths></properties>
    <ProjectTimeSettings timeStep="1" timeStepUnit="y" frameRate="1" cumulativeTemporalRange="0"><TemporalRange><start>\(years.first ?? 2000)-01-01T00:00:00Z</start><end>\(years.last ?? 2000)-12-31T00:00:00Z</end></TemporalRange></ProjectTimeSettings>
    </qgis>

    """
}

private let wgs84 =
  "<spatialrefsys><proj4>+proj=longlat +datum=WGS84 +no_defs</proj4><srsid>3452</srsid><srid>4326</srid><authid>EPSG:4326</authid><description>WGS 84</description><projectionacronym>longlat</projectionacronym><ellipsoidacronym>EPSG:7030</ellipsoidacronym><geographicflag>true</geographicflag></spatialrefsys>"

private func mapLayer(_ layer: GISLayer, _ geoPackage: String, _ language: Language?) -> String {
  let temporal =
    layer.period.map {
      "<temporal enabled=\"1\" mode=\"1\" startField=\"\($0)\" endField=\"\" startExpression=\"\" endExpression=\"\" durationField=\"\" durationUnit=\"d\" fixedDuration=\"0\" accumulate=\"0\" limitMode=\"0\"><fixedRange><start></start><end></end></fixedRange></temporal>\n"
    } ?? ""
  return """
    <maplayer type="vector" geometry="Polygon" wkbType="MultiPolygon" labelsEnabled="1" autoRefreshEnabled="0">
    <id>\(layer.id)</id>
    <datasource>./\(geoPackage)|layername=\(layer.id)</datasource>
    <layername>\(escaped(layer.title.shown(in: language)))</layername>
    <srs>\(wgs84)</srs>
    <provider encoding="UTF-8">ogr</provider>
    \(temporal)\(layer.style.elements(in: language))</maplayer>

    """
}

extension Bilingual {
  /// One language, or both.
  func shown(in language: Language?) -> String { language.map { self[$0] } ?? (zh == en ? zh : "\(zh) \(en)") }
}
