import Foundation

/// Albers' equal-area conic projection on an ellipsoid: areas on the map compare as on the ground.
///
/// - Source: Snyder (1987), *Map Projections: A Working Manual*, USGS Professional Paper 1395, §14.
package struct AlbersProjection: Sendable, Hashable {
  private let meridian, semiMajor, eccentricity, cone, constant, radius0: Double

  /// - Parameters:
  ///   - parallels: the two latitudes of true scale, degrees.
  ///   - origin: latitude and longitude of (0, 0), degrees.
  ///   - semiMajor: metres; the default is WGS 84.
  ///   - eccentricitySquared: e².
  package init(
    parallels: (Double, Double), origin: (latitude: Double, longitude: Double),
    semiMajor: Double = 6_378_137, eccentricitySquared: Double = 0.006_694_379_990_14
  ) {
    let e = eccentricitySquared.squareRoot()
    func m(_ latitude: Double) -> Double {
      let s = sin(latitude * .pi / 180)
      return cos(latitude * .pi / 180) / (1 - eccentricitySquared * s * s).squareRoot()
    }
    let (m1, m2) = (m(parallels.0), m(parallels.1))
    let (q1, q2) = (authalic(parallels.0, e), authalic(parallels.1, e))
    let cone = parallels.0 == parallels.1 ? sin(parallels.0 * .pi / 180) : (m1 * m1 - m2 * m2) / (q2 - q1)
    constant = m1 * m1 + cone * q1
    radius0 = semiMajor * max(0, constant - cone * authalic(origin.latitude, e)).squareRoot() / cone
    (meridian, self.semiMajor, eccentricity, self.cone) = (origin.longitude, semiMajor, e, cone)
  }

  /// The usual frame of national maps: standard parallels 25° and 47° N, central meridian 105° E.
  package static let china = AlbersProjection(parallels: (25, 47), origin: (0, 105))

  /// A frame for one part of the country: parallels a sixth in from its edges, central meridian in the middle.
  package init(fitting box: Box) {
    let sixth = box.height / 6
    let (low, high) = (box.south + sixth, box.north - sixth)
    // A cone needs parallels that are not opposite each other across the equator.
    self.init(
      parallels: abs(low + high) < 2 ? (low, 2 - low) : (low, high), origin: (box.middle.y, box.middle.x))
  }

  /// Degrees to metres east and north of the origin.
  package func callAsFunction(_ p: Point) -> Point {
    let radius = semiMajor * max(0, constant - cone * authalic(p.y, eccentricity)).squareRoot() / cone
    // The short way round: a country may lie on both sides of the antimeridian.
    let east = abs(p.x - meridian) > 180 ? (p.x - meridian).remainder(dividingBy: 360) : p.x - meridian
    let angle = cone * east * .pi / 180
    return Point(radius * sin(angle), radius0 - radius * cos(angle))
  }
}

private func authalic(_ latitude: Double, _ e: Double) -> Double {
  let s = sin(latitude * .pi / 180)
  guard e > 0 else { return 2 * s }
  return (1 - e * e) * (s / (1 - e * e * s * s) - log((1 - e * s) / (1 + e * s)) / (2 * e))
}
