internal import CLAPACKE

extension Matrix {
  /// Σᵢ factorᵢ² · xᵢxᵢ' over rows xᵢ: the meat of heteroskedasticity-robust covariances.
  package func scaledGram(_ factors: [Double]) -> Matrix {
    precondition(factors.count == rows, "one factor per row")
    let (chunks, width, block) = (rowChunks(rows, shortest: 1024), columns, 1024)
    let size = width * width
    var parts = [Double](repeating: 0, count: chunks.count * size)
    if size == 0 { return Matrix(rows: 0, columns: 0) }
    BLASThreads.single {
      parts.withUnsafeMutableBufferPointer { parts in
        elements.withUnsafeBufferPointer { elements in
          guard let out = parts.baseAddress, let source = elements.baseAddress else { return }
          inParallel(chunks.count) { c in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: block * width) { buffer in
              guard let work = buffer.baseAddress else { return }
              for first in stride(from: chunks[c].lowerBound, to: chunks[c].upperBound, by: block) {
                let count = min(block, chunks[c].upperBound - first)
                for j in 0..<width {
                  let column = source + j * rows + first
                  for i in 0..<count { work[j * count + i] = column[i] * factors[first + i] }
                }
                cblas_dsyrk(
                  CblasColMajor, CblasUpper, CblasTrans, Int32(width), Int32(count), 1, work, Int32(count), 1,
                  out + c * size, Int32(width))
              }
            }
          }
        }
      }
    }
    var total = Matrix(rows: width, columns: width)
    for c in chunks.indices { for k in 0..<size { total.elements[k] += parts[c * size + k] } }
    for j in 0..<width { for i in 0..<j { total[j, i] = total[i, j] } }
    return total
  }

  /// ‖xᵢ'·T‖² for every row xᵢ: leverages when T is R⁻¹.
  package func rowSquaredLengths(times triangle: Matrix) -> [Double] {
    var lengths = [Double](repeating: 0, count: rows)
    let chunks = rowChunks(rows, shortest: 1024)
    if rows == 0 || columns == 0 { return lengths }
    BLASThreads.single {
      lengths.withUnsafeMutableBufferPointer { lengths in
        elements.withUnsafeBufferPointer { elements in
          guard let out = lengths.baseAddress, let source = elements.baseAddress else { return }
          inParallel(chunks.count) { c in
            let (first, count, width) = (chunks[c].lowerBound, chunks[c].count, triangle.columns)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 1024 * width) { buffer in
              guard let work = buffer.baseAddress else { return }
              for start in stride(from: first, to: first + count, by: 1024) {
                let m = min(1024, first + count - start)
                cblas_dgemm(
                  CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(width), Int32(columns), 1,
                  source + start,
                  Int32(rows), triangle.elements, Int32(triangle.rows), 0, work, Int32(m))
                for k in 0..<width { for i in 0..<m { out[start + i] += work[k * m + i] * work[k * m + i] } }
              }
            }
          }
        }
      }
    }
    return lengths
  }

  /// Σ factorᵢ · xᵢ over the rows of each group: groups × columns.
  package func groupedSums(_ factors: [Double], codes: [Int32], groups: Int) -> Matrix {
    precondition(factors.count == rows && codes.count == rows, "one factor and code per row")
    var sums = Matrix(rows: groups, columns: columns)
    sums.elements.withUnsafeMutableBufferPointer { sums in
      elements.withUnsafeBufferPointer { elements in
        factors.withUnsafeBufferPointer { factors in
          codes.withUnsafeBufferPointer { codes in
            guard let out = sums.baseAddress, let source = elements.baseAddress else { return }
            inParallel(columns) { j in
              let (target, column) = (out + j * groups, source + j * rows)
              for i in 0..<rows { target[Int(codes[i])] += column[i] * factors[i] }
            }
          }
        }
      }
    }
    return sums
  }
}
