import LinearAlgebra

/// A response and named columns, one row per observation, nothing missing.
public struct RegressionInput: Sendable {
  public var response: [Double]
  /// rows × names; the intercept, when there is one, is column 0.
  public var design: Matrix
  public var names: [String]
  public var hasIntercept: Bool
  /// Names of the columns that tell the levels of a category apart: effects written out.
  public var indicators: Set<String> = []
  /// Known relative precisions of the rows, positive; nil means equal.
  public var weights: [Double]?
  /// Added to the linear predictor with coefficient 1.
  public var offset: [Double]?

  public init(
    response: [Double], design: Matrix, names: [String], hasIntercept: Bool, weights: [Double]? = nil,
    offset: [Double]? = nil
  ) {
    self.response = response
    self.design = design
    self.names = names
    self.hasIntercept = hasIntercept
    self.weights = weights
    self.offset = offset
  }

  /// An intercept and the given columns.
  public init(
    response: [Double], columns: [(name: String, values: [Double])], intercept: Bool = true,
    weights: [Double]? = nil, offset: [Double]? = nil
  ) {
    let ones = intercept ? [[Double](repeating: 1, count: response.count)] : []
    self.init(
      response: response,
      design: Matrix(
        rows: response.count, columns: columns.count + (intercept ? 1 : 0),
        elements: joined(columns: ones + columns.map(\.values))),
      names: (intercept ? ["(Intercept)"] : []) + columns.map(\.name), hasIntercept: intercept,
      weights: weights,
      offset: offset)
  }

  var rows: Int { response.count }

  /// Places of the indicators among the names of fitted columns.
  func indicatorPlaces(_ fitted: [String]) -> Set<Int> {
    indicators.isEmpty ? [] : Set(fitted.indices.filter { indicators.contains(fitted[$0]) })
  }

  /// - Parameter scaleIsProvenLater: the solver will notice numbers that cannot be squared; `requireScale`
  ///   then names the column.
  func validated(scaleIsProvenLater: Bool = false) throws(RegressionError) -> RegressionInput {
    guard design.rows == rows else {
      throw .lengthMismatch(input: "the design matrix", expected: rows, found: design.rows)
    }
    guard names.count == design.columns else {
      throw .lengthMismatch(input: "names", expected: design.columns, found: names.count)
    }
    if !scaleIsProvenLater { try requireScale() }
    if let weights {
      guard weights.count == rows else {
        throw .lengthMismatch(input: "weights", expected: rows, found: weights.count)
      }
      if let row = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
        throw .weightOutOfRange(row: row, value: weights[row])
      }
    }
    if let offset {
      guard offset.count == rows else {
        throw .lengthMismatch(input: "offset", expected: rows, found: offset.count)
      }
      guard offset.allSatisfy(\.isFinite) else { throw .notFinite(input: "offset") }
    }
    return self
  }

  func requireScale() throws(RegressionError) {
    try requireSquares(largestMagnitudes(response, columns: 1), ["the response"])
    try requireSquares(largestMagnitudes(design.elements, columns: design.columns), names)
  }

  /// Squares and their sums must neither overflow nor vanish.
  private func requireSquares(_ sizes: [Double], _ names: [String]) throws(RegressionError) {
    for (size, name) in zip(sizes, names) where size != 0 && !LinearModel.safeMagnitudes.contains(size) {
      throw size.isFinite ? .extremeScale(input: name, size: size) : .notFinite(input: name)
    }
  }
}

/// How panel data enter a linear regression. Names and conventions as R `plm`.
public enum PanelEffects: String, CaseIterable, Sendable {
  /// Deviations from entity means.
  case fixed
  /// Quasi-demeaned by Swamy–Arora variance components.
  case random
  /// Entity means.
  case between
  /// Changes from one row of an entity to its next; the intercept stays.
  case firstDifference = "first-difference"
}

/// What to fit and which uncertainty to state.
public struct RegressionOptions: Sendable {
  public var family = Family.gaussian
  /// The family's usual link when nil.
  public var link: Link?
  /// Effects that are swept out instead of estimated.
  public var absorb: [Grouping] = []
  public var effects: PanelEffects?
  public var panel: PanelIndex?
  /// Leaves out groups of a single row whose effect is swept out; otherwise they count among rows and clusters.
  public var dropSingletons = false
  /// λ of λ‖b‖², the intercept excepted; 0 for none.
  public var ridge = 0.0
  public var covariance = Covariance.iid
  public var smallSample = SmallSample.standard
  /// Of the confidence intervals.
  public var level = 0.95

  /// The rows are solved as they are given.
  var isPlain: Bool { effects == nil && absorb.isEmpty && ridge == 0 }

  public init() {}
}
