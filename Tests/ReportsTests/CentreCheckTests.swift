import Dimensions
import Messages
import Testing

@testable import Reports

/// An edition some of whose cells are changed.
private func edition(_ change: (inout ResultCell) -> Void) -> ReportInput {
  var input = SampleEdition.input
  for i in input.cells.indices { change(&input.cells[i]) }
  return input
}

private func codes(_ document: Document, _ input: ReportInput) -> [String] {
  checkReport(document, against: input).map(\.code)
}

private func isNation(_ cell: ResultCell, _ measure: Measure) -> Bool {
  cell.region == "100000" && cell.measure == measure && cell.year == 2030 && cell.team == "total" && cell.industry == "total"
}

@Suite struct CentreCheckTests {
  /// A zero-noise run beside the quantiles of the draws: the centre lies outside its own interval.
  @Test func aCentreOutsideItsIntervalIsAFault() {
    let moved = edition { if isNation($0, .gapRequirement) { $0.value = $0.p90 + 1000 } }
    #expect(codes(document(for: moved), moved).contains("report.centre-outside-interval"))
    // One side of the interval more than twenty times the other: a mean may well lie outside.
    let skewed = edition { cell in
      guard isNation(cell, .gapRequirement) else { return }
      let unit = cell.p90 - cell.p10
      (cell.p10, cell.p50, cell.p90) = (0, 0.04 * unit, unit)
      (cell.p025, cell.p975, cell.value) = (-1, 9 * unit, 1.1 * unit)
    }
    #expect(!codes(document(for: skewed), skewed).contains("report.centre-outside-interval"))
  }

  /// A surplus on average, a shortage in most draws: said wherever both are printed, or a fault.
  @Test func aMeanAgainstItsProbabilityIsSaid() throws {
    let contrary = edition { cell in
      if isNation(cell, .gapRequirement) {
        let shift = cell.value + 24_048
        (cell.value, cell.p10, cell.p50, cell.p90) = (-24_048, cell.p10 - shift, 57_618, cell.p90 - shift)
        (cell.p025, cell.p975) = (cell.p025 - shift, cell.p975 - shift)
      }
      if isNation(cell, .shortageProbability) { cell.value = 0.62 }
    }
    let honest = document(for: contrary)
    let fault = "report.sign-against-probability"
    #expect(!codes(honest, contrary).contains(fault))
    let table = try #require(honest.tables.first { $0.anchor == "t-balance" })
    #expect(table.notes.contains(.contraryNote))
    let sentence = try #require(honest.sentences.first { $0.id == "summary.gap" })
    #expect(sentence.zh.pieces.contains { if case .text(let text) = $0 { text.contains("尚无定论") } else { false } })

    var silentTable = honest
    silentTable.change(table: "t-balance") { $0.notes = [] }
    #expect(codes(silentTable, contrary).contains(fault))
    var silentSentence = honest
    silentSentence.change(sentence: "summary.gap") { $0.zh = $0.zh.replacingText("，是否短缺尚无定论", "") }
    #expect(codes(silentSentence, contrary).contains(fault))
    // Between 0.4 and 0.6 a probability points nowhere.
    let open = edition { cell in
      if isNation(cell, .shortageProbability) { cell.value = 0.56 }
      if isNation(cell, .gapRequirement) { cell.value = cell.p50 - 1 }
    }
    #expect(!document(for: open).tables.contains { $0.notes.contains(.contraryNote) })
  }

  /// "The largest" of figures whose intervals meet.
  @Test func aRankInsideOverlapIsAFault() throws {
    let wide = edition { cell in
      if cell.measure == .gapRequirement, cell.year == 2030 {
        (cell.p10, cell.p90) = (cell.value - 300_000, cell.value + 300_000)
        (cell.p025, cell.p975) = (cell.value - 500_000, cell.value + 500_000)
      }
    }
    let honest = document(for: wide)
    #expect(!codes(honest, wide).contains("report.rank-inside-overlap"))
    let sentence = try #require(honest.sentences.first { $0.id == "summary.largest" })
    #expect(sentence.facts(in: .zh).isEmpty && sentence.facts(in: .en).isEmpty)
    let gap = try #require(Cube(wide).fact(.gapRequirement, "GBA", 2030))
    var ranked = honest
    ranked.change(sentence: "summary.largest") {
      $0.zh = "预计粤港澳大湾区的缺口居首，为\(Prose.withInterval(gap, .persons, wide.edition, in: .zh))。"
      $0.en = "The Greater Bay Area has the largest projected gap, \(Prose.withInterval(gap, .persons, wide.edition, in: .en))."
    }
    #expect(codes(ranked, wide).contains("report.rank-inside-overlap"))
  }

  /// A half width of 40,000 supports ten thousands; no interval, no rounding beyond the usual.
  @Test(arguments: [
    (30.0, -40_000.0, 40_000.0, "0万人", "0"), (126_731, 90_000, 170_000, "13万人", "130,000"),
    (1_267_310, 903_000, 1_757_000, "130万人", "1,300,000"), (12_345, 12_000, 12_700, "1.2万人", "12,000"),
    (845, 800, 890, "850人", "850"), (-24_048, -361_000, 457_000, "0万人", "0"),
  ]) func personsAreSaidToTheDigitTheirIntervalSupports(_ row: (Double, Double, Double, String, String)) {
    let fact = Fact(value: row.0, low: row.1, high: row.2, origin: .input("x/y/z"), basis: .forecast, evidence: .assumed)
    #expect(NumberFormat.persons.text(fact, in: .zh) == row.3 && NumberFormat.persons.text(fact, in: .en) == row.4)
  }

  @Test func bothEndsOfAnIntervalAreInThatDigit() {
    let fact = Fact(value: 30, low: -38_500, high: 41_200, origin: .input("x/y/z"), basis: .forecast, evidence: .assumed)
    #expect(NumberFormat.persons.range(fact, in: .zh) == "−4万～4万人" && NumberFormat.persons.range(fact, in: .en) == "−40,000 to 40,000")
  }
}
