import Dimensions

/// A run of many draws is made in sections of equal size, one after the other, so that its memory does not grow
/// with the draws. Up to `mostAtOnce` draws there is one section and every quantile is that of all draws.
extension RunOptions {
  /// The run's parts: consecutive draws, as equal as can be.
  var sections: [RunOptions] {
    let count = max(1, (draws + mostAtOnce - 1) / mostAtOnce)
    return (0..<count).map { part in
      var section = self
      let before = draws * part / count
      section.firstDraw = firstDraw + before
      section.draws = draws * (part + 1) / count - before
      return section
    }
  }

  /// In how many sections the draws of a run are made.
  public var sectionCount: Int { sections.count }
}

/// Cells of a run from those of its sections: means and shares of draws are those of all draws, and what is made of
/// means is made of them again; a quantile is the mean of the sections' quantiles, weighted by their draws.
///
/// The mean of K sample quantiles of n draws has the spread of the quantile of all K·n draws to first order, and a
/// bias of order 1/n that more sections do not remove (Asmussen & Glynn 2007, *Stochastic Simulation*, III.5).
struct SectionMeans {
  private var cells: [ResultCell] = []
  /// Value, then the quantiles in the order of `Fan.probabilities`; each times its section's draws.
  private var sums: [SIMD8<Double>] = []
  private var draws = 0.0
  private var sections = 0

  mutating func add(_ section: [ResultCell], draws: Int) {
    precondition(cells.isEmpty || cells.count == section.count, "every section has the same cells")
    if cells.isEmpty {
      cells = section
      sums = [SIMD8<Double>](repeating: .zero, count: section.count)
    }
    for (at, cell) in section.enumerated() {
      sums[at] += SIMD8(cell.value, cell.p025, cell.p10, cell.p50, cell.p90, cell.p975, 0, 0) * Double(draws)
    }
    self.draws += Double(draws)
    sections += 1
  }

  /// One section's cells are the run's, to the last bit.
  ///
  /// - Parameter nation: whose requirement a place's specialisation is measured against.
  func means(nation: RegionCode?) -> [ResultCell] {
    guard sections > 1 else { return cells }
    let whole = zip(cells, sums).map { cell, sum in
      let mean = sum / draws
      var whole = cell
      whole.value = rounded(mean[0], 6)
      let fine = cellDecimals
      (whole.p025, whole.p10, whole.p50) = (rounded(mean[1], fine), rounded(mean[2], fine), rounded(mean[3], fine))
      (whole.p90, whole.p975) = (rounded(mean[4], fine), rounded(mean[5], fine))
      return whole
    }
    return madeOfMeans(whole, nation: nation)
  }
}

/// So many of the values that stand for all of them: order statistics at equal steps of probability.
func thinned(_ values: [Double], to count: Int) -> [Double] {
  guard count < values.count else { return values }
  let sorted = values.sorted()
  return (0..<count).map { sorted[(2 * $0 + 1) * sorted.count / (2 * count)] }
}
