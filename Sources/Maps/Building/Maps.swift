import Dimensions
import Messages

/// Every map of a run, as files below one folder.
///
/// - Parameters:
///   - cells: results; those with all industries together are mapped, by team and scenario.
///   - boundaries: outlines with region codes; regions without a cell are drawn as having no data.
/// - Returns: GeoJSON for each view with data: supply and density of the base year, demand, gap, adequacy
///   and changes of each future year; one timeline file. The same input gives the same bytes.
public func maps(_ cells: [ResultCell], boundaries: Boundaries, options: MapOptions = MapOptions()) -> [MapFile] {
  let build = MapBuild(cells, boundaries, options)
  let views = boundaries.views.filter(build.hasData)
  guard let baseline = build.table.scenarios.first, !views.isEmpty else { return [] }
  var files: [MapFile] = []
  for view in views {
    for (measure, year) in build.plates {
      let collection = build.collection(measure, year: year, view: view, scenario: baseline)
      guard collection.features.contains(where: { $0[property: "value"] != .null }) else { continue }
      let name = "\(measure.rawValue)_\(year)_\(view.id)"
      files.append(MapFile("\(name).geojson", collection.geoJSON()))
      files.append(MapFile("\(name).qml", build.style(measure).qml))
    }
  }
  let simple = views.map { view in
    let topology = Topology(view.regions.map(\.geometry)).simplified(area: view.isNational ? 4e-3 : 1e-4)
    return (view: view, shapes: topology.shapes.indices.map(topology.geometry))
  }
  files.append(MapFile("timeline.geojson", build.timeline(simple, scenario: baseline).geoJSON(decimals: 5)))
  let layers = build.gisLayers(simple, scenario: baseline)
  let subject = options.subject
  let title = Bilingual(zh: "\(subject.zh)供需地图", en: "Map of \(subject.en) supply and demand")
  files.append(MapFile("talentcast.gpkg", geoPackage(layers)))
  files.append(MapFile("talentcast.qgs", qgisProject(layers, title: title, years: build.table.years, geoPackage: "talentcast.gpkg")))
  for view in views { files += build.stills(of: view, scenario: baseline) }
  files += build.locator()
  files.append(MapFile("index.html", MapPage(build).html()))
  return files
}

extension MapBuild {
  /// The measures and years that get a map of their own.
  package var plates: [(MapMeasure, Int)] {
    [(.supply, table.baseYear), (.density, table.baseYear)]
      + futureYears.flatMap { year in
        [MapMeasure.demand, .gap, .adequacy, .supplyChange, .demandChange].map { ($0, year) }
      }
  }
}

extension MapBuild {
  /// Pictures of a view in both languages: the pair supply now and demand then, the gap, its course.
  package func stills(of view: Boundaries.View, scenario: String) -> [MapFile] {
    guard let last = futureYears.last else { return [] }
    let course = [2025, 2027, 2030, 2035].filter { table.years.contains($0) }
    let sheet = MapSheet(view, overlays: boundaries.overlays, width: 600)
    var plates: [(String, [Panel])] = [
      ("supply_\(table.baseYear)_demand_\(last)", [Panel(.supply, table.baseYear), Panel(.demand, last)]),
      ("gap_\(last)", [Panel(.gap, last)]), ("adequacy_\(last)", [Panel(.adequacy, last)]),
    ]
    if course.count == 4 { plates.append(("gap_course", course.map { Panel(.gap, $0) })) }
    return plates.flatMap { name, panels in
      Language.allCases.map { language in
        let plate = Plate(self, sheet, panels: panels, scenario: scenario, language: language)
        return MapFile("pictures/\(name)_\(view.id).\(language.rawValue).svg", plate.svg())
      }
    }
  }

  /// The national map with the hubs, when there are both.
  package func locator() -> [MapFile] {
    let hubs = boundaries.views.filter { !$0.hub.isEmpty }
    guard let nation = boundaries.views.first(where: \.isNational), !hubs.isEmpty else { return [] }
    let sheet = MapSheet(nation, overlays: boundaries.overlays, width: 1100)
    return Language.allCases.map { language in
      MapFile("pictures/locator.\(language.rawValue).svg", Locator(self, sheet, hubs: hubs, language: language).svg())
    }
  }
}
