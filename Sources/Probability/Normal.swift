import Foundation

/// The standard normal quantile Φ⁻¹(p).
///
/// - Parameter p: a probability; 0 and 1 give ∓∞, anything outside [0, 1] gives NaN.
/// - Returns: z with relative error about 1e−16.
/// - Source: Wichura (1988), *Algorithm AS 241*, Applied Statistics 37, routine PPND16.
public func normalQuantile(_ p: Double) -> Double {
  let q = p - 0.5
  if abs(q) <= 0.425 { return centralNormalQuantiles(Lanes(repeating: q)).x }
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  return tailNormalQuantiles(Lanes(repeating: p)).x
}

/// P(Z ≤ z) for a standard normal Z.
public func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

/// Density of the standard normal.
public func normalDensity(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }
