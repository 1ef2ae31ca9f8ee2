import Dimensions
import Messages

/// One published figure: what, where, when, how much, and who says so.
public struct Observation: Hashable, Sendable {
  public let indicator: String
  public let region: RegionCode
  public let year: Int
  /// In the base unit (人, 元, 件 …), never in 万 or 亿.
  public let value: Double
  public let unit: String
  public let concept: String
  /// Id in the `sources` resource.
  public let source: String
  public let evidence: Evidence
  /// `;`-separated; begins with `rounded`, `lower-bound` or `upper-bound` when the print is one.
  public let note: String
  public let file: String
  public let line: Int

  public init(
    indicator: String, region: RegionCode, year: Int, value: Double, unit: String, concept: String,
    source: String, evidence: Evidence, note: String = "", file: String = "", line: Int = 0
  ) {
    self.indicator = indicator
    self.region = region
    self.year = year
    self.value = value
    self.unit = unit
    self.concept = concept
    self.source = source
    self.evidence = evidence
    self.note = note
    self.file = file
    self.line = line
  }

  /// How the source printed the figure, read from the first word of `note`.
  public enum Precision: String, Sendable, CaseIterable {
    case exact
    /// 约, "about", or printed to a few digits.
    case rounded
    /// 超, 余, "more than": the true figure is at least this.
    case lowerBound = "lower-bound"
    /// 近, "nearly": the true figure is at most this.
    case upperBound = "upper-bound"
  }

  public var precision: Precision {
    let first = note.prefix { $0 != ";" && $0 != ":" && $0 != " " }
    return Precision(rawValue: String(first)) ?? .exact
  }
}

/// Where a figure was published.
public struct Source: Hashable, Sendable {
  public let id: String
  /// As published, and in English.
  public let title: Bilingual
  public let publisher: Bilingual
  /// The publisher's own page or a stable public repository; "" when only a copy was seen.
  public let address: String
  public let licence: Bilingual
  /// `YYYY-MM`, when the figure was read.
  public let accessed: String
  public let note: Bilingual
}

/// What an indicator measures.
public struct Indicator: Hashable, Sendable {
  /// How values of several years relate.
  public enum Kind: String, Sendable, CaseIterable {
    /// At an instant.
    case stock
    /// During an interval.
    case flow
    /// A share, intensity, mean or index: never added up.
    case ratio
    /// A difference or growth: may be negative.
    case change
  }

  public let id: String
  public let name: Bilingual
  public let unit: String
  /// Figures of different concepts are never added, spliced or compared.
  public let concept: String
  public let kind: Kind
  /// `year-end`, `during`, `mid-year`, `snapshot-MM` or `cumulative`.
  public let timing: String
  /// Who is counted: `mainland`, `domestic-incl-hmt`, `all-origins`, `hong-kong`, `macao` …
  public let scope: String
}

/// A place figures are printed for.
public struct Region: Hashable, Sendable {
  public let code: RegionCode
  public let name: Bilingual
  /// `country`, `province`, `sar`, `city`, `district` or `aggregate`.
  public let level: String
  public let parent: RegionCode?
  /// `beijing`, `shanghai`, `gba` or "".
  public let hub: String
  public let longitude: Double?
  public let latitude: Double?
  /// km², as published; densities use this, never the area of a generalised polygon.
  public let areaPublished: Double?

  /// The name people write: 上海 for 上海市, Beijing for Beijing Municipality.
  public var shortName: Bilingual { Bilingual(zh: shortChineseName(name.zh), en: shortEnglishName(name.en)) }
}

/// A figure that another source prints differently; both are kept.
public struct Conflict: Hashable, Sendable {
  public let indicator: String
  public let region: RegionCode
  public let year: Int
  public let unit: String
  /// nil when neither is an observation of this key (a restatement of another year).
  public let chosen: Double?
  public let chosenSource: String
  public let other: Double
  public let otherSource: String
  public let rule: String
  public let reason: String
}

/// From `year` on, figures stand on another basis and must not be compared with earlier ones.
public struct DefinitionBreak: Hashable, Sendable {
  public let indicator: String
  /// nil: everywhere.
  public let region: RegionCode?
  /// The first year on the new basis.
  public let year: Int
  public let change: Bilingual

  func applies(to code: RegionCode) -> Bool { region == nil || region == code }
}

func shortChineseName(_ name: String) -> String {
  let long: [String: String] = [
    "中华人民共和国": "全国", "内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆", "香港特别行政区": "香港", "澳门特别行政区": "澳门",
  ]
  if let short = long[name] { return short }
  if name.count > 2, let last = name.last, last == "省" || last == "市" { return String(name.dropLast()) }
  return name
}

func shortEnglishName(_ name: String) -> String {
  for ending in [
    " Municipality", " Province", " Special Administrative Region", " Zhuang Autonomous Region",
    " Hui Autonomous Region", " Uygur Autonomous Region", " Uyghur Autonomous Region", " Autonomous Region",
  ] where name.hasSuffix(ending) {
    return String(name.dropLast(ending.count))
  }
  return name
}
