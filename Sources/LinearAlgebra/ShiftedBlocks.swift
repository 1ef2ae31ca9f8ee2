internal import CLAPACKE

/// The weighted rows of a problem in cache-sized blocks: √w·(column − shift), the response last.
///
/// With an intercept in column 0 the shifts are means of a sample of rows, near enough to the true
/// means that cross products do not cancel; without one they are 0. Chunks of rows run on all cores
/// and are added up in order, so every result is the same at any thread count.
struct ShiftedBlocks {
  let problem: LinearModelProblem
  /// One per column of the design; 0 for the intercept.
  let shifts: [Double]
  let responseShift: Double
  private let chunks: [Range<Int>]
  private let width: Int
  private static let blockRows = 1024

  init(_ problem: LinearModelProblem) {
    let (n, p) = (problem.design.rows, problem.design.columns)
    precondition(problem.interceptColumn ?? 0 == 0, "the intercept comes first")
    self.problem = problem
    width = p + 1
    chunks = rowChunks(n, shortest: Self.blockRows)
    let sample = Array(stride(from: 0, to: n, by: max(1, n / 1024)))
    func mean(_ values: [Double], from start: Int) -> Double {
      sample.reduce(0) { $0 + values[start + $1] / Double(sample.count) }
    }
    let centred = problem.interceptColumn == 0
    shifts = (0..<p).map { centred && $0 > 0 ? mean(problem.design.elements, from: $0 * n) : 0 }
    responseShift = centred ? mean(problem.response, from: 0) : 0
  }

  /// Calls `body` for each block of each chunk: chunk, first row, rows, block (column-major, leading
  /// dimension `rows`). Blocks of one chunk come in order, on one thread.
  private func forEachBlock(
    extraRows: Int = 0,
    _ body: (_ chunk: Int, _ first: Int, _ rows: Int, _ block: UnsafeMutablePointer<Double>) -> Void
  ) {
    let n = problem.design.rows
    let roots = problem.weights?.map { $0.squareRoot() }
    problem.design.elements.withUnsafeBufferPointer { design in
      problem.response.withUnsafeBufferPointer { response in
        inParallel(chunks.count) { chunk in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: (Self.blockRows + extraRows) * width) {
            buffer in
            guard let block = buffer.baseAddress else { return }
            var first = chunks[chunk].lowerBound
            while first < chunks[chunk].upperBound {
              let rows = min(Self.blockRows, chunks[chunk].upperBound - first)
              let lead = rows + extraRows
              for j in 0..<width {
                let target = block + j * lead + extraRows
                let isResponse = j == width - 1
                let shift = isResponse ? responseShift : shifts[j]
                guard let source = isResponse ? response.baseAddress : design.baseAddress.map({ $0 + j * n })
                else {
                  return
                }
                for i in 0..<rows { target[i] = source[first + i] - shift }
                if let roots { for i in 0..<rows { target[i] *= roots[first + i] } }
              }
              body(chunk, first, rows, block)
              first += rows
            }
          }
        }
      }
    }
  }

  /// Z'Z of the shifted rows with the response as last column; upper half only.
  ///
  /// The intercept's products are the sums of the other columns, which the copy yields anyway; the rest
  /// is padded to a multiple of four columns, the width at which `dsyrk` is fastest.
  func crossProducts() -> Matrix {
    let head = problem.interceptColumn == nil ? 0 : 1
    let inner = width - head
    let padded = (inner + 3) / 4 * 4
    let size = padded * padded + width
    let n = problem.design.rows
    let roots = problem.weights?.map { $0.squareRoot() }
    var parts = [Double](repeating: 0, count: chunks.count * size)
    parts.withUnsafeMutableBufferPointer { parts in
      guard let base = parts.baseAddress else { return }
      withColumns { column in
        withOptionalPointer(roots) { roots in
          inParallel(chunks.count) { chunk in
            let (products, sums) = (base + chunk * size, base + chunk * size + padded * padded)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockRows * padded) { buffer in
              guard let block = buffer.baseAddress else { return }
              for first in stride(
                from: chunks[chunk].lowerBound, to: chunks[chunk].upperBound, by: Self.blockRows)
              {
                let rows = min(Self.blockRows, chunks[chunk].upperBound - first)
                for k in 0..<inner {
                  sums[k + head] += copyShifted(
                    column(k + head) + first, rows, shift: shift(k + head), roots: roots.map { $0 + first },
                    to: block + k * rows)
                }
                for k in inner * rows..<padded * rows { block[k] = 0 }
                cblas_dsyrk(
                  CblasColMajor, CblasUpper, CblasTrans, Int32(padded), Int32(rows), 1, block, Int32(rows), 1,
                  products, Int32(padded))
              }
            }
          }
        }
      }
    }
    var total = Matrix(rows: width, columns: width)
    for chunk in chunks.indices {
      for j in 0..<inner {
        for i in 0...j { total[i + head, j + head] += parts[chunk * size + j * padded + i] }
        if head == 1 { total[0, j + 1] += parts[chunk * size + padded * padded + j + 1] }
      }
    }
    if head == 1 { total[0, 0] = problem.weights.map { $0.reduce(0, +) } ?? Double(n) }
    return total
  }

  private func shift(_ j: Int) -> Double { j == width - 1 ? responseShift : shifts[j] }

  /// Column j of the design, the response last.
  private func withColumns(_ body: (_ column: (Int) -> UnsafePointer<Double>) -> Void) {
    let (n, p) = (problem.design.rows, width - 1)
    problem.design.elements.withUnsafeBufferPointer { design in
      problem.response.withUnsafeBufferPointer { response in
        guard let last = response.baseAddress else { return }
        let start = design.baseAddress ?? last
        body { $0 == p ? last : start + $0 * n }
      }
    }
  }

  /// R of Z = Q·R, response last: each chunk folds its blocks into one triangle, the chunks' triangles
  /// are folded in order (LAPACK `dgeqrt3`).
  func triangle() -> Matrix {
    let size = width * width
    var parts = [Double](repeating: 0, count: chunks.count * size)
    parts.withUnsafeMutableBufferPointer { parts in
      guard let base = parts.baseAddress else { return }
      forEachBlock(extraRows: width) { chunk, _, rows, block in
        fold(base + chunk * size, block, rows)
      }
    }
    var total = [Double](repeating: 0, count: size)
    total.withUnsafeMutableBufferPointer { total in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * size) { buffer in
        guard let base = total.baseAddress, let block = buffer.baseAddress else { return }
        for chunk in chunks.indices {
          for j in 0..<width {
            for i in 0..<width { block[j * 2 * width + width + i] = parts[chunk * size + j * width + i] }
          }
          fold(base, block, width)
        }
      }
    }
    return Matrix(rows: width, columns: width, elements: total)
  }

  /// triangle ← R of [triangle; rows of the block], whose first `width` rows are free for the triangle.
  private func fold(
    _ triangle: UnsafeMutablePointer<Double>, _ block: UnsafeMutablePointer<Double>, _ rows: Int
  ) {
    let lead = rows + width
    for j in 0..<width { for i in 0..<width { block[j * lead + i] = triangle[j * width + i] } }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width * width) { reflectors in
      let info = LAPACKE_dgeqrt3_work(
        LAPACK_COL_MAJOR, Int32(lead), Int32(width), block, Int32(lead), reflectors.baseAddress, Int32(width))
      precondition(info == 0, "dgeqrt3 refused argument \(-info)")
    }
    for j in 0..<width { for i in 0..<width { triangle[j * width + i] = i <= j ? block[j * lead + i] : 0 } }
  }

  /// Whether the cross products alone show every column and the response to be of a size that can be
  /// squared: a length is near the column's largest magnitude, a shift is never beyond it.
  func provesScale(_ products: Matrix) -> Bool {
    let safe = LinearModel.safeMagnitudes
    let rows = Double(problem.design.rows).squareRoot()
    return (0..<width).allSatisfy { j in
      let (length, shift) = (products[j, j].squareRoot(), abs(shift(j)))
      return length + shift <= safe.upperBound && max(shift, length / rows / 2) >= safe.lowerBound
    }
  }

  /// Lengths of the weighted columns before shifting, from the cross products of the shifted ones.
  func rawLengths(_ products: Matrix) -> [Double] {
    (0..<width - 1).map { j in
      let shift = shifts[j]
      let crossed = 2 * shift * products[0, j] + shift * shift * products[0, 0]
      return max(products[j, j] + (shift == 0 ? 0 : crossed), 0).squareRoot()
    }
  }

  /// r = y − Z·b for the kept columns, Σ w·r², and the slope Z'Wr that an exact answer makes zero.
  func residualPass(
    _ coefficients: [Double], kept: [Int]
  ) -> (residuals: [Double], sumOfSquares: Double, slope: [Double]) {
    let (n, size) = (problem.design.rows, kept.count + 1)
    var sums = [Double](repeating: 0, count: chunks.count * size)
    let residuals = largeArray(count: n) { residuals in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let out = residuals.baseAddress, let sums = sums.baseAddress else { return }
        withColumns { column in
          withOptionalPointer(problem.weights) { weights in
            inParallel(chunks.count) { chunk in
              withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockRows) { buffer in
                guard let weighted = buffer.baseAddress else { return }
                for first in stride(
                  from: chunks[chunk].lowerBound, to: chunks[chunk].upperBound, by: Self.blockRows)
                {
                  let rows = min(Self.blockRows, chunks[chunk].upperBound - first)
                  let r = out + first
                  _ = copyShifted(column(width - 1) + first, rows, shift: responseShift, roots: nil, to: r)
                  for (k, j) in kept.enumerated() {
                    subtractShifted(
                      column(j) + first, rows, shift: shifts[j], factor: coefficients[k], from: r)
                  }
                  if let weights {
                    for i in 0..<rows { weighted[i] = weights[first + i] * r[i] }
                  } else {
                    weighted.update(from: r, count: rows)
                  }
                  for (k, j) in kept.enumerated() {
                    sums[chunk * size + k] += shiftedDot(column(j) + first, rows, shift: shifts[j], weighted)
                  }
                  sums[chunk * size + size - 1] += shiftedDot(r, rows, shift: 0, weighted)
                }
              }
            }
          }
        }
      }
    }
    var total = [Double](repeating: 0, count: size)
    for chunk in chunks.indices { for k in 0..<size { total[k] += sums[chunk * size + k] } }
    return (residuals, total[size - 1], Array(total.dropLast()))
  }
}

func withOptionalPointer(_ values: [Double]?, _ body: (UnsafePointer<Double>?) -> Void) {
  guard let values else { return body(nil) }
  values.withUnsafeBufferPointer { body($0.baseAddress) }
}
