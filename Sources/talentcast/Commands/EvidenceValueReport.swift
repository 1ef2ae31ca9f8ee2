import Datasets
import Dimensions
import Facts
import Foundation
import Messages
import SmallArea

/// `evidence value`: how sure a cell is, what made it so, and which unseen figure would narrow it most.
struct EvidenceValueReport: Encodable {
  struct Candidate: Encodable {
    let population: String
    let place: String
    let year: Int
    let after: Double

    enum CodingKeys: String, CodingKey {
      case population, place, year
      case after = "sd_log_after"
    }
  }

  struct Influence: Encodable {
    let fact: String
    let influence: Double
  }

  private enum Key: String, CodingKey {
    case schema, cell, p10, p50, p90, candidates, influences
    case sd = "sd_log"
    case unseen = "sd_log_unseen"
  }

  let cell: String
  let log: Double
  let sd: Double
  let candidates: [Candidate]
  let influences: [Influence]
  private let unseen: Double
  private let base: FactBase
  private let names: [RegionCode: Bilingual]
  private let facts: [String: PublishedFact]

  init(_ base: FactBase, _ catalogue: Catalogue, cell: String, sd unseen: Double, limit: Int) throws(ProblemReport) {
    let asked = try EvidenceCell(cell, base)
    let posterior = base.posterior
    let own: EvidencePosterior.Question
    var found: [Candidate] = []
    do throws(SmallAreaError) {
      own = try posterior.question(asked.parts)
      let published = Set(base.facts.compactMap { fact in fact.population.map { "\($0) \(fact.place) \(fact.year)" } })
      for k in base.spec.populations.indices {
        for place in base.places where !published.contains("\(k) \(place) \(asked.year)") {
          guard let parts = base.parts([k], place: place, year: asked.year) else { continue }
          let question = try posterior.question(parts)
          found.append(
            Candidate(
              population: base.spec.populations[k].id, place: place.text, year: asked.year,
              after: posterior.sd(of: own, after: question, sd: unseen)))
        }
      }
    } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
    found.sort { ($0.after, $0.population, $0.place) < ($1.after, $1.population, $1.place) }
    candidates = Array(found.prefix(limit))
    let moves = zip(base.facts, posterior.influences(on: own)).map { Influence(fact: $0.id, influence: $1) }
    influences = Array(moves.sorted { (abs($1.influence), $0.fact) < (abs($0.influence), $1.fact) }.prefix(limit))
    (self.cell, log, sd, self.unseen, self.base) = (cell, own.log, own.sd, unseen, base)
    names = placeNames(catalogue)
    facts = Dictionary(base.facts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private var reach: Double { exp(1.2815515655446004 * sd) }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode("talentcast/evidence-value@1", forKey: .schema)
    try json.encode(cell, forKey: .cell)
    try json.encode(exp(log) / reach, forKey: .p10)
    try json.encode(exp(log), forKey: .p50)
    try json.encode(exp(log) * reach, forKey: .p90)
    try json.encode(sd, forKey: .sd)
    try json.encode(unseen, forKey: .unseen)
    try json.encode(candidates, forKey: .candidates)
    try json.encode(influences, forKey: .influences)
  }

  func text(in language: Language) -> String {
    let head = Bilingual(
      zh: "\(cell)：\(whole(exp(log)))（80 % 区间 \(whole(exp(log) / reach))–\(whole(exp(log) * reach))，对数标准差 \(digits3(sd))）",
      en:
        "\(cell): \(whole(exp(log))) (80 % interval \(whole(exp(log) / reach))–\(whole(exp(log) * reach)), standard deviation of the log \(digits3(sd)))"
    )
    func name(_ id: String) -> String { base.spec.populations.first { $0.id == id }?.name[language] ?? id }
    var next = TextTable([
      (Bilingual(zh: "若公布", en: "if published")[language], .left), (Bilingual(zh: "地区", en: "place")[language], .left),
      (Bilingual(zh: "年", en: "year")[language], .right), (Bilingual(zh: "此后对数标准差", en: "sd of the log after")[language], .right),
    ])
    for one in candidates {
      next.append([
        name(one.population), names[RegionCode(one.place)]?[language] ?? one.place, String(one.year), digits3(one.after),
      ])
    }
    var moved = TextTable([
      (Bilingual(zh: "影响最大的事实", en: "facts that moved it most")[language], .left),
      (Bilingual(zh: "地区", en: "place")[language], .left), (Bilingual(zh: "年", en: "year")[language], .right),
      (Bilingual(zh: "每个标准差", en: "for one σ")[language], .right),
    ])
    for one in influences {
      guard let fact = facts[one.fact] else { continue }
      moved.append([
        base.name(of: fact)[language], names[fact.place]?[language] ?? fact.place.text,
        String(fact.year), String(format: "%+.2f%%", 100 * one.influence),
      ])
    }
    return [head[language], "", next.text, "", moved.text].joined(separator: "\n")
  }
}

/// `PLACE/YEAR` (all roles together) or `POPULATION/PLACE/YEAR`.
private struct EvidenceCell {
  let parts: [EvidenceFact.Part]
  let year: Int

  init(_ text: String, _ base: FactBase) throws(ProblemReport) {
    let words = text.split(separator: "/").map(String.init)
    guard (2...3).contains(words.count), let last = words.last, let year = Int(last) else {
      throw Self.usage(
        Bilingual(zh: "“\(text)”不是单元格", en: "'\(text)' is no cell"),
        Bilingual(zh: "写 地区/年 或 总体/地区/年，如 440000/2023", en: "write PLACE/YEAR or POPULATION/PLACE/YEAR, as in 440000/2023"))
    }
    var population: [Int]?
    if words.count == 3 {
      let known = base.spec.populations.map(\.id)
      guard let index = known.firstIndex(of: words[0]) else {
        throw Self.usage(
          Bilingual(zh: "没有总体“\(words[0])”", en: "there is no population '\(words[0])'"),
          nearest(words[0], among: known).map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
            ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
      }
      population = [index]
    }
    guard base.spec.years.contains(year) else {
      throw Self.usage(
        Bilingual(
          zh: "\(year) 年不在 \(base.spec.years.lowerBound)–\(base.spec.years.upperBound) 之内",
          en: "\(year) is outside \(base.spec.years.lowerBound)–\(base.spec.years.upperBound)"),
        nil)
    }
    let place = words[words.count - 2]
    guard let parts = base.parts(population, place: RegionCode(place), year: year) else {
      throw Self.usage(
        Bilingual(zh: "没有地区“\(place)”，或该年没有全国数", en: "there is no place '\(place)', or no national number of that year"),
        nearest(place, among: base.places.map(\.text)).map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
    }
    (self.parts, self.year) = (parts, year)
  }

  private static func usage(_ message: Bilingual, _ hint: Bilingual?) -> ProblemReport {
    ProblemReport(.usage, [Problem("evidence.cell", path: "--cell", message: message, hint: hint)])
  }
}
