/// Sums over draws, run by run: the inner loops of every total, on plain buffers so that they vectorise.

/// Adds `a · b · factor` to `sum`.
func addProduct(_ a: [Double], _ b: [Double], times factor: Double = 1, to sum: inout [Double]) {
  precondition(a.count == sum.count && b.count == sum.count)
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      sum.withUnsafeMutableBufferPointer { sum in
        for run in sum.indices { sum[run] += a[run] * b[run] * factor }
      }
    }
  }
}

/// Adds `a` to `sum`.
func add(_ a: [Double], to sum: inout [Double]) {
  precondition(a.count == sum.count)
  a.withUnsafeBufferPointer { a in
    sum.withUnsafeMutableBufferPointer { sum in
      for run in sum.indices { sum[run] += a[run] }
    }
  }
}

/// Divides `values` by `divisors`.
func divide(_ values: inout [Double], by divisors: [Double]) {
  precondition(values.count == divisors.count)
  divisors.withUnsafeBufferPointer { divisors in
    values.withUnsafeMutableBufferPointer { values in
      for run in values.indices { values[run] /= divisors[run] }
    }
  }
}
