/// Weights of competing forecasts from their past errors: w ∝ 1/MSE, shrunk halfway to equal weights,
/// and equal outright when fewer than `least` errors were seen (Bates & Granger 1969).
public func forecastWeights(squaredErrors: [[Double]], least: Int = 8) -> [Double] {
  let count = Double(max(squaredErrors.count, 1))
  let means = squaredErrors.map { $0.isEmpty ? .infinity : $0.reduce(0, +) / Double($0.count) }
  guard squaredErrors.allSatisfy({ $0.count >= least }), means.allSatisfy({ $0 > 0 && $0.isFinite }) else {
    return squaredErrors.map { _ in 1 / count }
  }
  let inverse = means.map { 1 / $0 }
  let total = inverse.reduce(0, +)
  return inverse.map { 0.5 * $0 / total + 0.5 / count }
}
