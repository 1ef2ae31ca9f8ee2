import Messages
import Tables

extension Table {
  /// Categories of one level, which say nothing beside an intercept.
  func remarks(onSingleLevels levels: [Factor: [String]], of formula: Formula) -> [Problem] {
    guard formula.hasIntercept else { return [] }
    var seen: Set<Factor> = []
    return formula.terms.flatMap(\.factors).compactMap { factor in
      guard let all = levels[factor], all.count == 1, seen.insert(factor).inserted else { return nil }
      return Problem(
        "formula.single-level", .note, file: file,
        message: Bilingual(
          zh: "\(factor.spelling) 只有一个类别“\(all[0])”，没有可估计的差别",
          en: "\(factor.spelling) has a single level, '\(all[0])': there is no difference to estimate"))
    }
  }
}
