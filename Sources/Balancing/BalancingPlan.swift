/// How to run proportional fitting on tables of one shape with one set of margins.
///
/// Made once, used for many tables (draws, years): the layout work is done here and `balance` only
/// walks contiguous rows. Method: iterative proportional fitting, which finds the table with the
/// given margins that is nearest to the seed in Kullback–Leibler divergence and keeps its odds ratios;
/// with negative cells, generalised RAS. Each sweep scales by every margin in turn.
///
/// - Source: Deming & Stephan (1940); Stone (1961); Junius & Oosterhaven (2003) for GRAS.
public struct BalancingPlan: Sendable {
  /// Length of each axis; the last axis of a table runs fastest.
  public let shape: [Int]
  /// The axes of each margin, ascending; an empty list is the grand total.
  public let margins: [[Int]]

  /// Rows are runs along the longest axis.
  let rowLength: Int
  let rowCount: Int
  let layouts: [MarginLayout]
  /// Cell of the caller's table behind each of our cells; nil when the order is the same.
  let order: [Int]?

  struct MarginLayout {
    let size: Int
    /// Whether the margin keeps the axis along which rows run.
    let followsRow: Bool
    /// First margin cell of each row.
    let offsets: [Int]
    /// Caller's margin cell behind each of our margin cells; nil when the order is the same.
    let order: [Int]?
  }

  /// - Parameters:
  ///   - shape: length of each axis, all ≥ 1.
  ///   - margins: axes that each margin keeps, ascending, in the order in which they are fitted.
  public init(shape: [Int], margins: [[Int]]) {
    precondition(shape.allSatisfy { $0 >= 1 }, "an axis without labels")
    precondition(
      margins.allSatisfy { zip($0, $0.dropFirst()).allSatisfy(<) && $0.allSatisfy(shape.indices.contains) },
      "margins list existing axes in ascending order")
    self.shape = shape
    self.margins = margins
    let run = Self.rowAxis(shape)
    let outer = shape.indices.filter { $0 != run }
    let internalOrder = outer + (run.map { [$0] } ?? [])
    let isSame = internalOrder == Array(shape.indices)
    let length = run.map { shape[$0] } ?? 1
    let count = outer.reduce(1) { $0 * shape[$1] }
    rowLength = length
    rowCount = count
    order = isSame ? nil : Self.positions(of: internalOrder, in: Array(shape.indices), shape)
    layouts = margins.map { kept in
      let keptInside = internalOrder.filter(kept.contains)
      let follows = run.map(kept.contains) ?? false
      let size = kept.reduce(1) { $0 * shape[$1] }
      return MarginLayout(
        size: size, followsRow: follows,
        offsets: Self.offsets(outer, keptInside, shape),
        order: keptInside == kept ? nil : Self.positions(of: keptInside, in: kept, shape))
    }
  }

  public var cellCount: Int { rowLength * rowCount }

  /// The last axis when it is long enough for a good inner loop, else the longest.
  private static func rowAxis(_ shape: [Int]) -> Int? {
    guard let last = shape.indices.last else { return nil }
    let longest = shape.indices.reduce(last) { shape[$1] > shape[$0] ? $1 : $0 }
    return shape[last] >= 16 ? last : longest
  }

  /// Positions in a table over `axes` (that order) met when walking a table over `walk`.
  private static func positions(of walk: [Int], in axes: [Int], _ shape: [Int]) -> [Int] {
    var stride: [Int: Int] = [:]
    var step = 1
    for axis in axes.reversed() {
      stride[axis] = step
      step *= shape[axis]
    }
    return walked(walk.map { (shape[$0], stride[$0] ?? 0) })
  }

  /// For each row (a walk over `outer`) the first cell of a margin laid out over `kept`.
  private static func offsets(_ outer: [Int], _ kept: [Int], _ shape: [Int]) -> [Int] {
    positions(of: outer, in: kept, shape)
  }

  /// The sums of steps met when counting through the lengths, last fastest.
  private static func walked(_ axes: [(length: Int, step: Int)]) -> [Int] {
    var positions = [0]
    for axis in axes {
      var next: [Int] = []
      next.reserveCapacity(positions.count * axis.length)
      for start in positions { for i in 0..<axis.length { next.append(start + i * axis.step) } }
      positions = next
    }
    return positions
  }

  func gathered(_ values: [Double], _ order: [Int]?) -> [Double] {
    guard let order else { return values }
    return [Double](unsafeUninitializedCapacity: order.count) { places, count in
      for i in 0..<order.count { places.initializeElement(at: i, to: values[order[i]]) }
      count = order.count
    }
  }

  func scattered(_ values: [Double]) -> [Double] {
    guard let order else { return values }
    var out = [Double](repeating: 0, count: values.count)
    out.withUnsafeMutableBufferPointer { out in
      for i in 0..<order.count { out[order[i]] = values[i] }
    }
    return out
  }
}
