import Datasets
import Dimensions
import Disclosure
import Forecasting
import Gaps
import LinearAlgebra
import Maps
import Messages
import ModelSpecs
import Reports

/// A file of a run before it is written.
struct OutputFile: Sendable {
  let name: String
  let bytes: [UInt8]
}

/// A finished forecast and everything that is made from it.
struct CompletedRun {
  let inputs: RunInputs
  let results: ForecastResults
  /// What disclosure control withheld and why.
  let disclosure: Disclosure
  /// The cells as tables, maps, report and packs may show them.
  var cells: [ResultCell] { disclosure.cells }
  var options: RunOptions { results.options }
  var model: ModelSpec { inputs.model }

  init(_ inputs: RunInputs, _ options: RunOptions) throws {
    try self.init(inputs, forecast(inputs.assembly.inputs, options, shortage: inputs.shortage))
  }

  /// Together with other processes; nil on all but the leader.
  init?(_ inputs: RunInputs, _ options: RunOptions, team: some RunTeam) throws {
    guard let results = try forecast(inputs.assembly.inputs, options, shortage: inputs.shortage, team: team) else { return nil }
    try self.init(inputs, results)
  }

  private init(_ inputs: RunInputs, _ results: ForecastResults) throws {
    self.inputs = inputs
    self.results = results
    disclosure = try disclosed(results, inputs)
  }

  /// Names of every place, in both languages.
  var names: [RegionCode: Bilingual] {
    Dictionary(results.inputs.geography.nodes.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter library: what draws the map page; nil leaves it with still pictures.
  func maps(_ library: GraphicsLibrary?) -> [MapFile] {
    var options = MapOptions()
    options.library = library
    options.baseYear = model.years.base
    options.subject = inputs.edition.subject
    options.nation = model.stock.nation
    options.names = names
    for team in model.teams where model.teams.count > 1 { options.labels[team.id] = team.name }
    for hub in model.regions.hubs { options.labels[hub.id] = hub.name }
    options.labels[inputs.scenario.id] = inputs.scenario.name
    for source in inputs.catalogue.sources { options.name(source: source.id, source.title) }
    for source in model.sources { options.name(source: source.id, source.title) }
    return inputs.boundaries.map { Maps.maps(cells, boundaries: $0, options: options) } ?? []
  }

  /// `results.csv` and the tables that people open.
  var tables: [OutputFile] {
    [OutputFile(name: "results.csv", bytes: resultsCSV(cells))] + HumanTables(self).files + disclosureLog(disclosure, names)
  }

  func cell(_ region: RegionCode, _ measure: Measure, _ year: Int, team: String = "total") -> ResultCell? {
    cells.first {
      $0.region == region && $0.measure == measure && $0.year == year && $0.team == team && $0.industry == "total"
    }
  }

  /// The nation and the hubs: code and name, in the model's order.
  var headlineRegions: [(code: RegionCode, name: Bilingual)] { inputs.headlineRegions }

  /// The table a run prints.
  var headline: Headline { Headline(inputs, cells, options) }
}

extension RunInputs {
  /// The year that gap tables look at.
  var focusYear: Int { min(max(edition.focusYear ?? 2030, model.years.base), model.years.last) }

  var headlineRegions: [(code: RegionCode, name: Bilingual)] {
    let nation = assembly.inputs.geography.nodes.first { $0.code == model.stock.nation }
    return [(model.stock.nation, nation?.name ?? Bilingual(zh: "全国", en: "nation"))]
      + model.regions.hubs.map { ($0.code, $0.name) }
  }
}

/// One decimal, half away from zero.
func oneDecimal(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded(.toNearestOrAwayFromZero))
  return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

/// A whole number with commas.
func grouped(_ value: Double) -> String {
  let whole = Int(value.rounded(.toNearestOrAwayFromZero))
  var digits = String(abs(whole))
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  groups.insert(digits, at: 0)
  return (whole < 0 ? "-" : "") + groups.joined(separator: ",")
}

extension CompletedRun {
  /// The report in both languages and every format whose renderer is installed, and `edition.json`,
  /// from which it can be built again.
  ///
  /// - Parameter tell: told of every format that is left out, and why.
  func reports(
    maps files: [MapFile], desk: ScenarioDesk, accuracy: Accuracy, office: Bool = true, tell: @escaping (Problem) -> Void = { _ in }
  ) throws -> [ReportFile] {
    let input = try reportInput(maps: pictures(files), desk: desk, accuracy: accuracy)
    let book = document(for: input)
    let (jobs, languages) = (options.jobs, Language.allCases)
    let pages = Aside(jobs: jobs) {
      concurrently(languages.count, jobs: jobs) { report(book, languages[$0], sources: input.sources) }.flatMap(\.self)
    }
    var files = [ReportFile(name: "edition.json", bytes: Array(try editionText(input).utf8))]
    if office {
      let tool = officeTool()
      for format in OfficeFormat.allCases where tool?.formats.contains(format) != true { tell(missingTool(format)) }
      if let tool {
        let formats = tool.formats.sorted { $0.rawValue < $1.rawValue }
        files += try officeFiles(tool, book, languages, formats, input, leaveOut: tell)
      }
    }
    return pages.value + files
  }

  /// The still maps that the report prints: where the hubs are, the pair of supply now and demand in the year in
  /// focus, the gap then, and its course.
  private func pictures(_ files: [MapFile]) -> [MapPicture] {
    let byName = Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let (base, focus, last) = (model.years.base, focusYear, model.years.last)
    let views: [(String, Bilingual)] = [
      ("provinces", Bilingual(zh: "各省（区、市）", en: "provinces")),
      ("gba_cities", Bilingual(zh: "粤港澳大湾区各市", en: "cities of the Greater Bay Area")),
    ]
    let locator = picture(
      "locator", in: byName, place: .overview, caption: Bilingual(zh: "人才高地区位图", en: "Where the talent hubs are"),
      figures: false)
    return [locator].compactMap(\.self)
      + views.flatMap { view, place -> [MapPicture] in
        [
          picture(
            "supply_\(base)_demand_\(focus)_\(view)", in: byName, place: .demand,
            caption: Bilingual(
              zh: "\(place.zh)人才供给（\(base)年）与需求（\(focus)年，预计）",
              en: "Talent supply in \(base) and projected demand in \(focus), \(place.en)")),
          picture(
            "gap_\(focus)_\(view)", in: byName, place: .balance,
            caption: Bilingual(zh: "\(place.zh)供需缺口（\(focus)年，预计）", en: "Projected gap in \(focus), \(place.en)")),
          picture(
            "gap_\(base)_to_\(last)_\(view)", in: byName, place: .balance,
            caption: Bilingual(
              zh: "\(place.zh)供需缺口逐年变化（\(base)—\(last)年，预计；\(focus)年以后仅供情景比较）",
              en: "Course of the projected gap, \(base)–\(last), \(place.en) (a scenario only after \(focus))")),
        ].compactMap(\.self)
      }
  }

  private func picture(
    _ stem: String, in files: [String: MapFile], place: MapPicture.Place, caption: Bilingual, figures: Bool = true
  ) -> MapPicture? {
    // Drawn for a page where there is such a drawing: its text is legible at that width.
    func drawing(_ language: Language) -> MapFile? {
      files["pictures/\(stem)_174mm.\(language.rawValue).svg"] ?? files["pictures/\(stem).\(language.rawValue).svg"]
    }
    guard let zh = drawing(.zh), let en = drawing(.en) else { return nil }
    return MapPicture(
      place: place, name: stem, svg: String(decoding: zh.bytes, as: UTF8.self), svgEnglish: String(decoding: en.bytes, as: UTF8.self),
      caption: caption,
      alternative: figures
        ? Bilingual(zh: "地图：\(caption.zh)；数值见附录统计表。", en: "Map: \(caption.en); figures are in the annex tables.")
        : Bilingual(zh: "地图：\(caption.zh)", en: "Map: \(caption.en)"))
  }

  /// The plan's targets beside this run's forecasts.
  func planMonitor(_ plan: String) throws(ProblemReport) -> PlanMonitor {
    var licences: LicenceOutlook?
    if model.supply.licence != nil {
      do throws(ProblemReport) { licences = try LicenceOutlook(model, catalogue: inputs.catalogue) } catch {
        licences = nil  // too little is published to estimate it: the indicator's own trend is left
      }
    }
    return try PlanMonitor(plan: plan, catalogue: inputs.catalogue, damping: model.damping, licences: licences) { indicator, year in
      indicator == model.stock.indicator && year > model.years.base ? results.nationalStock[year] : nil
    }
  }

  /// The same as rows of the report.
  func indicatorRows() throws(ProblemReport) -> [IndicatorRow] {
    guard let plan = model.plan else { return [] }
    let monitor = try planMonitor(plan)
    let targets = monitor.rows.map { row in
      IndicatorRow(
        id: row.id, group: row.group == "main" ? .main : .other, name: row.name, unit: unitName(row.unit),
        target: row.target, targetYear: row.targetYear, baseline: row.baseline, baselineYear: row.baselineYear,
        latest: row.latest?.value, latestYear: row.latest?.year,
        settled: row.latest?.precision != .upperBound, requiredPace: row.requiredPace,
        realisedPace: row.realisedPace, p10: row.p10, p50: row.p50, p90: row.p90, probability: row.probability,
        judgement: row.status.name, note: row.latest?.precision.note, evidence: row.latest?.evidence ?? .assumed,
        source: row.latest?.source ?? row.source)
    }
    return targets
      + monitor.milestones.map { task in
        IndicatorRow(
          id: task.id, group: .milestone, name: task.name, unit: Bilingual(zh: "", en: ""), target: nil,
          targetYear: monitor.targetYear, baseline: nil, baselineYear: nil, latest: nil, latestYear: nil,
          requiredPace: nil, realisedPace: nil, p10: nil, p50: nil, p90: nil, probability: nil,
          judgement: task.status.name, note: task.progress.zh.isEmpty ? nil : task.progress, evidence: .observed,
          source: task.progressSource.isEmpty ? task.source : task.progressSource)
      }
  }
}

extension Observation.Precision {
  /// What a reader must know of a figure that is not exact.
  var note: Bilingual? {
    switch self {
    case .exact: nil
    case .rounded: Bilingual(zh: "公布数为约数", en: "the published figure is rounded")
    case .lowerBound: Bilingual(zh: "公布数为下限（“超”）", en: "the published figure is a lower bound")
    case .upperBound: Bilingual(zh: "公布数为上限（“近”）", en: "the published figure is an upper bound")
    }
  }
}
