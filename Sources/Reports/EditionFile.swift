import Foundation
import Messages

/// `report/edition.json`: everything of a `ReportInput` but its cells, which stand in `results.csv` and `scenarios.csv`.
struct EditionFile: Codable {
  static let name = "talentcast/edition@1"

  let schema: String
  let edition: Edition
  let regions: [ReportRegion]
  let teams: [NamedCode]
  let industries: [NamedCode]
  let scenarios: [NamedCode]
  let indicators: [IndicatorRow]
  let backtests: [BacktestScore]
  let pastForecasts: [PastForecast]
  let levelErrors: [LevelAccuracy]?
  let hiddenFacts: [HiddenFacts]?
  let supplyTiers: [SupplyTierRow]?
  let revisions: [RevisionRow]
  let contributions: [Contribution]
  let levers: [LeverRow]
  let sources: [SourceEntry]
  let methods: [MethodNote]
  let assumptions: [Assumption]
  let limits: [Bilingual]
  let concepts: [ConceptBox]
  let maps: [MapPicture]
  let unavailable: [UnavailableTable]
  let shortage: ShortageList?
  let crosswalk: Crosswalk?
  let sensitivity: Sensitivity?

  init(_ input: ReportInput) {
    schema = EditionFile.name
    edition = input.edition
    regions = input.regions
    teams = input.teams
    industries = input.industries
    scenarios = input.scenarios
    indicators = input.indicators
    backtests = input.backtests
    pastForecasts = input.pastForecasts
    levelErrors = input.levelErrors
    hiddenFacts = input.hiddenFacts.isEmpty ? nil : input.hiddenFacts
    supplyTiers = input.supplyTiers
    revisions = input.revisions
    contributions = input.contributions
    levers = input.levers
    sources = input.sources
    methods = input.methods
    assumptions = input.assumptions
    limits = input.limits
    concepts = input.concepts
    maps = input.maps
    unavailable = input.unavailable
    shortage = input.shortage
    crosswalk = input.crosswalk
    sensitivity = input.sensitivity
  }

  var input: ReportInput {
    var input = ReportInput(
      edition: edition, cells: [], regions: regions, teams: teams, industries: industries,
      scenarios: scenarios, indicators: indicators, backtests: backtests,
      pastForecasts: pastForecasts, levelErrors: levelErrors ?? [], supplyTiers: supplyTiers ?? [], revisions: revisions,
      contributions: contributions,
      levers: levers, sources: sources, methods: methods, assumptions: assumptions, limits: limits,
      concepts: concepts, maps: maps, unavailable: unavailable)
    input.hiddenFacts = hiddenFacts ?? []
    input.shortage = shortage
    input.crosswalk = crosswalk
    input.sensitivity = sensitivity
    return input
  }
}

/// The text of `report/edition.json`. The same input gives the same bytes.
public func editionText(_ input: ReportInput) throws -> String { try jsonText(EditionFile(input)) }

/// Reads `report/edition.json`; the caller adds the cells.
///
/// - Throws: `ProblemReport` (bad data) with the member that is missing or of the wrong kind.
public func readEdition(_ bytes: [UInt8], file: String) throws(ProblemReport) -> ReportInput {
  let read: EditionFile
  do {
    read = try JSONDecoder().decode(EditionFile.self, from: Data(bytes))
  } catch let error as DecodingError {
    throw ProblemReport(.badData, [problem(error, file: file)])
  } catch {
    throw ProblemReport(.badData, [unreadable(file, "\(error)")])
  }
  guard read.schema == EditionFile.name else {
    throw ProblemReport(
      .badData,
      [
        Problem(
          "edition.schema", file: file, path: "schema",
          message: Bilingual(
            zh: "schema 是“\(read.schema)”，应为“\(EditionFile.name)”。",
            en: "schema is \"\(read.schema)\"; expected \"\(EditionFile.name)\"."),
          hint: Bilingual(zh: "用同一版本的 talentcast 重新运行。", en: "Run again with the same version of talentcast."))
      ])
  }
  return read.input
}

private func problem(_ error: DecodingError, file: String) -> Problem {
  func at(_ context: DecodingError.Context, _ last: String? = nil) -> String {
    (context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue } + [last].compactMap { $0 })
      .joined(separator: ".")
  }
  switch error {
  case .keyNotFound(let key, let context):
    let path = at(context, key.stringValue)
    return Problem(
      "edition.missing-member", file: file, path: path,
      message: Bilingual(zh: "缺少成员 \(path)。", en: "The member \(path) is missing."))
  case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
    let path = at(context)
    guard !path.isEmpty else { return unreadable(file, context.debugDescription) }
    return Problem(
      "edition.wrong-kind", file: file, path: path,
      message: Bilingual(zh: "成员 \(path) 的类型或取值不对。", en: "The member \(path) has the wrong type or value."),
      hint: Bilingual(zh: context.debugDescription, en: context.debugDescription))
  @unknown default:
    return unreadable(file, "\(error)")
  }
}

private func unreadable(_ file: String, _ detail: String) -> Problem {
  Problem(
    "edition.unreadable", file: file,
    message: Bilingual(zh: "不是可读的 JSON。", en: "Not readable JSON."),
    hint: Bilingual(zh: detail, en: detail))
}
