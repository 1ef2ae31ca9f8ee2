import Dimensions
import Messages

/// Every map of a run, as files below one folder.
///
/// - Parameters:
///   - cells: results; those with all industries together are mapped, by team and scenario.
///   - boundaries: outlines with region codes; regions without a cell are drawn as having no data.
/// - Returns: GeoJSON for each view with data, one file a measure and year (the present and each future
///   year), and a timeline for each view; GIS files, pictures and the page. The same input gives the same bytes.
public func maps(_ cells: [ResultCell], boundaries: Boundaries, options: MapOptions = MapOptions()) -> [MapFile] {
  let build = MapBuild(cells, boundaries, options)
  let views = boundaries.views.filter(build.hasData)
  guard let scenario = options.scenario ?? build.table.scenarios.first, !views.isEmpty else { return [] }
  var files: [MapFile] = []
  if options.formats.contains(.geojson) { files += build.geoJSONFiles(views, scenario: scenario) }
  files += build.gisFiles(views, scenario: scenario)
  // The page shows them when the graphics library is missing.
  let pictures = options.formats.contains(.svg) || options.formats.contains(.html) && options.library == nil
  if pictures {
    for view in views { files += build.stills(of: view, scenario: scenario) }
    files += build.locator()
  }
  guard options.formats.contains(.html) else { return files }
  let page = MapPage(build)
  let names = files.map(\.name).filter { $0.hasPrefix("pictures/") && !$0.contains("mm.") }
  files.append(MapFile("index.html", options.library.map(page.html) ?? page.stillHTML(pictures: names)))
  return files
}

extension MapBuild {
  /// The measures and years that get a map of their own.
  package var plates: [(MapMeasure, Int)] {
    ([table.baseYear] + futureYears).flatMap { year in
      MapMeasure.allCases.filter { options.measures.contains($0) && (year != table.baseYear || !$0.isChange) }.map { ($0, year) }
    }
  }

  func geoJSONFiles(_ views: [Boundaries.View], scenario: String) -> [MapFile] {
    var files: [MapFile] = []
    for view in views {
      for (measure, year) in plates {
        let collection = collection(measure, year: year, view: view, scenario: scenario)
        guard collection.features.contains(where: { $0[property: "value"] != .null }) else { continue }
        let name = "\(measure.rawValue)_\(year)_\(view.id)"
        files.append(MapFile("\(name).geojson", collection.geoJSON()))
        files.append(MapFile("\(name).qml", style(measure).qml))
      }
    }
    return files
  }

  /// Files with simplified outlines that still share their borders: the timeline and the GIS project.
  func gisFiles(_ views: [Boundaries.View], scenario: String) -> [MapFile] {
    let wanted = options.formats
    guard !wanted.isDisjoint(with: [.geojson, .gpkg, .qgs]) else { return [] }
    let simple = views.map { view in
      // A thousandth of the view's extent.
      let level = max(view.box.width, view.box.height) / 1000
      let topology = Topology(view.regions.map(\.geometry)).simplified(area: level * level)
      return (view: view, shapes: topology.shapes.indices.map(topology.geometry))
    }
    var files: [MapFile] = []
    if wanted.contains(.geojson) {
      for (view, shapes) in simple {
        files.append(MapFile("timeline_\(view.id).geojson", timeline(view, shapes, scenario: scenario).geoJSON()))
      }
    }
    guard !wanted.isDisjoint(with: [.gpkg, .qgs]) else { return files }
    let layers = gisLayers(simple, scenario: scenario)
    files.append(MapFile("talentcast.gpkg", geoPackage(layers)))
    guard wanted.contains(.qgs) else { return files }
    let subject = options.subject
    let title = Bilingual(zh: "\(subject.zh)供需地图", en: "Map of \(subject.en) supply and demand")
    files.append(
      MapFile("talentcast.qgs", qgisProject(layers, title: title, years: table.years, geoPackage: "talentcast.gpkg", language: options.language)))
    return files
  }
}

extension MapBuild {
  /// Pictures of a view in both languages: the pair supply now and demand then, the gap and adequacy, the gap's
  /// course in four maps and in a sheet of every year. Pair, gap and sheet also come in widths of an A4 page.
  package func stills(of view: Boundaries.View, scenario: String) -> [MapFile] {
    guard let last = futureYears.last else { return [] }
    let course = [2025, 2027, 2030, 2035].filter { table.years.contains($0) }
    let every = table.years.filter { $0 >= table.baseYear && $0 <= last }
    let sheet = MapSheet(view, overlays: boundaries.overlays, width: 600)
    var plates: [(name: String, panels: [Panel], layouts: [PlateLayout])] = futureYears.map {
      ("supply_\(table.baseYear)_demand_\($0)", [Panel(.supply, table.baseYear), Panel(.demand, $0)], PlateLayout.allCases)
    }
    plates += futureYears.map { ("gap_\($0)", [Panel(.gap, $0)], PlateLayout.allCases) }
    plates.append(("adequacy_\(last)", [Panel(.adequacy, last)], [.slide]))
    if course.count == 4 { plates.append(("gap_course", course.map { Panel(.gap, $0) }, [.slide])) }
    if every.count > 4, every.count <= 16 {
      plates.append(("gap_\(every[0])_to_\(last)", every.map { Panel(.gap, $0) }, [.slide, .page]))
    }
    let wanted = plates.filter { plate in plate.panels.contains { options.measures.contains($0.measure) } }
    return wanted.flatMap { name, panels, layouts in
      layouts.flatMap { layout in
        Language.allCases.map { language in
          let plate = Plate(self, sheet, panels: panels, scenario: scenario, language: language, layout: layout)
          return MapFile("pictures/\(name)_\(view.id)\(layout.suffix).\(language.rawValue).svg", plate.svg())
        }
      }
    }
  }

  /// The national map with the hubs, when there are both.
  package func locator() -> [MapFile] {
    let hubs = boundaries.views.filter { !$0.hub.isEmpty }
    guard let nation = boundaries.views.first(where: \.isNational), !hubs.isEmpty else { return [] }
    let sheet = MapSheet(nation, overlays: boundaries.overlays, width: 1100)
    return [PlateLayout.slide, .page].flatMap { layout in
      Language.allCases.map { language in
        let locator = Locator(self, sheet, hubs: hubs, language: language, layout: layout)
        return MapFile("pictures/locator\(layout.suffix).\(language.rawValue).svg", locator.svg())
      }
    }
  }
}
