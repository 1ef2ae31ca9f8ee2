import Foundation

/// A form of exponential smoothing as a state-space model: how error, trend and season enter.
///
/// Admissible here are the 15 forms of R `forecast::ets` without multiplicative trend: additive error
/// with season none or additive (multiplicative season would give infinite variance), multiplicative
/// error with any season; each with trend none, additive or damped.
/// - Source: Hyndman, Koehler, Ord & Snyder (2008), *Forecasting with Exponential Smoothing*, ch. 2, 6.
public struct ETSForm: Hashable, Sendable {
  /// How the level moves on.
  public enum Trend: Sendable { case none, additive, damped }
  /// How the season enters.
  public enum Season: Sendable { case none, additive, multiplicative }

  public let multiplicativeError: Bool
  public let trend: Trend
  public let season: Season

  /// `ANN`, `MAdM`, …
  public var name: String {
    let t =
      switch trend {
      case .none: "N"
      case .additive: "A"
      case .damped: "Ad"
      }
    let s =
      switch season {
      case .none: "N"
      case .additive: "A"
      case .multiplicative: "M"
      }
    return (multiplicativeError ? "M" : "A") + t + s
  }

  /// Forms that may be fitted; multiplicative error or season needs positive values, a season a period > 1.
  public static func admissible(positive: Bool, seasonal: Bool) -> [ETSForm] {
    var forms: [ETSForm] = []
    let seasons: [Season] = seasonal ? [.none, .additive, .multiplicative] : [.none]
    for multiplicative in positive ? [false, true] : [false] {
      for season in seasons where multiplicative || season != .multiplicative {
        for trend in [Trend.none, .additive, .damped] {
          forms.append(ETSForm(multiplicativeError: multiplicative, trend: trend, season: season))
        }
      }
    }
    return forms
  }
}

/// Smoothing parameters in the state-space notation (β multiplies the error itself: β = α β*).
struct ETSWeights: Sendable, Equatable {
  var alpha: Double
  var beta = 0.0
  var gamma = 0.0
  var phi = 1.0
}

/// Level, trend and season; `season[0]` is the one of the next period.
struct ETSState: Sendable, Equatable {
  var level: Double
  var trend = 0.0
  var season: [Double] = []
}

/// The recursions of one form.
struct ETSRecursion {
  let form: ETSForm
  let weights: ETSWeights

  /// Level and trend carried one period ahead.
  func base(_ state: ETSState) -> Double { state.level + weights.phi * state.trend }

  func mean(_ state: ETSState) -> Double {
    switch form.season {
    case .none: base(state)
    case .additive: base(state) + state.season[0]
    case .multiplicative: base(state) * state.season[0]
    }
  }

  /// Moves `state` one period given the innovation: relative to the mean for multiplicative errors.
  func advance(_ state: inout ETSState, innovation e: Double) {
    let (base, mean) = (base(state), mean(state))
    // Shock in the unit of level and trend; in that of the season.
    let shock: Double
    if form.multiplicativeError {
      shock = (form.season == .additive ? mean : base) * e
    } else {
      shock = e
    }
    state.level = base + weights.alpha * shock
    if form.trend != .none { state.trend = weights.phi * state.trend + weights.beta * shock }
    guard form.season != .none else { return }
    let now = state.season.removeFirst()
    let next =
      form.season == .multiplicative ? now * (1 + weights.gamma * e) : now + weights.gamma * shock
    state.season.append(next)
  }

  /// Runs over the data; nil when a multiplicative mean is not positive.
  ///
  /// The same steps as `advance`, with the season as a ring: a search calls this many thousand times.
  func run(_ x: [Double?], from start: ETSState) -> (squares: Double, logs: Double, last: ETSState)? {
    let (alpha, beta, gamma, phi) = (weights.alpha, weights.beta, weights.gamma, weights.phi)
    let (relative, seasonal) = (form.multiplicativeError, form.season)
    let positive = relative || seasonal == .multiplicative
    var (level, trend, season) = (start.level, start.trend, start.season)
    var (squares, logs, now) = (0.0, 0.0, 0)
    for observation in x {
      let base = level + phi * trend
      let mean =
        switch seasonal {
        case .none: base
        case .additive: base + season[now]
        case .multiplicative: base * season[now]
        }
      if positive, !(mean > 0 && base > 0) { return nil }
      var innovation = 0.0
      if let observation {
        innovation = relative ? (observation - mean) / mean : observation - mean
        squares += innovation * innovation
        if relative { logs += log(mean) }
      }
      let shock = relative ? (seasonal == .additive ? mean : base) * innovation : innovation
      level = base + alpha * shock
      if form.trend != .none { trend = phi * trend + beta * shock }
      if seasonal != .none {
        season[now] =
          seasonal == .multiplicative ? season[now] * (1 + gamma * innovation) : season[now] + gamma * shock
        now = now + 1 == season.count ? 0 : now + 1
      }
    }
    guard squares.isFinite && logs.isFinite else { return nil }
    return (squares, logs, ETSState(level: level, trend: trend, season: Array(season[now...] + season[..<now])))
  }

  /// c_j, the response of the mean j periods after a unit shock.
  func response(_ j: Int, period: Int) -> Double {
    weights.alpha + weights.beta * dampedSum(weights.phi, j)
      + (form.season != .none && j % period == 0 ? weights.gamma : 0)
  }
}
