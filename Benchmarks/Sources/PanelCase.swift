import Foundation
import Regression

/// Firm and year effects swept out, three regressors, standard errors clustered by firm.
let panelCase = Case(
  name: "panel", work: "two-way fixed effects n = 10⁶, balanced, clustered SE", bars: ["pyfixest": 5],
  prepare: { folder in try writePanel(to: folder) { row, _ in (row / 100, row % 100) } },
  contestants: contestants)

/// The same with firms and years thrown at random, where the sweep has to iterate.
let randomPanelCase = Case(
  name: "panelrandom", work: "two-way fixed effects n = 10⁶, random ids, clustered SE", bars: ["pyfixest": 2],
  prepare: { folder in
    try writePanel(to: folder) { _, generator in (generator.below(50_000), generator.below(1000)) }
  },
  contestants: contestants)

private let contestants = [Contestant(name: "2 threads") { folder in try fitting(folder) }]

private func writePanel(
  to folder: URL, ids: (Int, inout DataGenerator) -> (firm: Int, year: Int)
) throws {
  var generator = DataGenerator(seed: 3)
  let n = 1_000_000
  var data = [Double](repeating: 0, count: 6 * n)
  for i in 0..<n {
    let (firm, year) = ids(i, &generator)
    let effect = Double(firm % 97) / 10 + Double(year % 13) / 5
    for k in 1...3 { data[k * n + i] = generator.bell() + effect / Double(k) }
    data[i] = data[n + i] - 0.5 * data[2 * n + i] + 0.25 * data[3 * n + i] + effect + generator.bell()
    (data[4 * n + i], data[5 * n + i]) = (Double(firm), Double(year))
  }
  try write(data, to: folder.appending(path: "data.f64"))
}

private func fitting(_ folder: URL) throws -> () throws -> Double {
  let data = try readNumbers(folder.appending(path: "data.f64"))
  let n = data.count / 6
  func column(_ k: Int) -> [Double] { Array(data[k * n..<(k + 1) * n]) }
  let input = RegressionInput(
    response: column(0), columns: (1...3).map { ("x\($0)", column($0)) }, intercept: false)
  let (firms, years) = (column(4).map { Int32($0) }, column(5).map { Int32($0) })
  return {
    let firm = Grouping(name: "firm", codes: firms)
    var options = RegressionOptions()
    options.absorb = [firm, Grouping(name: "year", codes: years)]
    options.covariance = .clustered([firm])
    let fit = try regress(input, options)
    return fit.coefficients.reduce(0) { $0 + $1.estimate + $1.standardError }
  }
}
