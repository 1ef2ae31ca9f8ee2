/// A dense matrix of doubles in column-major order, as BLAS and LAPACK want it.
public struct Matrix: Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  /// `elements[column * rows + row]`.
  public var elements: [Double]

  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(
      elements.count == rows * columns, "a \(rows) × \(columns) matrix has \(rows * columns) elements")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, elements: [Double](repeating: value, count: rows * columns))
  }

  /// From rows written out as in a book.
  public init(rowMajor: [[Double]]) {
    let columns = rowMajor.first?.count ?? 0
    self.init(rows: rowMajor.count, columns: columns)
    for (i, row) in rowMajor.enumerated() {
      precondition(row.count == columns, "row \(i) has \(row.count) elements, the first has \(columns)")
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  /// The square matrix with ones on its diagonal.
  public static func identity(_ order: Int) -> Matrix {
    var matrix = Matrix(rows: order, columns: order)
    for i in 0..<order { matrix[i, i] = 1 }
    return matrix
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[column * rows + row] }
    set { elements[column * rows + row] = newValue }
  }

  /// A copy of column `j`.
  public func column(_ j: Int) -> [Double] { Array(elements[j * rows..<(j + 1) * rows]) }
  /// A copy of row `i`.
  public func row(_ i: Int) -> [Double] { (0..<columns).map { self[i, $0] } }

  public var transposed: Matrix {
    var t = Matrix(rows: columns, columns: rows)
    for j in 0..<columns { for i in 0..<rows { t[j, i] = self[i, j] } }
    return t
  }
}
