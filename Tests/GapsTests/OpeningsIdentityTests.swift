import Testing

@testable import Gaps

/// U.S. Bureau of Labor Statistics, Employment Projections 2024–34, Table 1.10: occupational separations
/// and openings, in thousands (exits, transfers, separations and openings are annual averages).
private let published: [(name: String, from: Double, to: Double, exits: Double, transfers: Double, separations: Double, openings: Double)] = [
  ("All occupations", 169956.1, 175167.9, 8155.0, 10187.1, 18342.1, 18863.3),
  ("Legal occupations", 1418.2, 1456.5, 32.3, 47.6, 80.0, 83.8),
  ("Lawyers", 864.8, 900.7, 15.7, 12.2, 27.9, 31.5),
  ("Judicial law clerks", 14.5, 14.9, 0.4, 0.6, 1.0, 1.0),
  ("Paralegals", 376.2, 376.8, 12.0, 27.2, 39.2, 39.3),
  ("Title examiners", 57.4, 58.5, 1.7, 3.6, 5.3, 5.4),
  ("Legal support workers, other", 51.3, 50.7, 1.6, 3.2, 4.8, 4.7),
  ("Software developers", 1693.8, 1961.4, 30.7, 57.7, 88.4, 115.2),
  ("Computer programmers", 121.2, 113.9, 2.6, 3.6, 6.2, 5.5),
  ("Law teachers, postsecondary", 29.5, 30.2, 1.2, 1.0, 2.1, 2.2),
  ("Statisticians", 32.2, 34.9, 0.7, 1.1, 1.8, 2.0),
]

@Suite struct OpeningsIdentityTests {
  /// Ten equal years of our accounting give the published annual openings, within the rounding of the table.
  @Test(arguments: published.indices) func publishedOpeningsAreExpansionAndReplacement(_ row: Int) {
    let row = published[row]
    let openings = Openings(demandBefore: row.from / 10, demandAfter: row.to / 10, replacement: row.separations)
    #expect(abs(openings.total - row.openings) <= 0.105, "\(row.name): \(openings.total)")
    #expect(abs(row.exits + row.transfers - row.separations) <= 0.15, "\(row.name)")
  }

  /// A shrinking occupation still has openings; expansion stays negative in the identity.
  @Test func shrinkingOccupationsHireForReplacement() {
    let programmers = Openings(demandBefore: 12.12, demandAfter: 11.39, replacement: 6.2)
    #expect(programmers.expansion < 0 && programmers.published == programmers.total)
    #expect(Openings(demandBefore: 10, demandAfter: 2, replacement: 3).published == 0)
    #expect(Openings(demandBefore: 10, demandAfter: 2, replacement: 3).total == -5)
  }

  /// 1.8 % and 1.4 %, as the table prints them.
  @Test func theRateOfLawyersIsPublishedOnTheMeanOfBothYears() {
    let lawyers = published[2]
    #expect(abs(lawyers.exits / ((lawyers.from + lawyers.to) / 2) - 0.018) < 0.0005)
    #expect(abs(lawyers.transfers / ((lawyers.from + lawyers.to) / 2) - 0.014) < 0.0005)
  }

  @Test func quotientsAndDensitiesByHand() throws {
    // 300 of 1000 here, 2000 of 20,000 everywhere: three times as much as usual.
    #expect(abs(try #require(LocationQuotient(part: 300, place: 1000, wholePart: 2000, whole: 20_000).ratio) - 3) < 1e-12)
    #expect(LocationQuotient(part: 0, place: 10, wholePart: 1, whole: 10).ratio == 0)
    #expect(LocationQuotient(part: 0, place: 0, wholePart: 1, whole: 10).ratio == nil)
    #expect(LocationQuotient(part: 0, place: 5, wholePart: 0, whole: 10).ratio == nil)
    #expect(Density(persons: 86, base: 43_000).perTenThousand == 20)
    #expect(Density(persons: 86, base: 0).perTenThousand == nil)
  }
}
