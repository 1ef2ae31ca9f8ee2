import Foundation
import Messages

/// A fitted exponential-smoothing state-space model.
public struct ETS: Sendable, Equatable {
  public let form: ETSForm
  public let period: Int
  let weights: ETSWeights
  let start: ETSState
  let last: ETSState
  /// Gaussian with full constants; R `forecast::ets` prints it without n/2 · (1 + ln(2π/n)).
  public let logLikelihood: Double
  /// Numbers estimated: weights, initial states and the variance.
  public let estimated: Int
  public let count: Int
  /// Variance of the innovation, Σe²/(n − estimated + 1).
  public let variance: Double

  public var akaike: Double { -2 * logLikelihood + 2 * Double(estimated) }
  /// Akaike's criterion with the small-sample correction; infinite with n ≤ k + 1.
  public var akaikeCorrected: Double {
    let (k, n) = (Double(estimated), Double(count))
    return n - k - 1 > 0 ? akaike + 2 * k * (k + 1) / (n - k - 1) : .infinity
  }

  /// Maximum likelihood over weights in the usual region (α ∈ (1e-4, 0.9999), β ∈ (1e-4, α),
  /// γ ∈ (1e-4, 1 − α), φ ∈ (0.8, 0.98)) and the initial states, by quasi-Newton from several starts.
  init?(_ x: [Double?], form: ETSForm, period: Int) {
    let search = ETSSearch(x, form: form, period: period)
    guard let best = search.best(), let run = best.recursion.run(x, from: best.start) else { return nil }
    let observed = x.count { $0 != nil }
    self.form = form
    self.period = period
    weights = best.recursion.weights
    start = best.start
    last = run.last
    count = observed
    estimated = search.dimension + 1
    logLikelihood = search.logLikelihood(run)
    variance = run.squares / Double(max(observed - search.dimension, 1))
  }

  /// The form with the smallest corrected Akaike criterion; ties go to the simpler.
  static func selected(_ x: [Double?], period: Int) -> ETS? {
    let positive = x.allSatisfy { ($0 ?? 1) > 0 }
    let observed = x.count { $0 != nil }
    var best: ETS?
    for form in ETSForm.admissible(positive: positive, seasonal: period > 1 && observed >= 2 * period) {
      guard observed > ETSSearch.dimension(form, period: period) + 2,
        let model = ETS(x, form: form, period: period), model.akaikeCorrected.isFinite
      else { continue }
      if model.akaikeCorrected < (best?.akaikeCorrected ?? .infinity) - 1e-9 { best = model }
    }
    return best
  }

  /// Means and standard deviations 1...horizon periods ahead: exact for additive errors and for
  /// multiplicative errors without multiplicative season, the usual approximation with it.
  public func forecast(_ horizon: Int) -> (means: [Double], deviations: [Double]) {
    let recursion = ETSRecursion(form: form, weights: weights)
    var state = last
    var (means, levels, seasons): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<horizon {
      means.append(recursion.mean(state))
      levels.append(recursion.base(state))
      seasons.append(state.season.first ?? 1)
      recursion.advance(&state, innovation: 0)
    }
    let c = (0..<horizon).map { $0 == 0 ? 0 : recursion.response($0, period: period) }
    guard form.multiplicativeError else {
      return (
        means,
        (1...horizon).map { h in
          (variance * (1..<max(h, 1)).reduce(1) { $0 + c[$1] * c[$1] }).squareRoot()
        }
      )
    }
    let centre = form.season == .multiplicative ? levels : means
    let trendOnly =
      form.season == .multiplicative
      ? (0..<horizon).map { $0 == 0 ? 0 : weights.alpha + weights.beta * dampedSum(weights.phi, $0) } : c
    var theta: [Double] = []
    var deviations: [Double] = []
    for h in 0..<horizon {
      theta.append(
        centre[h] * centre[h] + variance
          * (1..<max(h + 1, 1)).reduce(0) { $0 + trendOnly[$1] * trendOnly[$1] * theta[h - $1] })
      var spread = (1 + variance) * theta[h]
      if form.season == .multiplicative {
        spread *= pow(1 + weights.gamma * weights.gamma * variance, Double(h / period))
        deviations.append(max(seasons[h] * seasons[h] * (spread - centre[h] * centre[h]), 0).squareRoot())
      } else {
        deviations.append(max(spread - centre[h] * centre[h], 0).squareRoot())
      }
    }
    return (means, deviations)
  }
}

/// ETS chosen by AICc among the admissible forms.
func etsFit(_ series: Series, _ options: ForecastOptions) throws(SeriesError) -> Fit {
  guard Set(series.values).count > 1 else { throw .noVariation(series: series.name, method: "ets") }
  guard let model = ETS.selected(series.regular, period: options.period) else {
    throw .tooShort(series: series.name, method: "ets", found: series.count, needed: series.count + 1)
  }
  let w = model.weights
  var parameters = [NamedValue("alpha", w.alpha)]
  if model.form.trend != .none { parameters.append(NamedValue("beta", w.beta / w.alpha)) }
  if model.form.season != .none { parameters.append(NamedValue("gamma", w.gamma)) }
  if model.form.trend == .damped { parameters.append(NamedValue("phi", w.phi)) }
  parameters.append(NamedValue("level", model.start.level))
  if model.form.trend != .none { parameters.append(NamedValue("trend", model.start.trend)) }
  for (i, s) in model.start.season.enumerated() { parameters.append(NamedValue("season_\(i + 1)", s)) }
  parameters.append(NamedValue("sigma", model.variance.squareRoot()))
  parameters.append(NamedValue("aicc", model.akaikeCorrected))
  let ahead = model.forecast(options.horizon)
  return Fit(
    form: model.form.name, parameters: parameters, logLikelihood: model.logLikelihood, means: ahead.means,
    distributions: normals(ahead.means, ahead.deviations),
    notes: [Bilingual(zh: "按 AICc 选中 ETS(\(model.form.name))", en: "ETS(\(model.form.name)) chosen by AICc")])
}
