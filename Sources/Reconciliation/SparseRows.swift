import LinearAlgebra

/// A sparse matrix by rows, made for constraints: few entries a row, mostly ±1.
struct SparseRows: Sendable {
  let columnCount: Int
  private(set) var starts = [0]
  private(set) var columns: [Int] = []
  private(set) var values: [Double] = []

  init(columnCount: Int) { self.columnCount = columnCount }

  var rowCount: Int { starts.count - 1 }

  mutating func append(_ entries: some Sequence<(column: Int, value: Double)>) {
    for entry in entries {
      columns.append(entry.column)
      values.append(entry.value)
    }
    starts.append(columns.count)
  }

  /// C·X, X dense.
  func times(_ x: Matrix) -> Matrix {
    precondition(x.rows == columnCount, "X has a row for every column of C")
    var product = [Double](repeating: 0, count: rowCount * x.columns)
    let (starts, columns, values, elements) = (starts, columns, values, x.elements)
    for k in 0..<x.columns {
      let (from, to) = (k * x.rows, k * rowCount)
      for row in 0..<rowCount {
        var sum = 0.0
        for e in starts[row]..<starts[row + 1] { sum += values[e] * elements[from + columns[e]] }
        product[to + row] = sum
      }
    }
    return Matrix(rows: rowCount, columns: x.columns, elements: product)
  }

  /// Cᵀ·Z, Z dense.
  func transposeTimes(_ z: Matrix) -> Matrix {
    precondition(z.rows == rowCount, "Z has a row for every row of C")
    var product = [Double](repeating: 0, count: columnCount * z.columns)
    let (starts, columns, values, elements) = (starts, columns, values, z.elements)
    for k in 0..<z.columns {
      let (from, to) = (k * z.rows, k * columnCount)
      for row in 0..<rowCount {
        let factor = elements[from + row]
        for e in starts[row]..<starts[row + 1] { product[to + columns[e]] += values[e] * factor }
      }
    }
    return Matrix(rows: columnCount, columns: z.columns, elements: product)
  }

  /// C·diag(d)·Cᵀ, dense.
  func weighted(by d: [Double]) -> Matrix {
    precondition(d.count == columnCount, "one weight a column")
    var (byColumnStarts, rows, coefficients) = ([Int](repeating: 0, count: columnCount + 1), columns, values)
    for column in columns { byColumnStarts[column + 1] += 1 }
    for column in 0..<columnCount { byColumnStarts[column + 1] += byColumnStarts[column] }
    var next = byColumnStarts
    for row in 0..<rowCount {
      for e in starts[row]..<starts[row + 1] {
        let at = next[columns[e]]
        rows[at] = row
        coefficients[at] = values[e]
        next[columns[e]] += 1
      }
    }
    var product = [Double](repeating: 0, count: rowCount * rowCount)
    for column in 0..<columnCount where d[column] != 0 {
      let entries = byColumnStarts[column]..<byColumnStarts[column + 1]
      for e in entries {
        let scaled = d[column] * coefficients[e]
        let base = rows[e] * rowCount
        for f in entries { product[base + rows[f]] += scaled * coefficients[f] }
      }
    }
    return Matrix(rows: rowCount, columns: rowCount, elements: product)
  }
}
