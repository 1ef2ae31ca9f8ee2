import Foundation

/// A point inside its box and the objective there.
struct Minimum: Sendable {
  let point: [Double]
  let value: Double
}

/// Nelder–Mead inside a box: points outside are pulled to its wall. Deterministic; restarted from its
/// own answer until a restart no longer improves it.
/// - Source: Nelder & Mead (1965), *Computer Journal* 7, 308–313.
func nelderMead(
  from start: [Double], lower: [Double], upper: [Double], _ objective: ([Double]) -> Double
) -> Minimum {
  func inside(_ x: [Double]) -> [Double] { x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) } }
  var best = Minimum(point: inside(start), value: objective(inside(start)))
  if start.isEmpty { return best }
  for restart in 0..<8 {
    let share = restart == 0 ? 0.1 : 0.02
    let found = simplex(from: best, lower: lower, upper: upper, share: share, inside, objective)
    let gain = best.value - found.value
    if found.value < best.value { best = found }
    if !(gain > 1e-12 * (1 + abs(best.value))) { break }
  }
  return best
}

private func simplex(
  from best: Minimum, lower: [Double], upper: [Double], share: Double, _ inside: ([Double]) -> [Double],
  _ objective: ([Double]) -> Double
) -> Minimum {
  let n = best.point.count
  var corners = [best]
  for i in 0..<n {
    var x = best.point
    let step = share * (upper[i] - lower[i])
    x[i] += x[i] + step <= upper[i] ? step : -step
    corners.append(Minimum(point: inside(x), value: objective(inside(x))))
  }
  for _ in 0..<(200 * n) {
    corners.sort { $0.value < $1.value }
    let spread = (0..<n).map { i in
      let column = corners.map { $0.point[i] }
      return ((column.max() ?? 0) - (column.min() ?? 0)) / max(upper[i] - lower[i], .leastNormalMagnitude)
    }
    if (spread.max() ?? 0) < 1e-11 { break }
    let centre = (0..<n).map { i in corners[..<n].reduce(0) { $0 + $1.point[i] } / Double(n) }
    func along(_ t: Double) -> Minimum {
      let x = inside((0..<n).map { centre[$0] + t * (corners[n].point[$0] - centre[$0]) })
      return Minimum(point: x, value: objective(x))
    }
    let reflected = along(-1)
    if reflected.value < corners[0].value {
      let expanded = along(-2)
      corners[n] = expanded.value < reflected.value ? expanded : reflected
    } else if reflected.value < corners[n - 1].value {
      corners[n] = reflected
    } else {
      let contracted = reflected.value < corners[n].value ? along(-0.5) : along(0.5)
      if contracted.value < min(reflected.value, corners[n].value) {
        corners[n] = contracted
      } else {
        for k in 1...n {
          let x = (0..<n).map { (corners[k].point[$0] + corners[0].point[$0]) / 2 }
          corners[k] = Minimum(point: x, value: objective(x))
        }
      }
    }
  }
  return corners.min { $0.value < $1.value } ?? best
}

/// The smallest value on an interval: an even grid of `cells`, then golden section around its best point.
func goldenSection(
  _ low: Double, _ high: Double, cells: Int = 60, _ objective: (Double) -> Double
) -> (point: Double, value: Double) {
  let width = (high - low) / Double(cells)
  var best = (point: low, value: objective(low))
  for i in 1...cells {
    let x = i == cells ? high : low + width * Double(i)
    let value = objective(x)
    if value < best.value { best = (x, value) }
  }
  let ratio = (5.0.squareRoot() - 1) / 2
  var (a, b) = (max(low, best.point - width), min(high, best.point + width))
  var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
  var (fc, fd) = (objective(c), objective(d))
  while b - a > 1e-12 * (1 + abs(a) + abs(b)) {
    if fc < fd {
      (b, d, fd) = (d, c, fc)
      c = b - ratio * (b - a)
      fc = objective(c)
    } else {
      (a, c, fc) = (c, d, fd)
      d = a + ratio * (b - a)
      fd = objective(d)
    }
  }
  let middle = (a + b) / 2
  let value = objective(middle)
  return value < best.value ? (middle, value) : best
}

/// Quasi-Newton (BFGS) on free variables with central-difference gradients; for smooth likelihoods of
/// many states. Infinite values are walls.
/// - Source: Nocedal & Wright, *Numerical Optimization*, 2nd ed., §6.1.
func quasiNewton(from start: [Double], limit: Int = 200, _ objective: ([Double]) -> Double) -> Minimum {
  let n = start.count
  var x = start
  var value = objective(x)
  guard value.isFinite else { return Minimum(point: x, value: value) }
  func gradient(_ x: [Double]) -> [Double] {
    (0..<n).map { i in
      var (up, down) = (x, x)
      let h = 6e-6 * max(1, abs(x[i]))
      up[i] += h
      down[i] -= h
      let (high, low) = (objective(up), objective(down))
      if high.isFinite && low.isFinite { return (high - low) / (2 * h) }
      return high.isFinite ? (high - value) / h : low.isFinite ? (value - low) / h : 0
    }
  }
  var slope = gradient(x)
  var inverse = identity(n)
  for _ in 0..<limit {
    var direction = (0..<n).map { i in -(0..<n).reduce(0) { $0 + inverse[i][$1] * slope[$1] } }
    var descent = zip(direction, slope).reduce(0) { $0 + $1.0 * $1.1 }
    if descent >= 0 {
      inverse = identity(n)
      direction = slope.map { -$0 }
      descent = -slope.reduce(0) { $0 + $1 * $1 }
    }
    if descent == 0 { break }
    let longest = direction.map { abs($0) }.max() ?? 0
    var step = longest > 2 ? 2 / longest : 1
    var (next, nextValue) = (x, Double.infinity)
    while step > 1e-12 {
      next = (0..<n).map { x[$0] + step * direction[$0] }
      nextValue = objective(next)
      if nextValue <= value + 1e-4 * step * descent { break }
      step /= 2
    }
    guard nextValue < value else { break }
    let gain = value - nextValue
    let nextSlope = gradient(next)
    let (s, y) = ((0..<n).map { next[$0] - x[$0] }, (0..<n).map { nextSlope[$0] - slope[$0] })
    (x, value, slope) = (next, nextValue, nextSlope)
    updateInverse(&inverse, s, y)
    if gain < 1e-12 * (1 + abs(value)), (slope.map { abs($0) }.max() ?? 0) < 1e-6 { break }
  }
  return Minimum(point: x, value: value)
}

private func identity(_ n: Int) -> [[Double]] {
  (0..<n).map { i in (0..<n).map { $0 == i ? 1 : 0 } }
}

/// H ← (I − s yᵀ/yᵀs) H (I − y sᵀ/yᵀs) + s sᵀ/yᵀs, skipped when the curvature is not positive.
private func updateInverse(_ h: inout [[Double]], _ s: [Double], _ y: [Double]) {
  let n = s.count
  let curvature = zip(s, y).reduce(0) { $0 + $1.0 * $1.1 }
  guard curvature > 1e-14 else { return }
  let hy = (0..<n).map { i in (0..<n).reduce(0) { $0 + h[i][$1] * y[$1] } }
  let yhy = zip(y, hy).reduce(0) { $0 + $1.0 * $1.1 }
  for i in 0..<n {
    for j in 0..<n {
      h[i][j] += (1 + yhy / curvature) * s[i] * s[j] / curvature - (hy[i] * s[j] + s[i] * hy[j]) / curvature
    }
  }
}
