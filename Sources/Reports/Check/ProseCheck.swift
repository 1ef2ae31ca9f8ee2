import Dimensions
import Messages

extension ReportChecker {
  /// What sentences must keep: traceable numbers, verbs by evidence, intervals at first mention,
  /// words from the threshold table, both languages with the same facts.
  func prose() -> [Problem] {
    var found: [Problem] = []
    var mentioned: Set<String> = []
    let anchors = Set(document.tables.map(\.anchor) + document.figures.map(\.anchor))
    for sentence in document.sentences {
      found += numbers(sentence)
      found += verbs(sentence)
      found += words(sentence)
      found += causes(sentence)
      found += languages(sentence)
      found += firstMentions(sentence, &mentioned)
      for case .reference(let anchor) in sentence.zh.pieces + sentence.en.pieces where !anchors.contains(anchor) {
        found.append(
          fault(
            "dangling-reference", sentence.id, zh: "所引的表或图没有印出：\(anchor)。",
            en: "The table or figure referred to is not printed: \(anchor)."))
      }
    }
    return found
  }

  private func numbers(_ sentence: Sentence) -> [Problem] {
    var found: [Problem] = []
    for language in Language.allCases {
      for case .text(let text) in sentence[language].pieces where hasLooseDigit(text) {
        found.append(
          fault(
            "loose-number", sentence.id, zh: "句中的数字没有出处：“\(text)”。",
            en: "A number in the sentence has no origin: \"\(text)\"."))
      }
    }
    // Both languages state the same facts; each must also state them right.
    var seen: Set<Fact> = []
    for (fact, format) in sentence.facts(in: .zh) + sentence.facts(in: .en) where seen.insert(fact).inserted {
      found += faults(of: fact, at: sentence.id)
      found += faults(of: fact, printedAs: format, at: sentence.id)
    }
    return found
  }

  /// The nominal levels of intervals are words, not quantities.
  private func hasLooseDigit(_ text: String) -> Bool {
    text.replacing("80%", with: "").replacing("95%", with: "").contains {
      $0.isWholeNumber && ($0.isASCII || ("０"..."９").contains($0))
    }
  }

  private func verbs(_ sentence: Sentence) -> [Problem] {
    let bases = Set(
      sentence.facts(in: .zh).filter { if case .derived = $0.fact.origin { false } else { true } }
        .map(\.fact.basis))
    let zh = plain(sentence, .zh)
    let en = plain(sentence, .en).lowercased()
    let rules: [(Basis, [String], [String])] = [
      (.forecast, ["预计", "据预测"], ["project"]),
      (.estimated, ["据测算"], ["estimate", "needs"]),
      (.counted, ["据统计"], ["published count", "published figure", "outcome"]),
      (.planned, ["规划提出"], ["plan sets out"]),
    ]
    return rules.compactMap { basis, zhWords, enWords in
      // A forecast sentence may compare with its base year; a needed pace follows from its own clause.
      guard bases.contains(basis), basis == .forecast || !bases.contains(.forecast) || basis == .counted
      else { return nil }
      if basis == .estimated, bases.contains(.planned) { return nil }
      if zhWords.contains(where: zh.contains), enWords.contains(where: en.contains) { return nil }
      return fault(
        "verb", sentence.id,
        zh: "\(basis.verb.zh)类数字的句子没有用“\(zhWords[0])”（英文 \(enWords[0])）。",
        en: "A sentence with a \(basis.rawValue) number lacks its verb (\(zhWords[0]), \(enWords[0])).")
    }
  }

  /// 稳步增长 only with a growth in its class; 较可能 only with such a probability.
  private func words(_ sentence: Sentence) -> [Problem] {
    var found: [Problem] = []
    let text = sentence.zh.pieces.map { piece -> String in
      if case .text(let text) = piece { text } else if case .quoted(let text) = piece { text } else { "" }
    }.joined()
    let facts = sentence.facts(in: .zh)
    let growths = facts.filter { isGrowth($0.fact) }.map(\.fact.value)
    for row in Wording.pace where row.from > 0 {
      for (tail, sign) in [("增长", 1.0), ("下降", -1.0)] where text.contains(row.word.zh + tail) {
        if !growths.contains(where: { Wording.change($0).zh == row.word.zh + tail && $0 * sign > 0 }) {
          found.append(
            fault(
              "adjective", sentence.id, zh: "“\(row.word.zh + tail)”与句中的增速不符。",
              en: "The word for \"\(row.word.en)\" does not fit the growth in the sentence."))
        }
      }
    }
    let chances = facts.filter { $0.format == .probability }.map(\.fact.value)
    for row in Wording.certainty where text.contains(row.word.zh) && !chances.isEmpty {
      if !chances.contains(where: { Wording.likelihood($0).zh == row.word.zh }) {
        found.append(
          fault(
            "certainty", sentence.id, zh: "“\(row.word.zh)”与句中的概率不符。",
            en: "\"\(row.word.en)\" does not fit the probability in the sentence."))
      }
    }
    return found
  }

  private func isGrowth(_ fact: Fact) -> Bool {
    switch fact.origin {
    case .derived(.growth, _), .derived(.annualGrowth, _): true
    default: false
    }
  }

  private static let causal = ["由于", "导致", "造成", "因为", "because", "due to", "caused by"]

  private func causes(_ sentence: Sentence) -> [Problem] {
    let attributed = sentence.facts(in: .zh).contains {
      if case .input(let path) = $0.fact.origin { path.hasPrefix("contribution/") } else { false }
    }
    guard !attributed, !sentence.facts(in: .zh).isEmpty else { return [] }
    let text = plain(sentence, .zh) + plain(sentence, .en).lowercased()
    return ReportChecker.causal.filter(text.contains).map {
      fault("cause", sentence.id, zh: "没有归因的句子用了因果词“\($0)”。", en: "A causal word without an attribution: \"\($0)\".")
    }
  }

  private func languages(_ sentence: Sentence) -> [Problem] {
    if sentence.zh.pieces.isEmpty || sentence.en.pieces.isEmpty
      || plain(sentence, .zh).isEmpty || plain(sentence, .en).isEmpty
    {
      return [fault("missing-language", sentence.id, zh: "句子缺一种语言。", en: "The sentence lacks a language.")]
    }
    let zh = Set(sentence.facts(in: .zh).map(\.fact.reference))
    let en = Set(sentence.facts(in: .en).map(\.fact.reference))
    guard zh == en else {
      return [
        fault(
          "languages-differ", sentence.id, zh: "中英文所述的数字不同。", en: "The two languages state different numbers.")
      ]
    }
    return []
  }

  /// The first time a banded forecast is said, its interval and the scenario stand beside it.
  private func firstMentions(_ sentence: Sentence, _ mentioned: inout Set<String>) -> [Problem] {
    var found: [Problem] = []
    for language in Language.allCases {
      let pieces = sentence[language].pieces
      for case .number(let fact, _) in pieces where fact.basis == .forecast && fact.interval != nil {
        let key = language.rawValue + fact.reference
        guard mentioned.insert(key).inserted else { continue }
        let banded = pieces.contains { if case .interval(let other, _) = $0 { other.reference == fact.reference } else { false } }
        if !banded {
          found.append(
            fault(
              "forecast-without-interval", sentence.id, zh: "预测数首次出现没有区间：\(fact.reference)。",
              en: "A forecast is first mentioned without its interval: \(fact.reference)."))
        }
        let isPast: Bool = if case .input(let path) = fact.origin { path.hasPrefix("past/") } else { false }
        if !isPast, !plain(sentence, language).contains(scenarioName(fact)[language]) {
          found.append(
            fault(
              "forecast-without-scenario", sentence.id, zh: "预测数首次出现没有说明情景。",
              en: "A forecast is first mentioned without its scenario."))
        }
      }
    }
    return found
  }

  /// The scenario that a forecast is of.
  private func scenarioName(_ fact: Fact) -> Bilingual {
    let own = document.edition
    guard case .cell(let key) = fact.origin, key.scenario != own.scenario else { return own.scenarioName }
    return cube.input.scenarios.first { $0.code == key.scenario }?.name ?? own.scenarioName
  }
}
