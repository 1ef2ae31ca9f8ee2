import Dimensions
import Messages

/// A role in short supply, as the catalogue prints it. Persons; parts and index 0 to 1.
public struct ShortageRow: Codable, Hashable, Sendable {
  public var region: RegionCode
  public var team: String
  public var industry: String
  public var title: Bilingual
  /// What a regulation asks for; nil where none is named.
  public var requirement: Bilingual?
  public var supplyNow: Double
  public var demand: Double
  public var gap: Double
  public var gapLow: Double
  public var gapHigh: Double
  /// Supply ÷ demand, both of the catalogue's year.
  public var adequacy: Double?
  public var ratio: Double
  public var size: Double
  public var pressure: Double
  public var index: Double
  public var indexLow: Double
  public var indexHigh: Double
  /// One to five; nil: not rated.
  public var rating: Int?
  /// Stars at the ends of the index's interval.
  public var starRange: ClosedRange<Int>
  /// Best and worst rank that the draws leave open.
  public var ranks: ClosedRange<Int>
  public var probability: Double
  public var reasons: [Bilingual]
  public var evidence: Evidence

  public init(
    region: RegionCode, team: String, industry: String, title: Bilingual, requirement: Bilingual?, supplyNow: Double,
    demand: Double, gap: (value: Double, low: Double, high: Double), adequacy: Double?,
    parts: (ratio: Double, size: Double, pressure: Double), index: (value: Double, low: Double, high: Double),
    rating: Int?, starRange: ClosedRange<Int>, ranks: ClosedRange<Int>, probability: Double, reasons: [Bilingual], evidence: Evidence
  ) {
    self.region = region
    self.team = team
    self.industry = industry
    self.title = title
    self.requirement = requirement
    self.supplyNow = supplyNow
    self.demand = demand
    (self.gap, gapLow, gapHigh) = gap
    self.adequacy = adequacy
    (self.ratio, self.size, self.pressure) = parts
    (self.index, indexLow, indexHigh) = index
    self.rating = rating
    self.starRange = starRange
    self.ranks = ranks
    self.probability = probability
    self.reasons = reasons
    self.evidence = evidence
  }

  /// ★★★☆☆, or that the figures do not support a rating.
  var stars: Bilingual {
    guard let rating else {
      let range = "\(starRange.lowerBound)～\(starRange.upperBound)"
      return Bilingual(zh: "不评级（\(range)星）", en: "not rated (\(starRange.lowerBound) to \(starRange.upperBound))")
    }
    let text = String(repeating: "★", count: rating) + String(repeating: "☆", count: 5 - rating)
    return Bilingual(zh: text, en: text)
  }
}

/// 急需紧缺人才目录, with the rules it was made by.
public struct ShortageList: Codable, Hashable, Sendable {
  public var baseYear: Int
  public var year: Int
  /// Roles whose mean gap is one, by rank.
  public var rows: [ShortageRow]
  /// All roles that were looked at.
  public var roleCount: Int
  /// Weights, bands and limits of reasons in words.
  public var rules: Bilingual

  public init(baseYear: Int, year: Int, rows: [ShortageRow], roleCount: Int, rules: Bilingual) {
    self.baseYear = baseYear
    self.year = year
    self.rows = rows
    self.roleCount = roleCount
    self.rules = rules
  }
}
