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
      files.append(MapFile("\(measure.rawValue)_\(year)_\(view.id).geojson", collection.geoJSON()))
    }
  }
  let simple = views.map { view in
    let topology = Topology(view.regions.map(\.geometry)).simplified(area: view.isNational ? 4e-3 : 1e-4)
    return (view: view, shapes: topology.shapes.indices.map(topology.geometry))
  }
  files.append(MapFile("timeline.geojson", build.timeline(simple, scenario: baseline).geoJSON(decimals: 5)))
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
