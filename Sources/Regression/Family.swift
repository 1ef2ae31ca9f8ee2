import Foundation
import Probability

/// How the response varies about its mean.
public enum Family: String, CaseIterable, Sendable {
  case gaussian, binomial, poisson

  public var canonicalLink: Link {
    switch self {
    case .gaussian: .identity
    case .binomial: .logit
    case .poisson: .log
    }
  }

  func variance(_ mean: Double) -> Double {
    switch self {
    case .gaussian: 1
    case .binomial: mean * (1 - mean)
    case .poisson: mean
    }
  }

  /// d variance / d mean.
  func varianceSlope(_ mean: Double) -> Double {
    switch self {
    case .gaussian: 0
    case .binomial: 1 - 2 * mean
    case .poisson: 1
    }
  }

  func contains(_ value: Double) -> Bool {
    switch self {
    case .gaussian: value.isFinite
    case .binomial: value >= 0 && value <= 1
    case .poisson: value >= 0 && value.isFinite
    }
  }

  /// Where the iteration starts.
  func startingMean(_ value: Double, weight: Double) -> Double {
    switch self {
    case .gaussian: value
    case .binomial: (weight * value + 0.5) / (weight + 1)
    case .poisson: value + 0.1
    }
  }

  /// Twice the log-likelihood lost against a perfect fit, per unit of weight.
  func deviance(_ value: Double, _ mean: Double) -> Double {
    switch self {
    case .gaussian: (value - mean) * (value - mean)
    case .binomial: 2 * (logRatio(value, mean) + logRatio(1 - value, 1 - mean))
    case .poisson: 2 * (logRatio(value, mean) - (value - mean))
    }
  }

  private func logRatio(_ y: Double, _ mean: Double) -> Double { y == 0 ? 0 : y * log(y / mean) }
}

/// η = g(mean), the scale on which effects add.
public enum Link: String, CaseIterable, Sendable {
  case identity, log, logit, probit

  func predictor(_ mean: Double) -> Double {
    switch self {
    case .identity: mean
    case .log: Foundation.log(mean)
    case .logit: Foundation.log(mean / (1 - mean))
    case .probit: normalQuantile(mean)
    }
  }

  func mean(_ predictor: Double) -> Double {
    switch self {
    case .identity: predictor
    case .log: exp(min(predictor, 700))
    case .logit: 1 / (1 + exp(-predictor))
    case .probit: normalCDF(predictor)
    }
  }

  /// 1 − mean, without cancellation.
  func complement(_ predictor: Double) -> Double {
    switch self {
    case .identity: 1 - predictor
    case .log: -expm1(predictor)
    case .logit: 1 / (1 + exp(predictor))
    case .probit: normalCDF(-predictor)
    }
  }

  /// d mean / d η.
  func slope(_ predictor: Double) -> Double {
    switch self {
    case .identity: 1
    case .log: exp(min(predictor, 700))
    case .logit: mean(predictor) * complement(predictor)
    case .probit: normalDensity(predictor)
    }
  }

  /// d² mean / d η².
  func curvature(_ predictor: Double) -> Double {
    switch self {
    case .identity: 0
    case .log: slope(predictor)
    case .logit: slope(predictor) * (1 - 2 * mean(predictor))
    case .probit: -predictor * slope(predictor)
    }
  }

  /// Beyond this the tails underflow; the fit is the same to the last digit.
  var limit: Double {
    switch self {
    case .identity: .infinity
    case .log: 300
    case .logit: 300
    case .probit: 35
    }
  }

  func suits(_ family: Family) -> Bool {
    switch (family, self) {
    case (.gaussian, .identity), (.gaussian, .log): true
    case (.binomial, _): true
    case (.poisson, .log), (.poisson, .identity): true
    default: false
    }
  }
}
