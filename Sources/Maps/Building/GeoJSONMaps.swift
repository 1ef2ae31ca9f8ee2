import Dimensions
import Messages

extension MapBuild {
  /// One map as GeoJSON: every region of the view, those without data with a null value.
  package func collection(
    _ measure: MapMeasure, year: Int, view: Boundaries.View, scenario: String
  ) -> FeatureCollection {
    let values = view.regions.map { table.value(measure, $0.code, year: year, scenario: scenario) }
    let features = zip(view.regions, values).map { region, value in
      Feature(
        id: .string(region.code),
        properties: identity(region)
          + facts(
            measure, value, masked: table.isWithheld(measure, region.code, year: year, scenario: scenario), year: year,
            scenario: scenario), geometry: region.geometry)
    }
    let classes = classes[measure].map { self.classes($0, values.compactMap { $0?.value }) } ?? .null
    let name = "\(measure.rawValue)_\(year)_\(view.id)"
    return FeatureCollection(
      members: header(name, title: title(measure, year: year, view: view, scenario: scenario), view: view)
        + [
          .init(
            "talentcast",
            .members([
              "schema": .string("talentcast/map@1"), "scenario": .string(scenario),
              "measure": .string(measure.rawValue), "year": .number(Double(year)),
              "base_year": .number(Double(table.baseYear)), "unit_zh": .string(unit(measure).zh),
              "unit_en": .string(unit(measure).en), "classes": classes,
            ]))
        ], features: features)
  }

  package func title(_ measure: MapMeasure, year: Int, view: Boundaries.View, scenario: String) -> Bilingual {
    let (place, what) = (title(view), measure.title)
    let plot = table.scenarios.count > 1 ? label(scenario) : Bilingual(zh: "", en: "")
    return Bilingual(
      zh: "\(place.zh)：\(options.subject.zh)\(what.zh.replacingPrefix("人才"))，\(year) 年" + (plot.zh.isEmpty ? "" : "（\(plot.zh)）"),
      en: "\(place.en): \(options.subject.en), \(what.en.replacingPrefix("Talent ").lowercasedFirst), \(year)"
        + (plot.en.isEmpty ? "" : " (\(plot.en))"))
  }

  package func header(_ name: String, title: Bilingual, view: Boundaries.View) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("title_zh", .string(title.zh)), .init("title_en", .string(title.en)),
      .init("datum", .string("WGS 84 (OGC:CRS84)")), .init("license", .string(view.license.isEmpty ? "unknown" : view.license)),
    ]
    if let url = view.licenseURL { members.append(.init("license_url", .string(url))) }
    let credit = options.credit ?? view.attribution
    members.append(.init("attribution", .string(credit.isEmpty ? "unknown" : credit)))
    if isOfChina { members.append(.init("map_approval_number", .optional(options.approvalNumber))) }
    members += [
      .init("notice_zh", .string((isOfChina ? notice.zh + "。" : "") + Self.boundaryNotice.zh)),
      .init("notice_en", .string((isOfChina ? notice.en + ". " : "") + Self.boundaryNotice.en)),
    ]
    return members
  }

  /// `name` and `adcode` are what ECharts and DataV join on.
  private func identity(_ region: Boundaries.Region) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("code", .string(region.code)), .init("name", .string(region.name.zh)),
      .init("name_zh", .string(region.name.zh)), .init("name_en", .string(region.name.en)),
      .init("level", .string(region.level)), .init("hub", .string(region.hub)),
      .init("parent_code", .string(region.parent)),
    ]
    if let area = table.area(region.code) { members.append(.init("area_km2_published", .number(area))) }
    if let code = Int(region.code) { members.insert(.init("adcode", .number(Double(code))), at: 1) }
    return members
  }

  private func facts(_ measure: MapMeasure, _ value: MapValue?, masked: Bool, year: Int, scenario: String) -> [JSONValue.Member] {
    let flag =
      value.map { $0.crossesZero && measure == .gap ? "sign_unknown" : ($0.grade >= .allocated ? "low_evidence" : "") }
      ?? (masked ? "withheld" : "no_data")
    return [
      .init("scenario", .string(scenario)), .init("measure", .string(measure.rawValue)),
      .init("year", .number(Double(year))), .init("period", .string("\(year)-12-31")),
      .init("unit", .string(unit(measure).en)), .init("value", .optional(value?.value)),
      .init("p10", .optional(value?.low)), .init("p90", .optional(value?.high)),
    ] + (measure == .gap ? [.init("p_shortage", .optional(value?.chance))] : []) + [
      .init("class", value.flatMap { v in classes[measure].map { .number(Double($0.index(of: v.value))) } } ?? .null),
      .init("evidence", .optional(value?.grade.rawValue)), .init("flag", .string(flag)),
      .init("method", .optional(value?.method)), .init("source", .optional(value?.source)),
    ]
  }

  private func classes(_ classes: Classes, _ values: [Double]) -> JSONValue {
    .members([
      "method_zh": .string(classes.method.zh), "method_en": .string(classes.method.en),
      "breaks": .array(classes.breaks.map { .number($0) }), "colours": .array(classes.colours.map { .string($0) }),
      "counts": .array(classes.counts(values).map { .number(Double($0)) }),
    ])
  }

  package static let timelineMeasures: [MapMeasure] = [.supply, .demand, .gap, .adequacy]

  /// All years of a view in one file, one feature a region and year, with simplified outlines that still share
  /// their borders; `period` is a date, so that a GIS can put a time slider on it.
  package func timeline(_ view: Boundaries.View, _ shapes: [Geometry], scenario: String) -> FeatureCollection {
    var features: [Feature] = []
    for (region, shape) in zip(view.regions, shapes) {
      for year in table.years {
        var facts: [JSONValue.Member] = [
          .init("scenario", .string(scenario)), .init("year", .number(Double(year))),
          .init("period", .string("\(year)-12-31")),
        ]
        for measure in Self.timelineMeasures {
          let value = table.value(measure, region.code, year: year, scenario: scenario)
          facts += [
            .init(measure.rawValue, .optional(value?.value)), .init("\(measure.rawValue)_p10", .optional(value?.low)),
            .init("\(measure.rawValue)_p90", .optional(value?.high)),
            .init("\(measure.rawValue)_evidence", .optional(value?.grade.rawValue)),
          ]
          if measure == .gap { facts.append(.init("p_shortage", .optional(value?.chance))) }
        }
        features.append(
          Feature(id: .string("\(region.code)-\(year)"), properties: identity(region) + facts, geometry: shape))
      }
    }
    let (place, first, last) = (self.title(view), table.years.first ?? 0, table.years.last ?? 0)
    let title = Bilingual(
      zh: "\(place.zh)：\(options.subject.zh)供需时间序列，\(first)—\(last) 年",
      en: "\(place.en): \(options.subject.en), supply and demand, \(first)–\(last)")
    return FeatureCollection(members: header("timeline_\(view.id)", title: title, view: view), features: features)
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
