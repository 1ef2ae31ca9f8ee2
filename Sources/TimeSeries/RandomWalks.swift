import Foundation
import Messages

/// The last value stays; σ² = mean of squared changes per period (as R `rwf`), variance h σ².
func naiveFit(_ series: Series, _ horizon: Int) -> Fit {
  let changes = Changes(series.times, series.values)
  let means = [Double](repeating: series.lastValue, count: horizon)
  // One observation says nothing about spread: intervals are undefined, not of zero width.
  guard !changes.rates.isEmpty else {
    return Fit(
      means: means, distributions: normals(means, means.map { _ in .nan }),
      notes: [Bilingual(zh: "只有一个观测，给不出区间", en: "one observation gives no interval")])
  }
  let variance = changes.sumOfSquares(around: 0) / Double(changes.rates.count)
  return Fit(
    parameters: [NamedValue("sigma", variance.squareRoot())],
    logLikelihood: changes.logLikelihood(around: 0), means: means,
    distributions: normals(means, (1...horizon).map { (variance * Double($0)).squareRoot() }))
}

/// Random walk with drift (as R `rwf(drift = TRUE)`): drift b = (last − first)/span,
/// variance σ² h (1 + h/span) with σ² = Σ g (d − b)²/(k − 1) over k changes d per period, gaps g long.
func driftFit(_ series: Series, _ horizon: Int) -> Fit {
  let walk = DriftWalk(series.times, series.values)
  let means = (1...horizon).map { series.lastValue + walk.drift * Double($0) }
  return Fit(
    parameters: walk.parameters, logLikelihood: walk.changes.logLikelihood(around: walk.drift), means: means,
    distributions: normals(means, (1...horizon).map(walk.deviation)))
}

/// The same on logarithms; the point forecast is the median.
func logDriftFit(_ series: Series, _ horizon: Int) throws(SeriesError) -> Fit {
  try series.requirePositive(for: "log-drift")
  let logs = series.values.map { log($0) }
  let walk = DriftWalk(series.times, logs)
  let means = (1...horizon).map { exp(logs[logs.count - 1] + walk.drift * Double($0)) }
  let jacobian = logs.dropFirst().reduce(0, +)
  return Fit(
    parameters: walk.parameters,
    logLikelihood: walk.changes.logLikelihood(around: walk.drift).map { $0 - jacobian }, means: means,
    distributions: (1...horizon).map {
      .logStudent(location: log(means[$0 - 1]), scale: walk.deviation($0), degrees: .infinity)
    })
}

/// Changes per period between neighbouring observations and the periods they span.
private struct Changes {
  let rates: [Double]
  let spans: [Double]

  init(_ times: [Int], _ values: [Double]) {
    let steps = 1..<max(times.count, 1)
    spans = steps.map { Double(times[$0] - times[$0 - 1]) }
    rates = steps.map { (values[$0] - values[$0 - 1]) / Double(times[$0] - times[$0 - 1]) }
  }

  func sumOfSquares(around centre: Double) -> Double {
    zip(rates, spans).reduce(0) { $0 + $1.1 * ($1.0 - centre) * ($1.0 - centre) }
  }

  /// Of the changes, given the first value; a change over g periods has variance g σ².
  func logLikelihood(around centre: Double) -> Double? {
    gaussianLogLikelihood(sumOfSquares: sumOfSquares(around: centre), count: rates.count)
      .map { $0 - 0.5 * spans.reduce(0) { $0 + log($1) } }
  }
}

private struct DriftWalk {
  let drift: Double
  let variance: Double
  let span: Double
  let changes: Changes

  init(_ times: [Int], _ values: [Double]) {
    changes = Changes(times, values)
    span = Double(times[times.count - 1] - times[0])
    drift = span > 0 ? (values[values.count - 1] - values[0]) / span : 0
    let k = changes.rates.count
    variance = k > 1 ? changes.sumOfSquares(around: drift) / Double(k - 1) : 0
  }

  func deviation(_ horizon: Int) -> Double {
    let h = Double(horizon)
    return (variance * h * (1 + h / span)).squareRoot()
  }

  var parameters: [NamedValue] {
    [
      NamedValue("drift", drift), NamedValue("sigma", variance.squareRoot()),
      NamedValue("drift_se", (variance / span).squareRoot()),
    ]
  }
}
