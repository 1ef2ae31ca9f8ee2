import Foundation

/// Correct significant digits of a computed value: −log₁₀ of its relative error, at most 15.
public func matchingDigits(_ computed: Double, certified: Double) -> Double {
  if computed == certified { return 15 }
  if certified == 0 { return min(15, -log10(abs(computed))) }
  return max(0, min(15, -log10(abs(computed - certified) / abs(certified))))
}

/// True when two numbers differ by at most `relative` of the larger, or by `absolute`.
public func close(_ a: Double, _ b: Double, relative: Double = 1e-10, absolute: Double = 0) -> Bool {
  a == b || abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}
