import Messages

/// Policy target minus supply, in persons: what a plan still asks for. Says nothing about the market.
public struct PlanGap: Hashable, Sendable {
  public let persons: Double
  public init(target: Double, supply: Double) { persons = target - supply }
}

/// Modelled requirement minus supply, in persons; positive = short.
public struct RequirementGap: Hashable, Sendable {
  public let persons: Double
  /// Gap as a share of the requirement; nil when nothing is required.
  public let ofRequirement: Double?

  public init(requirement: Double, supply: Double) {
    persons = requirement - supply
    ofRequirement = requirement > 0 ? (requirement - supply) / requirement : nil
  }
}

/// Entrants per opening of a year: a flow ratio, not a head count.
public struct Pressure: Hashable, Sendable {
  /// Entrants ÷ openings; nil when there are no openings.
  public let ratio: Double?
  public let outlook: Outlook

  /// The five outlooks of the ROA (Maastricht), by its published limits 0.85, 1.00, 1.05, 1.15.
  public enum Outlook: String, CaseIterable, Codable, Sendable {
    case severeShortage = "severe_shortage"
    case shortage, balance
    case mildSurplus = "mild_surplus"
    case surplus
    case notApplicable = "not_applicable"

    public var name: Bilingual {
      switch self {
      case .severeShortage: Bilingual(zh: "严重短缺", en: "severe shortage")
      case .shortage: Bilingual(zh: "短缺", en: "shortage")
      case .balance: Bilingual(zh: "基本平衡", en: "balance")
      case .mildSurplus: Bilingual(zh: "略有富余", en: "mild surplus")
      case .surplus: Bilingual(zh: "富余", en: "surplus")
      case .notApplicable: Bilingual(zh: "不适用", en: "not applicable")
      }
    }
  }

  /// - Parameters: persons per year. Openings at or below zero with entrants are a surplus; with
  ///   neither, the ratio does not apply.
  public init(entrants: Double, openings: Double) {
    guard openings > 0 else {
      ratio = nil
      outlook = entrants > 0 ? .surplus : .notApplicable
      return
    }
    let value = entrants / openings
    ratio = value
    outlook =
      switch value {
      case ...0.85: .severeShortage
      case ...1.00: .shortage
      case ...1.05: .balance
      case ...1.15: .mildSurplus
      default: .surplus
      }
  }
}

/// openings = expansion + replacement, in persons per year. Expansion may be negative; the identity
/// is kept, and `published` is what a table of openings shows.
public struct Openings: Hashable, Sendable {
  public let expansion: Double
  public let replacement: Double
  public var total: Double { expansion + replacement }
  public var published: Double { max(total, 0) }

  public init(demandBefore: Double, demandAfter: Double, replacement: Double) {
    expansion = demandAfter - demandBefore
    self.replacement = replacement
  }
}
