import Foundation
import LinearAlgebra

/// A power of two by which numbers are multiplied to come near 1: exact, whatever their size.
func unitScale(_ values: [Double]) -> Double {
  let largest = values.reduce(0) { max($0, abs($1)) }
  guard largest > 0, largest.isFinite else { return 1 }
  return Double(sign: .plus, exponent: -min(max(largest.exponent, -1000), 1000), significand: 1)
}

/// The values brought near 1, for statistics that do not depend on the unit.
func unitScaled(_ values: [Double]) -> [Double] {
  let scale = unitScale(values)
  return values.map { $0 * scale }
}

extension RegressionInput {
  /// The power of two that brings a response to a size whose squares a double holds; nil when it has such a size.
  var responseScale: Double? {
    let largest = largestMagnitudes(response, columns: 1)[0]
    guard largest > 0, largest.isFinite, !LinearModel.safeMagnitudes.contains(largest) else { return nil }
    return unitScale(response)
  }

  func scaled(by scale: Double) -> RegressionInput {
    var input = self
    input.response = response.map { $0 * scale }
    input.offset = offset?.map { $0 * scale }
    return input
  }
}

extension RegressionFit {
  /// The fit of a response that was divided by `unit`, stated for the response itself: coefficients scale, and what
  /// no double holds (squares) is left undefined.
  func inUnits(of unit: Double, observed: [Double]) -> RegressionFit {
    let n = Double(rows)
    var stated = measures
    stated.residualSD = measures.residualSD.map { $0 * unit }
    stated.deviance = measures.deviance.flatMap { representable($0, unit) }
    stated.logLikelihood = measures.logLikelihood.map { $0 - n * log(unit) }
    stated.aic = measures.aic.map { $0 + 2 * n * log(unit) }
    stated.bic = measures.bic.map { $0 + 2 * n * log(unit) }
    stated.extras = measures.extras.map { name, value in
      name.hasPrefix("sigma2") ? (name, representable(value, unit) ?? .nan) : (name, value)
    }
    var fit = RegressionFit(
      coefficients: coefficients.map { $0.times(unit) },
      covariance: Matrix(
        rows: covariance.rows, columns: covariance.columns, elements: covariance.elements.map { $0 * unit * unit }),
      dropped: dropped, rows: rows, residualDF: residualDF, absorbedDF: absorbedDF, statisticDF: statisticDF,
      residuals: residuals.map { $0 * unit }, observed: observed, means: means?.map { $0 * unit }, measures: stated,
      covarianceName: covarianceName, adjustment: adjustment, conditionNumber: conditionNumber,
      iterations: iterations, notes: notes, solved: solved)
    (fit.leftOut, fit.usedRows) = (leftOut, usedRows)
    return fit
  }

  /// value · unit²; nil where that leaves the range of a double.
  private func representable(_ value: Double, _ unit: Double) -> Double? {
    let product = value * unit * unit
    return product.isFinite && (product != 0 || value == 0) ? product : nil
  }
}

extension Coefficient {
  fileprivate func times(_ unit: Double) -> Coefficient {
    Coefficient(
      name: name, estimate: estimate * unit, standardError: standardError * unit, statistic: statistic,
      pValue: pValue, low: low * unit, high: high * unit)
  }
}
