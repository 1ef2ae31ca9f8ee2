import Foundation

/// Functions whose sensitivity indices are known in closed form.
public enum SensitivityTestFunction: String, CaseIterable, Sendable {
  /// sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on (−π, π)³. Source: Ishigami & Homma (1990).
  case ishigami
  /// Π (|4xᵢ − 2| + aᵢ)/(1 + aᵢ), a = (0, 1, 4.5, 9, 99, 99, 99, 99). Source: Saltelli & Sobol' (1995).
  case gstar
  /// x₁ + 2x₂ + 3x₃ + 4x₄.
  case linear

  private static let gCoefficients: [Double] = [0, 1, 4.5, 9, 99, 99, 99, 99]

  /// x1, x2, … with their ranges.
  public func inputs() throws(SimulationError) -> [UncertainInput] {
    let (count, low, high) =
      switch self {
      case .ishigami: (3, -Double.pi, Double.pi)
      case .gstar: (8, 0.0, 1.0)
      case .linear: (4, 0.0, 1.0)
      }
    let range = try Distribution.uniform(low, high)
    return (1...count).map { UncertainInput(name: "x\($0)", distribution: range) }
  }

  /// The function at a point.
  public func callAsFunction(_ x: [Double]) -> Double {
    switch self {
    case .ishigami:
      return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0])
    case .gstar:
      return zip(x, Self.gCoefficients).reduce(1) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) }
    case .linear: return x.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    }
  }

  /// Variance, first-order and total indices.
  public var exact: (variance: Double, first: [Double], total: [Double]) {
    switch self {
    case .ishigami:
      let (a, b, pi4) = (7.0, 0.1, pow(Double.pi, 4))
      let v1 = 0.5 * (1 + b * pi4 / 5) * (1 + b * pi4 / 5)
      let (v2, v13) = (a * a / 8, b * b * pi4 * pi4 * (1.0 / 18 - 1.0 / 50))
      let v = v1 + v2 + v13
      return (v, [v1 / v, v2 / v, 0], [(v1 + v13) / v, v2 / v, v13 / v])
    case .gstar:
      let parts = Self.gCoefficients.map { 1 / (3 * (1 + $0) * (1 + $0)) }
      let product = parts.reduce(1) { $0 * (1 + $1) }
      let v = product - 1
      return (v, parts.map { $0 / v }, parts.map { $0 * product / (1 + $0) / v })
    case .linear:
      let parts = (1...4).map { Double($0 * $0) / 12 }
      let v = parts.reduce(0, +)
      return (v, parts.map { $0 / v }, parts.map { $0 / v })
    }
  }
}
