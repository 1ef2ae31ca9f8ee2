import Foundation
import LinearAlgebra
import Messages

extension SolvedRows {
  func neweyWestMeat(lags: Int, panel: PanelIndex?) throws(RegressionError) -> Matrix {
    let rows = design.rows
    let given = panel ?? PanelIndex(entity: Grouping(name: "all", codes: [Int32](repeating: 0, count: rows)), time: nil)
    let index = panel == nil ? given : source.panel(given)
    guard let index else { throw .needsPanel("NW") }
    try requireReach("NW", lags, index.longestSpan, isDated: index.time != nil)
    let order = index.sortedRows
    var scores = Matrix(rows: rows, columns: design.columns)
    for j in 0..<design.columns {
      for (i, row) in order.enumerated() { scores[i, j] = design[row, j] * scoreFactors[row] }
    }
    return scores.bartlettSum(
      lags: lags, entity: order.map { index.entity.codes[$0] }, period: order.map { index.period[$0] })
  }

  func driscollKraayMeat(lags: Int, panel: PanelIndex?) throws(RegressionError) -> Matrix {
    guard let panel, panel.time != nil, let index = source.panel(panel) else { throw .needsPanel("DK") }
    let periods = Set(index.period).sorted()
    try requireReach("DK", lags, (periods.last ?? 0) - (periods.first ?? 0) + 1, isDated: true)
    let place = Dictionary(uniqueKeysWithValues: periods.enumerated().map { ($1, Int32($0)) })
    let sums = design.groupedSums(scoreFactors, codes: index.period.map { place[$0] ?? 0 }, groups: periods.count)
    return sums.bartlettSum(lags: lags, entity: [Int32](repeating: 0, count: periods.count), period: periods)
  }

  /// Lags that reach beyond the longest series find no pair of rows: they only shrink the weights of the others.
  private func requireReach(_ name: String, _ lags: Int, _ span: Int, isDated: Bool) throws(RegressionError) {
    guard lags >= span, lags > 0 else { return }
    let unit = isDated ? Bilingual(zh: "期", en: "periods") : Bilingual(zh: "行", en: "rows")
    throw .unsupported(
      Bilingual(
        zh: "\(name):\(lags) 的带宽不小于样本：最长的序列只有 \(span) \(unit.zh)",
        en: "the bandwidth of \(name):\(lags) is as long as the sample: the longest series has \(span) \(unit.en)"),
      hint: Bilingual(
        zh: "滞后应小于 \(span)；常用的是 4·(T/100)^(2/9)，这里约为 \(usual(span))",
        en: "use fewer than \(span) lags; the usual choice, 4·(T/100)^(2/9), is about \(usual(span)) here"))
  }

  /// Newey & West (1994), rounded down.
  private func usual(_ span: Int) -> Int { span < 2 ? 0 : min(span - 1, Int(4 * pow(Double(span) / 100, 2.0 / 9))) }
}

extension RowSource {
  /// Who and when the solved rows are; nil when they stand for several.
  func panel(_ index: PanelIndex) -> PanelIndex? {
    switch self {
    case .same: index
    case .rows(let rows): index.rows(rows)
    case .merged: nil
    }
  }
}

extension Matrix {
  /// Γ₀ + Σ wₗ (Γₗ + Γₗ'), wₗ = 1 − l/(lags + 1), Γₗ = Σ sᵢ sⱼ' over the rows j of i's entity that are l periods
  /// before i. Rows are sorted by entity and period.
  fileprivate func bartlettSum(lags: Int, entity: [Int32], period: [Int]) -> Matrix {
    var total = gram
    for lag in 1..<max(lags + 1, 1) {
      var earlier = Matrix(rows: rows, columns: columns)
      var first = 0
      for i in 0..<rows {
        let wanted = period[i] - lag
        while entity[first] < entity[i] || (entity[first] == entity[i] && period[first] < wanted) { first += 1 }
        var j = first
        while j < rows, entity[j] == entity[i], period[j] == wanted {
          for c in 0..<columns { earlier[i, c] += self[j, c] }
          j += 1
        }
      }
      let product = times(earlier, transposeSelf: true)
      let weight = 1 - Double(lag) / Double(lags + 1)
      for j in 0..<columns {
        for i in 0..<columns { total[i, j] += weight * (product[i, j] + product[j, i]) }
      }
    }
    return total
  }
}
