import Datasets
import Dimensions
import Facts
import Foundation
import Messages
import ModelSpecs
import Tables

/// What a run took from a source.
public struct SourceUse: Hashable, Sendable {
  public let source: String
  /// Ids, in order of first use.
  public private(set) var indicators: [String]
  /// First and last year of the figures.
  public private(set) var years: ClosedRange<Int>

  public init(_ observation: Observation) { self.init(Row(observation)) }

  init(_ row: Row) {
    source = row.source
    indicators = [row.indicator]
    years = row.year...row.year
  }

  /// One more figure of the same source.
  public mutating func add(_ observation: Observation) { add(Row(observation)) }

  mutating func add(_ row: Row) {
    if !indicators.contains(row.indicator) { indicators.append(row.indicator) }
    years = min(years.lowerBound, row.year)...max(years.upperBound, row.year)
  }

  /// What a use is made of: a row of observations or of a table of facts.
  struct Row {
    let source: String
    let indicator: String
    let year: Int

    init(_ observation: Observation) { (source, indicator, year) = (observation.source, observation.indicator, observation.year) }
    init(_ fact: PublishedFact) { (source, indicator, year) = (fact.source, fact.indicator, fact.year) }
  }
}

/// Looks series up in the data packages for a model; collects every problem before it fails.
struct SeriesLookup {
  let catalogue: Catalogue
  let model: ModelSpec
  private(set) var problems: [Problem] = []
  /// Sources whose rows were used, in order of first use.
  private(set) var used: [SourceUse] = []

  init(catalogue: Catalogue, model: ModelSpec) {
    self.catalogue = catalogue
    self.model = model
  }

  mutating func panel(_ indicator: String) -> Panel? {
    do throws(ProblemReport) {
      let panel = try catalogue.panel(indicator)
      return panel
    } catch {
      problems += error.problems
      return nil
    }
  }

  mutating func report(_ code: String, _ message: Bilingual, hint: Bilingual? = nil) {
    problems.append(Problem(code, path: "model \(model.id)", message: message, hint: hint))
  }

  /// The latest observation not after a year.
  mutating func latest(_ indicator: String, _ region: RegionCode, by year: Int) -> Observation? {
    guard let panel = panel(indicator) else { return nil }
    guard let found = panel.series(region).last(where: { $0.year <= year }) else {
      report(
        "model.no-observation",
        Bilingual(
          zh: "指标 \(indicator) 在 \(region) 没有 \(year) 年及以前的数据",
          en: "\(indicator) has no observation for \(region) in or before \(year)"))
      return nil
    }
    note(found)
    return found
  }

  mutating func note(_ observation: Observation) { note(SourceUse.Row(observation)) }

  mutating func note(_ row: SourceUse.Row) {
    guard let at = used.firstIndex(where: { $0.source == row.source }) else {
      used.append(SourceUse(row))
      return
    }
    used[at].add(row)
  }

  /// Positive observations of a region as a series for forecasting, optionally only before a year.
  mutating func series(_ indicator: String, _ region: RegionCode, before limit: Int = .max) -> [(year: Int, value: Double)] {
    guard let panel = panel(indicator) else { return [] }
    let rows = panel.series(region).filter { $0.value > 0 && $0.year < limit }
    for row in rows { note(row) }
    return rows.map { ($0.year, $0.value) }
  }

  func finish() throws(ProblemReport) {
    guard problems.isEmpty else {
      var seen: Set<Problem> = []
      throw ProblemReport(.badConfiguration, problems.filter { seen.insert($0).inserted })
    }
  }
}

extension SeriesLookup {
  mutating func report(_ report: ProblemReport) { problems += report.problems }

  /// Positive observations of the stretch without a definition break that holds the base year; when
  /// that stretch is shorter than three points, the one before it.
  mutating func segment(_ indicator: String, _ region: RegionCode) -> [(year: Int, value: Double)] {
    let rows = series(indicator, region)
    let breaks = catalogue.breaks.filter {
      $0.indicator == indicator && ($0.region == nil || $0.region == region)
    }.map(\.year).sorted()
    let cuts = [Int.min] + breaks + [Int.max]
    let stretches = zip(cuts, cuts.dropFirst()).map { from, to in rows.filter { $0.year >= from && $0.year < to } }
    let home = stretches.lastIndex { ($0.first?.year ?? .max) <= model.years.base } ?? 0
    let candidates = stretches[...home].reversed()
    return candidates.first { $0.count >= 3 } ?? candidates.max { $0.count < $1.count } ?? rows
  }

  /// Sum over regions by year, for years in which every region has a figure.
  mutating func total(_ indicator: String, of regions: [RegionCode], from first: Int, through last: Int) -> [(
    year: Int, value: Double
  )] {
    let series = regions.map { segment(indicator, $0) }
    return (first...max(first, last)).compactMap { year in
      let values = series.compactMap { rows in rows.first { $0.year == year }?.value }
      return values.count == regions.count ? (year, values.reduce(0, +)) : nil
    }
  }

  /// The latest value not after a year, nil when there is none: for weights that may be missing.
  mutating func optionalLatest(_ indicator: String, _ region: RegionCode, by year: Int) -> Double? {
    guard let found = panel(indicator)?.series(region).last(where: { $0.year <= year }) else { return nil }
    note(found)
    return found.value
  }

  /// Ids of the sources of some indicators (and others given by id), joined for a cell.
  func sources(of indicators: [String], and others: [String] = []) -> String {
    var ids: [String] = []
    for indicator in indicators {
      do throws(ProblemReport) {
        let panel = try catalogue.panel(indicator)
        for region in panel.regions.prefix(1) {
          for row in panel.series(region).suffix(1) where !ids.contains(row.source) { ids.append(row.source) }
        }
      } catch {
        continue  // already reported when the series was looked up
      }
    }
    return (ids + others.filter { !ids.contains($0) }).joined(separator: ";")
  }

  /// A classification or rate table of the standards package, as text cells by column name.
  mutating func table(_ resource: String, columns: [String]) -> TextRows? {
    do throws(ProblemReport) {
      return try TextRows(try catalogue.rows(package: "standards", resource: resource), columns: columns)
    } catch {
      problems += error.problems
      return nil
    }
  }
}
