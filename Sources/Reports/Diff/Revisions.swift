import Dimensions
import Messages

/// The rows of the revision table: supply and demand of the nation and the hubs in the reference, focus and
/// last year, wherever both editions have them; rows that did not move included.
///
/// - Parameter reasons: of the two runs, most telling first; data when empty.
public func revisions(
  from previous: ReportInput, to current: ReportInput, reasons: [DiffReason]
) -> [RevisionRow] {
  let (old, new) = (Cube(previous), Cube(current))
  let years = [current.edition.referenceYear, current.edition.focusYear, current.edition.horizon]
  let measures: [(Measure, Bilingual)] = [
    (.supply, Bilingual(zh: "供给", en: "supply")), (.demand, Bilingual(zh: "需求", en: "demand")),
  ]
  return new.headlineRegions.flatMap { region in
    measures.flatMap { measure, word in
      years.compactMap { year -> RevisionRow? in
        guard let was = old.fact(measure, region.code, year), let now = new.fact(measure, region.code, year) else {
          return nil
        }
        let reason: RevisionRow.Reason = was.concept != now.concept ? .concept : reasons.first?.code ?? .data
        return RevisionRow(
          series: Bilingual(zh: "\(region.name.zh)\(word.zh)", en: "\(region.name.en), \(word.en)"), year: year,
          previous: was.value, current: now.value, reason: reason)
      }
    }
  }
}
