import Foundation

/// Free numbers ↔ weights and initial states of one ETS form, and the search for the best of them.
struct ETSSearch {
  private let x: [Double?]
  private let form: ETSForm
  private let period: Int
  private let guess: ETSState
  /// Typical size of a one-period change, the unit in which states move.
  private let unit: Double

  struct Candidate {
    let recursion: ETSRecursion
    let start: ETSState
  }

  init(_ x: [Double?], form: ETSForm, period: Int) {
    self.x = x
    self.form = form
    self.period = period
    let observed = x.enumerated().compactMap { i, value in value.map { (Double(i), $0) } }
    let (times, values) = (observed.map(\.0), observed.map(\.1))
    let centre = mean(values)
    let spread = mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    unit = spread > 0 ? spread : 1
    guess = ETSSearch.initialGuess(x, times, values, form: form, period: period)
  }

  /// Weights and states that are estimated (without the variance).
  static func dimension(_ form: ETSForm, period: Int) -> Int {
    2 + (form.trend == .none ? 0 : 2) + (form.trend == .damped ? 1 : 0) + (form.season == .none ? 0 : period)
  }
  var dimension: Int { ETSSearch.dimension(form, period: period) }

  func logLikelihood(_ run: (squares: Double, logs: Double, last: ETSState)) -> Double {
    let n = x.count { $0 != nil }
    // A perfect fit has no finite likelihood: keep it comparable.
    let squares = max(run.squares, 1e-280)
    return (gaussianLogLikelihood(sumOfSquares: squares, count: n) ?? -.infinity) - run.logs
  }

  var best: Candidate? {
    var winner: Minimum?
    for start in starts {
      let found = quasiNewton(from: start, limit: 300) { loss($0) }
      if found.value < (winner?.value ?? .infinity) { winner = found }
    }
    return winner.map { candidate($0.point) }
  }

  private func loss(_ point: [Double]) -> Double {
    let candidate = candidate(point)
    guard let run = candidate.recursion.run(x, from: candidate.start) else { return .infinity }
    return -logLikelihood(run)
  }

  /// Several smoothing strengths, with the states of the heuristic start.
  private var starts: [[Double]] {
    let alphas = form.season == .none ? [0.1, 0.4, 0.8] : [0.15, 0.5]
    let betas = form.trend == .none ? [0] : form.season == .none ? [0.05, 0.4] : [0.05]
    return alphas.flatMap { alpha in
      betas.map { beta in
        var point = [logit(alpha)]
        if form.trend != .none { point.append(logit(beta)) }
        if form.season != .none { point.append(logit(0.05)) }
        if form.trend == .damped { point.append(logit(0.8)) }
        return point + [Double](repeating: 0, count: dimension - point.count)
      }
    }
  }

  private func candidate(_ point: [Double]) -> Candidate {
    var rest = point[...]
    let alpha = between(1e-4, 0.9999, rest.removeFirst())
    var weights = ETSWeights(alpha: alpha)
    if form.trend != .none { weights.beta = between(min(1e-4, alpha / 2), alpha, rest.removeFirst()) }
    if form.season != .none {
      weights.gamma = between(min(1e-4, (1 - alpha) / 2), 1 - alpha, rest.removeFirst())
    }
    if form.trend == .damped { weights.phi = between(0.8, 0.98, rest.removeFirst()) }
    var start = guess
    start.level += unit * rest.removeFirst()
    if form.trend != .none { start.trend += unit / 4 * rest.removeFirst() }
    if form.season != .none {
      let scale = form.season == .additive ? unit : 0.2
      var total = 0.0
      for i in 0..<(period - 1) {
        start.season[i] += scale * rest.removeFirst()
        total += start.season[i]
      }
      // Additive seasons sum to 0, multiplicative ones to the period.
      start.season[period - 1] = (form.season == .additive ? 0 : Double(period)) - total
    }
    return Candidate(recursion: ETSRecursion(form: form, weights: weights), start: start)
  }

  /// Season from deviations around the overall line, level and trend from the line through what is left.
  private static func initialGuess(
    _ x: [Double?], _ times: [Double], _ values: [Double], form: ETSForm, period: Int
  ) -> ETSState {
    let line = leastSquaresLine(times, values)
    var season: [Double] = []
    if form.season != .none {
      season = (0..<period).map { phase in
        let deviations = zip(times, values).filter { Int($0.0) % period == phase }.map {
          form.season == .additive ? $0.1 - line.at($0.0) : $0.1 / max(line.at($0.0), .leastNormalMagnitude)
        }
        return deviations.isEmpty ? (form.season == .additive ? 0 : 1) : mean(deviations)
      }
      let centre = mean(season)
      season = season.map { form.season == .additive ? $0 - centre : $0 / centre }
    }
    let adjusted = zip(times, values).map { time, value in
      switch form.season {
      case .none: value
      case .additive: value - season[Int(time) % period]
      case .multiplicative: value / season[Int(time) % period]
      }
    }
    let head = min(10, adjusted.count)
    let early = leastSquaresLine(Array(times[..<head]), Array(adjusted[..<head]))
    return form.trend == .none
      ? ETSState(level: mean(Array(adjusted[..<head])), season: season)
      : ETSState(level: early.at(-1), trend: early.slope, season: season)
  }
}

private func logit(_ share: Double) -> Double { log(share / (1 - share)) }
private func between(_ low: Double, _ high: Double, _ free: Double) -> Double {
  low + (high - low) / (1 + exp(-free))
}
