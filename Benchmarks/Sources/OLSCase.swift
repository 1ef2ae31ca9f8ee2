import Foundation
import Regression

/// Ordinary least squares with standard errors: intercept and 19 columns.
let olsCase = Case(
  name: "ols", work: "OLS n = 10⁶, p = 20, coefficients and SE",
  bars: ["numpy + scipy Cholesky with SE": 1, "statsmodels OLS": 8],
  prepare: { folder in
    var generator = DataGenerator(seed: 2)
    let n = 1_000_000
    var data = [Double](repeating: 0, count: 20 * n)
    for j in 1..<20 {
      for i in 0..<n {
        data[j * n + i] = generator.bell()
        data[i] += data[j * n + i] * Double(j) / 10
      }
    }
    for i in 0..<n { data[i] += 1 + generator.bell() }
    try write(data, to: folder.appending(path: "data.f64"))
  },
  contestants: [Contestant(name: "2 threads") { folder in try fitting(folder) }])

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
