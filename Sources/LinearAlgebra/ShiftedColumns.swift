/// Loops over one column of a block, eight doubles at a time, in a fixed order.
typealias Wide = SIMD8<Double>

@inline(__always)
private func load(_ source: UnsafePointer<Double>, _ i: Int) -> Wide {
  UnsafeRawPointer(source + i).loadUnaligned(as: Wide.self)
}

@inline(__always)
private func store(_ value: Wide, _ target: UnsafeMutablePointer<Double>, _ i: Int) {
  UnsafeMutableRawPointer(target + i).storeBytes(of: value, as: Wide.self)
}

/// target = (source − shift)·root; returns Σ root·target. No roots means 1.
func copyShifted(
  _ source: UnsafePointer<Double>, _ count: Int, shift: Double, roots: UnsafePointer<Double>?,
  to target: UnsafeMutablePointer<Double>
) -> Double {
  var (sums, i) = (Wide(repeating: 0), 0)
  let shifts = Wide(repeating: shift)
  var rest = 0.0
  if let roots {
    while i + 8 <= count {
      let root = load(roots, i)
      let value = (load(source, i) - shifts) * root
      store(value, target, i)
      sums += value * root
      i += 8
    }
    while i < count {
      target[i] = (source[i] - shift) * roots[i]
      rest += target[i] * roots[i]
      i += 1
    }
  } else {
    while i + 8 <= count {
      let value = load(source, i) - shifts
      store(value, target, i)
      sums += value
      i += 8
    }
    while i < count {
      target[i] = source[i] - shift
      rest += target[i]
      i += 1
    }
  }
  return sums.sum() + rest
}

/// target −= factor·(source − shift).
func subtractShifted(
  _ source: UnsafePointer<Double>, _ count: Int, shift: Double, factor: Double,
  from target: UnsafeMutablePointer<Double>
) {
  var i = 0
  let (shifts, factors) = (Wide(repeating: shift), Wide(repeating: factor))
  while i + 8 <= count {
    store(load(target, i) - factors * (load(source, i) - shifts), target, i)
    i += 8
  }
  while i < count {
    target[i] -= factor * (source[i] - shift)
    i += 1
  }
}

/// Σ (source − shift)·other.
func shiftedDot(
  _ source: UnsafePointer<Double>, _ count: Int, shift: Double, _ other: UnsafePointer<Double>
) -> Double {
  var (even, odd, i) = (Wide(repeating: 0), Wide(repeating: 0), 0)
  let shifts = Wide(repeating: shift)
  while i + 16 <= count {
    even += (load(source, i) - shifts) * load(other, i)
    odd += (load(source, i + 8) - shifts) * load(other, i + 8)
    i += 16
  }
  var rest = 0.0
  while i < count {
    rest += (source[i] - shift) * other[i]
    i += 1
  }
  return (even + odd).sum() + rest
}

/// Σ weight·(source − shift).
func shiftedSum(
  _ source: UnsafePointer<Double>, _ count: Int, shift: Double, weights: UnsafePointer<Double>?
) -> Double {
  var (sums, i) = (Wide(repeating: 0), 0)
  let shifts = Wide(repeating: shift)
  while i + 8 <= count {
    let part = load(source, i) - shifts
    sums += weights.map { load($0, i) * part } ?? part
    i += 8
  }
  var rest = 0.0
  while i < count {
    rest += (weights?[i] ?? 1) * (source[i] - shift)
    i += 1
  }
  return sums.sum() + rest
}

/// Σ weight·(source − shift)².
func shiftedSquares(
  _ source: UnsafePointer<Double>, _ count: Int, shift: Double, weights: UnsafePointer<Double>?
) -> Double {
  var (sums, i) = (Wide(repeating: 0), 0)
  let shifts = Wide(repeating: shift)
  while i + 8 <= count {
    let part = load(source, i) - shifts
    sums += weights.map { load($0, i) * part * part } ?? part * part
    i += 8
  }
  var rest = 0.0
  while i < count {
    rest += (weights?[i] ?? 1) * (source[i] - shift) * (source[i] - shift)
    i += 1
  }
  return sums.sum() + rest
}
