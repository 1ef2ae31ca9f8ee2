import Messages

/// Deviation per period, relative to the size of the series, below which no interval goes: nothing that is
/// counted and published is known better than to a tenth of a percent, and a past that lies exactly on a curve
/// does not bind the future to it.
let leastDeviation = 0.001

/// Equal but for rounding.
func nearlyEqual(_ a: Double, _ b: Double) -> Bool {
  a == b || abs(a - b) <= 1e-12 * max(abs(a), abs(b))
}

extension PredictiveDistribution {
  /// At least `leastDeviation` · √horizon wide; samples and undefined spreads stay as they are.
  /// - Parameter size: largest absolute value of the series.
  func widened(horizon: Int, size: Double) -> PredictiveDistribution {
    let least = leastDeviation * Double(horizon).squareRoot()
    switch self {
    case .student(let location, let scale, let degrees):
      return scale < least * size ? .student(location: location, scale: least * size, degrees: degrees) : self
    case .logStudent(let location, let scale, let degrees):
      return scale < least ? .logStudent(location: location, scale: least, degrees: degrees) : self
    case .logitStudent(let location, let scale, let degrees, let ceiling):
      return scale < least
        ? .logitStudent(location: location, scale: least, degrees: degrees, ceiling: ceiling) : self
    case .sample, .floored:
      return self
    }
  }
}

extension Fit {
  /// The fit with no interval of width zero, and a note where the data alone would have given one.
  func withFloor(_ series: Series) -> Fit {
    let size = series.values.reduce(0) { max($0, abs($1)) }
    var wider = self
    wider.distributions = distributions.enumerated().map { $1.widened(horizon: $0 + 1, size: size) }
    if wider.distributions != distributions { wider.notes.append(floorNote) }
    return wider
  }
}

/// Said when data lie so exactly on a curve that their scatter says nothing about the future.
let floorNote = Bilingual(
  zh: "历史几乎恰好落在曲线上：区间取下限（标准差每期 0.1%），并不表示未来确定",
  en:
    "the past lies almost exactly on the curve: intervals are at their floor (a deviation of 0.1 % a period), which does not make the future certain"
)
