import Foundation
import Messages

/// The seven members of the ensembles.
let ensembleMembers: [ForecastMethod] = [.naive, .drift, .gm11, .logLinear, .dampedHolt, .theta, .ar]

/// Each member that the series allows, fitted; and why the others are missing.
private func fittedMembers(_ series: Series, _ options: ForecastOptions) -> (
  fits: [(ForecastMethod, Fit)], notes: [Bilingual]
) {
  var fits: [(ForecastMethod, Fit)] = []
  var left: [String] = []
  var plain = options
  plain.fixed = [:]
  for member in ensembleMembers {
    guard series.count >= member.minimumCount else {
      left.append(member.rawValue)
      continue
    }
    do throws(SeriesError) {
      let fit = try fit(series, member, plain)
      // GM(1,1) may stop early; a member must reach the horizon and stay finite.
      if fit.means.count == options.horizon, fit.means.allSatisfy(\.isFinite) {
        fits.append((member, fit))
      } else {
        left.append(member.rawValue)
      }
    } catch {
      left.append(member.rawValue)
    }
  }
  let names = left.joined(separator: ", ")
  return (
    fits, left.isEmpty ? [] : [Bilingual(zh: "组合中略去：\(names)", en: "left out of the ensemble: \(names)")]
  )
}

/// The median of the members' point forecasts; intervals from the equal mixture of their distributions.
func medianFit(_ series: Series, _ options: ForecastOptions) -> Fit {
  let (fits, notes) = fittedMembers(series, options)
  let horizons = 0..<options.horizon
  return Fit(
    parameters: [NamedValue("members", Double(fits.count))],
    means: horizons.map { h in median(fits.map { $0.1.means[h] }) },
    distributions: mixtures(fits.map { (1, $0.1.distributions) }), notes: notes)
}

/// Bates–Granger: weights ∝ 1/MSE of one-step log errors at past origins, shrunk half-way to equal;
/// equal weights with fewer than 8 origins. The mean is the weighted mean, intervals the weighted mixture.
/// - Source: Bates & Granger (1969), *Operational Research Quarterly* 20, 451–468.
func weightedFit(_ series: Series, _ options: ForecastOptions) -> Fit {
  let (fits, notes) = fittedMembers(series, options)
  let (weights, origins) = inverseErrorWeights(series, fits.map(\.0))
  let horizons = 0..<options.horizon
  var said = notes
  if origins < 8 {
    said.append(
      Bilingual(
        zh: "可用起点 \(origins) 个，少于 8 个，取等权", en: "\(origins) past origins, fewer than 8: equal weights"))
  }
  return Fit(
    parameters: zip(fits, weights).map { NamedValue("weight_\($0.0.rawValue)", $1) },
    means: horizons.map { h in zip(fits, weights).reduce(0) { $0 + $1.0.1.means[h] * $1.1 } },
    distributions: mixtures(zip(fits, weights).map { ($1, $0.1.distributions) }),
    notes: said)
}

/// Weights and the number of origins they rest on; only data up to each origin is used.
func inverseErrorWeights(_ series: Series, _ members: [ForecastMethod]) -> (weights: [Double], origins: Int) {
  let equal = members.map { _ in 1 / Double(members.count) }
  guard series.count - 6 >= 8 else { return (equal, max(series.count - 6, 0)) }
  var squares = members.map { _ in 0.0 }
  var origins = 0
  for i in 6..<max(series.count, 6) {
    guard let past = series.through(series.times[i - 1]) else { continue }
    let steps = series.times[i] - past.lastTime
    let errors = members.map { member -> Double in
      do throws(SeriesError) {
        let fit = try fit(past, member, ForecastOptions(horizon: steps))
        guard fit.means.count == steps else { return .nan }
        return relativeError(fit.means[steps - 1], series.values[i])
      } catch { return .nan }
    }
    guard errors.allSatisfy(\.isFinite) else { continue }
    origins += 1
    for m in members.indices { squares[m] += errors[m] * errors[m] }
  }
  guard origins >= 8, squares.allSatisfy({ $0 > 0 }) else { return (equal, origins) }
  let inverse = squares.map { 1 / $0 }
  let total = inverse.reduce(0, +)
  guard total.isFinite, total > 0 else { return (equal, origins) }
  return (zip(inverse, equal).map { 0.5 * $0 / total + 0.5 * $1 }, origins)
}

/// ln(actual/forecast) when both are positive, else the relative difference.
func relativeError(_ forecast: Double, _ actual: Double) -> Double {
  forecast > 0 && actual > 0
    ? log(actual / forecast) : (actual - forecast) / max(abs(actual), .leastNormalMagnitude)
}

/// Per horizon a mixture as 700 equally likely values: each part gives its quantiles at evenly spaced
/// probabilities, as many as its weight deserves (largest remainders first).
/// - Parameter parts: weight, and one distribution per horizon.
func mixtures(_ parts: [(weight: Double, distributions: [PredictiveDistribution])])
  -> [PredictiveDistribution]
{
  let nodes = 700.0
  let total = parts.reduce(0) { $0 + $1.weight }
  let shares = parts.map { $0.weight / total * nodes }
  var counts = shares.map { Int($0) }
  let order = shares.indices.sorted {
    let (a, b) = (shares[$0] - shares[$0].rounded(.down), shares[$1] - shares[$1].rounded(.down))
    return a != b ? a > b : $0 < $1
  }
  for i in order.prefix(Int(nodes) - counts.reduce(0, +)) { counts[i] += 1 }
  // Parts with equally many nodes share the standard quantiles.
  var grids: [Int: QuantileGrid] = [:]
  for count in counts where count > 0 && grids[count] == nil { grids[count] = QuantileGrid.even(count) }
  return (parts.first?.distributions ?? []).indices.map { h in
    var values: [Double] = []
    for (part, count) in zip(parts, counts) where count > 0 {
      values += grids[count]?.quantiles(of: part.distributions[h]) ?? []
    }
    return .sample(values.sorted())
  }
}
