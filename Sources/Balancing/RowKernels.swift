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
