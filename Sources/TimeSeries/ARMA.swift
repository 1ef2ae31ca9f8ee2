import Foundation

/// ARMA(p, q) with mean by exact Gaussian maximum likelihood; missing observations are skipped.
///
///     y_t − m = Σ φ_i (y_{t−i} − m) + ε_t + Σ θ_j ε_{t−j}
///
/// The likelihood is that of the Kalman filter from the stationary state; mean and variance are
/// concentrated out; coefficients are searched as partial autocorrelations, so every candidate is
/// stationary and invertible.
/// - Source: Harvey (1989), *Forecasting, Structural Time Series Models and the Kalman Filter*, §3.3.
public struct ARMA: Sendable, Equatable {
  public let ar: [Double]
  public let ma: [Double]
  public let mean: Double
  /// Σ v²/F ÷ n, as R `arima`.
  public let variance: Double
  public let logLikelihood: Double
  private let state: [Double]
  private let uncertainty: [[Double]]

  /// - Parameter y: one entry per period, nil in gaps; more observations than p + q + 2.
  init(_ y: [Double?], ar p: Int, ma q: Int, name: String) throws(SeriesError) {
    guard Set(y.compactMap { $0 }).count > 1 else { throw .noVariation(series: name, method: "arma") }
    func model(_ partial: [Double]) -> ARMAFilter {
      ARMAFilter(
        y, ar: coefficients(Array(partial[..<p])), ma: coefficients(Array(partial[p...])).map { -$0 })
    }
    let cells = [-0.8, -0.5, -0.2, 0, 0.2, 0.5, 0.8]
    var grid: [[Double]] = [[]]
    for _ in 0..<(p + q) { grid = grid.flatMap { point in cells.map { point + [$0] } } }
    let scored = grid.map { Minimum(point: $0, value: -model($0).logLikelihood) }
    let order = scored.indices.sorted {
      scored[$0].value != scored[$1].value ? scored[$0].value < scored[$1].value : $0 < $1
    }
    let wall = [Double](repeating: 0.999, count: p + q)
    let refined = order.prefix(3).map {
      nelderMead(from: scored[$0].point, lower: wall.map { -$0 }, upper: wall) { -model($0).logLikelihood }
    }
    let best = refined.min { $0.value < $1.value } ?? scored[0]
    let filter = model(best.point)
    ar = filter.ar
    ma = filter.ma
    mean = filter.mean
    variance = filter.variance
    logLikelihood = filter.logLikelihood
    (state, uncertainty) = filter.ahead
  }

  /// Means and standard deviations 1...horizon periods ahead.
  public func forecast(_ horizon: Int) -> (means: [Double], deviations: [Double]) {
    var (a, p) = (state, uncertainty)
    let system = ARMASystem(ar: ar, ma: ma)
    var (means, deviations): ([Double], [Double]) = ([], [])
    for _ in 0..<horizon {
      means.append(mean + a[0])
      deviations.append((variance * max(p[0][0], 0)).squareRoot())
      (a, p) = (system.moved(a), system.moved(p))
    }
    return (means, deviations)
  }
}

/// Partial autocorrelations → coefficients (Durbin–Levinson).
private func coefficients(_ partial: [Double]) -> [Double] {
  var c: [Double] = []
  for r in partial {
    let previous = c
    c = previous.indices.map { previous[$0] - r * previous[previous.count - 1 - $0] } + [r]
  }
  return c
}

/// Harvey's state space of order max(p, q + 1).
private struct ARMASystem {
  let ar: [Double]
  let shock: [Double]
  var order: Int { shock.count }

  init(ar: [Double], ma: [Double]) {
    let r = max(ar.count, ma.count + 1)
    self.ar = ar + [Double](repeating: 0, count: r - ar.count)
    shock = [1] + ma + [Double](repeating: 0, count: r - 1 - ma.count)
  }

  func moved(_ a: [Double]) -> [Double] {
    (0..<order).map { ar[$0] * a[0] + ($0 + 1 < order ? a[$0 + 1] : 0) }
  }

  /// T P Tᵀ + R Rᵀ.
  func moved(_ p: [[Double]]) -> [[Double]] {
    let half = (0..<order).map { column in moved(p.map { $0[column] }) }  // rows: columns of T P
    return (0..<order).map { i in
      let row = moved(half.map { $0[i] })
      return (0..<order).map { row[$0] + shock[i] * shock[$0] }
    }
  }

  /// The stationary covariance, Σ T^k R Rᵀ T'^k by doubling.
  var stationary: [[Double]] {
    let n = 0..<order
    func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
      n.map { i in n.map { j in n.reduce(0) { $0 + a[i][$1] * b[$1][j] } } }
    }
    var p = n.map { i in n.map { shock[i] * shock[$0] } }
    var t = n.map { i in n.map { j in (j == 0 ? ar[i] : 0) + (j == i + 1 ? 1 : 0) } }
    for _ in 0..<60 {
      let transposed = n.map { i in n.map { t[$0][i] } }
      let added = product(product(t, p), transposed)
      p = n.map { i in n.map { p[i][$0] + added[i][$0] } }
      let largest = added.flatMap { $0.map { abs($0) } }.max() ?? 0
      if largest < 1e-17 * abs(p[0][0]) { break }
      t = product(t, t)
    }
    return p
  }
}

/// One pass of the filter over the data and over a column of ones, from which the mean follows.
private struct ARMAFilter {
  let ar: [Double]
  let ma: [Double]
  private(set) var mean = 0.0
  private(set) var variance = 0.0
  private(set) var logLikelihood = -Double.infinity
  private(set) var ahead: (state: [Double], uncertainty: [[Double]])

  init(_ y: [Double?], ar: [Double], ma: [Double]) {
    (self.ar, self.ma) = (ar, ma)
    let system = ARMASystem(ar: ar, ma: ma)
    var p = system.stationary
    let zero = [Double](repeating: 0, count: system.order)
    var (a, one) = (zero, zero)
    var innovations: [(v: Double, u: Double, f: Double)] = []
    for observation in y {
      if let observation {
        let f = p[0][0]
        let (v, u) = (observation - a[0], 1 - one[0])
        innovations.append((v, u, f))
        let gain = p.map { $0[0] / f }
        for i in zero.indices {
          a[i] += gain[i] * v
          one[i] += gain[i] * u
        }
        p = zero.indices.map { i in zero.indices.map { p[i][$0] - gain[i] * p[0][$0] } }
      }
      (a, one, p) = (system.moved(a), system.moved(one), system.moved(p))
    }
    let weight = innovations.reduce(0) { $0 + $1.u * $1.u / $1.f }
    let centre = innovations.reduce(0) { $0 + $1.u * $1.v / $1.f } / weight
    let n = Double(innovations.count)
    let squares = innovations.reduce(0) { $0 + ($1.v - centre * $1.u) * ($1.v - centre * $1.u) / $1.f }
    mean = centre
    variance = squares / n
    logLikelihood =
      -0.5 * (n * (log(2 * Double.pi * squares / n) + 1) + innovations.reduce(0) { $0 + log($1.f) })
    if !logLikelihood.isFinite { logLikelihood = -.infinity }
    ahead = (zip(a, one).map { $0 - centre * $1 }, p)
  }
}

/// ARMA(1,1) with mean on the values themselves.
func armaFit(_ series: Series, _ horizon: Int) throws(SeriesError) -> Fit {
  let model = try ARMA(series.regular, ar: 1, ma: 1, name: series.name)
  let ahead = model.forecast(horizon)
  return Fit(
    parameters: [
      NamedValue("ar1", model.ar[0]), NamedValue("ma1", model.ma[0]), NamedValue("mean", model.mean),
      NamedValue("sigma2", model.variance),
    ],
    logLikelihood: model.logLikelihood, means: ahead.means,
    distributions: normals(ahead.means, ahead.deviations))
}
