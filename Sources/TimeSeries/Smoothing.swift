import Foundation

/// Simple, Holt's and damped exponential smoothing in error-correction form:
///
///     forecast f = ℓ + φ b;  e = x − f;  ℓ ← f + α e;  b ← φ b + α β* e
///
/// A missing observation has e = 0. The states given are those before the first observation.
/// Errors are linear in the initial states, so unknown ones are found exactly by least squares.
/// - Source: Hyndman, Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*, ch. 2.
struct Smoothing: Sendable, Equatable {
  var alpha: Double
  /// β*, share of the change of level that enters the trend; 0 without trend.
  var beta: Double
  /// φ; 1 without damping.
  var phi: Double
  let hasTrend: Bool

  struct Pass {
    var errors: [Double?]
    var level: Double
    var trend: Double
    var sumOfSquares: Double { errors.reduce(0) { $0 + ($1 ?? 0) * ($1 ?? 0) } }
  }

  func pass(_ x: [Double?], level: Double, trend: Double) -> Pass {
    var result = Pass(errors: [], level: level, trend: trend)
    result.errors.reserveCapacity(x.count)
    for observation in x {
      let forecast = result.level + phi * result.trend
      let error = observation.map { $0 - forecast }
      result.errors.append(error)
      result.level = forecast + alpha * (error ?? 0)
      result.trend = phi * result.trend + alpha * beta * (error ?? 0)
    }
    return result
  }

  /// Σe² from the given states, without keeping the errors.
  func sumOfSquares(_ x: [Double?], level: Double, trend: Double) -> Double {
    var (l, b, sum) = (level, trend, 0.0)
    for observation in x {
      let forecast = l + phi * b
      let error = observation.map { $0 - forecast } ?? 0
      sum += error * error
      l = forecast + alpha * error
      b = phi * b + alpha * beta * error
    }
    return sum
  }

  /// Initial states that minimise Σe²; given ones are kept.
  ///
  /// Errors are e + ℓ₀ u + b₀ v with u, v the errors that a unit of each state causes: one pass gathers
  /// the normal equations of that 2 × 2 least squares.
  func initialStates(_ x: [Double?], level: Double?, trend: Double?) -> (level: Double, trend: Double) {
    // Start near the data so that little cancels.
    let centre = level ?? (x.lazy.compactMap { $0 }.first ?? 0)
    let slope = hasTrend ? trend ?? 0 : 0
    var (l, b) = (centre, slope)
    var (lu, bu, lv, bv) = (1.0, 0.0, 0.0, 1.0)
    var (uu, uv, vv, ue, ve) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for observation in x {
      let (f, fu, fv) = (l + phi * b, lu + phi * bu, lv + phi * bv)
      var (e, u, v) = (0.0, 0.0, 0.0)
      if let observation { (e, u, v) = (observation - f, -fu, -fv) }
      uu += u * u
      uv += u * v
      vv += v * v
      ue += u * e
      ve += v * e
      (l, lu, lv) = (f + alpha * e, fu + alpha * u, fv + alpha * v)
      let share = alpha * beta
      (b, bu, bv) = (phi * b + share * e, phi * bu + share * u, phi * bv + share * v)
    }
    switch (level == nil, hasTrend && trend == nil) {
    case (false, false): return (centre, slope)
    case (true, false): return (centre - ue / uu, slope)
    case (false, true): return (centre, slope - ve / vv)
    case (true, true):
      let determinant = uu * vv - uv * uv
      guard determinant > 1e-12 * uu * vv else { return (centre - ue / uu, slope) }
      return (centre + (uv * ve - vv * ue) / determinant, slope + (uv * ue - uu * ve) / determinant)
    }
  }

  /// c_j, what is left of a shock j periods later.
  func response(_ j: Int) -> Double { alpha + alpha * beta * dampedSum(phi, j) }
}

/// Which smoothing model is fitted.
enum SmoothingModel {
  case simple, holt, damped
}

/// A smoothing model with every number settled.
struct FittedSmoothing {
  let smoothing: Smoothing
  let level: Double
  let trend: Double
  let last: Smoothing.Pass
  /// Numbers estimated, initial states included.
  let estimated: Int
  let observed: Int

  var sumOfSquares: Double { last.sumOfSquares }
  /// Σe²/(n − estimated).
  var variance: Double { sumOfSquares / Double(max(observed - estimated, 1)) }

  func mean(_ h: Int) -> Double { last.level + dampedSum(smoothing.phi, h) * last.trend }

  func deviation(_ h: Int) -> Double {
    (variance * (1..<max(h, 1)).reduce(1) { $0 + smoothing.response($1) * smoothing.response($1) })
      .squareRoot()
  }
}

/// Least squares over an even grid of (α, β*, φ), refined from its best points by Nelder–Mead in the
/// box α ∈ [1e-4, 0.9999], αβ* ∈ [1e-4, α], φ ∈ [0.8, 0.98] (the box of R `forecast`). Values in
/// `fixed` are kept.
func fitSmoothing(_ x: [Double?], _ model: SmoothingModel, fixed: [String: Double]) -> FittedSmoothing {
  let hasTrend = model != .simple
  let (level, trend) = (fixed["level"], hasTrend ? fixed["trend"] : 0)
  var free: [(name: String, low: Double, high: Double, cells: Int)] = [("alpha", 1e-4, 0.9999, 10)]
  if hasTrend { free.append(("beta", 0, 0.9999, 5)) }
  if model == .damped { free.append(("phi", 0.8, 0.98, 2)) }
  free.removeAll { fixed[$0.name] != nil }

  func smoothing(_ point: [Double]) -> Smoothing {
    var value = fixed
    for (i, f) in free.enumerated() { value[f.name] = point[i] }
    let alpha = value["alpha"] ?? 1
    let share = value["beta"] ?? 0
    return Smoothing(
      alpha: alpha,
      beta: !hasTrend ? 0 : fixed["beta"] ?? min(max(share, 1e-4 / max(alpha, 1e-4)), 1),
      phi: value["phi"] ?? 1, hasTrend: hasTrend)
  }
  func objective(_ point: [Double]) -> Double {
    let s = smoothing(point)
    let start = s.initialStates(x, level: level, trend: trend)
    let sum = s.sumOfSquares(x, level: start.level, trend: start.trend)
    return sum.isFinite ? sum : .infinity
  }
  let best = gridThenSimplex(free.map { ($0.low, $0.high, $0.cells) }, objective)
  let chosen = smoothing(best)
  let start = chosen.initialStates(x, level: level, trend: trend)
  let states = (fixed["level"] == nil ? 1 : 0) + (hasTrend && fixed["trend"] == nil ? 1 : 0)
  return FittedSmoothing(
    smoothing: chosen, level: start.level, trend: start.trend,
    last: chosen.pass(x, level: start.level, trend: start.trend), estimated: free.count + states,
    observed: x.count { $0 != nil })
}

/// The two best points of an even grid, each refined by Nelder–Mead; the best of those.
private func gridThenSimplex(
  _ box: [(low: Double, high: Double, cells: Int)], _ objective: ([Double]) -> Double
) -> [Double] {
  guard !box.isEmpty else { return [] }
  var grid: [[Double]] = [[]]
  for side in box {
    grid = grid.flatMap { point in
      (0...side.cells).map { point + [side.low + (side.high - side.low) * Double($0) / Double(side.cells)] }
    }
  }
  let scored = grid.map { Minimum(point: $0, value: objective($0)) }
  let starts = scored.indices.sorted {
    scored[$0].value != scored[$1].value ? scored[$0].value < scored[$1].value : $0 < $1
  }.prefix(2)
  let refined = starts.map {
    nelderMead(from: scored[$0].point, lower: box.map(\.low), upper: box.map(\.high), objective)
  }
  return refined.min { $0.value < $1.value }?.point ?? scored[0].point
}

/// SES, Holt or damped Holt; normal intervals with σ² Σ c_j² (parameters taken as known).
func smoothingFit(_ series: Series, _ model: SmoothingModel, _ options: ForecastOptions) -> Fit {
  let fitted = fitSmoothing(series.regular, model, fixed: options.fixed)
  let s = fitted.smoothing
  var parameters = [NamedValue("alpha", s.alpha)]
  if model != .simple { parameters.append(NamedValue("beta", s.beta)) }
  if model == .damped { parameters.append(NamedValue("phi", s.phi)) }
  parameters.append(NamedValue("level", fitted.level))
  if model != .simple { parameters.append(NamedValue("trend", fitted.trend)) }
  parameters.append(NamedValue("sse", fitted.sumOfSquares))
  parameters.append(NamedValue("sigma", fitted.variance.squareRoot()))
  let means = (1...options.horizon).map(fitted.mean)
  return Fit(
    parameters: parameters,
    logLikelihood: gaussianLogLikelihood(sumOfSquares: fitted.sumOfSquares, count: fitted.observed),
    means: means, distributions: normals(means, (1...options.horizon).map(fitted.deviation)))
}

/// Theta = SES plus half the least-squares slope as drift; intervals as R `thetaf`: σ² (1 + (h−1) α²).
/// - Source: Hyndman & Billah (2003), *International Journal of Forecasting* 19, 287–290.
func thetaFit(_ series: Series, _ options: ForecastOptions) -> Fit {
  let x = series.regular
  let ses = fitSmoothing(x, .simple, fixed: options.fixed)
  let alpha = max(ses.smoothing.alpha, 1e-10)
  let times = series.times.map(Double.init)
  let slope = leastSquaresLine(times, series.values).slope
  let start = (1 - pow(1 - alpha, Double(x.count))) / alpha
  let means = (1...options.horizon).map { ses.last.level + slope / 2 * (Double($0 - 1) + start) }
  let deviations = (1...options.horizon).map {
    (ses.variance * (1 + Double($0 - 1) * alpha * alpha)).squareRoot()
  }
  return Fit(
    parameters: [
      NamedValue("alpha", alpha), NamedValue("level", ses.level), NamedValue("drift", slope / 2),
      NamedValue("sigma", ses.variance.squareRoot()),
    ], means: means, distributions: normals(means, deviations))
}
