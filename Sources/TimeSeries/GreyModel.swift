import Foundation
import Messages

/// Deng's grey model GM(1,1):
///
///     X = running total of x;  z_k = (X_k + X_{k−1})/2;  x_k = −a z_k + b by least squares, k = 2...n
///     X̂_{k+1} = (x₁ − b/a) e^{−ak} + b/a;  fitted and forecast values are its differences
///
/// As a → 0 the running total becomes a line and every value b.
/// - Source: Deng (1982), *Systems & Control Letters* 1, 288–294; grades as in Chinese planning practice.
public struct GreyModel: Sendable, Equatable {
  /// a, the development coefficient: −a is close to annual growth.
  public let development: Double
  /// b, the grey input.
  public let input: Double
  /// Fitted values; the first equals the first observation.
  public let fitted: [Double]
  /// C, standard deviation of residuals over that of the data (smaller is better).
  public let posteriorRatio: Double
  /// p, share of residuals within 0.6745 standard deviations of the data from their mean.
  public let smallErrorProbability: Double
  private let first: Double

  /// How well the model fits, by the posterior ratio and small-error frequency.
  public enum Grade: Int, Sendable, Comparable {
    case good = 1
    case qualified, barelyQualified, unqualified

    public static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }
    public var title: Bilingual {
      switch self {
      case .good: Bilingual(zh: "一级（好）", en: "grade 1 (good)")
      case .qualified: Bilingual(zh: "二级（合格）", en: "grade 2 (qualified)")
      case .barelyQualified: Bilingual(zh: "三级（勉强合格）", en: "grade 3 (barely qualified)")
      case .unqualified: Bilingual(zh: "四级（不合格）", en: "grade 4 (unqualified)")
      }
    }
  }

  /// The worse of the grades by C (0.35, 0.50, 0.65) and by p (0.95, 0.80, 0.70).
  public var grade: Grade {
    let byRatio: Grade =
      posteriorRatio < 0.35
      ? .good : posteriorRatio < 0.5 ? .qualified : posteriorRatio < 0.65 ? .barelyQualified : .unqualified
    let p = smallErrorProbability
    let byShare: Grade = p > 0.95 ? .good : p > 0.8 ? .qualified : p > 0.7 ? .barelyQualified : .unqualified
    return max(byRatio, byShare)
  }

  /// - Parameter values: positive, equally spaced, at least 4.
  init(_ values: [Double]) {
    precondition(values.count >= 4, "GM(1,1) needs 4 values")
    var total = values[0]
    var z: [Double] = []
    for value in values.dropFirst() {
      z.append(-(total + value / 2))
      total += value
    }
    let line = leastSquaresLine(z, Array(values.dropFirst()))
    (development, input, first) = (line.slope, line.intercept, values[0])
    let fitted =
      [values[0]] + (1..<values.count).map { GreyModel.value($0, line.slope, line.intercept, values[0]) }
    self.fitted = fitted
    let residuals = zip(values, fitted).map { $0 - $1 }
    let (meanX, meanE) = (mean(values), mean(residuals))
    let spreadX = mean(values.map { ($0 - meanX) * ($0 - meanX) }).squareRoot()
    let spreadE = mean(residuals.map { ($0 - meanE) * ($0 - meanE) }).squareRoot()
    posteriorRatio = spreadX > 0 ? spreadE / spreadX : spreadE > 0 ? .infinity : 0
    smallErrorProbability =
      Double(residuals.count { abs($0 - meanE) < 0.6745 * spreadX || spreadE == 0 }) / Double(residuals.count)
  }

  /// The value at 0-based position k ≥ 1: X̂_{k+1} − X̂_k, written so that a → 0 loses no digits.
  private static func value(_ k: Int, _ a: Double, _ b: Double, _ first: Double) -> Double {
    if abs(a) < 1e-12 { return b }
    // (x₁ − b/a) e^{−a(k−1)} (e^{−a} − 1)
    return (first * a - b) * exp(-a * Double(k - 1)) * expm1(-a) / a
  }

  /// The value so many steps after the last.
  public func forecast(_ horizon: Int) -> Double {
    GreyModel.value(fitted.count - 1 + horizon, development, input, first)
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// GM(1,1) with its guards: stops after two periods when |a| ≥ 0.3; growth over any three periods is
/// capped at the largest observed. Grade, stop and cap are noted.
func greyFit(_ series: Series, _ horizon: Int) throws(SeriesError) -> Fit {
  try series.requirePositive(for: "gm11")
  let (values, filled) = geometricallyFilled(series)
  let model = GreyModel(values)
  let steep = abs(model.development) >= 0.3 && horizon > 2
  let horizon = steep ? 2 : horizon
  let fastest = (3..<values.count).map { values[$0] / values[$0 - 3] }.max() ?? .infinity
  var path = values
  var capped = false
  for h in 1...horizon {
    let cap = path[path.count - 3] * fastest
    let value = max(model.forecast(h), .leastNormalMagnitude)
    capped = capped || value > cap
    path.append(min(value, cap))
  }
  let degrees = Double(max(values.count - 3, 1))
  let squares = zip(values, model.fitted).dropFirst().reduce(0) { sum, pair in
    let error = log(pair.0 / max(pair.1, .leastNormalMagnitude))
    return sum + error * error
  }
  let spread = (squares / degrees).squareRoot()
  let means = Array(path[values.count...])
  var notes = [
    Bilingual(
      zh: "GM(1,1) 精度\(model.grade.title.zh)；请与 drift 对照并以回测为准",
      en: "GM(1,1) fit is \(model.grade.title.en); compare with drift and trust the back-test")
  ]
  if steep {
    notes.append(
      Bilingual(
        zh: "|a| 不小于 0.3，GM(1,1) 不外推两期以上", en: "|a| is 0.3 or more: GM(1,1) refuses to go beyond two periods")
    )
  }
  if capped {
    notes.append(
      Bilingual(
        zh: "增长已按历史最快三年增速封顶（×\(fastest)）",
        en: "growth capped at the fastest three periods observed (×\(fastest))"))
  }
  if filled > 0 {
    notes.append(
      Bilingual(zh: "按几何插值补了 \(filled) 个缺口", en: "\(filled) gaps filled by geometric interpolation"))
  }
  return Fit(
    parameters: [
      NamedValue("a", model.development), NamedValue("b", model.input), NamedValue("C", model.posteriorRatio),
      NamedValue("p", model.smallErrorProbability), NamedValue("grade", Double(model.grade.rawValue)),
    ], means: means,
    distributions: means.enumerated().map { h, mean in
      .logStudent(location: log(mean), scale: spread * Double(h + 1).squareRoot(), degrees: degrees)
    }, notes: notes)
}

/// Equally spaced values; each gap bridged at constant growth.
private func geometricallyFilled(_ series: Series) -> (values: [Double], filled: Int) {
  var values = [series.values[0]]
  for i in 1..<max(series.count, 1) {
    let gap = series.times[i] - series.times[i - 1]
    let step = (log(series.values[i]) - log(series.values[i - 1])) / Double(gap)
    for j in 1..<max(gap, 1) { values.append(series.values[i - 1] * exp(step * Double(j))) }
    values.append(series.values[i])
  }
  return (values, values.count - series.count)
}
