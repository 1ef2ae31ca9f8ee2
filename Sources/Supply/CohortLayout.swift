/// How a frame's cells lie in memory: blocks of one age, in them rows of one region, in them `width`
/// cells made of `groups` runs of `run` cells that share all exit rates and report to one node.
struct CohortLayout: Sendable {
  let frame: CohortFrame
  let ages: Int
  let regions: Int
  /// Cells of one age and region.
  let width: Int
  let run: Int
  var groups: Int { width / run }
  var block: Int { regions * width }
  /// Share of each age group that grows out of it in a year.
  let ageing: [Double]
  let hasAges: Bool
  /// Axes inside a region's row with their strides.
  let inner: [(axis: CohortAxis, size: Int, stride: Int)]

  /// - Parameter told: axes on which some exit rate depends, or which are reported.
  init(_ frame: CohortFrame, told: Set<CohortAxis>) {
    self.frame = frame
    hasAges = !frame.ages.isEmpty
    ages = frame.size(.age)
    regions = frame.size(.region)
    width = frame.cellCount / (ages * regions)
    ageing = hasAges ? frame.ages.map(\.ageingShare) : [0]
    let steps = frame.strides
    inner = frame.axes.indices.compactMap { i in
      frame.axes[i] > .region ? (frame.axes[i], frame.members[i].count, steps[i]) : nil
    }
    run = inner.filter { told.contains($0.axis) && $0.size > 1 }.map(\.stride).min() ?? width
  }

  /// The cell of `nodes` to which each (region, group) reports.
  func nodes(of frame: CohortFrame) throws(SupplyError) -> [Int] {
    let all = try self.frame.cells(in: frame, purpose: "report")
    return (0..<regions * groups).map { all[$0 * run] }
  }
}
