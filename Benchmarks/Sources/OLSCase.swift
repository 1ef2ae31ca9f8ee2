import Foundation
import Regression

/// Ordinary least squares with standard errors: intercept and 19 columns.
let olsCase = Case(
  name: "ols", work: "OLS n = 10⁶, p = 20, coefficients and SE",
  bars: ["numpy + scipy Cholesky with SE": 1, "statsmodels OLS": 8],
  prepare: { folder in try writeData(to: folder, closeness: 1) },
  contestants: [Contestant(name: "2 threads") { folder in try fitting(folder) }])

/// The same on data that cross products cannot resolve: the last column is the one before it to within
/// one part in ten million, so that the fast route must refuse and the orthogonal one answers.
let olsQRCase = Case(
  name: "qr", work: "OLS n = 10⁶, p = 20, condition 10⁷: QR, coefficients and SE",
  bars: ["numpy QR with SE": 1 / 0.6],
  prepare: { folder in try writeData(to: folder, closeness: 1e-7) },
  contestants: [Contestant(name: "2 threads") { folder in try fitting(folder) }])

/// A response and 19 columns; the last column is the one before it plus `closeness` parts of noise.
private func writeData(to folder: URL, closeness: Double) throws {
  var generator = DataGenerator(seed: 2)
  let n = 1_000_000
  var data = [Double](repeating: 0, count: 20 * n)
  for j in 1..<20 {
    for i in 0..<n {
      let noise = generator.bell()
      data[j * n + i] = j == 19 && closeness < 1 ? data[18 * n + i] + closeness * noise : noise
      data[i] += data[j * n + i] * Double(j) / 10
    }
  }
  for i in 0..<n { data[i] += 1 + generator.bell() }
  try write(data, to: folder.appending(path: "data.f64"))
}

private func fitting(_ folder: URL) throws -> () throws -> Double {
  let data = try readNumbers(folder.appending(path: "data.f64"))
  let n = data.count / 20
  let columns = (1..<20).map { (name: "x\($0)", values: Array(data[$0 * n..<($0 + 1) * n])) }
  let input = RegressionInput(response: Array(data[..<n]), columns: columns)
  return {
    let fit = try regress(input)
    return fit.coefficients.reduce(0) { $0 + $1.estimate + $1.standardError }
  }
}
