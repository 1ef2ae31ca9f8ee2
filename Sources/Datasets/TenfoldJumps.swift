import Dimensions
import Messages
import Tables

/// Figures that are about ten times, or a tenth of, the figure before: more often a slip of a digit or of 万 than the truth.
///
/// Of stocks and flows, within three years, where no break in the definition explains it; small counts may jump. A
/// figure that the next one takes back is named once.
func tenfoldJumps(_ observations: [Observation], indicators: [String: Indicator], breaks: [DefinitionBreak]) -> [Problem] {
  let (least, small, gap) = (8.0, 100.0, 3)
  struct Key: Hashable {
    let indicator: String
    let region: RegionCode
  }
  var problems: [Problem] = []
  let series = Dictionary(grouping: observations) { Key(indicator: $0.indicator, region: $0.region) }
  for (key, rows) in series {
    guard indicators[key.indicator].map({ $0.kind == .stock || $0.kind == .flow }) ?? true else { continue }
    let sorted = rows.sorted { $0.year < $1.year }
    func jumps(_ a: Observation, _ b: Observation) -> Bool {
      let (low, high) = (min(a.value, b.value), max(a.value, b.value))
      return low > 0 && high >= small && high / low >= least && b.year - a.year <= gap
        && !breaks.contains { $0.indicator == key.indicator && $0.applies(to: key.region) && a.year < $0.year && $0.year <= b.year }
    }
    var before: Observation?
    for (at, row) in sorted.enumerated() {
      guard let last = before else {
        before = row
        continue
      }
      if jumps(last, row) {
        let next = at + 1 < sorted.count ? sorted[at + 1] : nil
        // The first of a series is the odd one when those after it agree with each other and not with it.
        let odd = at == 1 && next.map { !jumps(row, $0) } ?? false ? last : row
        problems.append(jump(odd, beside: odd.line == row.line ? last : row))
        // What the next figure takes back is no new level.
        if let next, !jumps(last, next), jumps(row, next) { continue }
      }
      before = row
    }
  }
  return problems.sorted { ($0.file ?? "", $0.line ?? 0) < ($1.file ?? "", $1.line ?? 0) }
}

private func jump(_ odd: Observation, beside other: Observation) -> Problem {
  Problem(
    "data.tenfold-jump", .warning, file: odd.file, line: odd.line, path: "value",
    message: Bilingual(
      zh: "\(odd.indicator) 在 \(odd.region) 的 \(odd.year) 年为 \(shortText(odd.value))，而 \(other.year) 年为 \(shortText(other.value))",
      en: "\(odd.indicator) for \(odd.region) is \(shortText(odd.value)) in \(odd.year) and \(shortText(other.value)) in \(other.year)"),
    hint: Bilingual(
      zh: "是否多写或少写一位、单位为万？口径变化请记入 breaks", en: "a digit too many or too few, or 万? A change of definition belongs in `breaks`"))
}
