/// One axis of a table: its name and its labels in order.
public struct NamedAxis: Hashable, Sendable {
  public let name: String
  public let labels: [String]

  /// - Parameter labels: distinct; their order is the order of the values.
  public init(_ name: String, _ labels: [String]) {
    precondition(Set(labels).count == labels.count, "the labels of axis \(name) are not distinct")
    self.name = name
    self.labels = labels
  }

  /// Place of a label on the axis, from 0; nil when it is not there.
  public func position(of label: String) -> Int? { labels.firstIndex(of: label) }
}

/// A dense table of numbers over named axes; the last axis runs fastest.
public struct NamedArray: Equatable, Sendable {
  public let axes: [NamedAxis]
  /// One value a cell, last axis fastest; a table over no axis holds one value.
  public var values: [Double]

  /// - Parameter values: as many as the product of the axes' lengths.
  public init(axes: [NamedAxis], values: [Double]) {
    let size = axes.reduce(1) { $0 * $1.labels.count }
    precondition(values.count == size, "\(size) cells need \(size) values, not \(values.count)")
    precondition(Set(axes.map(\.name)).count == axes.count, "two axes have the same name")
    self.axes = axes
    self.values = values
  }

  public init(axes: [NamedAxis], repeating value: Double = 0) {
    self.init(
      axes: axes,
      values: [Double](repeating: value, count: axes.reduce(1) { $0 * $1.labels.count }))
  }

  public var axisNames: [String] { axes.map(\.name) }
  public var total: Double { values.reduce(0, +) }

  /// Cells passed when the position on each axis moves by one.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: axes.count)
    for a in axes.indices.dropLast().reversed() { strides[a] = strides[a + 1] * axes[a + 1].labels.count }
    return strides
  }

  /// The labels of a cell, one an axis.
  public func labels(at cell: Int) -> [String] {
    var rest = cell
    var labels = [String](repeating: "", count: axes.count)
    for a in axes.indices.reversed() {
      let length = axes[a].labels.count
      labels[a] = axes[a].labels[rest % length]
      rest /= length
    }
    return labels
  }

  /// The cell with these labels (one an axis, in the order of the axes), or nil when a label is unknown.
  public func cell(_ labels: [String]) -> Int? {
    precondition(labels.count == axes.count, "one label an axis")
    var cell = 0
    for (axis, label) in zip(axes, labels) {
      guard let position = axis.position(of: label) else { return nil }
      cell = cell * axis.labels.count + position
    }
    return cell
  }

  /// The value with these labels; nil when a label is unknown.
  public subscript(labels: String...) -> Double? { cell(labels).map { values[$0] } }

  /// For each cell, the cell of the table over `names` that it adds into.
  public func cells(over names: [String]) -> [Int] {
    let kept = names.map { name in
      guard let axis = axes.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("no axis \(name)")
      }
      return axis
    }
    var steps = [Int](repeating: 0, count: axes.count)
    var step = 1
    for axis in kept.reversed() {
      steps[axis] = step
      step *= axes[axis].labels.count
    }
    var position = [Int](repeating: 0, count: axes.count)
    var target = 0
    var targets = [Int](repeating: 0, count: values.count)
    for cell in values.indices {
      targets[cell] = target
      for a in axes.indices.reversed() {
        position[a] += 1
        target += steps[a]
        if position[a] < axes[a].labels.count { break }
        target -= steps[a] * position[a]
        position[a] = 0
      }
    }
    return targets
  }

  /// Sums over every axis that is not named; the result has the named axes in the order given.
  public func marginal(over names: [String]) -> NamedArray {
    var sum = NamedArray(axes: names.compactMap { name in axes.first { $0.name == name } })
    for (cell, target) in cells(over: names).enumerated() { sum.values[target] += values[cell] }
    return sum
  }
}

/// A label without the blanks (also full-width ones) that padded tables carry around it: two labels
/// with the same one are the same label.
public func unpadded(_ label: String) -> String {
  guard let first = label.first, let last = label.last, first.isWhitespace || last.isWhitespace else { return label }
  let tail = label.drop(while: \.isWhitespace)
  return String(tail.prefix(tail.count - tail.reversed().prefix(while: \.isWhitespace).count))
}
