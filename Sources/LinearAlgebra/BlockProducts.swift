internal import CLAPACKE

/// `product = left · right` (BLAS `dgemm`) on column-major blocks in place, for callers that keep
/// their own memory: left is rows × inner, right inner × columns, product rows × columns, none overlapping.
package func multiplyBlocks(
  rows: Int, inner: Int, columns: Int, _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>,
  into product: UnsafeMutablePointer<Double>
) {
  cblas_dgemm(
    CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, left,
    Int32(rows), right, Int32(inner), 0, product, Int32(rows))
}
