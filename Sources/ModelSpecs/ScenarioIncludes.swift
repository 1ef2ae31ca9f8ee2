import Messages

/// What one scenario file mixes: the changes that it inherits, those of each file that it includes, its own.
struct ScenarioMix {
  typealias Part = (id: String, line: Int, column: Int, changes: [LeverChange])

  let file: String
  let parent: String
  let inherited: [LeverChange]
  let parts: [Part]
  let own: [LeverChange]

  /// Levers on which the parts cannot both hold, each with the lines of both.
  ///
  /// Two includes contradict where their order would decide the value; an include contradicts the parent where
  /// it replaces what the parent states by another value. What the file itself then states settles either.
  func contradictions(in model: ModelSpec) -> [Problem] {
    guard model.years.base < model.years.last else { return [] }
    var problems: [Problem] = []
    for (at, part) in parts.enumerated() {
      problems += clashes(part, with: (parent, inherited), replacing: true, in: model)
      for other in parts[..<at] { problems += clashes(part, with: (other.id, other.changes), replacing: false, in: model) }
    }
    return problems
  }

  private func clashes(
    _ part: Part, with other: (id: String, changes: [LeverChange]), replacing: Bool, in model: ModelSpec
  ) -> [Problem] {
    Lever.registry.compactMap { lever -> Problem? in
      func moves(_ changes: [LeverChange]) -> [LeverChange] { changes.filter { $0.lever.id == lever.id } }
      let (first, second, last) = (moves(other.changes), moves(part.changes), moves(own))
      guard !first.isEmpty, !second.isEmpty else { return nil }
      let all = first + second + last
      let scenario = ScenarioSpec(model: model)
      let places = [[]] + all.flatMap(\.places).map { scenario.surroundings(of: $0, in: model) }
      for year in model.years.base + 1...model.years.last {
        for place in places {
          for team in ["total"] + all.flatMap(\.teams) {
            func acting(_ changes: [LeverChange]) -> [LeverChange] {
              changes.filter { $0.years.contains(year) && $0.applies(place: place, team: team) }
            }
            func value(_ changes: [LeverChange]) -> Double { changes.reduce(lever.initial) { $1.applied(to: $0, year: year) } }
            let (a, b, c) = (acting(first), acting(second), acting(last))
            guard let mine = a.last, let theirs = b.last else { continue }
            let usual = value(a + b + c)
            let clash =
              replacing
              ? !isSame(usual, value(a + c)) && isSame(value(a + b), value(b)) && !isSame(value(a), lever.initial)
              : !isSame(usual, value(b + a + c))
            guard clash else { continue }
            return Problem(
              "scenario.contradiction", file: file, line: part.line, column: part.column, path: "include",
              message: Bilingual(
                zh:
                  "“\(other.id)”与“\(part.id)”互相矛盾：\(year) 年 \(lever.id) 前者为 \(plain(value(a)))（\(mine.origin)），后者为 \(plain(value(b)))（\(theirs.origin)），谁先谁后会改变结果",
                en:
                  "'\(other.id)' and '\(part.id)' contradict each other: in \(year) the one makes \(lever.id) \(plain(value(a))) (\(mine.origin)), the other \(plain(value(b))) (\(theirs.origin)), and their order would decide"
              ),
              hint: Bilingual(
                zh: "只留一个，或在本文件的 levers 中用 set 写明取哪个值", en: "keep one of them, or state in this file's levers, with `set`, which value holds"))
          }
        }
      }
      return nil
    }
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }
}
