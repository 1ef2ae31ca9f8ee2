import Messages

/// A unit of the data in both languages; one that is not listed stays as it is written. `件/万人` is a ratio of two units.
public func unitName(_ zh: String) -> Bilingual {
  if let english = englishUnits[zh] { return Bilingual(zh: zh, en: english) }
  let parts = zh.split(separator: "/", maxSplits: 1).map(String.init)
  guard parts.count == 2, let over = parts[0] == "1" ? "" : englishUnits[parts[0]] else { return Bilingual(zh: zh, en: zh) }
  if parts[1] == "年" { return Bilingual(zh: zh, en: over.isEmpty ? "a year" : over + " a year") }
  let below = englishUnits[parts[1]] ?? parts[1]
  return Bilingual(zh: zh, en: "\(over) per \(singular[parts[1]] ?? below)")
}

private let englishUnits = [
  "人": "persons", "万人": "10,000 persons", "10万人": "100,000 persons", "人次": "person-times", "人年": "person-years", "岁": "years of age",
  "家": "institutions", "所": "schools", "门": "courses", "分": "points", "项": "items", "个": "units", "期": "sessions", "次": "times",
  "科次": "paper sittings", "件": "cases", "万件": "10,000 cases", "元": "yuan", "万元": "10,000 yuan", "亿元": "100 million yuan",
  "美元": "US dollars", "港元": "Hong Kong dollars", "澳门元": "patacas", "平方公里": "km²", "年": "years",
]

private let singular = ["人": "person", "家": "institution", "件": "case"]
