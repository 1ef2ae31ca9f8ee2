/// An unevaluated sum of two doubles, about 32 decimal digits.
///
/// Source: Hida, Li & Bailey (2001), "Algorithms for quad-double precision floating point arithmetic".
package struct DoubleDouble: Equatable, Sendable {
  package var high: Double
  package var low: Double

  @inlinable package init(_ value: Double) {
    high = value
    low = 0
  }

  @inlinable package init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  package var value: Double { high + low }

  /// a + b exactly.
  @inlinable package static func exactSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    let back = sum - a
    return DoubleDouble(high: sum, low: (a - (sum - back)) + (b - back))
  }

  /// a · b exactly, barring overflow and underflow.
  @inlinable package static func exactProduct(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
  }

  /// a + b when |a| ≥ |b|.
  @inlinable static func normalised(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    return DoubleDouble(high: sum, low: b - (sum - a))
  }

  @inlinable package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let top = exactSum(a.high, b.high)
    let bottom = exactSum(a.low, b.low)
    let middle = normalised(top.high, top.low + bottom.high)
    return normalised(middle.high, middle.low + bottom.low)
  }

  @inlinable package static prefix func - (a: DoubleDouble) -> DoubleDouble {
    DoubleDouble(high: -a.high, low: -a.low)
  }

  @inlinable package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  @inlinable package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = exactProduct(a.high, b.high)
    return normalised(product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  @inlinable package static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
    let product = exactProduct(a.high, b)
    return normalised(product.high, product.low + a.low * b)
  }

  @inlinable package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let remainder = a - b * first
    let second = remainder.high / b.high
    let third = (remainder - b * second).high / b.high
    return normalised(first, second) + DoubleDouble(third)
  }

  package var squareRoot: DoubleDouble {
    guard high > 0 else { return DoubleDouble(0) }
    let root = high.squareRoot()
    let correction = (self - DoubleDouble.exactProduct(root, root)).high / (2 * root)
    let once = DoubleDouble.exactSum(root, correction)
    let again = (self - once * once).high / (2 * root)
    return once + DoubleDouble(again)
  }
}
