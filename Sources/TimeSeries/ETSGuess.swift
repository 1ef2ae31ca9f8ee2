/// Where a search for initial states begins, and the unit in which it moves them.
struct ETSGuess {
  let state: ETSState
  /// Size of a typical change among the first observations: of the whole series it would dwarf the start of
  /// one that grows.
  let unit: Double

  /// From the line through the early observations, and from the first of them alone, which is right where
  /// growth is so fast that no line fits; each with the season of all years, and with that of the first three,
  /// which is right where an additive season grows.
  static func all(_ x: [Double?], form: ETSForm, period: Int) -> [ETSGuess] {
    guard form.season != .none else { return guesses(x, form, season: []) }
    let multiplicative = form.season == .multiplicative
    let reaches = 4 * period < x.count ? [x.count, 4 * period] : [x.count]
    return reaches.flatMap { reach in
      guesses(x, form, season: season(Array(x[..<reach]), period: period, multiplicative: multiplicative))
    }
  }

  private static func guesses(_ x: [Double?], _ form: ETSForm, season: [Double]) -> [ETSGuess] {
    let period = max(season.count, 1)
    var (times, values): ([Double], [Double]) = ([], [])
    for (i, value) in x.enumerated() {
      guard let value else { continue }
      times.append(Double(i))
      switch form.season {
      case .none: values.append(value)
      case .additive: values.append(value - season[i % period])
      case .multiplicative: values.append(value / season[i % period])
      }
    }
    let head = min(max(10, 2 * period), values.count)
    return [
      early(Array(times[..<head]), Array(values[..<head]), form, season), first(times, values, form, season),
    ]
  }

  private static func early(_ times: [Double], _ values: [Double], _ form: ETSForm, _ season: [Double]) -> ETSGuess {
    let line = leastSquaresLine(times, values)
    let centre = mean(values)
    let spread = mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    return ETSGuess(
      state: form.trend == .none
        ? ETSState(level: centre, season: season) : ETSState(level: line.at(-1), trend: line.slope, season: season),
      unit: size(spread, values[0]))
  }

  private static func first(_ times: [Double], _ values: [Double], _ form: ETSForm, _ season: [Double]) -> ETSGuess {
    let change = (values[1] - values[0]) / (times[1] - times[0])
    guard form.trend != .none else {
      return ETSGuess(state: ETSState(level: values[0], season: season), unit: size(abs(change), values[0]))
    }
    // A positive start stays positive: one period of the same growth back.
    let growth = values[0] > 0 && values[1] > 0 ? values[1] / values[0] : 0
    let trend = growth > 1 ? values[0] * (1 - 1 / growth) : change
    return ETSGuess(
      state: ETSState(level: values[0] - trend, trend: trend, season: season), unit: size(abs(trend), values[0]))
  }

  private static func size(_ typical: Double, _ value: Double) -> Double {
    typical > 0 ? typical : value == 0 ? 1 : abs(value)
  }

  /// Mean departure of each season from the centred moving average of one year, as in classical decomposition;
  /// gaps are bridged for the average and left out of the means.
  private static func season(_ x: [Double?], period: Int, multiplicative: Bool) -> [Double] {
    let whole = bridged(x)
    let reach = period / 2
    var sums = [Double](repeating: 0, count: period)
    var counts = [Double](repeating: 0, count: period)
    for t in reach..<max(whole.count - reach, reach) {
      guard let value = x[t] else { continue }
      let ends = period % 2 == 0 ? (whole[t - reach] + whole[t + reach]) / 2 : whole[t - reach] + whole[t + reach]
      let middle = (ends + whole[(t - reach + 1)..<(t + reach)].reduce(0, +)) / Double(period)
      if multiplicative, !(middle > 0) { continue }
      sums[t % period] += multiplicative ? value / middle : value - middle
      counts[t % period] += 1
    }
    let neutral = multiplicative ? 1.0 : 0
    let raw = zip(sums, counts).map { $1 > 0 ? $0 / $1 : neutral }
    let centre = mean(raw)
    return raw.map { multiplicative ? max($0 / centre, 1e-3) : $0 - centre }
  }

  /// Gaps on the straight line between their neighbours; the ends are always present.
  private static func bridged(_ x: [Double?]) -> [Double] {
    var whole: [Double] = []
    for (i, value) in x.enumerated() {
      guard let value else { continue }
      let missing = i - whole.count
      if let before = whole.last, missing > 0 {
        for j in 1...missing { whole.append(before + (value - before) * Double(j) / Double(missing + 1)) }
      }
      whole.append(value)
    }
    return whole
  }
}
