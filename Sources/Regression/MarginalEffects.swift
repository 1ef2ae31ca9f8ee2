import LinearAlgebra
import Messages
import Probability

/// Average marginal effects of a logit, probit or Poisson fit: by how much the mean changes, averaged
/// over the rows of the data.
///
///     dy/dx:  n⁻¹ Σ g′(ηᵢ)·b;    for columns of 0 and 1:  n⁻¹ Σ [mean at 1 − mean at 0]
///
/// Standard errors by the delta method with the fit's own covariance; tests are normal. Each column is
/// moved by itself: for x and I(x^2) read both together.
///
/// - Parameters: the input and options the fit was made with; weights average as they fit.
/// - Returns: one effect per coefficient but the intercept, in their order.
/// - Throws: `.unsupported` for linear models, whose coefficients are the effects, and with `absorb`.
/// - Source: Greene (2018), *Econometric Analysis*, 8th ed., §17.3.2; statsmodels `get_margeff(dummy=True)`.
public func marginalEffects(
  _ fit: RegressionFit, _ input: RegressionInput, _ options: RegressionOptions
) throws(RegressionError) -> [Coefficient] {
  let link = options.link ?? options.family.canonicalLink
  guard link != .identity, options.absorb.isEmpty else {
    throw .unsupported(
      Bilingual(
        zh: "平均边际效应只用于没有吸收效应的 logit、probit、log 模型",
        en: "average marginal effects are for logit, probit and log models without absorbed effects"),
      hint: Bilingual(
        zh: "线性模型的系数就是边际效应；固定效应可写成 C(g)",
        en: "a linear model's coefficients are its effects; write fixed effects as C(g)"))
  }
  let places = fit.names.compactMap { name in input.names.firstIndex(of: name) }
  let slopes = input.names.map { fit[$0]?.estimate ?? 0 }
  var predictor = input.design.times(slopes)
  if let offset = input.offset { for i in predictor.indices { predictor[i] += offset[i] } }
  let average = RowAverage(input, predictor, places)
  let moved = fit.coefficients.indices.filter { fit.names[$0] != "(Intercept)" }
  var (effects, gradients): ([Double], [[Double]]) = ([], [])
  for k in moved {
    let (effect, gradient) =
      average.isIndicator(k) ? average.change(k, slopes[places[k]], link) : average.derivative(k, slopes[places[k]], link)
    effects.append(effect)
    gradients.append(gradient)
  }
  let jacobian = Matrix(rowMajor: gradients)
  let covariance = jacobian.times(fit.covariance).times(jacobian, transposeOther: true)
  let level = studentTwoSidedQuantile(level: options.level, df: .infinity)
  return moved.indices.map { m in
    let error = max(covariance[m, m], 0).squareRoot()
    return Coefficient(
      name: fit.names[moved[m]], estimate: effects[m], standardError: error, statistic: effects[m] / error,
      pValue: studentTwoSided(effects[m] / error, df: .infinity), low: effects[m] - level * error,
      high: effects[m] + level * error)
  }
}

/// Weighted averages over the rows of functions of the linear predictor.
private struct RowAverage {
  let design: Matrix
  let weights: [Double]?
  let predictor: [Double]
  /// Column of the design of each coefficient.
  let places: [Int]

  init(_ input: RegressionInput, _ predictor: [Double], _ places: [Int]) {
    (design, weights, self.predictor, self.places) = (input.design, input.weights, predictor, places)
  }

  func isIndicator(_ k: Int) -> Bool { design.column(places[k]).allSatisfy { $0 == 0 || $0 == 1 } }

  private func mean(_ value: (Int) -> Double) -> Double {
    var (sum, mass) = (0.0, 0.0)
    for i in predictor.indices {
      let weight = weights?[i] ?? 1
      sum += weight * value(i)
      mass += weight
    }
    return sum / mass
  }

  /// d/dx and its gradient in the coefficients.
  func derivative(_ k: Int, _ slope: Double, _ link: Link) -> (Double, [Double]) {
    let scale = mean { link.slope(predictor[$0]) }
    let gradient = places.indices.map { j in
      slope * mean { link.curvature(predictor[$0]) * design[$0, places[j]] } + (j == k ? scale : 0)
    }
    return (slope * scale, gradient)
  }

  /// Mean at 1 less mean at 0.
  func change(_ k: Int, _ slope: Double, _ link: Link) -> (Double, [Double]) {
    let column = places[k]
    func without(_ i: Int) -> Double { predictor[i] - slope * design[i, column] }
    let effect = mean { link.mean(without($0) + slope) - link.mean(without($0)) }
    let gradient = places.indices.map { j in
      j == k
        ? mean { link.slope(without($0) + slope) }
        : mean { (link.slope(without($0) + slope) - link.slope(without($0))) * design[$0, places[j]] }
    }
    return (effect, gradient)
  }
}
