import Foundation
import Messages

/// AR(1) with mean by exact maximum likelihood, missing observations skipped: the case p = 1, q = 0 of
/// `ARMA` with a scalar state, because ensembles and back-tests fit it thousands of times.
struct Autoregression {
  let coefficient: Double
  let mean: Double
  /// Σ v²/F ÷ n.
  let variance: Double
  private let last: Double

  /// nil when the observations do not vary.
  init?(_ y: [Double?]) {
    guard Set(y.compactMap { $0 }).count > 1 else { return nil }
    let best = goldenSection(-0.999, 0.999, cells: 40) { ScalarFilter(y, coefficient: $0).loss }
    let filter = ScalarFilter(y, coefficient: best.point)
    coefficient = best.point
    mean = filter.mean
    variance = filter.variance
    last = filter.ahead
  }

  /// Mean `horizon` ≥ 1 periods ahead.
  func forecast(_ horizon: Int) -> Double { mean + pow(coefficient, Double(horizon - 1)) * last }
}

/// One pass over the data and over a column of ones; the mean follows by generalised least squares.
private struct ScalarFilter {
  let mean: Double
  let variance: Double
  let loss: Double
  /// Deviation from the mean expected one period after the end.
  let ahead: Double

  init(_ y: [Double?], coefficient phi: Double) {
    var (a, one, p) = (0.0, 0.0, 1 / (1 - phi * phi))
    var (n, logs, uu, uv, vv) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for observation in y {
      guard let observation else {
        (a, one, p) = (phi * a, phi * one, phi * phi * p + 1)
        continue
      }
      let (v, u) = (observation - a, 1 - one)
      n += 1
      logs += log(p)
      uu += u * u / p
      uv += u * v / p
      vv += v * v / p
      (a, one, p) = (phi * observation, phi, 1)
    }
    mean = uv / uu
    variance = max(vv - uv * uv / uu, 0) / n
    loss = variance > 0 ? n * log(variance) + logs : -.infinity
    ahead = a - mean * one
  }
}

/// AR(1) with mean on annual growth: of logarithms when all values are positive, else of the values.
/// Growth over a gap cannot be dated and is left out. Forecast variance σ² Σ ((1−φ^j)/(1−φ))².
func growthAutoregressionFit(_ series: Series, _ horizon: Int) throws(SeriesError) -> Fit {
  let positive = series.values.allSatisfy { $0 > 0 }
  let x = series.regular.map { value in value.map { positive ? log($0) : $0 } }
  let growth: [Double?] = (1..<max(x.count, 1)).map { i in
    if let now = x[i], let before = x[i - 1] { now - before } else { nil }
  }
  guard growth.count(where: { $0 != nil }) >= 4 else {
    throw .tooShort(series: series.name, method: "ar", found: growth.count { $0 != nil } + 1, needed: 5)
  }
  guard let model = Autoregression(growth) else {
    throw .noVariation(series: series.name, method: "ar")
  }
  let start = positive ? log(series.lastValue) : series.lastValue
  let n = Double(growth.count { $0 != nil })
  var (level, response, sum) = (start, 0.0, 0.0)
  var (locations, scales): ([Double], [Double]) = ([], [])
  for h in 1...horizon {
    level += model.forecast(h)
    response = 1 + model.coefficient * response
    sum += response * response
    locations.append(level)
    scales.append((model.variance * n / (n - 2) * sum).squareRoot())
  }
  return Fit(
    parameters: [
      NamedValue("ar1", model.coefficient), NamedValue("mean_growth", model.mean),
      NamedValue("sigma2", model.variance),
    ],
    means: positive ? locations.map { exp($0) } : locations,
    distributions: zip(locations, scales).map {
      positive
        ? .logStudent(location: $0, scale: $1, degrees: .infinity)
        : .student(location: $0, scale: $1, degrees: .infinity)
    },
    notes: [
      positive
        ? Bilingual(zh: "AR(1) 拟合对数年增长", en: "AR(1) on annual log growth")
        : Bilingual(
          zh: "AR(1) 拟合年增量（序列含非正值）", en: "AR(1) on annual changes (the series has values at or below zero)")
    ])
}
