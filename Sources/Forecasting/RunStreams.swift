import Foundation
import Simulation

/// The random numbers of a run, by what they are for. A number depends on the seed, its purpose, the
/// draw, the year and the index of the thing it moves, and on nothing else: neither on the number of
/// threads or processes nor on what else is drawn. Run 0 is the central run: all its deviates are 0.
struct RunStreams: Sendable {
  enum Purpose: UInt32 {
    case transfer = 1
    case entrants, entrantsTail, entrantsYear
    case provinceMix, provinceShare, cityMix, cityShare, separateShare, role
    case demandCommon, demandOwn, demandTail
  }

  private let seed: UInt64
  /// Draws before the first one of this process.
  private let before: Int

  init(_ options: RunOptions) {
    seed = options.seed
    before = options.firstDraw - 1
  }

  func deviate(_ run: Int, _ purpose: Purpose, index: Int = 0, year: Int = 0) -> Double {
    run == 0
      ? 0 : RandomStream(seed: seed, stream: purpose.rawValue).normal(draw: before + run, year: year, index: index)
  }

  /// Uniform numbers for one thing of a run; nil for the central run.
  func uniforms(_ count: Int, _ run: Int, _ purpose: Purpose) -> [Double]? {
    guard run > 0 else { return nil }
    let stream = RandomStream(seed: seed, stream: purpose.rawValue)
    return (0..<count).map { stream.uniform(draw: before + run, index: $0) }
  }

  /// √(ν/χ²_ν): turns normal deviates of one run into t deviates.
  func tail(_ run: Int, _ purpose: Purpose, index: Int = 0, freedom: Double) -> Double {
    guard run > 0, freedom.isFinite else { return 1 }
    let gamma = RandomStream(seed: seed, stream: purpose.rawValue)
      .gamma(shape: freedom / 2, draw: before + run, index: index)
    return (freedom / 2 / gamma).squareRoot()
  }

  /// A path of log growth: increments are independent, and the spread at each year is the outlook's.
  func path(_ outlook: GrowthOutlook, run: Int, _ purpose: Purpose, index: Int = 0) -> [Double] {
    guard run > 0 else { return outlook.mean }
    let scale = tail(run, .entrantsTail, index: index, freedom: outlook.freedom)
    return walk(outlook) { h in scale * deviate(run, purpose, index: index, year: h) }
  }

  /// The same with shocks that places have partly in common.
  func path(_ outlook: GrowthOutlook, run: Int, place: Int, common: Double) -> [Double] {
    guard run > 0 else { return outlook.mean }
    let scale = tail(run, .demandTail, freedom: outlook.freedom)
    let (shared, own) = (common.squareRoot(), (1 - common).squareRoot())
    return walk(outlook) { h in
      scale
        * (shared * deviate(run, .demandCommon, year: h) + own * deviate(run, .demandOwn, index: place, year: h))
    }
  }

  private func walk(_ outlook: GrowthOutlook, _ shock: (Int) -> Double) -> [Double] {
    var (position, before) = (0.0, 0.0)
    return outlook.mean.indices.map { h in
      let spread = outlook.spread[h]
      position += max(0, spread * spread - before * before).squareRoot() * shock(h + 1)
      before = spread
      return outlook.mean[h] + position
    }
  }
}
