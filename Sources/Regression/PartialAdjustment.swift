import LinearAlgebra
import Messages

/// y depends on its own past: yᵢₜ = αᵢ + ρ·yᵢ,ₜ₋₁ + xᵢₜ'β + εᵢₜ. Long-run effects are β/(1 − ρ).
///
/// Within estimates of ρ are too small in short panels (Nickell 1981, about −(1 + ρ)/(T − 1)); the
/// half-panel jackknife 2·θ̂ − (θ̂₁ + θ̂₂)/2 removes the bias to first order. Both are reported.
/// Source: METHODS M3; Dhaene & Jochmans (2015), *Review of Economic Studies* 82, 991–1030.
public struct PartialAdjustment: Sendable {
  /// One long-run effect, standard error by the delta method.
  public struct LongRun: Equatable, Sendable {
    public let name: String
    public let estimate: Double
    public let standardError: Double
  }

  /// The within fit; its first coefficient is ρ, named `lag(y)`.
  public let within: RegressionFit
  /// ρ then β, corrected.
  public let corrected: [Double]
  public let longRun: [LongRun]
  public let correctedLongRun: [LongRun]
  /// Rows that had a predecessor.
  public let rows: [Int]
}

/// - Parameters:
///   - input: no intercept is needed; effects of entities are swept out. Rows in any order.
///   - panel: entity and time; a predecessor is the same entity one period earlier.
///   - absorb: further effects, such as years.
///   - covariance: of the within fit; clusters refer to the rows of `input`.
/// - Throws: `.tooFewRows` when an entity half is too short to fit.
public func partialAdjustment(
  _ input: RegressionInput, panel: PanelIndex, absorb: [Grouping] = [], covariance: Covariance = .iid
) throws(RegressionError) -> PartialAdjustment {
  guard panel.time != nil else { throw .needsPanel("partial adjustment") }
  let order = panel.sortedRows
  var (rows, before): ([Int], [Int]) = ([], [])
  for (a, b) in zip(order, order.dropFirst())
  where panel.entity.codes[a] == panel.entity.codes[b] && panel.period[b] == panel.period[a] + 1 {
    rows.append(b)
    before.append(a)
  }
  let names = Array(input.names.dropFirst(input.hasIntercept ? 1 : 0))
  let skip = input.hasIntercept ? 1 : 0
  func fit(_ places: [Int], _ covariance: Covariance) throws(RegressionError) -> RegressionFit {
    let chosen = places.map { rows[$0] }
    var columns: [(name: String, values: [Double])] = [("lag(y)", places.map { input.response[before[$0]] })]
    for (j, name) in names.enumerated() { columns.append((name, chosen.map { input.design[$0, j + skip] })) }
    var options = RegressionOptions()
    options.absorb = [panel.entity.rows(chosen)] + absorb.map { $0.rows(chosen) }
    options.panel = panel.rows(chosen)
    options.covariance = covariance
    return try regress(
      RegressionInput(response: chosen.map { input.response[$0] }, columns: columns, intercept: false),
      options)
  }
  var moved = covariance
  if case .clustered(let groups) = covariance { moved = .clustered(groups.map { $0.rows(rows) }) }
  let whole = try fit(Array(rows.indices), moved)
  guard whole.dropped.isEmpty else { throw .noCoefficients(dropped: whole.dropped) }
  let halves = halvesOfEntities(rows, panel.entity)
  let (first, second) = (try fit(halves.0, .iid).estimates, try fit(halves.1, .iid).estimates)
  guard first.count == whole.estimates.count, second.count == whole.estimates.count else {
    throw .tooFewRows(rows: rows.count / 2, coefficients: whole.estimates.count, absorbed: panel.entity.count)
  }
  let corrected = whole.estimates.indices.map { 2 * whole.estimates[$0] - (first[$0] + second[$0]) / 2 }
  return PartialAdjustment(
    within: whole, corrected: corrected, longRun: longRun(whole.estimates, whole),
    correctedLongRun: longRun(corrected, whole), rows: rows)
}

/// Places of the earlier and the later half of each entity's rows; the middle one of an odd number
/// belongs to the later half.
private func halvesOfEntities(_ rows: [Int], _ entity: Grouping) -> ([Int], [Int]) {
  var places: [[Int]] = [[Int]](repeating: [], count: entity.count)
  for (place, row) in rows.enumerated() { places[Int(entity.codes[row])].append(place) }
  return (places.flatMap { $0.prefix($0.count / 2) }, places.flatMap { $0.dropFirst($0.count / 2) })
}

/// β/(1 − ρ) and its delta-method error, gradient (β/(1 − ρ)², 1/(1 − ρ)).
private func longRun(_ estimates: [Double], _ fit: RegressionFit) -> [PartialAdjustment.LongRun] {
  let left = 1 - estimates[0]
  return estimates.indices.dropFirst().map { k in
    let (own, past) = (1 / left, estimates[k] / (left * left))
    let variance =
      own * own * fit.covariance[k, k] + 2 * own * past * fit.covariance[k, 0]
      + past * past * fit.covariance[0, 0]
    return PartialAdjustment.LongRun(
      name: fit.names[k], estimate: estimates[k] / left, standardError: max(variance, 0).squareRoot())
  }
}
