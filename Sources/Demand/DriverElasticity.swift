import Regression

/// How strongly a labour series has moved with a driver: one slope a region, shrunk to the group's.
///
///     ln y_rt = α_r + β_r ln x_rt + ε_rt,   β_r ~ N(β, τ²)
///
/// The pooled slope is the within estimate over all regions, its standard error clustered by year (shocks
/// are national), met with the prior. A region's own slope is least squares on its own years; it keeps
/// w_r = τ²/(τ² + V_r) of its distance from the pooled one, and the posterior is cut to the bounds: a
/// wrong sign is no signal. Source: METHODS M14.
public struct DriverElasticity: Sendable {
  /// Pooled slope after the prior.
  public let pooled: Double
  public let standardError: Double
  /// Shrunken slope of each region.
  public let regional: [Double]
  /// Regions whose slope lay outside the bounds before it was cut.
  public let held: [Int]

  /// - Parameters:
  ///   - driver: ln x, `[region][year]`, NaN where missing.
  ///   - response: ln y, same shape.
  ///   - prior: mean and standard deviation of the pooled slope.
  ///   - bounds: of every slope.
  public init(
    driver: [[Double]], response: [[Double]], prior: (mean: Double, sd: Double), bounds: ClosedRange<Double>
  ) {
    precondition(driver.count == response.count, "one response series a region")
    let rows = zip(driver, response).map { x, y in
      x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }.map { (year: $0, x: x[$0], y: y[$0]) }
    }
    let within = DriverElasticity.within(rows)
    let weight = within.map { prior.sd > 0 ? prior.sd * prior.sd / (prior.sd * prior.sd + $0.variance) : 0 } ?? 0
    let centre = prior.mean + weight * ((within?.slope ?? prior.mean) - prior.mean)
    pooled = min(max(centre, bounds.lowerBound), bounds.upperBound)
    let variance = within.map { weight * $0.variance } ?? prior.sd * prior.sd
    standardError = variance.squareRoot()
    let own = rows.map(DriverElasticity.own)
    do throws(RegressionError) {
      let posterior = try shrunken(
        own.map { $0?.slope ?? .nan }, variances: own.map { $0?.variance ?? .infinity },
        prior: (centre, max(variance, 1e-12)), bounds: bounds)
      regional = posterior.estimates
      held = posterior.bounded
    } catch {
      let mean = pooled
      regional = rows.map { _ in mean }
      held = []
    }
  }

  private typealias Rows = [(year: Int, x: Double, y: Double)]

  /// Slope of all regions together; nil when the panel is too thin.
  private static func within(_ regions: [Rows]) -> (slope: Double, variance: Double)? {
    let all = regions.enumerated().flatMap { region, rows in rows.map { (region: region, $0) } }
    let years = Grouping(name: "year", ordered: all.map(\.1.year))
    var options = RegressionOptions()
    options.absorb = [Grouping(name: "region", ordered: all.map(\.region))]
    if Set(all.map(\.1.year)).count > 1 { options.covariance = .clustered([years]) }
    return fit(all.map(\.1), intercept: false, options)
  }

  /// Slope of one region; nil with fewer than three years.
  private static func own(_ rows: Rows) -> (slope: Double, variance: Double)? {
    guard rows.count > 2 else { return nil }
    return fit(rows, intercept: true, RegressionOptions())
  }

  private static func fit(
    _ rows: Rows, intercept: Bool, _ options: RegressionOptions
  ) -> (slope: Double, variance: Double)? {
    do throws(RegressionError) {
      let fit = try regress(
        RegressionInput(response: rows.map(\.y), columns: [("x", rows.map(\.x))], intercept: intercept), options)
      guard let slope = fit["x"], slope.estimate.isFinite, slope.standardError.isFinite else { return nil }
      return (slope.estimate, max(slope.standardError * slope.standardError, 1e-12))
    } catch {
      return nil  // too few years, or a driver that never moved: nothing to learn from
    }
  }
}
