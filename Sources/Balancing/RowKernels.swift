// The inner loops of proportional fitting: contiguous, without allocation, in a fixed order of addition.

/// Eight numbers at a time: partial sums do not wait for one another, whatever the machine's width.
private typealias Lanes = SIMD8<Double>

extension UnsafeMutableBufferPointer<Double> {
  @inline(__always)
  fileprivate func lanes(_ at: Int) -> Lanes {
    UnsafeRawPointer(baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  fileprivate func store(_ lanes: Lanes, _ at: Int) {
    UnsafeMutableRawPointer(baseAddress.unsafelyUnwrapped + at).storeBytes(of: lanes, as: Lanes.self)
  }
}

extension UnsafeBufferPointer<Double> {
  @inline(__always)
  fileprivate func lanes(_ at: Int) -> Lanes {
    UnsafeRawPointer(baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: Lanes.self)
  }
}

extension UnsafeBufferPointer<Double> {
  @inline(__always)
  fileprivate func four(_ at: Int) -> SIMD4<Double> {
    UnsafeRawPointer(baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: SIMD4<Double>.self)
  }
}

extension UnsafeMutableBufferPointer<Double> {
  @inline(__always)
  fileprivate func four(_ at: Int) -> SIMD4<Double> {
    UnsafeRawPointer(baseAddress.unsafelyUnwrapped + at).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  fileprivate func storeFour(_ four: SIMD4<Double>, _ at: Int) {
    UnsafeMutableRawPointer(baseAddress.unsafelyUnwrapped + at).storeBytes(of: four, as: SIMD4<Double>.self)
  }
}

/// Scales a row by factors along it and adds it, times a weight, to sums along it.
func scaleRow(
  _ cells: UnsafeMutableBufferPointer<Double>, by factors: UnsafeBufferPointer<Double>, times weight: Double,
  into sums: UnsafeMutableBufferPointer<Double>
) {
  let count = cells.count
  precondition(factors.count == count && sums.count == count)
  var i = 0
  while i &+ 8 <= count {
    let part = cells.lanes(i) * factors.lanes(i)
    cells.store(part, i)
    sums.store(sums.lanes(i) + part * weight, i)
    i &+= 8
  }
  while i < count {
    let cell = cells[i] * factors[i]
    cells[i] = cell
    sums[i] += cell * weight
    i &+= 1
  }
}

/// Scales a row by factors along it and returns its sum.
func scaledSum(_ cells: UnsafeMutableBufferPointer<Double>, by factors: UnsafeBufferPointer<Double>) -> Double {
  let count = cells.count
  precondition(factors.count == count)
  var sums = Lanes.zero
  var rest = 0.0
  var i = 0
  while i &+ 8 <= count {
    let part = cells.lanes(i) * factors.lanes(i)
    cells.store(part, i)
    sums += part
    i &+= 8
  }
  while i < count {
    let cell = cells[i] * factors[i]
    cells[i] = cell
    rest += cell
    i &+= 1
  }
  return sums.sum() + rest
}

/// Scales a row by one factor and returns its sum.
func scaledSum(_ cells: UnsafeMutableBufferPointer<Double>, by factor: Double) -> Double {
  let count = cells.count
  var sums = Lanes.zero
  var rest = 0.0
  var i = 0
  while i &+ 8 <= count {
    let part = cells.lanes(i) * factor
    cells.store(part, i)
    sums += part
    i &+= 8
  }
  while i < count {
    let cell = cells[i] * factor
    cells[i] = cell
    rest += cell
    i &+= 1
  }
  return sums.sum() + rest
}

/// Adds a row, times a weight, to sums along it.
func addRow(
  _ cells: UnsafeBufferPointer<Double>, times weight: Double, into sums: UnsafeMutableBufferPointer<Double>
) {
  let count = cells.count
  precondition(sums.count == count)
  var i = 0
  while i &+ 8 <= count {
    sums.store(sums.lanes(i) + cells.lanes(i) * weight, i)
    i &+= 8
  }
  while i < count {
    sums[i] += cells[i] * weight
    i &+= 1
  }
}

/// The sum of a row.
func rowSum(_ cells: UnsafeBufferPointer<Double>) -> Double {
  var sums = Lanes.zero
  var rest = 0.0
  var i = 0
  while i &+ 8 <= cells.count {
    sums += cells.lanes(i)
    i &+= 8
  }
  while i < cells.count {
    rest += cells[i]
    i &+= 1
  }
  return sums.sum() + rest
}

/// Adds four rows that follow one another, each times its weight, to sums along them.
func addFourRows(
  _ cells: UnsafeBufferPointer<Double>, times weights: SIMD4<Double>,
  into sums: UnsafeMutableBufferPointer<Double>
) {
  let count = sums.count
  precondition(cells.count == 4 * count)
  var i = 0
  while i &+ 4 <= count {
    let low = cells.four(i) * weights.x + cells.four(count &+ i) * weights.y
    let high = cells.four(2 &* count &+ i) * weights.z + cells.four(3 &* count &+ i) * weights.w
    sums.storeFour(sums.four(i) + (low + high), i)
    i &+= 4
  }
  while i < count {
    let low = cells[i] * weights.x + cells[count &+ i] * weights.y
    sums[i] += low + (cells[2 &* count &+ i] * weights.z + cells[3 &* count &+ i] * weights.w)
    i &+= 1
  }
}

/// Σ cell · factor of four rows that follow one another.
func fourProducts(
  _ cells: UnsafeBufferPointer<Double>, _ factors: UnsafeBufferPointer<Double>
) -> SIMD4<Double> {
  let count = factors.count
  precondition(cells.count == 4 * count)
  var (a, b, c, d) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
  var i = 0
  while i &+ 4 <= count {
    let factor = factors.four(i)
    a += cells.four(i) * factor
    b += cells.four(count &+ i) * factor
    c += cells.four(2 &* count &+ i) * factor
    d += cells.four(3 &* count &+ i) * factor
    i &+= 4
  }
  var sums = SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
  while i < count {
    let ends = SIMD4(cells[i], cells[count &+ i], cells[2 &* count &+ i], cells[3 &* count &+ i])
    sums += ends * factors[i]
    i &+= 1
  }
  return sums
}

/// Σ cell · factor of a row.
func rowProduct(_ cells: UnsafeBufferPointer<Double>, _ factors: UnsafeBufferPointer<Double>) -> Double {
  precondition(cells.count == factors.count)
  var sums = Lanes.zero
  var rest = 0.0
  var i = 0
  while i &+ 8 <= cells.count {
    sums += cells.lanes(i) * factors.lanes(i)
    i &+= 8
  }
  while i < cells.count {
    rest += cells[i] * factors[i]
    i &+= 1
  }
  return sums.sum() + rest
}
