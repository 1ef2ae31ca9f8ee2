import Messages

/// Where every person of a node went between two year-ends: bars that add up.
public struct SupplyWaterfall: Hashable, Sendable {
  /// Why a stock changed.
  public enum Cause: Hashable, Sendable {
    /// Newcomers by channel; the empty name stands for all channels together.
    case entrants(String)
    case retirements, deaths, transfers, migration, promotion

    public var name: Bilingual {
      switch self {
      case .entrants(""): Bilingual(zh: "新增", en: "entrants")
      case .entrants(let channel): Bilingual(zh: "新增：\(channel)", en: "entrants: \(channel)")
      case .retirements: Bilingual(zh: "退休", en: "retirements")
      case .deaths: Bilingual(zh: "死亡及其他退出", en: "deaths and other exits")
      case .transfers: Bilingual(zh: "转出", en: "transfers out")
      case .migration: Bilingual(zh: "净迁移", en: "net migration")
      case .promotion: Bilingual(zh: "晋升与转类（净）", en: "promotion and change of category (net)")
      }
    }
  }

  /// A cause and the persons it added or took.
  public struct Bar: Hashable, Sendable {
    public let cause: Cause
    /// Signed: what it adds to the stock, persons.
    public let change: Double
  }

  public let node: String
  /// Year-ends: the stock of `from` and of `to`.
  public let from: Int
  public let to: Int
  public let start: Double
  /// In fixed order: channels, retirements, deaths, transfers, migration, promotion; all are present,
  /// promotion only where an axis of transitions is told apart.
  public let bars: [Bar]
  public let end: Double

  /// - Throws: `.notConserved` unless start + bars = end to 1e-9 of the larger stock.
  init(node: String, from: Int, to: Int, start: Double, bars: [Bar], end: Double) throws(SupplyError) {
    try requireConserved(
      start: start, change: bars.reduce(0) { $0 + $1.change }, end: end, at: node, step: "\(from)–\(to)")
    (self.node, self.from, self.to, self.start, self.bars, self.end) = (node, from, to, start, bars, end)
  }

  /// From a ledger of totals whose first year is `firstYear`.
  public init(_ ledger: [YearOfStock], firstYear: Int, node: String) throws(SupplyError) {
    guard let first = ledger.first, let last = ledger.last else {
      throw .tooFewObservations(what: "waterfall", needed: 1, found: 0)
    }
    let flows = ledger.reduce(Flows.zero) { $0 + $1.flows }
    try self.init(
      node: node, from: firstYear - 1, to: firstYear + ledger.count - 1, start: first.start,
      bars: SupplyWaterfall.bars(flows, channels: [("", flows.entrants)], promotion: nil), end: last.end)
  }

  /// From a cohort projection, between two year-ends.
  ///
  /// - Parameters:
  ///   - node: position in `path.nodes`.
  ///   - from, to: year-ends; `from` may be the one before the first year.
  public init(_ path: CohortPath, node: Int, from: Int, to: Int) throws(SupplyError) {
    let steps = path.years.indices.filter { path.years[$0] > from && path.years[$0] <= to }
    guard let first = steps.first, let last = steps.last, path.years[first] == from + 1,
      path.years[last] == to
    else {
      throw .tooFewObservations(
        what: "waterfall \(from)–\(to)", needed: max(1, to - from), found: steps.count)
    }
    let count = path.nodes.cellCount
    let flows = steps.reduce(Flows.zero) { $0 + path.flows(node, $1) }
    let promotion = steps.reduce(0) { $0 + path.netTransitions[$1 * count + node] }
    var channels = path.channels.indices.map { c in
      (path.channels[c], steps.reduce(0) { $0 + path.entrantsByChannel[c][$1 * count + node] })
    }
    if channels.isEmpty { channels = [("", 0)] }
    let isToldApart = path.netTransitions.contains { $0 != 0 }
    try self.init(
      node: path.nodes.name(ofCell: node), from: from, to: to, start: path.start[first * count + node],
      bars: SupplyWaterfall.bars(flows, channels: channels, promotion: isToldApart ? promotion : nil),
      end: path.stock(node, last))
  }

  private static func bars(_ flows: Flows, channels: [(String, Double)], promotion: Double?) -> [Bar] {
    var bars = channels.map { Bar(cause: .entrants($0.0), change: $0.1) }
    bars += [
      Bar(cause: .retirements, change: -flows.retirements), Bar(cause: .deaths, change: -flows.deaths),
      Bar(cause: .transfers, change: -flows.transfers), Bar(cause: .migration, change: flows.netMigration),
    ]
    if let promotion { bars.append(Bar(cause: .promotion, change: promotion)) }
    return bars
  }

  /// Whole persons that still add up: start and end are rounded, then the bars by largest remainder.
  public var wholePersons: (start: Int, bars: [(cause: Cause, change: Int)], end: Int) {
    let whole = SupplyWaterfall.wholePersons(start: start, changes: bars.map(\.change), end: end)
    return (whole.start, zip(bars, whole.changes).map { ($0.cause, $1) }, whole.end)
  }

  /// - Parameter changes: lead from start to end.
  public static func wholePersons(
    start: Double, changes: [Double], end: Double
  ) -> (start: Int, changes: [Int], end: Int) {
    let (first, last) = (Int(start.rounded()), Int(end.rounded()))
    var whole = changes.map { Int($0.rounded(.down)) }
    let missing = last - first - whole.reduce(0, +)
    let byRemainder = changes.indices.sorted {
      let (a, b) = (changes[$0] - Double(whole[$0]), changes[$1] - Double(whole[$1]))
      return a != b ? a > b : $0 < $1
    }
    if !byRemainder.isEmpty {
      for k in 0..<abs(missing) { whole[byRemainder[k % byRemainder.count]] += missing.signum() }
    }
    return (first, whole, last)
  }
}
