import Messages

/// A place or a team that a change selects, where it is written.
struct ScenarioSelector: Sendable {
  enum Kind: String, Sendable { case geo, team }
  let kind: Kind
  let text: String
  let file: String
  let line: Int
  let column: Int
  let path: String
}

extension ScenarioSelector {
  /// What is wrong with a selector under a model: a place or team that is nowhere would silently move nothing.
  func problem(in model: ModelSpec) -> Problem? {
    let known = kind == .geo ? model.places : model.teams.map { ($0.id, $0.name) }
    if known.contains(where: { $0.id == text }) || kind == .geo && model.mayBeProvince(text) { return nil }
    let what = kind == .geo ? Bilingual(zh: "地区", en: "place") : Bilingual(zh: "队伍", en: "team")
    return Problem(
      kind == .geo ? "scenario.place" : "scenario.team", file: file, line: line, column: column, path: path,
      message: Bilingual(
        zh: "模型“\(model.id)”中没有\(what.zh)“\(text)”", en: "the model '\(model.id)' has no \(what.en) '\(text)'"),
      hint: hint(known))
  }

  private func hint(_ known: [(id: String, name: Bilingual)]) -> Bilingual {
    let words = known.flatMap { [$0.id, $0.name.zh, $0.name.en] }.filter { !$0.isEmpty }
    let near = nearest(text, among: words)
    if let match = known.first(where: { [$0.id, $0.name.zh, $0.name.en].contains(near) }) {
      let named = match.name.zh.isEmpty || match.name.zh == match.id
      return Bilingual(
        zh: "您是否想写：\(match.id)" + (named ? "" : "（\(match.name.zh)）"),
        en: "did you mean: \(match.id)" + (named ? "" : " (\(match.name.en))"))
    }
    let ids = known.map(\.id)
    let provinces = kind == .geo
    return Bilingual(
      zh: "可用：\(ids.joined(separator: "、"))" + (provinces ? "，或省级代码如 330000" : ""),
      en: "known: \(ids.joined(separator: ", "))" + (provinces ? ", or a province's code such as 330000" : ""))
  }
}

extension ModelSpec {
  /// Places that the model file names, hubs first.
  var places: [(id: String, name: Bilingual)] {
    let nameless = Bilingual(zh: "", en: "")
    var all = regions.hubs.map { ($0.id, $0.name) } + regions.hubs.map { ($0.code.text, $0.name) }
    all.append((stock.nation.text, stock.name))
    all.append((regions.rest.code.text, regions.rest.name))
    let others = [regions.cityParent] + regions.separate + regions.hubs.flatMap(\.members)
    all += others.map { ($0.text, nameless) }
    var seen: Set<String> = [""]
    return all.filter { seen.insert($0.0).inserted }
  }

  /// The code of a province (GB/T 2260: two digits and four zeros); which there are, the data say.
  func mayBeProvince(_ code: String) -> Bool {
    guard !regions.provinceLevel.isEmpty, !regions.without.contains(where: { $0.text == code }) else { return false }
    let digits = code.utf8.allSatisfy { (48...57).contains($0) }
    return digits && code.utf8.count == 6 && code.hasSuffix("0000") && ("11"..."82").contains(code.prefix(2))
  }
}

extension ScenarioSpec {
  /// Levers that several changes together drive beyond what is possible, at the last change that does it.
  func impossibleValues(in model: ModelSpec) -> [Problem] {
    guard model.years.base < model.years.last else { return [] }
    var problems: [Problem] = []
    for lever in levers {
      let own = changes.filter { $0.lever.id == lever.id }
      let places = [[]] + own.flatMap(\.places).map { surroundings(of: $0, in: model) }
      let teams = ["total"] + own.flatMap(\.teams)
      for (place, team) in places.flatMap({ place in teams.map { (place, $0) } }) {
        guard
          let year = (model.years.base + 1...model.years.last).first(where: {
            !lever.domain.contains(value(lever.id, place: place, team: team, year: $0))
          }), let last = own.last(where: { $0.years.contains(year) && $0.applies(place: place, team: team) })
        else { continue }
        problems.append(last.impossible(value(lever.id, place: place, team: team, year: year), year, place.first))
        break
      }
    }
    return problems
  }

  /// A place and the hubs and nation it lies in, as a run names them.
  func surroundings(of place: String, in model: ModelSpec) -> [String] {
    let hubs = model.regions.hubs.filter { $0.members.contains { $0.text == place } }
    return [place] + hubs.flatMap { [$0.id, $0.code.text] } + [model.stock.nation.text]
  }
}

extension LeverChange {
  fileprivate func impossible(_ value: Double, _ year: Int, _ name: String?) -> Problem {
    let at = name.map { Bilingual(zh: "（\($0)）", en: " (\($0))") } ?? Bilingual(zh: "", en: "")
    return Problem(
      "scenario.impossible", file: place?.file, line: place?.line,
      column: column, path: "levers.\(lever.id)",
      message: Bilingual(
        zh: "各项改动合计使 \(lever.id) 在 \(year) 年\(at.zh)为 \(plain(value))，超出可能范围 \(plain(lever.domain.lowerBound))～\(plain(lever.domain.upperBound))",
        en:
          "taken together the changes make \(lever.id) \(plain(value)) in \(year)\(at.en), outside \(plain(lever.domain.lowerBound))...\(plain(lever.domain.upperBound))"
      ))
  }
}
