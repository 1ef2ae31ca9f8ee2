/// Σ w·v over a column, Σ w·(v − mean)² and Σ w·v², on all cores; weights of 1 when nil.
package func weightedSum(_ values: [Double], weights: [Double]? = nil) -> Double {
  chunkSums(values, weights) { shiftedSum($0, $1, shift: 0, weights: $2) }
}

/// - Parameter centred: about the weighted mean instead of about 0.
package func weightedSquares(_ values: [Double], weights: [Double]? = nil, centred: Bool) -> Double {
  var centre = 0.0
  if centred, let first = values.first {
    // Twice, because the first mean of values far from 0 keeps few digits of their spread.
    let mass = weights.map { weightedSum($0) } ?? Double(values.count)
    for shift in [first, nil] {
      let about = shift ?? centre
      centre = about + chunkSums(values, weights) { shiftedSum($0, $1, shift: about, weights: $2) } / mass
    }
  }
  let about = centre
  return chunkSums(values, weights) { shiftedSquares($0, $1, shift: about, weights: $2) }
}

/// Adds up what `part` makes of fixed ranges of rows, in their order.
private func chunkSums(
  _ values: [Double], _ weights: [Double]?,
  _ part: (UnsafePointer<Double>, Int, UnsafePointer<Double>?) -> Double
) -> Double {
  precondition(weights?.count ?? values.count == values.count, "one weight per value")
  let chunks = rowChunks(values.count, shortest: 4096)
  var sums = [Double](repeating: 0, count: chunks.count)
  sums.withUnsafeMutableBufferPointer { sums in
    values.withUnsafeBufferPointer { values in
      withOptionalPointer(weights) { weights in
        guard let source = values.baseAddress else { return }
        inParallel(chunks.count) { c in
          let first = chunks[c].lowerBound
          sums[c] = part(source + first, chunks[c].count, weights.map { $0 + first })
        }
      }
    }
  }
  return sums.reduce(0, +)
}
