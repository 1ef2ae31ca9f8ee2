import Foundation

/// Free numbers ↔ weights and initial states of one ETS form, and the search for the best of them.
struct ETSSearch {
  private let x: [Double?]
  private let observed: Int
  private let form: ETSForm
  private let period: Int
  private let guesses: [ETSGuess]

  struct Candidate {
    let recursion: ETSRecursion
    let start: ETSState
  }

  init(_ x: [Double?], form: ETSForm, period: Int) {
    self.x = x
    self.form = form
    self.period = period
    observed = x.count { $0 != nil }
    guesses = ETSGuess.all(x, form: form, period: period)
  }

  /// Weights and states that are estimated (without the variance).
  static func dimension(_ form: ETSForm, period: Int) -> Int {
    2 + (form.trend == .none ? 0 : 2) + (form.trend == .damped ? 1 : 0) + (form.season == .none ? 0 : period)
  }
  var dimension: Int { ETSSearch.dimension(form, period: period) }

  func logLikelihood(_ run: (squares: Double, logs: Double, last: ETSState)) -> Double {
    // A perfect fit has no finite likelihood: keep it comparable.
    let squares = max(run.squares, 1e-280)
    return (gaussianLogLikelihood(sumOfSquares: squares, count: observed) ?? -.infinity) - run.logs
  }

  /// The likelihood of a form has several hills. Every pairing of a guess with smoothing strengths is looked
  /// at once; quasi-Newton climbs a little way from the best of them, no two of the same guess and α, and to
  /// the top from those that then stand highest.
  func best(climbs: Int = 8, tops: Int = 3) -> Candidate? {
    var scored: [(guess: Int, alpha: Int, minimum: Minimum)] = []
    for (g, guess) in guesses.enumerated() {
      for (a, points) in starts.enumerated() {
        let looked = points.map { Minimum(point: $0, value: loss($0, guess)) }
        if let least = looked.min(by: { $0.value < $1.value }), least.value.isFinite {
          scored.append((g, a, least))
        }
      }
    }
    let order = scored.indices.sorted {
      let (one, other) = (scored[$0].minimum.value, scored[$1].minimum.value)
      return one != other ? one < other : $0 < $1
    }
    func climbed(_ i: Int, from point: [Double], limit: Int) -> (index: Int, minimum: Minimum) {
      (i, quasiNewton(from: point, limit: limit) { loss($0, guesses[scored[i].guess]) })
    }
    let begun = order.prefix(climbs).map { climbed($0, from: scored[$0].minimum.point, limit: 15) }
    let highest = begun.indices.sorted {
      let (one, other) = (begun[$0].minimum.value, begun[$1].minimum.value)
      return one != other ? one < other : $0 < $1
    }.prefix(tops)
    let ends = highest.map { climbed(begun[$0].index, from: begun[$0].minimum.point, limit: 300) }
    return ends.min { $0.minimum.value < $1.minimum.value }.map {
      candidate($0.minimum.point, guesses[scored[$0.index].guess])
    }
  }

  private func loss(_ point: [Double], _ guess: ETSGuess) -> Double {
    let candidate = candidate(point, guess)
    guard let run = candidate.recursion.run(x, from: candidate.start) else { return .infinity }
    return -logLikelihood(run)
  }

  /// Smoothing strengths to start from, grouped by α, with the states as guessed.
  private var starts: [[[Double]]] {
    let betas = form.trend == .none ? [0] : [0.02, 0.2, 0.8]
    let gammas = form.season == .none ? [0] : [0.05, 0.5]
    let phis = form.trend == .damped ? [0.3, 0.85] : [0]
    return [0.05, 0.3, 0.6, 0.95].map { alpha in
      betas.flatMap { beta in
        gammas.flatMap { gamma in
          phis.map { phi in
            var point = [logit(alpha)]
            if form.trend != .none { point.append(logit(beta)) }
            if form.season != .none { point.append(logit(gamma)) }
            if form.trend == .damped { point.append(logit(phi)) }
            return point + [Double](repeating: 0, count: dimension - point.count)
          }
        }
      }
    }
  }

  private func candidate(_ point: [Double], _ guess: ETSGuess) -> Candidate {
    var next = 0
    func free() -> Double {
      next += 1
      return point[next - 1]
    }
    let alpha = between(1e-4, 0.9999, free())
    var weights = ETSWeights(alpha: alpha)
    if form.trend != .none { weights.beta = between(min(1e-4, alpha / 2), alpha, free()) }
    if form.season != .none { weights.gamma = between(min(1e-4, (1 - alpha) / 2), 1 - alpha, free()) }
    if form.trend == .damped { weights.phi = between(0.8, 0.98, free()) }
    var start = guess.state
    start.level += guess.unit * free()
    if form.trend != .none { start.trend += guess.unit / 4 * free() }
    if form.season != .none {
      let scale = form.season == .additive ? guess.unit : 0.2
      var total = 0.0
      for i in 0..<(period - 1) {
        start.season[i] += scale * free()
        total += start.season[i]
      }
      // Additive seasons sum to 0, multiplicative ones to the period.
      start.season[period - 1] = (form.season == .additive ? 0 : Double(period)) - total
    }
    return Candidate(recursion: ETSRecursion(form: form, weights: weights), start: start)
  }
}

private func logit(_ share: Double) -> Double { log(share / (1 - share)) }
private func between(_ low: Double, _ high: Double, _ free: Double) -> Double {
  low + (high - low) / (1 + exp(-free))
}
