import Foundation
import Messages

/// Shapes against the places that their codes name.
extension MapCheck {
  /// A shape that shares less than half of the smaller of the two with its code's known outline, and covers another
  /// region, has the wrong code; one that shares next to nothing has wrong coordinates.
  mutating func checkPlaces() {
    var judged: [String: Geometry] = [:]
    var outlines: [String: GEOSShape] = [:]
    func outline(_ code: String) -> GEOSShape? {
      if let made = outlines[code] { return made }
      guard let shape = known.byCode[code]?.geometry.flatMap(context.shape) else { return nil }
      outlines[code] = shape
      return shape
    }
    for (i, feature) in collection.features.enumerated() {
      guard let code = feature.code, let shape = shapes[i], let geometry = feature.geometry, !geometry.polygons.isEmpty,
        let region = known.byCode[code], let right = region.geometry, right != geometry, judged[code] != geometry
      else { continue }
      judged[code] = geometry
      guard let reference = outline(code) else { continue }
      let share = shape.shares(with: reference, of: min)
      if share >= 0.5 { continue }
      let elsewhere = known.codes.filter { $0 != code && known.byCode[$0]?.geometry?.box.meets(geometry.box) == true }
        .first { outline($0).map { shape.shares(with: $0, of: max) >= 0.5 } ?? false }
      if let other = elsewhere.flatMap({ known.byCode[$0] }) {
        tell(
          i, "map.code-elsewhere", .error,
          Bilingual(
            zh: "\(code)（\(region.nameZh)）的形状在 \(other.code)（\(other.nameZh)）的位置上。",
            en: "The shape of \(code) (\(region.nameEn)) lies where \(other.code) (\(other.nameEn)) is."),
          hint: Bilingual(zh: "代码可能填错或互换。", en: "The codes may be wrong or swapped."))
      } else if share < 0.1 {
        let (here, there) = (middle(geometry), middle(right))
        let distance = lengthText(metresApart(here, there))
        let swapped = right.box.grown(by: 1).contains(Point(here.y, here.x))
        tell(
          i, "map.far-from-code", .warning,
          Bilingual(
            zh: "\(code)（\(region.nameZh)）的形状在 \(shown(here)) 一带，离该代码所指的地方约 \(distance)。",
            en: "The shape of \(code) (\(region.nameEn)) lies about \(shown(here)), \(distance) from the place that the code names."),
          hint: swapped
            ? Bilingual(zh: "经纬度颠倒：GeoJSON 先经度、后纬度。", en: "Longitude comes first in GeoJSON; the two are swapped.")
            : Bilingual(zh: "检查代码，以及经纬度的先后和坐标系。", en: "Check the code, the order of longitude and latitude, and the datum."))
      }
    }
  }

  mutating func tell(_ i: Int, _ code: String, _ severity: Problem.Severity, _ message: Bilingual, hint: Bilingual? = nil) {
    findings.add(code, severity, at: offsets[i], path: "/features/\(i)/geometry", message, hint: hint)
  }
}

extension GEOSShape {
  /// The common area as a share of the smaller (`min`) or greater (`max`) of the two.
  fileprivate func shares(with other: GEOSShape, of choice: (Double, Double) -> Double) -> Double {
    let size = choice(area, other.area)
    return size > 0 ? (intersection(other)?.area ?? 0) / size : 0
  }
}

// MARK: Sizes on the ground

private let metresADegree = 111_195.0
private func cosine(_ latitude: Double) -> Double { cos(latitude * .pi / 180) }

/// On a sphere, good to some percent over a country.
func metresApart(_ a: Point, _ b: Point) -> Double {
  let east = (b.x - a.x).remainder(dividingBy: 360) * metresADegree * cosine((a.y + b.y) / 2)
  let north = (b.y - a.y) * metresADegree
  return (east * east + north * north).squareRoot()
}

/// Square kilometres of so many square degrees at a latitude.
func squareKilometres(_ squareDegrees: Double, at latitude: Double) -> Double {
  squareDegrees * metresADegree * metresADegree * cosine(latitude) / 1e6
}

/// Metres along lines.
func metres(along lines: [[Point]]) -> Double {
  lines.reduce(0) { sum, line in sum + zip(line, line.dropFirst()).reduce(0) { $0 + metresApart($1.0, $1.1) } }
}

/// The middle of a shape's box, in degrees from −180 to 180.
private func middle(_ geometry: Geometry) -> Point {
  let middle = Box(around: geometry.boxes).middle
  return Point(middle.x > 180 ? middle.x - 360 : middle.x, middle.y)
}

func areaText(_ squareKilometres: Double) -> String {
  squareKilometres < 0.01 ? "\(short(rounded(squareKilometres * 1e6, digits: 2))) m²" : "\(short(rounded(squareKilometres, digits: 3))) km²"
}

func lengthText(_ metres: Double) -> String {
  metres < 1000 ? "\(short(rounded(metres, digits: 2))) m" : "\(short(rounded(metres / 1000, digits: 3))) km"
}
