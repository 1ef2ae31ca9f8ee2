/// What a picture is made for: a slide, one column of an A4 page, or the page's full width.
package enum PlateLayout: CaseIterable, Sendable {
  case slide, column, page

  /// Width on paper; nil for a picture measured in pixels.
  package var millimetres: Double? {
    switch self {
    case .slide: nil
    case .column: 84
    case .page: 174
    }
  }

  /// Stands behind the picture's name: `gap_2030_provinces_84mm`.
  package var suffix: String { millimetres.map { "_\(short($0))mm" } ?? "" }

  /// Drawing units: pixels of a slide, 96 to the inch on paper.
  var width: Double { millimetres.map { ($0 * 96 / 25.4).rounded() } ?? 1600 }

  /// Text, symbols and lines against those of a slide. On paper nothing is set smaller than 6 points.
  var scale: Double { self == .slide ? 1 : 0.75 }

  var margin: Double { self == .slide ? 40 : 8 }

  var titleSize: Double {
    switch self {
    case .slide: 28
    case .column: 13
    case .page: 15
    }
  }

  var footSize: Double { self == .slide ? 12.5 : 8.2 }
  var lineHeight: Double { self == .slide ? 18 : 10.5 }

  /// On a slide of fixed height: where the foot of so many lines begins, by the base line of the notice.
  func footTop(_ lines: Int) -> Double { 900 - 20 - lineHeight * Double(lines) }

  /// Maps side by side.
  func columns(_ panels: Int) -> Int {
    switch (self, panels) {
    case (_, 1): 1
    case (.column, 2): 1
    case (_, 2...4): 2
    case (.slide, _): 5
    case (.column, _): 3
    case (.page, _): 4
    }
  }
}
