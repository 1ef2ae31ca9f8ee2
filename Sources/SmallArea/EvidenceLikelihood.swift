import Foundation
import Probability

extension EvidenceFact {
  /// How badly a model value fits, what pulls it (minus the slope in the model's log), and how firmly.
  struct Fit {
    let loss: Double
    let pull: Double
    let curvature: Double
  }

  /// At the model's log value of the statement.
  ///
  ///     equal, about: ½ z²;  at-least: −log Φ(−z);  at-most: −log Φ(z),   z = (log value − log model) ⁄ sd
  func fit(logModel: Double) -> Fit {
    let z = (log(value) - logModel) / sd
    switch relation {
    case .equal, .about: return Fit(loss: z * z / 2, pull: z / sd, curvature: 1 / (sd * sd))
    case .atLeast:
      let (loss, hazard) = upperTail(z)
      return Fit(loss: loss, pull: hazard / sd, curvature: max(hazard * (hazard - z), 0) / (sd * sd))
    case .atMost:
      let (loss, hazard) = upperTail(-z)
      return Fit(loss: loss, pull: -hazard / sd, curvature: max(hazard * (hazard + z), 0) / (sd * sd))
    }
  }

  /// Standard deviations between statement and model; 0 where a bound is kept.
  func residual(logModel: Double) -> Double {
    let z = (log(value) - logModel) / sd
    return switch relation {
    case .equal, .about: z
    case .atLeast: max(z, 0)
    case .atMost: min(z, 0)
    }
  }
}

/// −log Φ(−z) and φ(z) ⁄ Φ(−z).
private func upperTail(_ z: Double) -> (loss: Double, hazard: Double) {
  if z > 25 {
    let square = z * z
    return (square / 2 + log(z * (2 * .pi).squareRoot()) + 1 / square, z + 1 / z - 2 / (z * square))
  }
  let tail = normalCDF(-z)
  return (-log(tail), normalDensity(z) / tail)
}
