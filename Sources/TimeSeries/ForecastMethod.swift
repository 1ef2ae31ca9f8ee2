import Foundation
import Messages

/// The forecasters, by the names they have on the command line.
public enum ForecastMethod: String, CaseIterable, Sendable, Codable {
  case pdd, naive, drift
  case logDrift = "log-drift"
  case ses, holt
  case dampedHolt = "damped-holt"
  case theta, gm11
  case localLevel = "local-level"
  case ets, arma, ar
  case logLinear = "log-linear"
  case logistic, median, weighted

  /// Fewest observations the method is fitted to; below it `fallback` takes over.
  public var minimumCount: Int {
    switch self {
    case .pdd, .naive: 1
    case .drift, .logDrift, .ses, .logLinear, .logistic: 3
    case .gm11, .localLevel: 4
    case .holt, .theta: 5
    case .dampedHolt, .ets, .ar, .median: 6
    case .weighted: 7
    case .arma: 10
    }
  }

  /// True when the method takes logarithms.
  public var needsPositiveValues: Bool {
    switch self {
    case .pdd, .logDrift, .gm11, .logLinear, .logistic: true
    default: false
    }
  }

  /// What is used instead when a series is too short or gives the method nothing to fit.
  public var fallback: ForecastMethod? {
    switch self {
    case .naive: nil
    case .pdd: .naive
    case .drift, .ses, .localLevel: .naive
    case .holt, .theta, .arma, .ar, .ets, .weighted, .median: .drift
    case .dampedHolt: .holt
    case .gm11, .logLinear: .logDrift
    case .logDrift, .logistic: .naive
    }
  }

  /// Names that `fixed` understands.
  public var parameterNames: [String] {
    switch self {
    case .pdd: ["phi", "rho"]
    case .ses: ["alpha", "level"]
    case .holt: ["alpha", "beta", "level", "trend"]
    case .dampedHolt: ["alpha", "beta", "phi", "level", "trend"]
    case .theta: ["alpha", "level"]
    case .localLevel: ["observation", "level"]
    default: []
    }
  }

  /// How the method's intervals are made.
  public var intervals: Bilingual {
    switch self {
    case .pdd:
      Bilingual(
        zh: "对数 t 区间：组内方差下限、自相关放大、漂移不确定性（实测覆盖率见回测）",
        en: "log t interval: pooled variance floor, autocorrelation, drift uncertainty (measured coverage: see the back-test)")
    case .naive, .drift, .logDrift:
      Bilingual(zh: "教科书正态区间（短序列覆盖率偏低）", en: "textbook normal interval (covers too little on short series)")
    case .ses, .holt, .dampedHolt, .theta, .ets:
      Bilingual(
        zh: "状态空间模型的正态区间，不含参数不确定性", en: "state-space normal interval, parameters taken as known")
    case .localLevel:
      Bilingual(zh: "卡尔曼滤波预测方差的正态区间", en: "normal interval from the Kalman forecast variance")
    case .arma, .ar:
      Bilingual(zh: "ARMA 预测方差的正态区间", en: "normal interval from the ARMA forecast variance")
    case .gm11:
      Bilingual(
        zh: "对数残差标准差随 √h 放大的经验 t 区间", en: "rule of thumb: spread of log residuals grown with √h, t quantile")
    case .logLinear:
      Bilingual(zh: "对数回归的 t 预测区间", en: "t prediction interval of the log regression")
    case .logistic:
      Bilingual(
        zh: "给定上限的 logit 回归 t 预测区间",
        en: "t prediction interval of the logit regression below the stated ceiling")
    case .median, .weighted:
      Bilingual(zh: "成员分布的混合", en: "mixture of the members' distributions")
    }
  }
}

/// A number with its name, in the order the method lists them.
public struct NamedValue: Sendable, Equatable {
  public let name: String
  public let value: Double

  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// What the forecaster is asked for.
public struct ForecastOptions: Sendable, Equatable {
  /// Periods ahead, ≥ 1.
  public var horizon: Int
  /// Parameters held at given values instead of estimated; see `ForecastMethod.parameterNames`.
  public var fixed: [String: Double] = [:]
  /// Saturation level of the logistic curve, in the series' unit.
  public var ceiling: Double?
  /// No value can lie below it, as counts cannot below zero: point forecasts and quantiles stop there.
  public var floor: Double?
  /// Periods in a season; 1 means none.
  public var period = 1

  public init(horizon: Int) { self.horizon = horizon }
}

/// One future period.
public struct ForecastPoint: Sendable, Equatable {
  public let time: Int
  /// The point forecast: mean, or median where the distribution is skewed (log methods, ensembles).
  public let mean: Double
  public let distribution: PredictiveDistribution
}

/// One series' forecast by one method, with everything needed to judge it.
public struct SeriesForecast: Sendable, Equatable {
  public let key: [String]
  /// The method used; differs from the one asked for when `notes` says why.
  public let method: ForecastMethod
  /// E.g. `AAdN` for ETS; nil where the method has one form.
  public let form: String?
  public let parameters: [NamedValue]
  /// Gaussian, in the unit of the series, full constants; nil where the method has no likelihood.
  public let logLikelihood: Double?
  public let points: [ForecastPoint]
  public let notes: [Bilingual]
}

extension SeriesForecast {
  /// The forecast with nothing below `floor`.
  func floored(at floor: Double?) -> SeriesForecast {
    guard let floor else { return self }
    return SeriesForecast(
      key: key, method: method, form: form, parameters: parameters, logLikelihood: logLikelihood,
      points: points.map {
        ForecastPoint(
          time: $0.time, mean: max($0.mean, floor), distribution: .floored($0.distribution, floor: floor))
      }, notes: notes)
  }
}

/// What a single-series method returns before keys and times are attached.
struct Fit: Sendable {
  var form: String?
  var parameters: [NamedValue] = []
  var logLikelihood: Double?
  var means: [Double]
  var distributions: [PredictiveDistribution]
  var notes: [Bilingual] = []
}

/// Normal distributions around means.
func normals(_ means: [Double], _ deviations: [Double]) -> [PredictiveDistribution] {
  zip(means, deviations).map { .student(location: $0, scale: $1, degrees: .infinity) }
}

/// −n/2 (ln 2πσ̂² + 1) with σ̂² = sum/n; nil when every residual is zero.
func gaussianLogLikelihood(sumOfSquares: Double, count: Int) -> Double? {
  guard sumOfSquares > 0, count > 0 else { return nil }
  let n = Double(count)
  return -n / 2 * (log(2 * Double.pi * sumOfSquares / n) + 1)
}
