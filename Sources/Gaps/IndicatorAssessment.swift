import Foundation
import Messages

/// Judges a target by its published figures.
///
/// Status rule: figure meets the target → reached; target's year over → not reached; P(met) ≥ 0.8, or the
/// pace needed is no more than the pace so far (and no forecast makes meeting it less likely than not) →
/// likely; P(met) < 0.2 → unlikely; else at risk. A bound that lies on the wrong side (近2万 for a target
/// of 2万) proves nothing.
///
/// - Parameters:
///   - points: figures of one definition, in any order; later than the target's year are not used.
///   - baseline: the figure the plan starts from; nil when none was published.
///   - forecast: expectation at the target's year, asked only when it is still ahead of the latest
///     figure; nil: cumulative counts get `countOutlook`, others none.
/// - Source: status rule OUTPUTS §2.4; required pace METHODS M30 (log-linear for stocks, linear for counts).
public func assess(
  _ target: PlanTarget, points: [IndicatorPoint], baseline: IndicatorPoint?,
  forecast: (_ latest: IndicatorPoint) -> IndicatorOutlook? = { _ in nil }
) -> IndicatorAssessment {
  let end = Double(target.year)
  let usable = points.filter { $0.time <= end && $0.value.isFinite }.sorted { $0.time < $1.time }
  guard let latest = usable.last else {
    return IndicatorAssessment(
      target: target, latest: nil, progress: nil,
      pace: IndicatorPace(kind: paceKind(target), required: nil, realised: nil), outlook: nil, status: .notAvailable,
      reason: Bilingual(zh: "没有查到已发布的进展数据", en: "no published progress was found"))
  }
  let start = baseline ?? (usable.count > 1 ? usable.first : nil)
  let pace = pace(target, from: start, latest: latest)
  let isOver = latest.time >= end
  let outlook: IndicatorOutlook? =
    isOver ? nil : forecast(latest) ?? (start.flatMap { countOutlook(target, since: $0, latest: latest) })
  let (status, reason) = judge(target, latest, pace, outlook, isOver: isOver)
  return IndicatorAssessment(
    target: target, latest: latest, progress: target.value == 0 ? nil : latest.value / target.value, pace: pace,
    outlook: outlook, status: status, reason: reason)
}

private func paceKind(_ target: PlanTarget) -> IndicatorPace.Kind {
  target.aggregation == .stock ? .compound : .linear
}

private func pace(_ target: PlanTarget, from start: IndicatorPoint?, latest: IndicatorPoint) -> IndicatorPace {
  let kind = paceKind(target)
  func speed(_ a: (time: Double, value: Double), _ b: (time: Double, value: Double)) -> Double? {
    let years = b.time - a.time
    guard years > 0 else { return nil }
    switch kind {
    case .linear: return (b.value - a.value) / years
    case .compound: return a.value > 0 && b.value > 0 ? pow(b.value / a.value, 1 / years) - 1 : nil
    }
  }
  return IndicatorPace(
    kind: kind, required: speed((latest.time, latest.value), (Double(target.year), target.needed)),
    realised: start.flatMap { speed(($0.time, $0.value), (latest.time, latest.value)) })
}

private func judge(
  _ target: PlanTarget, _ latest: IndicatorPoint, _ pace: IndicatorPace, _ outlook: IndicatorOutlook?, isOver: Bool
) -> (IndicatorStatus, Bilingual) {
  let rises: Bool = if case .atMost = target.rule { false } else { true }
  let misleading = latest.bound == (rises ? .upper : .lower)
  if target.isMet(by: latest.value) {
    guard misleading else { return (.reached, Bilingual(zh: "最新值已达到目标", en: "the latest figure meets the target")) }
    return (
      .tooImprecise,
      Bilingual(
        zh: "最新值只以界限公布（\(rises ? "“近”" : "“超”")），不能证明已达到目标",
        en: "the latest figure is printed as \(rises ? "an upper" : "a lower") bound: it does not prove the target met")
    )
  }
  let hidden = latest.bound == (rises ? .lower : .upper)
  if isOver {
    return hidden
      ? (.tooImprecise, Bilingual(zh: "目标年的数只以界限公布", en: "the figure of the target's year is printed as a bound"))
      : (.notReached, Bilingual(zh: "目标年的数值低于规划预期值", en: "the figure of the target's year lies below the plan's value"))
  }
  let onPace = pace.required.flatMap { required in
    pace.realised.map { rises ? required <= $0 : required >= $0 }
  }
  let speed =
    onPace.map {
      $0
        ? Bilingual(zh: "至今的速度不低于所需速度", en: "the pace so far is at least the pace needed")
        : Bilingual(zh: "至今的速度低于所需速度", en: "the pace so far falls short of the pace needed")
    }
  if let outlook {
    let percent = Int((outlook.probability * 100).rounded())
    let chance = Bilingual(
      zh: "预测达到目标的概率约为 \(percent)%（\(outlook.method.zh)）", en: "the forecast gives P(met) ≈ \(percent) % (\(outlook.method.en))")
    let both = speed.map { Bilingual(zh: "\($0.zh)；\(chance.zh)", en: "\($0.en); \(chance.en)") } ?? chance
    if outlook.probability >= 0.8 || onPace == true && outlook.probability >= 0.5 { return (.likely, both) }
    return outlook.probability >= 0.2 ? (.atRisk, both) : (.unlikely, both)
  }
  guard let onPace, let speed else {
    return (
      .tooImprecise, Bilingual(zh: "只有一个数，无法判断速度", en: "a single figure: no pace can be told")
    )
  }
  return (onPace ? .likely : .atRisk, speed)
}

/// What a count since the plan's start will come to, when events arrive evenly at a rate not known.
///
///     rate | k events in T years ~ Gamma(k + ½, T)      (Poisson, Jeffreys' prior)
///     further events in the τ years left ~ negative binomial(k + ½, T ∕ (T + τ))
///
/// - Returns: nil unless the target is cumulative, grows, and k and T are usable. Programmes run in
///   steps, so this says how unsure an even pace would be, no more.
/// - Source: METHODS M30 (small counts); Gelman et al., *Bayesian Data Analysis*, 3rd ed., §2.6.
public func countOutlook(
  _ target: PlanTarget, since start: IndicatorPoint, latest: IndicatorPoint
) -> IndicatorOutlook? {
  let events = latest.value - start.value
  let (elapsed, left) = (latest.time - start.time, Double(target.year) - latest.time)
  if case .atMost = target.rule { return nil }
  guard target.aggregation == .cumulative, events >= 0, events <= 1e9, elapsed > 0, left > 0 else { return nil }
  guard let more = NegativeBinomial(shape: events + 0.5, success: elapsed / (elapsed + left)) else { return nil }
  let missing = (target.needed - latest.value).rounded(.up)
  return IndicatorOutlook(
    p10: latest.value + more.quantile(0.1), p50: latest.value + more.quantile(0.5),
    p90: latest.value + more.quantile(0.9), probability: missing <= 0 ? 1 : 1 - more.cumulative(missing - 1),
    method: Bilingual(zh: "匀速计数，速率未知的泊松", en: "even arrivals, Poisson with unknown rate"))
}

/// Number of failures before the `shape`-th success; `shape` need not be whole.
struct NegativeBinomial {
  private let first: Double
  /// P(X ≤ first + i).
  private let cumulated: [Double]

  /// - Parameters: shape > 0; success in 0...1 (exclusive).
  /// - Returns: nil when the distribution is too wide to be listed (standard deviation over 10⁵).
  init?(shape: Double, success: Double) {
    let odds = 1 - success
    let mean = shape * odds / success
    let deviation = (shape * odds).squareRoot() / success
    guard deviation < 1e5 else { return nil }
    // Twelve standard deviations and a little hold all but a millionth of the mass at any shape ≥ ½.
    let low = max(0, (mean - 12 * deviation - 40).rounded(.down))
    let high = (mean + 12 * deviation + 40).rounded(.up)
    let mode = min(max(low, mean.rounded(.down)), high)
    func ratio(_ k: Double) -> Double { (k + shape) / (k + 1) * odds }
    var above: [Double] = [1]
    for k in stride(from: mode, to: high, by: 1) { above.append(above[above.count - 1] * ratio(k)) }
    var below: [Double] = []
    var weight = 1.0
    for k in stride(from: mode - 1, through: low, by: -1) {
      weight /= ratio(k)
      below.append(weight)
    }
    let weights = below.reversed() + above
    let total = weights.reduce(0, +)
    var sum = 0.0
    first = low
    cumulated = weights.map { weight in
      sum += weight / total
      return sum
    }
  }

  /// P(X ≤ k).
  func cumulative(_ k: Double) -> Double {
    let i = k.rounded(.down) - first
    if i < 0 { return 0 }
    return i >= Double(cumulated.count) ? 1 : min(1, cumulated[Int(i)])
  }

  /// The smallest k with P(X ≤ k) ≥ p.
  func quantile(_ p: Double) -> Double {
    first + Double(cumulated.firstIndex { $0 >= p } ?? cumulated.count - 1)
  }
}
