import Demand
import Foundation
import ModelSpecs

/// Past forecasts of the provinces' labour series by every method, made with nothing that was known
/// only later, beside the naive forecast (no change) and constant shares of the nation's forecast.
struct DemandBacktest {
  struct Case {
    let origin: Int
    let year: Int
    /// Log error by method; nil where the method could not be used.
    let errors: [Double?]
    let naive: Double
    let constantShare: Double
  }

  let methods: [DemandMethod]
  let cases: [Case]

  init(_ methods: [DemandMethod], _ panel: DemandPanel, _ model: ModelSpec) {
    self.methods = methods
    var cases: [Case] = []
    for origin in model.demand.backtest.firstOrigin..<model.years.base {
      guard let known = panel.known(in: origin) else { continue }
      let forecasts = methods.map {
        DemandMethodForecast($0, known, labour: model.demand.proxy, prior: model.demand.elasticity)
      }
      let nation = known.total
      for p in known.labour.series.indices {
        guard let last = known.labour.series[p].last, last.year == origin else { continue }
        for (year, value) in panel.labour.series[p]
        where year > origin && year <= origin + model.demand.backtest.horizon && year <= model.years.base {
          let actual = log(value / last.value)
          cases.append(
            Case(
              origin: origin, year: year,
              errors: forecasts.map { $0?.growth(p, from: origin, ahead: year - origin).map { $0 - actual } },
              naive: -actual,
              constantShare: (nation.map { $0.growth(0, ahead: year - origin) } ?? 0) - actual))
        }
      }
    }
    self.cases = cases
  }

  /// Weights of the methods that are leaned on, from cases up to a year in which all of them were at
  /// hand: the worse half is left out, the others get ∝ 1/MSE, halfway to equal. Without enough cases
  /// all are equal. Source: METHODS A2; trimming: Timmermann (2006), *Handbook of Economic Forecasting* 1, ch. 4.
  func weights(through year: Int = .max) -> [Double] {
    let leaned = methods.indices.filter { !methods[$0].isPolicyDriven }
    var errors = [[Double]](repeating: [], count: leaned.count)
    for item in cases where item.year <= year {
      let own = leaned.compactMap { item.errors[$0] }
      guard own.count == leaned.count else { continue }
      for (place, error) in own.enumerated() { errors[place].append(error * error) }
    }
    let sums = errors.map { $0.reduce(0, +) }
    let median = sums.sorted()[(sums.count - 1) / 2]
    let kept = leaned.indices.filter { sums[$0] <= median }
    var weights = [Double](repeating: 0, count: methods.count)
    for (place, weight) in zip(kept, forecastWeights(squaredErrors: kept.map { errors[$0] })) {
      weights[leaned[place]] = weight
    }
    return weights
  }

  /// Error of the combination when, at each origin, only earlier errors had made the weights.
  var combined: (cases: Int, error: Double, naive: Double, constantShare: Double) {
    var known: [Int: [Double]] = [:]
    let scored = cases.compactMap { item -> (Double, Double, Double)? in
      let weights = known[item.origin] ?? self.weights(through: item.origin)
      known[item.origin] = weights
      var error = 0.0
      for (weight, own) in zip(weights, item.errors) where weight > 0 {
        guard let own else { return nil }
        error += weight * own
      }
      return (error, item.naive, item.constantShare)
    }
    return (
      scored.count, rootMeanSquare(scored.map(\.0)), rootMeanSquare(scored.map(\.1)), rootMeanSquare(scored.map(\.2))
    )
  }

  /// Error of a method, and of the benchmarks on the same cases.
  func score(_ method: Int) -> (cases: Int, error: Double, naive: Double, constantShare: Double) {
    let own = cases.filter { $0.errors[method] != nil }
    return (
      own.count, rootMeanSquare(own.compactMap { $0.errors[method] }), rootMeanSquare(own.map(\.naive)),
      rootMeanSquare(own.map(\.constantShare))
    )
  }

  private func rootMeanSquare(_ errors: [Double]) -> Double {
    guard !errors.isEmpty else { return .nan }
    return (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }
}
