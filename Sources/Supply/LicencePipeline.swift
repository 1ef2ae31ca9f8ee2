import Foundation
import LinearAlgebra
import Messages
import Simulation

/// From an examination to practice: register → sit → pass → internship → practise → lapse.
///
/// Two forms, both linear with non-negative rates, estimated by non-negative least squares on yearly
/// changes relative to the stock (so that a large year does not outweigh all others):
///
///     passes(lags): P_t = P_{t−1} (1 − λ) + Σ_k c_k · passes_{t−k},   Σ c ≤ 1
///     reserve:      P_t = P_{t−1} (1 − λ) + κ · (Q_{t−1} − P_{t−1})
///
/// where Q is everybody who ever passed. In the reserve form those who did not take up practice at
/// once, and those who lapsed, may still do so later.
public struct LicencePipeline: Hashable, Sendable {
  /// How the flow between two counts is described.
  public enum Form: Hashable, Sendable {
    case passes(lags: [Int])
    case reserve
  }

  /// A rate with its interval.
  public struct Estimate: Hashable, Sendable {
    public let value: Double
    /// Nil when the rate stands at its bound.
    public let standardError: Double?
  }

  public let form: Form
  /// λ, yearly share of the practising who lapse.
  public let lapse: Estimate
  /// c_k in the order of the lags, or κ.
  public let uptake: [Estimate]
  /// Standard deviation of the yearly growth rate around the fit, and its degrees of freedom.
  public let residualDeviation: Double
  public let degreesOfFreedom: Int
  /// Covariance of (λ, uptake…); zero for rates at their bound.
  private let covariance: [[Double]]

  /// - Parameters: persons by year; only pairs of neighbouring years with all figures are used.
  /// - Throws: `.tooFewObservations` unless there are more pairs than rates; `.notACount`; `.notSolvable`.
  public init(
    _ form: Form, practising: [Int: Double], passes: [Int: Double] = [:], qualified: [Int: Double] = [:]
  ) throws(SupplyError) {
    for (name, series) in [("practising", practising), ("passes", passes), ("qualified", qualified)] {
      for (year, persons) in series.sorted(by: { $0.key < $1.key }) {
        try requireCount(persons, name, at: String(year))
      }
    }
    self.form = form
    var (rows, growth): ([[Double]], [Double]) = ([], [])
    for year in practising.keys.sorted() {
      guard let now = practising[year], let before = practising[year - 1], before > 0 else { continue }
      let sources: [Double?]
      switch form {
      case .passes(let lags): sources = lags.map { passes[year - $0] }
      case .reserve: sources = [qualified[year - 1].map { max(0, $0 - before) }]
      }
      let known = sources.compactMap { $0 }
      guard known.count == sources.count else { continue }
      rows.append([-1] + known.map { $0 / before })
      growth.append((now - before) / before)
    }
    let count = rows.first?.count ?? 1
    guard rows.count > count else {
      throw .tooFewObservations(what: "licence pipeline", needed: count + 1, found: rows.count)
    }
    let fit = try LicencePipeline.fitted(Matrix(rowMajor: rows), growth, form)
    let errors = fit.free.map { fit.covariance[$0][$0].squareRoot() }
    func estimate(_ j: Int) -> Estimate {
      Estimate(value: fit.rates[j], standardError: fit.free.firstIndex(of: j).map { errors[$0] })
    }
    lapse = estimate(0)
    uptake = (1..<count).map(estimate)
    residualDeviation = fit.deviation
    degreesOfFreedom = fit.degrees
    covariance = fit.covariance
  }

  private struct Fit {
    let rates: [Double]
    let free: [Int]
    let covariance: [[Double]]
    let deviation: Double
    let degrees: Int
  }

  private static func fitted(_ design: Matrix, _ growth: [Double], _ form: Form) throws(SupplyError) -> Fit {
    let (m, n) = (design.rows, design.columns)
    do {
      var rates = try nonNegativeLeastSquares(design, growth, name: "licence pipeline")
      var free = rates.indices.filter { rates[$0] > 0 }
      if case .passes = form, rates.dropFirst().reduce(0, +) > 1 {
        // More than everybody cannot take up practice: hold the sum of the shares at one.
        var bound = Matrix(rows: m + 1, columns: n)
        for j in 0..<n {
          for i in 0..<m { bound[i, j] = design[i, j] }
          bound[m, j] = j == 0 ? 0 : 1e6
        }
        rates = try nonNegativeLeastSquares(bound, growth + [1e6], name: "licence pipeline")
        free = rates.indices.filter { rates[$0] > 0 }
      }
      let residuals = zip(growth, design.times(rates)).map { $0 - $1 }
      let degrees = m - free.count
      let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, degrees))
      var covariance = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
      if !free.isEmpty {
        let own = design.selecting(columns: free)
        let inverse = try Cholesky(own.times(own, transposeSelf: true), name: "licence pipeline")
          .solve(.identity(free.count))
        for (p, i) in free.enumerated() {
          for (q, j) in free.enumerated() { covariance[i][j] = inverse[p, q] * variance }
        }
      }
      return Fit(
        rates: rates, free: free, covariance: covariance, deviation: variance.squareRoot(), degrees: degrees)
    } catch {
      throw .notSolvable(
        what: Bilingual(zh: "执业资格流程", en: "licence pipeline"),
        reason: Bilingual(zh: "数值求解失败（\(error.description)）", en: error.description))
    }
  }

  /// One projected year.
  public struct Year: Hashable, Sendable {
    public let year: Int
    public let practising: Double
    public let newlyPractising: Double
    public let lapsed: Double
    /// Qualified persons who do not practise, at the end of the year; 0 in the form without reserve.
    public let reserve: Double
  }

  /// - Parameters:
  ///   - practising, qualified: persons at the end of `year`; `qualified` is ignored without reserve.
  ///   - passes: persons by year of examination. They count as qualified a year later.
  /// - Throws: `.missingFigure` naming the year whose passes are needed and absent.
  public func projected(
    from year: Int, practising: Double, qualified: Double = 0, passes: [Int: Double], years: Int
  ) throws(SupplyError) -> [Year] {
    try projected(from: year, practising, qualified, passes, years, [lapse.value] + uptake.map(\.value)) {
      _ in 0
    }
  }

  private func projected(
    from year: Int, _ practising: Double, _ qualified: Double, _ passes: [Int: Double], _ years: Int,
    _ rates: [Double], shock: (Int) -> Double
  ) throws(SupplyError) -> [Year] {
    var (stock, everyone, path) = (practising, qualified, [Year]())
    func passed(_ year: Int) throws(SupplyError) -> Double {
      guard let persons = passes[year] else {
        throw .missingFigure("passes of \(year)", neededFor: "licence pipeline")
      }
      return persons
    }
    for now in year + 1..<year + 1 + max(0, years) {
      var entering = 0.0
      switch form {
      case .passes(let lags):
        for (lag, share) in zip(lags, rates.dropFirst()) { entering += share * (try passed(now - lag)) }
      case .reserve:
        entering = min(1, rates[1]) * max(0, everyone - stock)
        everyone += try passed(now - 1)
      }
      // A shock is a surprise in growth: it adds to the newcomers, or takes from them first.
      entering = max(0, entering + shock(now) * stock)
      if form == .reserve { entering = min(entering, max(0, everyone - stock)) }
      let lapsed = min(1, rates[0]) * stock
      stock += entering - lapsed
      path.append(
        Year(
          year: now, practising: stock, newlyPractising: entering, lapsed: lapsed,
          reserve: form == .reserve ? everyone - stock : 0))
    }
    return path
  }

  /// Paths from draws of the rates, of their residual variance and of yearly shocks: `[draw][year]`.
  ///
  /// - Parameter passes: persons by year of examination for one draw.
  public func draws(
    from year: Int, practising: Double, qualified: Double = 0, passes: (_ draw: Int) -> [Int: Double], years: Int,
    draws: Int = 2000, stream: RandomStream
  ) throws(SupplyError) -> [[Year]] {
    let factor = lowerFactor(covariance)
    var paths: [[Year]] = []
    paths.reserveCapacity(draws)
    for draw in 0..<draws {
      let freedom = Double(max(1, degreesOfFreedom))
      // Unknown variance: every normal of the draw is scaled by √(ν ÷ χ²_ν).
      let chi = 2 * stream.gamma(shape: freedom / 2, draw: draw, year: 0, index: 1)
      let scale = (freedom / max(chi, 1e-12)).squareRoot()
      let z = covariance.indices.map { stream.normal(draw: draw, year: 0, index: 10 + $0) }
      let centre = [lapse.value] + uptake.map(\.value)
      let rates = centre.indices.map { i in
        max(0, centre[i] + scale * (0...i).reduce(0) { $0 + factor[i][$1] * z[$1] })
      }
      paths.append(
        try projected(from: year, practising, qualified, passes(draw), years, rates) {
          scale * residualDeviation * stream.normal(draw: draw, year: $0, index: 2)
        })
    }
    return paths
  }

  /// Quantiles of the practising by year: `[year][probability]`.
  public func quantiles(
    from year: Int, practising: Double, qualified: Double = 0, passes: (_ draw: Int) -> [Int: Double], years: Int,
    probabilities: [Double], draws: Int = 2000, stream: RandomStream
  ) throws(SupplyError) -> [[Double]] {
    let paths = try self.draws(
      from: year, practising: practising, qualified: qualified, passes: passes, years: years, draws: draws,
      stream: stream)
    return (0..<max(0, years)).map { t in
      Simulation.quantiles(paths.map { $0[t].practising }, at: probabilities)
    }
  }
}

/// The lower triangular L with L Lᵀ = the matrix; rows of zero variance are zero.
private func lowerFactor(_ covariance: [[Double]]) -> [[Double]] {
  var factor = covariance.map { $0.map { _ in 0.0 } }
  for i in covariance.indices {
    for j in 0...i {
      let rest = covariance[i][j] - (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }
      if i == j {
        factor[i][i] = max(0, rest).squareRoot()
      } else if factor[j][j] > 0 {
        factor[i][j] = rest / factor[j][j]
      }
    }
  }
  return factor
}
