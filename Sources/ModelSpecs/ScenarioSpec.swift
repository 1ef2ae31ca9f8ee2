import Foundation
import Messages

/// A scenario with everything it inherits: the model it rests on and the changes in the order they apply.
public struct ScenarioSpec: Sendable {
  public let id: String
  public let name: Bilingual
  public let why: Bilingual
  /// Id of the model at the end of the chain.
  public let model: String
  /// Ids from the model to this scenario.
  public let chain: [String]
  /// Inherited changes first.
  public let changes: [LeverChange]
  /// Files read, for the manifest, in chain order.
  public let files: [String]

  /// A scenario that changes nothing: the model itself.
  public init(model: ModelSpec) {
    id = model.id
    name = model.name
    why = Bilingual(zh: "不改变任何参数", en: "changes nothing")
    self.model = model.id
    chain = [model.id]
    changes = []
    files = []
  }

  init(
    id: String, name: Bilingual, why: Bilingual, model: String, chain: [String], changes: [LeverChange],
    files: [String]
  ) {
    self.id = id
    self.name = name
    self.why = why
    self.model = model
    self.chain = chain
    self.changes = changes
    self.files = files
  }

  /// Value of a lever for a place (its code and the ids of what contains it), a team and a year.
  public func value(_ lever: String, place: [String] = [], team: String = "total", year: Int) -> Double {
    guard let entry = Lever.named(lever) else { return 1 }
    return changes.filter { $0.lever.id == lever && $0.years.contains(year) && $0.applies(place: place, team: team) }
      .reduce(entry.initial) { $1.applied(to: $0, year: year) }
  }

  /// The scenario with a lever at one value over some years: for searching and for ranking levers.
  ///
  /// - Parameters: places and teams as a scenario file selects them; empty is everywhere, everyone.
  public func setting(
    _ lever: Lever, to value: Double, years: ClosedRange<Int>, places: [String] = [], teams: [String] = []
  ) -> ScenarioSpec {
    var change = LeverChange(
      lever: lever, operation: .set(value), years: years, places: places, teams: teams, source: "", note: "",
      origin: "")
    change.forced = true  // who searches a range says what is plausible of it
    return ScenarioSpec(id: id, name: name, why: why, model: model, chain: chain, changes: changes + [change], files: files)
  }

  /// Levers that the scenario moves, in registry order.
  public var levers: [Lever] {
    let moved = Set(changes.map(\.lever.id))
    return Lever.registry.filter { moved.contains($0.id) }
  }

  /// This scenario with some levers taken as another one moves them: for attributing a difference.
  public func taking(_ levers: Set<String>, from other: ScenarioSpec) -> ScenarioSpec {
    ScenarioSpec(
      id: id, name: name, why: why, model: model, chain: chain,
      changes: changes.filter { !levers.contains($0.lever.id) } + other.changes.filter { levers.contains($0.lever.id) },
      files: files)
  }

  /// Levers that the two scenarios do not move alike, in registry order.
  public func levers(unlike other: ScenarioSpec) -> [Lever] {
    Lever.registry.filter { lever in
      func moves(_ scenario: ScenarioSpec) -> [LeverChange] { scenario.changes.filter { $0.lever.id == lever.id } }
      return !moves(self).elementsEqual(moves(other)) { $0.moves(like: $1) }
    }
  }

  /// The scenario with only some of its levers moved: for attributing a difference to levers.
  public func keeping(_ levers: Set<String>) -> ScenarioSpec {
    ScenarioSpec(
      id: id, name: name, why: why, model: model, chain: chain, changes: changes.filter { levers.contains($0.lever.id) },
      files: files)
  }
}

/// The scenarios of a folder of models: `FOLDER/*.yaml` are models, `FOLDER/scenarios/*.yaml` scenarios.
public struct ScenarioLibrary: Sendable {
  public let folder: String
  public let models: [String]
  public let scenarios: [String]
  /// Scenarios of a workbook, which stand in for those of the folder.
  private let book: (file: String, scenarios: [String: (file: ScenarioFile, problems: [Problem])])?

  public init(folder: String) {
    self.folder = folder
    models = ScenarioLibrary.names(in: folder).filter { ScenarioLibrary.isModel("\(folder)/\($0).yaml") }
    scenarios = ScenarioLibrary.names(in: "\(folder)/scenarios")
    book = nil
  }

  /// The library as it would be with the scenarios of a workbook in it.
  init(
    _ library: ScenarioLibrary, with book: [String: (file: ScenarioFile, problems: [Problem])], from file: String
  ) {
    folder = library.folder
    models = library.models
    scenarios = Set(library.scenarios).union(book.keys).sorted()
    self.book = (file, book)
  }

  /// A scenario before inheritance, with its own problems.
  ///
  /// - Throws: `ProblemReport` where there is nothing to read.
  func read(_ id: String) throws(ProblemReport) -> (file: ScenarioFile, problems: [Problem]) {
    if let held = book?.scenarios[id] { return held }
    return try readScenario(scenarioFile(id), id: id)
  }

  /// Path of a model's file.
  public func modelFile(_ id: String) -> String { "\(folder)/\(id).yaml" }
  /// Path of a scenario's file.
  public func scenarioFile(_ id: String) -> String {
    if let book, book.scenarios[id] != nil { return book.file }
    return "\(folder)/scenarios/\(id).yaml"
  }

  /// Files of other kinds lie beside the models and say so; a file that says nothing is read as a model, and reported.
  private static func isModel(_ file: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: file) else { return true }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let schema = lines.first(where: { $0.hasPrefix("schema:") }) else { return true }
    return !schema.contains("talentcast/") || schema.contains("talentcast/model@")
  }

  private static func names(in folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        .map { String($0.dropLast(5)) }.sorted()
    } catch {
      return []  // a folder that is not there holds no scenario; asking for one says so
    }
  }

  /// Resolves a scenario, or a model by its own name.
  ///
  /// - Throws: `ProblemReport`: `.missingInput` for a name that is nowhere (with the nearest), else
  ///   `.badConfiguration` with every problem of every file in the chain.
  public func resolve(_ id: String) throws(ProblemReport) -> ScenarioSpec {
    if !scenarios.contains(id), models.contains(id) {
      return ScenarioSpec(model: try readModel(modelFile(id)))
    }
    var chain: [(id: String, file: ScenarioFile)] = []
    var problems: [Problem] = []
    var next = id
    while scenarios.contains(next), !models.contains(next) || chain.isEmpty {
      if let first = chain.first(where: { $0.id == next }) {
        throw ProblemReport(
          .badConfiguration,
          [
            Problem(
              "scenario.cycle", file: scenarioFile(next), line: first.file.parentLine,
              column: first.file.parentColumn,
              message: Bilingual(
                zh: "情景继承成环：\((chain.map(\.id) + [next]).joined(separator: " → "))",
                en: "scenarios inherit in a circle: \((chain.map(\.id) + [next]).joined(separator: " → "))"))
          ])
      }
      do throws(ProblemReport) {
        let (file, own) = try read(next)
        chain.append((next, file))
        problems += own + includeProblems(file, of: next)
        if file.parent.isEmpty { break }
        next = file.parent
      } catch {
        problems += error.problems
        break
      }
    }
    if chain.isEmpty, problems.isEmpty {
      throw ProblemReport(.missingInput, [unknown(id, file: nil, line: nil, column: nil)])
    }
    if let last = chain.last, next == last.file.parent, !models.contains(next), !scenarios.contains(next) {
      problems.append(
        unknown(next, file: scenarioFile(last.id), line: last.file.parentLine, column: last.file.parentColumn))
    }
    var changes: [LeverChange] = []
    var selectors: [ScenarioSelector] = []
    var files: [String] = []
    var mixes: [ScenarioMix] = []
    for (id, file) in chain.reversed() {
      let inherited = changes
      var parts: [ScenarioMix.Part] = []
      for include in file.includes where scenarios.contains(include.id) {
        do throws(ProblemReport) {
          let (part, own) = try read(include.id)
          problems += own.filter { !problems.contains($0) }
          changes += part.changes
          parts.append((include.id, include.line, include.column, part.changes))
          selectors += part.selectors
          files.append(scenarioFile(include.id))
        } catch {
          problems += error.problems
        }
      }
      mixes.append(
        ScenarioMix(file: scenarioFile(id), parent: file.parent, inherited: inherited, parts: parts, own: file.changes))
      changes += file.changes
      selectors += file.selectors
      files.append(scenarioFile(id))
    }
    if models.contains(next) {
      do throws(ProblemReport) {
        let model = try readModel(modelFile(next))
        problems += selectors.compactMap { $0.problem(in: model) }
        if problems.isEmpty, let own = chain.first {
          let scenario = ScenarioSpec(
            id: id, name: own.file.name, why: own.file.why, model: next, chain: [next] + chain.reversed().map(\.id),
            changes: changes, files: files)
          problems = mixes.flatMap { $0.contradictions(in: model) } + scenario.impossibleValues(in: model)
          if problems.isEmpty { return scenario }
        }
      } catch {
        problems += error.problems
      }
    }
    throw ProblemReport(.badConfiguration, problems)
  }

  private func includeProblems(_ file: ScenarioFile, of id: String) -> [Problem] {
    var seen: Set<String> = [id]
    return file.includes.filter { !$0.id.isEmpty }.compactMap { include in
      let fresh = seen.insert(include.id).inserted
      if !scenarios.contains(include.id) {
        return unknown(include.id, file: scenarioFile(id), line: include.line, column: include.column)
      }
      if fresh { return nil }
      return Problem(
        "scenario.include", file: scenarioFile(id), line: include.line, column: include.column, path: "include",
        message: include.id == id
          ? Bilingual(zh: "情景不能包含自己", en: "a scenario cannot include itself")
          : Bilingual(zh: "“\(include.id)”被包含两次", en: "'\(include.id)' is included twice"))
    }
  }

  /// - Throws: `.missingInput` when the folder has no model.
  public func mustHaveModels() throws(ProblemReport) {
    guard !models.isEmpty else { throw ProblemReport(.missingInput, [missingModels]) }
  }

  /// What a folder without any model is told about.
  var missingModels: Problem {
    Problem(
      "models.missing", file: folder,
      message: Bilingual(zh: "没有模型目录，或其中没有模型", en: "there is no folder of models, or no model in it"),
      hint: Bilingual(
        zh: "用 --models 指定，或 talentcast init 新建项目", en: "name it with --models, or make a project with talentcast init"))
  }

  private func unknown(_ id: String, file: String?, line: Int?, column: Int?) -> Problem {
    let known = scenarios + models
    guard !known.isEmpty else { return missingModels }
    return Problem(
      "scenario.unknown", file: file, line: line, column: column,
      message: Bilingual(zh: "没有名为“\(id)”的情景或模型", en: "no scenario or model is called '\(id)'"),
      hint: nearest(id, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
        ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
  }
}
