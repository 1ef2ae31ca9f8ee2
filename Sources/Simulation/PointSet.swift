/// Points of the unit cube, one row a point.
public struct PointSet: Sendable {
  public let count: Int
  public let dimensions: Int
  /// Row by row.
  public let coordinates: [Double]

  init(count: Int, dimensions: Int, coordinates: [Double]) {
    precondition(coordinates.count == count * dimensions, "one coordinate a point and dimension")
    self.count = count
    self.dimensions = dimensions
    self.coordinates = coordinates
  }

  public subscript(point: Int, dimension: Int) -> Double { coordinates[point * dimensions + dimension] }

  public subscript(point: Int) -> ArraySlice<Double> {
    coordinates[point * dimensions..<(point + 1) * dimensions]
  }
}

/// Latin hypercube: in every dimension exactly one of `count` points falls in each of `count` equal strata.
///
/// - Parameter stream: draw = point, year = dimension; the same stream gives the same points.
/// - Source: McKay, Beckman & Conover (1979), *Technometrics* 21.
public func latinHypercube(count: Int, dimensions: Int, stream: RandomStream) -> PointSet {
  precondition(count >= 0 && dimensions >= 0, "no fewer than none")
  var coordinates = [Double](repeating: 0, count: count * dimensions)
  for d in 0..<dimensions {
    var strata = Array(0..<count)
    for k in stride(from: count - 1, to: 0, by: -1) {  // Fisher–Yates
      let bits = stream.bits(draw: k, year: d, index: 1)
      strata.swapAt(k, Int(bits.multipliedFullWidth(by: UInt64(k + 1)).high))
    }
    for k in 0..<count {
      let within = stream.openUniform(draw: k, year: d, index: 0)
      coordinates[k * dimensions + d] = (Double(strata[k]) + within) / Double(count)
    }
  }
  return PointSet(count: count, dimensions: dimensions, coordinates: coordinates)
}
