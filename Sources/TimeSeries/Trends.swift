import Foundation

/// y = intercept + slope · x by least squares, with what a prediction interval needs.
struct LeastSquaresLine {
  let intercept: Double
  let slope: Double
  let sumOfSquares: Double
  let count: Int
  let meanX: Double
  let spreadX: Double

  func at(_ x: Double) -> Double { intercept + slope * x }
  var degreesOfFreedom: Double { Double(count - 2) }

  /// Standard deviation of a new observation at x.
  func predictionDeviation(_ x: Double) -> Double {
    let variance = sumOfSquares / degreesOfFreedom
    return (variance * (1 + 1 / Double(count) + (x - meanX) * (x - meanX) / spreadX)).squareRoot()
  }
}

/// - Precondition: at least two different x.
func leastSquaresLine(_ x: [Double], _ y: [Double]) -> LeastSquaresLine {
  let n = Double(x.count)
  let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
  let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
  let sum = zip(x, y).reduce(0) { total, pair in
    let residual = pair.1 - meanY - slope * (pair.0 - meanX)
    return total + residual * residual
  }
  return LeastSquaresLine(
    intercept: meanY - slope * meanX, slope: slope, sumOfSquares: sum, count: x.count, meanX: meanX,
    spreadX: spread)
}

/// ln x on time by least squares; the point forecast is the median. Time counts from the first observation.
func logLinearFit(_ series: Series, _ horizon: Int) throws(SeriesError) -> Fit {
  try series.requirePositive(for: "log-linear")
  let times = series.times.map { Double($0 - series.times[0]) }
  let logs = series.values.map { log($0) }
  let line = leastSquaresLine(times, logs)
  let ahead = (1...horizon).map { Double(series.span + $0) }
  return Fit(
    parameters: [
      NamedValue("intercept", line.intercept), NamedValue("slope", line.slope),
      NamedValue("sigma", (line.sumOfSquares / line.degreesOfFreedom).squareRoot()),
    ],
    logLikelihood: gaussianLogLikelihood(sumOfSquares: line.sumOfSquares, count: line.count)
      .map { $0 - logs.reduce(0, +) },
    means: ahead.map { exp(line.at($0)) },
    distributions: ahead.map {
      .logStudent(location: line.at($0), scale: line.predictionDeviation($0), degrees: line.degreesOfFreedom)
    })
}

/// x = K / (1 + exp(−(a + b t))): ln(x/(K − x)) on time by least squares, with K stated by the analyst.
/// K is an assumption; it is never estimated from a short series.
func logisticFit(_ series: Series, _ horizon: Int, ceiling: Double?) throws(SeriesError) -> Fit {
  guard let ceiling else { throw .ceilingMissing(method: "logistic") }
  guard ceiling > 0, ceiling.isFinite else {
    throw .optionOutOfRange(option: "ceiling", value: ceiling, allowed: "above zero")
  }
  try series.requirePositive(for: "logistic")
  if let i = series.values.firstIndex(where: { $0 >= ceiling }) {
    throw .ceilingReached(
      series: series.name, ceiling: ceiling, time: series.times[i], value: series.values[i])
  }
  let times = series.times.map { Double($0 - series.times[0]) }
  let line = leastSquaresLine(times, series.values.map { log($0 / (ceiling - $0)) })
  let ahead = (1...horizon).map { Double(series.span + $0) }
  return Fit(
    parameters: [
      NamedValue("ceiling", ceiling), NamedValue("intercept", line.intercept),
      NamedValue("slope", line.slope),
      NamedValue("sigma", (line.sumOfSquares / line.degreesOfFreedom).squareRoot()),
    ],
    means: ahead.map { ceiling / (1 + exp(-line.at($0))) },
    distributions: ahead.map {
      .logitStudent(
        location: line.at($0), scale: line.predictionDeviation($0), degrees: line.degreesOfFreedom,
        ceiling: ceiling)
    })
}
