import Glibc

/// An array that `fill` writes whole. A large one lies on huge pages where the system grants them on
/// request, as numpy's do: reading columns that are megabytes apart then waits less for page tables.
package func largeArray(count: Int, _ fill: (UnsafeMutableBufferPointer<Double>) -> Void) -> [Double] {
  [Double](unsafeUninitializedCapacity: count) { buffer, filled in
    let (page, bytes) = (4096, count * MemoryLayout<Double>.stride)
    if bytes >= 4 << 20, let start = UnsafeMutableRawPointer(buffer.baseAddress)?.alignedUp(toMultipleOf: page) {
      // Advice: where it is refused, nothing is lost.
      _ = madvise(start, bytes - page, MADV_HUGEPAGE)
    }
    fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
    filled = count
  }
}

/// Columns one after another, on all cores.
package func joined(columns: [[Double]]) -> [Double] {
  let starts = columns.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  return largeArray(count: starts[columns.count]) { target in
    inParallel(columns.count) { j in
      columns[j].withUnsafeBufferPointer { column in
        guard let source = column.baseAddress, let start = target.baseAddress else { return }
        (start + starts[j]).update(from: source, count: column.count)
      }
    }
  }
}
