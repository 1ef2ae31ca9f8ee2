import Dimensions
import Messages

/// What a map shows.
public enum MapMeasure: String, CaseIterable, Sendable {
  case supply, demand, gap, adequacy, density
  case supplyChange = "supply_change"
  case demandChange = "demand_change"

  package var title: Bilingual {
    switch self {
    case .supply: Bilingual(zh: "人才供给", en: "Talent supply")
    case .demand: Bilingual(zh: "人才需求", en: "Talent demand")
    case .gap: Bilingual(zh: "供需缺口（需求 − 供给）", en: "Gap (demand − supply)")
    case .adequacy: Bilingual(zh: "满足率（供给 ÷ 需求）", en: "Adequacy (supply ÷ demand)")
    case .density: Bilingual(zh: "人才密度", en: "Talent density")
    case .supplyChange: Bilingual(zh: "供给变化", en: "Change of supply")
    case .demandChange: Bilingual(zh: "需求变化", en: "Change of demand")
    }
  }

  package var shortTitle: Bilingual {
    switch self {
    case .gap: Bilingual(zh: "供需缺口", en: "Gap")
    case .adequacy: Bilingual(zh: "满足率", en: "Adequacy")
    default: title
    }
  }

  /// - Parameter stock: what the stock is counted in.
  package func unit(of stock: Bilingual) -> Bilingual {
    switch self {
    case .supply, .demand, .gap: stock
    case .adequacy: Bilingual(zh: "比值", en: "ratio")
    case .density: Bilingual(zh: "\(stock.zh)/100 平方公里", en: "\(stock.en) per 100 km²")
    case .supplyChange, .demandChange: Bilingual(zh: "%，较基年", en: "% since the base year")
    }
  }

  /// Since the base year, which has none itself.
  package var isChange: Bool { self == .supplyChange || self == .demandChange }

  /// A total is drawn as a symbol whose area is the value; a rate colours its region.
  package var isTotal: Bool { self == .supply || self == .demand }

  /// The result measure it is read from; density and changes are computed.
  package var source: Measure {
    switch self {
    case .supply, .density, .supplyChange: .supply
    case .demand, .demandChange: .demand
    case .gap: .gapRequirement
    case .adequacy: .adequacy
    }
  }
}

/// One region's value on a map, with what is known about it.
package struct MapValue: Sendable, Hashable {
  package var value: Double
  /// The 80 % band, nil when none was computed.
  package var low, high: Double?
  /// The 95 % band.
  package var lowest, highest: Double?
  package var grade: Evidence
  package var method: String
  package var source: String
  /// Of a gap: the probability of a shortage, where there is one.
  package var chance: Double?

  init(_ cell: ResultCell) {
    value = cell.value
    (low, high) = (finite(cell.p10), finite(cell.p90))
    (lowest, highest) = (finite(cell.p025), finite(cell.p975))
    (grade, method, source) = (cell.evidence, cell.method, cell.source)
  }

  func scaled(_ change: (Double) -> Double) -> MapValue {
    var copy = self
    copy.value = change(value)
    (copy.low, copy.high) = (low.map(change), high.map(change))
    (copy.lowest, copy.highest) = (lowest.map(change), highest.map(change))
    return copy
  }

  /// Zero lies inside the 80 % band, or the probability of a shortage says neither yes nor no: the sign is not known.
  package var crossesZero: Bool {
    if let chance, Reading.direction(shortage: chance) == .open { return true }
    guard let low, let high else { return false }
    return low < 0 && high > 0
  }

  package var halfWidth: Double? { low.flatMap { low in high.map { ($0 - low) / 2 } } }
}

private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
