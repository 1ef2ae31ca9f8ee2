import Messages

extension MapBuild {
  /// The baseline for a GIS: supply now; demand, gap and adequacy in every future year; and each year's
  /// gap with dates for the time slider. Every view with data is a group.
  package func gisLayers(_ views: [(view: Boundaries.View, shapes: [Geometry])], scenario: String) -> [GISLayer] {
    views.flatMap { view, shapes -> [GISLayer] in
      let group = title(view)
      var plates: [(MapMeasure, Int)] = [(.supply, table.baseYear)]
      for year in futureYears { plates += [(.demand, year), (.gap, year), (.adequacy, year)] }
      return plates.compactMap { plate($0.0, $0.1, view, group, scenario) } + [course(view, shapes, group, scenario)]
    }
  }

  /// The QGIS style of a GeoJSON map of that measure.
  package func style(_ measure: MapMeasure) -> QGISStyle {
    let classes = classes[measure] ?? Classes(method: Bilingual(zh: "", en: ""), breaks: [], colours: ["#f7f7f7"])
    return QGISStyle(measure, classes: classes, field: "value", low: "p10", high: "p90", grade: "evidence", aliases: [])
  }

  private static let identity: [GISLayer.Field] = [
    .init(name: "code", kind: .text, alias: Bilingual(zh: "代码", en: "Code")),
    .init(name: "name_zh", kind: .text, alias: Bilingual(zh: "名称", en: "Name (Chinese)")),
    .init(name: "name_en", kind: .text, alias: Bilingual(zh: "英文名称", en: "Name")),
  ]

  private func identity(_ region: Boundaries.Region) -> [JSONValue] {
    [.string(region.code), .string(region.name.zh), .string(region.name.en)]
  }

  private func aliases(_ fields: [GISLayer.Field]) -> [(field: String, name: Bilingual)] {
    fields.map { ($0.name, $0.alias) }
  }

  private func plate(
    _ measure: MapMeasure, _ year: Int, _ view: Boundaries.View, _ group: Bilingual, _ scenario: String
  ) -> GISLayer? {
    guard let classes = classes[measure] else { return nil }
    let fields =
      Self.identity + [
        .init(name: "value", kind: .real, alias: Bilingual(zh: "\(measure.shortTitle.zh)（\(unit(measure).zh)）", en: measure.shortTitle.en)),
        .init(name: "p10", kind: .real, alias: Bilingual(zh: "80% 下界", en: "80 % low")),
        .init(name: "p90", kind: .real, alias: Bilingual(zh: "80% 上界", en: "80 % high")),
        .init(name: "evidence", kind: .text, alias: Bilingual(zh: "证据等级", en: "Evidence")),
        .init(name: "year", kind: .integer, alias: Bilingual(zh: "年份", en: "Year")),
        .init(name: "source", kind: .text, alias: Bilingual(zh: "来源", en: "Source")),
      ]
    let rows = view.regions.map { region -> (geometry: Geometry, values: [JSONValue]) in
      let value = table.value(measure, region.code, year: year, scenario: scenario)
      return (
        region.geometry,
        identity(region) + [
          .optional(value?.value), .optional(value?.low), .optional(value?.high), .optional(value?.grade.rawValue),
          .number(Double(year)), .optional(value?.source),
        ]
      )
    }
    return GISLayer(
      id: "\(measure.rawValue)_\(year)_\(view.id)",
      title: Bilingual(zh: "\(year) 年\(measure.shortTitle.zh)", en: "\(measure.shortTitle.en), \(year)"), group: group,
      fields: fields, rows: rows,
      style: QGISStyle(measure, classes: classes, field: "value", low: "p10", high: "p90", grade: "evidence", aliases: aliases(fields)),
      period: nil, shownAtFirst: false)
  }

  private func course(_ view: Boundaries.View, _ shapes: [Geometry], _ group: Bilingual, _ scenario: String) -> GISLayer {
    let measures: [MapMeasure] = [.supply, .demand, .gap, .adequacy]
    var fields =
      Self.identity + [
        .init(name: "period", kind: .date, alias: Bilingual(zh: "时点", en: "Date")),
        .init(name: "year", kind: .integer, alias: Bilingual(zh: "年份", en: "Year")),
      ]
    for measure in measures { fields.append(.init(name: measure.rawValue, kind: .real, alias: measure.shortTitle)) }
    fields += [
      .init(name: "gap_p10", kind: .real, alias: Bilingual(zh: "缺口 80% 下界", en: "Gap, 80 % low")),
      .init(name: "gap_p90", kind: .real, alias: Bilingual(zh: "缺口 80% 上界", en: "Gap, 80 % high")),
      .init(name: "gap_evidence", kind: .text, alias: Bilingual(zh: "缺口证据等级", en: "Gap, evidence")),
    ]
    let rows = zip(view.regions, shapes).flatMap { region, shape in
      table.years.map { year -> (geometry: Geometry, values: [JSONValue]) in
        let values = measures.map { table.value($0, region.code, year: year, scenario: scenario) }
        return (
          shape,
          identity(region) + [.string("\(year)-12-31"), .number(Double(year))] + values.map { .optional($0?.value) }
            + [.optional(values[2]?.low), .optional(values[2]?.high), .optional(values[2]?.grade.rawValue)]
        )
      }
    }
    let classes = classes[.gap] ?? Classes(method: Bilingual(zh: "", en: ""), breaks: [], colours: ["#f7f7f7"])
    return GISLayer(
      id: "gap_course_\(view.id)", title: Bilingual(zh: "供需缺口（逐年，用时间滑块）", en: "Gap by year (time slider)"), group: group,
      fields: fields, rows: rows,
      style: QGISStyle(
        .gap, classes: classes, field: "gap", low: "gap_p10", high: "gap_p90", grade: "gap_evidence", aliases: aliases(fields)),
      period: "period", shownAtFirst: true)
  }
}
