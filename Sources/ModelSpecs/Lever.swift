import Messages

/// A quantity that a scenario may move. The registry is closed: a name that is not in it is an error.
public struct Lever: Sendable, Hashable {
  /// What a lever's value means.
  public enum Kind: String, Sendable {
    /// Multiplies a path; 1 = as in the base.
    case factor
    /// A share of persons, 0…1.
    case share
    /// Persons a year, positive = in.
    case persons
  }

  public let id: String
  public let name: Bilingual
  public let kind: Kind
  public let unit: Bilingual
  /// Impossible outside.
  public let domain: ClosedRange<Double>
  /// Outside, a value needs `force: true` and is listed in the report. Of persons: as a share of the stock
  /// of the place that is asked, or of the rest of the nation where that is smaller.
  public let plausible: ClosedRange<Double>
  public let initial: Double
  /// Which equation it moves.
  public let effect: Bilingual
  /// Whether places or teams may be selected.
  public let byPlace: Bool
  public let byTeam: Bool

  /// The plausible range as a reader is told it.
  public func plausible(in language: Language) -> String {
    guard kind == .persons else { return rangeText(plain(plausible.lowerBound), plain(plausible.upperBound), language) }
    let range = rangeText(plain(plausible.lowerBound * 100), plain(plausible.upperBound * 100), language)
    return Bilingual(zh: "该地存量的 \(range)%", en: "\(range) % of the place's stock")[language]
  }

  /// The lever of that id; nil when the registry has none.
  public static func named(_ id: String) -> Lever? { registry.first { $0.id == id } }

  /// Every lever, by id.
  public static let registry: [Lever] = [
    Lever(
      id: "demand.productivity", name: Bilingual(zh: "人均工作量（含人工智能）", en: "output per person (AI included)"),
      kind: .factor, unit: factor, domain: 0.1...10, plausible: 0.8...1.5, initial: 1,
      effect: Bilingual(zh: "需求 ÷ 该值", en: "requirement ÷ this value"), byPlace: true, byTeam: true),
    Lever(
      id: "demand.rd_spending", name: Bilingual(zh: "研发经费（相对基准）", en: "R&D spending (relative to the base)"),
      kind: .factor, unit: factor, domain: 0.05...20, plausible: 0.6...1.8, initial: 1,
      effect: Bilingual(
        zh: "ln 需求 增加 权重 × 弹性 × ln(该值)", en: "adds weight × elasticity × ln(value) to ln requirement"),
      byPlace: true, byTeam: false),
    Lever(
      id: "demand.requirement", name: Bilingual(zh: "需求（相对基准）", en: "requirement (relative to the base)"),
      kind: .factor, unit: factor, domain: 0.05...20, plausible: 0.5...2, initial: 1,
      effect: Bilingual(zh: "需求 × 该值", en: "requirement × this value"), byPlace: true, byTeam: true),
    Lever(
      id: "supply.entrants", name: Bilingual(zh: "新增人才（相对基准）", en: "entrants (relative to the base)"),
      kind: .factor, unit: factor, domain: 0...20, plausible: 0.5...2, initial: 1,
      effect: Bilingual(zh: "当年新增 × 该值", en: "entrants of the year × this value"), byPlace: true, byTeam: false),
    Lever(
      id: "supply.net_migration", name: Bilingual(zh: "净迁入", en: "net in-migration"), kind: .persons,
      unit: Bilingual(zh: "人/年", en: "persons a year"), domain: -1e6...1e6, plausible: -0.05...0.05, initial: 0,
      effect: Bilingual(
        zh: "迁入地增加多少，全国其余地区就按现有人数减少多少；高地或省的数额由所辖地区分担",
        en: "the place gains what the rest of the nation loses, by who is there; a hub's or province's number is shared by its parts"),
      byPlace: true, byTeam: false),
    Lever(
      id: "supply.retirement_early", name: Bilingual(zh: "弹性提前退休比例", en: "share retiring early"), kind: .share,
      unit: share, domain: 0...1, plausible: 0...0.5, initial: 0,
      effect: Bilingual(
        zh: "在法定年龄前可提前的月份内均匀退休", en: "retires evenly over the months open before the statutory age"),
      byPlace: false, byTeam: false),
    Lever(
      id: "supply.retirement_late", name: Bilingual(zh: "弹性延迟退休比例", en: "share retiring late"), kind: .share,
      unit: share, domain: 0...1, plausible: 0...0.5, initial: 0,
      effect: Bilingual(
        zh: "在法定年龄后可延迟的月份内均匀退休", en: "retires evenly over the months open after the statutory age"),
      byPlace: false, byTeam: false),
    Lever(
      id: "supply.transfer_out", name: Bilingual(zh: "年转出率（相对基准）", en: "yearly transfers out (relative to the base)"),
      kind: .factor, unit: factor, domain: 0...10, plausible: 0.4...2.2, initial: 1,
      effect: Bilingual(zh: "转出率 × 该值", en: "transfer rate × this value"), byPlace: false, byTeam: false),
  ]

  private static let factor = Bilingual(zh: "倍", en: "factor")
  private static let share = Bilingual(zh: "比例", en: "share")
}

/// One change of a lever, as a scenario file writes it.
public struct LeverChange: Sendable {
  /// What a change does to a lever's value.
  public enum Operation: Sendable, Equatable {
    case set(Double)
    case add(Double)
    case scale(Double)
    /// Compounds a yearly rate from the first year on.
    case growth(Double)
    /// Straight lines between years; flat before the first and after the last.
    case path([Int: Double])
    case clamp(low: Double, high: Double)
    /// Drops every earlier change of the lever.
    case remove

    /// What a scenario file calls an operation.
    public enum Name: String, CaseIterable, Sendable {
      case set, add, scale, growth, path, clamp, remove

      /// Keys of a change that only this operation has; all are needed.
      public var keys: [String] {
        switch self {
        case .set, .add, .scale: ["value"]
        case .growth: ["by"]
        case .path: ["values"]
        case .clamp: ["low", "high"]
        case .remove: []
        }
      }

      /// Every key that some operation has.
      static let allKeys = ["value", "by", "values", "low", "high"]
    }
  }

  public let lever: Lever
  public let operation: Operation
  public let years: ClosedRange<Int>
  /// Codes or hub ids; empty = everywhere.
  public let places: [String]
  /// Team ids; empty = all.
  public let teams: [String]
  public let source: String
  public let note: String
  /// `file:line` of the change.
  public let origin: String
  /// 1-based column of the change in that line.
  package var column = 1
  /// Whether the file insists on an implausible value.
  package var forced = false

  func applies(place: [String], team: String) -> Bool {
    (places.isEmpty || places.contains(where: place.contains)) && (teams.isEmpty || teams.contains(team))
  }

  /// Whether both changes do the same in the same years, places and teams, wherever they are written.
  func moves(like other: LeverChange) -> Bool {
    operation == other.operation && years == other.years && places == other.places && teams == other.teams
  }

  /// File and line of the change; nil for one that no file holds.
  package var place: (file: String, line: Int?)? {
    let parts = origin.split(separator: ":")
    guard !parts.isEmpty else { return nil }
    return (parts.dropLast().joined(separator: ":"), parts.last.flatMap { Int($0) })
  }

  /// The lever's value after this change, in a year of its range.
  package func applied(to value: Double, year: Int) -> Double {
    switch operation {
    case .set(let to): to
    case .add(let by): value + by
    case .scale(let by): value * by
    case .growth(let by):
      {
        var factor = 1.0
        for _ in years.lowerBound...max(years.lowerBound, year) { factor *= 1 + by }
        return value * factor
      }()
    case .path(let points): interpolated(points, at: year)
    case .clamp(let low, let high): min(max(value, low), high)
    case .remove: lever.initial
    }
  }
}

func interpolated(_ points: [Int: Double], at year: Int) -> Double {
  let years = points.keys.sorted()
  guard let first = years.first, let last = years.last else { return 0 }
  if year <= first { return points[first] ?? 0 }
  if year >= last { return points[last] ?? 0 }
  let before = years.last { $0 <= year } ?? first
  let after = years.first { $0 > year } ?? last
  let (from, to) = (points[before] ?? 0, points[after] ?? 0)
  return from + (to - from) * Double(year - before) / Double(after - before)
}
