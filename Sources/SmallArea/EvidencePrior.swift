import LinearAlgebra

/// How populations are spread over places before any fact about a place is read.
///
///     log share[r,k,t] ∝ Z[r,k,t]·β_k + u[r,f(k)] + v[r,k] + w[r,k,t],   shares of a (k, t) add up to one
///
/// u is what a place has beyond its drivers in a whole family, v in one population, w a random walk in time.
public struct EvidencePrior: Sendable {
  /// Populations that share what a place has beyond its drivers.
  public struct Family: Sendable {
    public let name: String
    /// Standard deviations of u, v and of a year's step of w; all in logs.
    public var placeSD: Double
    public var populationSD: Double
    public var walkSD: Double
    /// The drivers' mean weights, and the factors of their covariance: columns of `shared` are deviations common to
    /// the family, columns of `own` those of one population.
    public let weights: [Double]
    public let shared: Matrix
    public let own: Matrix

    public init(
      name: String, placeSD: Double, populationSD: Double, walkSD: Double, weights: [Double], shared: Matrix, own: Matrix
    ) {
      precondition(shared.rows == weights.count && own.rows == weights.count, "one row a driver")
      self.name = name
      (self.placeSD, self.populationSD, self.walkSD) = (placeSD, populationSD, walkSD)
      (self.weights, self.shared, self.own) = (weights, shared, own)
    }

    /// Weights 1/D that deviate along contrasts only, so that they always add up to one.
    public static func contrasts(_ drivers: Int, sharedSD: Double, ownSD: Double) -> (shared: Matrix, own: Matrix) {
      var centred = Matrix(rows: drivers, columns: drivers)
      for j in 0..<drivers { for i in 0..<drivers { centred[i, j] = (i == j ? 1 : 0) - 1 / Double(drivers) } }
      return (centred.scaled(sharedSD), centred.scaled(ownSD))
    }
  }

  /// A kind of people (or firms, or offices) counted over all places together.
  public struct Population: Sendable {
    public let name: String
    public let family: Int
    /// How many there are at each time; NaN where nobody says.
    public let national: [Double]
    /// Logs of the places' shares in the drivers: one places × drivers matrix a time.
    public let drivers: [Matrix]
    /// A population that was never counted may differ more than those that were.
    public let populationSDFactor: Double

    public init(name: String, family: Int, national: [Double], drivers: [Matrix], populationSDFactor: Double = 1) {
      self.name = name
      self.family = family
      self.national = national
      self.drivers = drivers
      self.populationSDFactor = populationSDFactor
    }
  }

  public let places: Int
  /// Ascending; the walk is pinned at `times[pinned]`, the middle of the facts.
  public let times: [Double]
  public var pinned: Int
  public var families: [Family]
  public let populations: [Population]
  /// Correlation of u between families; ones on the diagonal.
  public let familyCorrelation: Matrix

  /// - Throws: `.lengthMismatch` when a population's numbers do not fit places and times; `.linearAlgebra` when the
  ///   correlations are no correlation matrix.
  public init(
    places: Int, times: [Double], pinned: Int = 0, families: [Family], populations: [Population],
    familyCorrelation: Matrix
  ) throws(SmallAreaError) {
    for population in populations {
      guard population.national.count == times.count else {
        throw .lengthMismatch(input: "national of \(population.name)", expected: times.count, found: population.national.count)
      }
      guard population.drivers.count == times.count else {
        throw .lengthMismatch(input: "drivers of \(population.name)", expected: times.count, found: population.drivers.count)
      }
      let width = families[population.family].weights.count
      for matrix in population.drivers where matrix.rows != places || matrix.columns != width {
        throw .lengthMismatch(input: "drivers of \(population.name)", expected: places * width, found: matrix.elements.count)
      }
    }
    do { _ = try Cholesky(familyCorrelation, name: "familyCorrelation") } catch { throw .linearAlgebra(error) }
    self.places = places
    self.times = times
    self.pinned = pinned
    self.families = families
    self.populations = populations
    self.familyCorrelation = familyCorrelation
  }

  /// Cells of all populations and times: `(population · times + time) · places + place`.
  public var cellCount: Int { populations.count * times.count * places }

  /// Where the cells of a population at a time begin.
  public func cell(_ population: Int, _ time: Int) -> Int { (population * times.count + time) * places }

  /// Steps of a walk between neighbouring times: column s is 1·√Δ for the times beyond step s, seen from the pin.
  var walkFactor: Matrix {
    let count = times.count
    var factor = Matrix(rows: count, columns: max(count - 1, 0))
    for step in 0..<max(count - 1, 0) {
      let size = (times[step + 1] - times[step]).squareRoot()
      for t in 0..<count where step >= pinned ? t > step : t <= step { factor[t, step] = size }
    }
    return factor
  }

  /// L with L·Lᵀ = the covariance of u over families.
  func placeFactor() throws(SmallAreaError) -> Matrix {
    var factor: Matrix
    do { factor = try Cholesky(familyCorrelation, name: "familyCorrelation").lower } catch { throw .linearAlgebra(error) }
    for j in 0..<factor.columns { for i in 0..<factor.rows { factor[i, j] *= families[i].placeSD } }
    return factor
  }

  /// The expected log shares without facts, not yet adding up to one.
  var means: [Double] {
    var means = [Double](repeating: 0, count: cellCount)
    for (k, population) in populations.enumerated() {
      let weights = families[population.family].weights
      for t in times.indices {
        let start = cell(k, t)
        for (r, value) in population.drivers[t].times(weights).enumerated() { means[start + r] = value }
      }
    }
    return means
  }
}

/// One published statement about cells.
public struct EvidenceFact: Sendable {
  /// How a figure binds the sum of its cells.
  public enum Relation: String, CaseIterable, Sendable {
    case equal
    case about
    case atLeast = "at-least"
    case atMost = "at-most"

    var isTwoSided: Bool { self == .equal || self == .about }
  }

  /// The cells of one population at one time that the statement adds up.
  public struct Part: Sendable {
    public let population: Int
    public let time: Int
    public let places: [Int]

    public init(population: Int, time: Int, places: [Int]) {
      (self.population, self.time, self.places) = (population, time, places)
    }
  }

  public let id: String
  public let parts: [Part]
  public let value: Double
  public let relation: Relation
  /// In logs.
  public var sd: Double

  public init(id: String, parts: [Part], value: Double, relation: Relation, sd: Double) {
    (self.id, self.parts, self.value, self.relation, self.sd) = (id, parts, value, relation, sd)
  }
}
