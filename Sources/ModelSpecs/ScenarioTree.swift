import Messages

/// A model or scenario and what extends it.
public struct ScenarioBranch: Sendable {
  public let id: String
  public let name: Bilingual
  /// Mixins, in the order in which they apply.
  public let includes: [String]
  /// Levers that the file itself moves, in registry order.
  public let levers: [String]
  public let children: [ScenarioBranch]
}

extension ScenarioLibrary {
  /// Models with the scenarios that extend them, children in name order.
  ///
  /// - Throws: `ProblemReport` with the problems of every file that does not read.
  public func tree() throws(ProblemReport) -> [ScenarioBranch] {
    var files: [(id: String, file: ScenarioFile)] = []
    var problems: [Problem] = []
    for id in scenarios {
      do throws(ProblemReport) {
        _ = try resolve(id)
        files.append((id, try read(id).file))
      } catch {
        problems += error.problems.filter { !problems.contains($0) }
      }
    }
    var roots: [(id: String, name: Bilingual)] = []
    for id in models {
      do throws(ProblemReport) { roots.append((id, try readModel(modelFile(id)).name)) } catch {
        problems += error.problems.filter { !problems.contains($0) }
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
    return roots.map { root in
      // A scenario named like the model it extends stands beside it, not under itself.
      ScenarioBranch(id: root.id, name: root.name, includes: [], levers: [], children: branches(of: root.id, files, above: []))
    }
  }

  private func branches(
    of parent: String, _ files: [(id: String, file: ScenarioFile)], above: Set<String>
  ) -> [ScenarioBranch] {
    files.filter { $0.file.parent == parent && !above.contains($0.id) }.map { id, file in
      let moved = Set(file.changes.map(\.lever.id))
      return ScenarioBranch(
        id: id, name: file.name, includes: file.includes.map(\.id), levers: Lever.registry.map(\.id).filter(moved.contains),
        children: id == parent ? [] : branches(of: id, files, above: above.union([id])))
    }
  }
}

/// What a lever is worth somewhere over some years, and which changes made it so.
public struct ResolvedValue: Sendable, Equatable {
  public let lever: String
  /// Code or hub id; nil = everywhere that is not named apart.
  public let place: String?
  /// Team id; nil = all that are not named apart.
  public let team: String?
  public let years: ClosedRange<Int>
  public let value: Double
  /// `file:line` of every change that applied, first to last; empty = the registry's default.
  public let origins: [String]
}

extension ScenarioSpec {
  /// Every lever's value in every year, with its origin; years in a row that agree are one entry.
  public func resolvedValues(in model: ModelSpec) -> [ResolvedValue] {
    guard model.years.base < model.years.last else { return [] }
    return Lever.registry.flatMap { lever -> [ResolvedValue] in
      let own = changes.filter { $0.lever.id == lever.id }
      let places: [String?] = [nil] + unique(own.flatMap(\.places))
      let teams: [String?] = [nil] + unique(own.flatMap(\.teams))
      return places.flatMap { place in
        teams.flatMap { team -> [ResolvedValue] in
          let surroundings = place.map { self.surroundings(of: $0, in: model) } ?? []
          let named = own.contains {
            (place == nil || !$0.places.isEmpty) && (team == nil || !$0.teams.isEmpty)
              && $0.applies(place: surroundings, team: team ?? "total")
          }
          guard named || place == nil && team == nil else { return [] }
          return runs(lever, own, place, surroundings, team, years: model.years.base + 1...model.years.last)
        }
      }
    }
  }

  private func runs(
    _ lever: Lever, _ own: [LeverChange], _ place: String?, _ surroundings: [String], _ team: String?,
    years: ClosedRange<Int>
  ) -> [ResolvedValue] {
    var runs: [ResolvedValue] = []
    for year in years {
      let applied = own.filter { $0.years.contains(year) && $0.applies(place: surroundings, team: team ?? "total") }
      let value = applied.reduce(lever.initial) { $1.applied(to: $0, year: year) }
      // What stood before a `set`, a `path` or a `remove` no longer matters.
      let start = applied.lastIndex { $0.operation.replaces } ?? applied.startIndex
      let origins = applied[start...].map(\.origin)
      if let last = runs.last, last.value == value, last.origins == origins {
        runs.removeLast()
        runs.append(
          ResolvedValue(
            lever: lever.id, place: place, team: team, years: last.years.lowerBound...year, value: value, origins: origins))
      } else {
        runs.append(
          ResolvedValue(
            lever: lever.id, place: place, team: team, years: year...year, value: value, origins: origins))
      }
    }
    return runs
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension LeverChange.Operation {
  /// Whether the value no longer depends on what it was before.
  fileprivate var replaces: Bool {
    switch self {
    case .set, .path, .remove: true
    case .add, .scale, .growth, .clamp: false
    }
  }
}

/// One line of the difference between two scenarios: what each does to a lever in the same years and place.
public struct ScenarioDifference: Sendable {
  public let lever: Lever
  public let a: LeverChange?
  public let b: LeverChange?
}

extension ScenarioSpec {
  /// Changes that only one of the two makes, paired where lever, years, places and teams agree.
  public func differences(from other: ScenarioSpec) -> [ScenarioDifference] {
    Lever.registry.flatMap { lever -> [ScenarioDifference] in
      func moves(_ scenario: ScenarioSpec) -> [LeverChange] { scenario.changes.filter { $0.lever.id == lever.id } }
      let mine = moves(self)
      var others = moves(other)
      if mine.elementsEqual(others, by: { $0.moves(like: $1) }) { return [] }
      var rows: [ScenarioDifference] = []
      for change in mine {
        let same = others.firstIndex { $0.moves(like: change) }
        let match =
          same
          ?? others.firstIndex {
            $0.years == change.years && $0.places == change.places && $0.teams == change.teams
          }
        let pair = match.map { others.remove(at: $0) }
        // Equal changes are listed only where nothing but their order differs.
        if same == nil { rows.append(ScenarioDifference(lever: lever, a: change, b: pair)) }
      }
      rows += others.map { ScenarioDifference(lever: lever, a: nil, b: $0) }
      return rows.isEmpty ? zip(mine, moves(other)).map { ScenarioDifference(lever: lever, a: $0, b: $1) } : rows
    }
  }
}
