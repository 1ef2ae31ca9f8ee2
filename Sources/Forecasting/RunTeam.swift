import Dimensions

/// Processes that carry out one run together, each with its part of the draws; the first of them leads and writes.
public protocol RunTeam: Sendable {
  /// 0 leads.
  var rank: Int { get }
  var size: Int { get }
  /// Everybody's numbers in the order of ranks, on every process.
  /// - Parameter counts: how many numbers each process brings; the same on all of them.
  func everybody(_ own: [Double], counts: [Int]) -> [Double]
  /// Everybody's bytes in the order of ranks, at the leader; nil elsewhere.
  func atLeader(_ own: [UInt8]) -> [[UInt8]]?
}

/// One process: the usual case.
public struct Alone: RunTeam {
  public let rank = 0
  public let size = 1
  public init() {}
  /// Alone, what everybody has is one's own.
  public func everybody(_ own: [Double], counts: [Int]) -> [Double] { own }
  /// Alone, one is the leader.
  public func atLeader(_ own: [UInt8]) -> [[UInt8]]? { [own] }
}

extension RunTeam {
  /// Draws of each process: 1…draws in consecutive parts, as equal as can be.
  func parts(of draws: Int) -> [Range<Int>] {
    (0..<size).map { draws * $0 / size + 1..<draws * ($0 + 1) / size + 1 }
  }
}

extension LeafDraws {
  /// Every draw of a run: each process makes its part, and what was drawn (not what follows from it) is exchanged.
  ///
  /// A number of a draw depends on the number of the draw alone, so the result is that of one process.
  init(_ inputs: ForecastInputs, _ options: RunOptions, _ team: some RunTeam) throws(ForecastError) {
    let parts = team.parts(of: options.draws)
    var own = options
    own.firstDraw = options.firstDraw - 1 + parts[team.rank].lowerBound
    own.draws = parts[team.rank].count
    let local = try LeafDraws(inputs, own)
    guard team.size > 1 else {
      self = local
      return
    }
    self.init(local, runs: options.draws + 1) { values, width in
      values[..<width] + team.everybody(Array(values[width...]), counts: parts.map { $0.count * width })
    }
  }
}

/// Result cells as bytes and back, to the last bit.
struct CellBytes {
  private(set) var bytes: [UInt8] = []

  init(_ cells: [ResultCell]) {
    for cell in cells {
      let words = [
        cell.scenario, cell.region.text, cell.regionName, cell.hub, cell.industry, cell.team, String(cell.year),
        cell.measure.rawValue, cell.unit, cell.evidence.rawValue, cell.method, cell.concept, cell.source,
      ]
      let numbers = [cell.value, cell.p025, cell.p10, cell.p50, cell.p90, cell.p975].map { String($0.bitPattern, radix: 16) }
      bytes += (words + numbers).joined(separator: "\u{1F}").utf8
      bytes.append(0x1E)
    }
  }

  static func cells(_ bytes: [UInt8]) -> [ResultCell] {
    bytes.split(separator: 0x1E).compactMap { line in
      let words = line.split(separator: 0x1F, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 19, let year = Int(words[6]), let measure = Measure(rawValue: words[7]),
        let evidence = Evidence(rawValue: words[9])
      else { return nil }
      let numbers = words[13...].map { UInt64($0, radix: 16).map { Double(bitPattern: $0) } ?? .nan }
      return ResultCell(
        scenario: words[0], region: RegionCode(words[1]), regionName: words[2], hub: words[3], industry: words[4],
        team: words[5], year: year, measure: measure, unit: words[8], value: numbers[0], p025: numbers[1],
        p10: numbers[2], p50: numbers[3], p90: numbers[4], p975: numbers[5], evidence: evidence, method: words[10],
        concept: words[11], source: words[12])
    }
  }
}
