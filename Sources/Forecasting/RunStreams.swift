import Foundation
import Simulation

/// The random numbers of a run, by what they are for. A number depends on the seed, its purpose, the
/// draw, the year and the index of the thing it moves, and on nothing else: neither on the number of
/// threads or processes nor on what else is drawn. Run 0 is the path without chance: all its deviates are 0.
///
/// Factors have mean one, so that chance spreads a forecast and does not move its mean: a log-normal factor of spread σ
/// is exp(σz − σ²/2); with a t tail it is so given the draw's own scale, and so over all draws.
struct RunStreams: Sendable {
  enum Purpose: UInt32 {
    case transfer = 1
    case entrants, entrantsTail, entrantsYear
    case provinceMix, provinceShare, cityMix, cityShare, separateShare, role
    case demandCommon, demandOwn, demandTail
    case baseGap, entrantsLevel, response
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

  /// A log-normal factor of mean one; 1 in the path without chance.
  func factor(_ run: Int, _ purpose: Purpose, index: Int = 0, spread: Double) -> Double {
    run == 0 ? 1 : exp(spread * deviate(run, purpose, index: index) - spread * spread / 2)
  }

  /// Uniform numbers for one thing of a run; nil for the path without chance.
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

  /// A path of log growth: increments are independent, the spread at each year is the outlook's, and the mean of
  /// the growth factor that of the path without chance.
  func path(_ outlook: GrowthOutlook, run: Int, _ purpose: Purpose, index: Int = 0) -> [Double] {
    guard run > 0 else { return outlook.mean }
    let scale = tail(run, .entrantsTail, index: index, freedom: outlook.freedom)
    return walk(outlook, scale) { h in deviate(run, purpose, index: index, year: h) }
  }

  /// The same with shocks that places have partly in common.
  func path(_ outlook: GrowthOutlook, run: Int, place: Int, common: Double) -> [Double] {
    guard run > 0 else { return outlook.mean }
    let scale = tail(run, .demandTail, freedom: outlook.freedom)
    let (shared, own) = (common.squareRoot(), (1 - common).squareRoot())
    return walk(outlook, scale) { h in
      shared * deviate(run, .demandCommon, year: h) + own * deviate(run, .demandOwn, index: place, year: h)
    }
  }

  private func walk(_ outlook: GrowthOutlook, _ scale: Double, _ shock: (Int) -> Double) -> [Double] {
    var (position, passed, before) = (0.0, 0.0, 0.0)
    return outlook.mean.indices.map { h in
      let spread = outlook.spread[h]
      let step = scale * scale * max(0, spread * spread - before * before)
      position += step.squareRoot() * shock(h + 1)
      passed += step
      before = spread
      return outlook.mean[h] + position - passed / 2
    }
  }
}
