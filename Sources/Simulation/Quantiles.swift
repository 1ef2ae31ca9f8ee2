/// Sample quantiles at several probabilities at once (Hyndman & Fan type 7, the default of R and numpy).
///
///     h = (n − 1)·p;  Q(p) = x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)
///
/// - Parameters:
///   - values: the sample, in any order; unchanged.
///   - probabilities: each in 0...1, in any order.
/// - Returns: one quantile per probability; NaN when the sample is empty or holds a NaN.
/// - Source: Hyndman & Fan (1996), *The American Statistician* 50(4). Expected time O(n + k log k).
public func quantiles(_ values: [Double], at probabilities: [Double]) -> [Double] {
  var copy = values
  return copy.withUnsafeMutableBufferPointer { quantiles(reordering: $0, at: probabilities) }
}

/// One quantile; see `quantiles(_:at:)`.
public func quantile(_ values: [Double], at probability: Double) -> Double {
  quantiles(values, at: [probability])[0]
}

/// As `quantiles(_:at:)`, without a copy: the buffer is left in another order.
package func quantiles(
  reordering values: UnsafeMutableBufferPointer<Double>, at probabilities: [Double]
) -> [Double] {
  precondition(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 }, "a probability lies in 0...1")
  let n = values.count
  guard n > 0, !values.contains(where: \.isNaN) else { return probabilities.map { _ in .nan } }
  var ranks: [Int] = []
  for p in probabilities {
    let low = Int(Double(n - 1) * p)
    ranks.append(low)
    if low + 1 < n { ranks.append(low + 1) }
  }
  ranks.sort()
  select(values, 0, n, ranks[...])
  return probabilities.map { p in
    let h = Double(n - 1) * p
    let low = Int(h)
    let (below, above) = (values[low], values[min(low + 1, n - 1)])
    return below == above || h == Double(low) ? below : below + (h - Double(low)) * (above - below)
  }
}

/// Moves the order statistics of the given ranks to their places within `first..<last`.
private func select(
  _ x: UnsafeMutableBufferPointer<Double>, _ first: Int, _ last: Int, _ ranks: ArraySlice<Int>
) {
  var (first, last, ranks) = (first, last, ranks)
  var turns = 0
  while let lowest = ranks.first, let highest = ranks.last, last - first > 1 {
    turns += 1
    if last - first <= 16 || turns > 64 {  // a hostile order cannot make it quadratic
      x[first..<last].sort()
      return
    }
    let (less, more) = partition(x, first, last)
    // x[first..<less] < pivot, x[less..<more] == pivot, x[more..<last] > pivot
    if highest < less {
      last = less
    } else if lowest >= more {
      first = more
    } else {
      let left = ranks.prefix { $0 < less }
      if !left.isEmpty { select(x, first, less, left) }
      ranks = ranks.drop { $0 < more }
      first = more
    }
  }
}

/// Partition about the median of three: below the pivot, then equal to it (told apart only when nothing is below), then the rest.
///
/// The loops swap without a branch on the data, which a processor could only guess.
private func partition(
  _ x: UnsafeMutableBufferPointer<Double>, _ first: Int, _ last: Int
) -> (less: Int, more: Int) {
  let (a, b, c) = (x[first], x[first + (last - first) / 2], x[last - 1])
  let pivot = max(min(a, b), min(max(a, b), c))
  func gather(from start: Int, _ belongs: (Double) -> Bool) -> Int {
    var end = start
    for at in start..<last {
      let value = x[at]
      x[at] = x[end]
      x[end] = value
      end += belongs(value) ? 1 : 0
    }
    return end
  }
  let less = gather(from: first) { $0 < pivot }
  return less > first ? (less, less) : (first, gather(from: first) { $0 <= pivot })
}
