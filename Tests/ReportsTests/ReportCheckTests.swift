import Dimensions
import Messages
import Testing

@testable import Reports

/// A fault planted in an honest document, and the rule that must catch it.
struct Planted: CustomTestStringConvertible, Sendable {
  let code: String
  let plant: @Sendable (inout Document) -> Void
  var testDescription: String { code }

  init(_ code: String, _ plant: @escaping @Sendable (inout Document) -> Void) {
    self.code = code
    self.plant = plant
  }
}

extension Document {
  mutating func change(table anchor: String, _ work: (inout StatTable) -> Void) {
    for c in chapters.indices {
      for b in chapters[c].blocks.indices {
        if case .table(var table) = chapters[c].blocks[b], table.anchor == anchor {
          work(&table)
          chapters[c].blocks[b] = .table(table)
        }
      }
    }
  }

  mutating func change(figure anchor: String, _ work: (inout Figure) -> Void) {
    for c in chapters.indices {
      for b in chapters[c].blocks.indices {
        if case .figure(var figure) = chapters[c].blocks[b], figure.anchor == anchor {
          work(&figure)
          chapters[c].blocks[b] = .figure(figure)
        }
      }
    }
  }

  mutating func change(sentence id: String, _ work: (inout Sentence) -> Void) {
    for c in chapters.indices {
      for b in chapters[c].blocks.indices {
        if case .paragraph(var paragraph) = chapters[c].blocks[b],
          let s = paragraph.sentences.firstIndex(where: { $0.id == id })
        {
          work(&paragraph.sentences[s])
          chapters[c].blocks[b] = .paragraph(paragraph)
        }
      }
    }
  }
}

extension Prose {
  func replacingText(_ old: String, _ new: String) -> Prose {
    Prose(
      pieces.map { if case .text(let text) = $0 { .text(text.replacing(old, with: new)) } else { $0 } })
  }

  func changingFacts(_ work: (inout Fact) -> Void) -> Prose {
    Prose(
      pieces.map {
        switch $0 {
        case .number(var fact, let format):
          work(&fact)
          return .number(fact, format)
        case .interval(var fact, let format):
          work(&fact)
          return .interval(fact, format)
        default: return $0
        }
      })
  }
}

private func withoutIntervals(_ prose: Prose) -> Prose {
  Prose(prose.pieces.filter { if case .interval = $0 { false } else { true } })
}

private let plantedFaults: [Planted] = [
  Planted("wrong-number") { $0.change(table: "t-headline") { $0.rows[0].cells[1] = raised($0.rows[0].cells[1]) } },
  Planted("wrong-number") {
    $0.change(sentence: "summary.stock") { $0.zh = $0.zh.changingFacts { $0.value += 10_000 } }
  },
  Planted("unknown-origin") {
    $0.change(sentence: "summary.stock") {
      $0.zh = $0.zh.changingFacts { $0.origin = .input("indicator/none/latest") }
    }
  },
  Planted("wrong-interval") {
    $0.change(sentence: "summary.demand") { $0.zh = $0.zh.changingFacts { $0.low = ($0.low ?? 0) + 5_000 } }
  },
  Planted("reversed-interval") {
    $0.change(sentence: "summary.demand") { $0.zh = $0.zh.changingFacts { swap(&$0.low, &$0.high) } }
  },
  Planted("mixed-concepts") {
    $0.change(table: "t-share") {
      guard case .number(let share, let format) = $0.rows[0].cells[1],
        case .derived(let formula, var parts) = share.origin
      else { return }
      parts[0].concept = "ip-service-workforce"
      var other = share
      other.origin = .derived(formula, parts)
      $0.rows[0].cells[1] = .number(other, format)
    }
  },
  Planted("percent-for-points") {
    $0.change(table: "t-backtest") {
      guard case .number(let a, _) = $0.rows[0].cells[8], case .number(let b, _) = $0.rows[1].cells[8],
        let difference = Fact.derived(.difference, [b, a])
      else { return }
      $0.rows[1].cells[8] = .number(difference, .tablePercent)
    }
  },
  Planted("points-for-percent") {
    $0.change(sentence: "summary.supply") {
      $0.zh = Prose($0.zh.pieces.map { if case .number(let f, .percent) = $0 { .number(f, .points) } else { $0 } })
    }
  },
  Planted("probability-range") {
    $0.change(sentence: "summary.likelihood") { $0.zh = $0.zh.changingFacts { $0.value = 1.2 } }
  },
  Planted("duplicate-anchor") { $0.change(table: "t-share") { $0.anchor = "t-stock" } },
  Planted("duplicate-sentence") { $0.change(sentence: "summary.gap") { $0.id = "summary.stock" } },
  Planted("caption-number") { $0.change(table: "t-share") { $0.number = "2-7" } },
  Planted("caption-number") { $0.change(figure: "f-bullets") { $0.number = "3-2" } },
  Planted("no-standing") { document in
    document.change(sentence: "summary.standing") { $0.zh = "本报告为统计公报。" }
    for c in document.chapters.indices where document.chapters[c].anchor == "limits" {
      document.chapters[c].blocks.removeAll()
    }
  },
  Planted("empty-chapter") { $0.chapters[1].blocks.removeAll() },
  Planted("no-alternative") { $0.change(figure: "f-ranking") { $0.alternative = Bilingual(zh: "", en: "") } },
  Planted("no-picture") {
    $0.change(figure: "map-supply") { $0.content = .picture(zh: "", en: "") }
  },
  Planted("loose-number") {
    $0.change(sentence: "summary.stock") { $0.zh = $0.zh + "其中保护队伍3万人。" }
  },
  Planted("verb") { $0.change(sentence: "summary.demand") { $0.zh = $0.zh.replacingText("预计", "") } },
  Planted("verb") {
    $0.change(sentence: "summary.stock") { $0.zh = $0.zh.replacingText("据统计", "据测算") }
  },
  Planted("adjective") {
    $0.change(sentence: "summary.supply") {
      $0.zh = Prose($0.zh.pieces.map { $0 == .quoted("稳步增长") ? .quoted("快速增长") : $0 })
    }
  },
  Planted("certainty") {
    $0.change(sentence: "summary.likelihood") {
      $0.zh = Prose($0.zh.pieces.map { $0 == .quoted("较可能") ? .quoted("大概率") : $0 })
    }
  },
  Planted("cause") {
    $0.change(sentence: "summary.gap") { $0.zh = "由于需求增长，" + $0.zh }
  },
  Planted("missing-language") { $0.change(sentence: "summary.gap") { $0.en = "" } },
  Planted("languages-differ") {
    $0.change(sentence: "summary.stock") { sentence in
      sentence.en = Prose(sentence.en.pieces.filter { if case .number = $0 { false } else { true } })
    }
  },
  Planted("forecast-without-interval") {
    $0.change(sentence: "summary.demand") { $0.zh = withoutIntervals($0.zh) }
  },
  Planted("forecast-without-scenario") {
    $0.change(sentence: "summary.demand") {
      $0.zh = Prose($0.zh.pieces.filter { $0 != .quoted("基准情景") })
    }
  },
  Planted("wrong-number") {
    $0.change(sentence: "scenarios.spread") { $0.en = $0.en.changingFacts { $0.value += 10_000 } }
  },
  Planted("forecast-without-scenario") {
    $0.change(sentence: "scenarios.spread") { $0.zh = Prose($0.zh.pieces.map { $0 == .quoted("低创新情景") ? .quoted("另一情景") : $0 }) }
  },
  Planted("wrong-number") { $0.change(table: "t-tornado") { $0.rows[0].cells[3] = raised($0.rows[0].cells[3]) } },
  Planted("wrong-number") {
    $0.change(table: "t-scenarios") {
      guard case .number(let fact, let format) = $0.rows[1].cells[6], case .derived(let formula, let parts) = fact.origin else { return }
      var other = fact
      other.origin = .derived(formula, parts.reversed())
      $0.rows[1].cells[6] = .number(other, format)
    }
  },
  Planted("dangling-reference") { document in
    for c in document.chapters.indices {
      document.chapters[c].blocks.removeAll { if case .table(let t) = $0 { t.anchor == "t-backtest" } else { false } }
    }
  },
  Planted("empty-table") { $0.change(table: "t-stock") { $0.rows.removeAll() } },
  Planted("ragged-table") { $0.change(table: "t-stock") { $0.rows[1].cells.removeLast() } },
  Planted("no-unit") { $0.change(table: "t-balance") { $0.unit = nil } },
  Planted("grade-too-good") {
    $0.change(table: "t-supply-team") { $0.rows[1].cells[$0.columns.count - 1] = .grade(.observed) }
  },
  Planted("unmarked-assumption") {
    $0.change(table: "t-supply-team") { $0.rows[1].cells[$0.columns.count - 1] = .code("") }
  },
  Planted("mixed-formats") {
    $0.change(table: "t-balance") {
      guard let fact = $0.rows[0].cells[2].fact else { return }
      $0.rows[0].cells[2] = .number(fact, .tableTenThousands)
    }
  },
  Planted("wrong-total") {
    $0.change(table: "t-supply-team") { $0.rows.remove(at: 2) }
  },
  Planted("recoverable-cell") {
    $0.change(table: "t-supply-team") { $0.rows[2].cells[1] = .suppressed }
  },
  Planted("unregistered-source") { $0.change(table: "t-stock") { $0.sources.append("hearsay") } },
]

private func raised(_ cell: StatCell) -> StatCell {
  guard case .number(var fact, let format) = cell else { return cell }
  fact.value *= 1.01
  return .number(fact, format)
}

@Test func honestDocumentHasNoFault() {
  let problems = checkReport(SampleEdition.honest, against: SampleEdition.input)
  #expect(problems.map { "\($0.code) \($0.path ?? "") \($0.message.en)" } == [])
}

@Test(arguments: plantedFaults)
func catchesPlantedFault(_ planted: Planted) {
  var faulty = SampleEdition.honest
  planted.plant(&faulty)
  let codes = checkReport(faulty, against: SampleEdition.input).map(\.code)
  #expect(codes.contains("report.\(planted.code)"))
}

@Test func scenariosStandBesideTheEditionsOwn() throws {
  let book = SampleEdition.honest
  let table = try #require(book.tables.first { $0.anchor == "t-scenarios" })
  // The edition's own scenario has no difference from itself.
  #expect(table.rows.map { $0.cells[0].text(.zh) } == ["基准情景", "高创新情景", "低创新情景"])
  #expect(table.rows.map { $0.cells[6].text(.en) } == ["—", "8,000", "−8,000"])
  #expect(Set(book.tables.map(\.anchor)).isSuperset(of: ["t-scenarios-110000", "t-scenarios-310000", "t-scenarios-GBA"]))
  let spread = try #require(book.sentences.first { $0.id == "scenarios.spread" })
  #expect(spread.facts(in: .zh).map(\.fact.value) == spread.facts(in: .en).map(\.fact.value))
  #expect(book.tables.contains { $0.anchor == "t-levers" && $0.rows.count == 2 })
}

@Test func aTornadoShowsBothEndsOfEveryLever() throws {
  let figure = try #require(SampleEdition.honest.figures.first { $0.anchor == "f-tornado" })
  #expect(figure.data.map(\.fact.value) == [1000, 90_000, -150_000, -40_000, 50_000])
  for language in Language.allCases {
    let svg = figure.svg(language)
    for end in ["0.5", "2.0", "0.6", "1.8"] { #expect(svg.contains(">\(end)</text>")) }
  }
}

@Test func withoutOtherScenariosTheirTablesAreListedAsUnavailable() {
  var input = SampleEdition.input
  input.scenarios = Array(input.scenarios.prefix(1))
  (input.otherScenarios, input.levers, input.sensitivity) = ([], [], nil)
  let book = document(for: input)
  #expect(!book.tables.contains { $0.anchor.hasPrefix("t-scenarios") || ["t-levers", "t-tornado"].contains($0.anchor) })
  let missing = book.tables.filter { $0.anchor == "a-unavailable" }.flatMap(\.rows).map { $0.cells[0].text(.en) }
  #expect(missing.contains("Results by scenario") && missing.contains("Sensitivity tornado"))
}

/// The table of faults covers at least twenty different rules.
@Test func plantedFaultsCoverTwentyRules() {
  #expect(Set(plantedFaults.map(\.code)).count >= 20)
}
