import LinearAlgebra
import Messages

/// Which errors the standard errors allow for.
public enum Covariance: Sendable {
  /// Equal variances, no correlation.
  case iid
  /// Unequal variances: HC0…HC3 of MacKinnon & White (1985).
  case heteroskedastic(HeteroskedasticKind)
  /// Correlation within groups; with two groupings, within either (Cameron, Gelbach & Miller 2011).
  case clustered([Grouping])
  /// Autocorrelation up to `lags`, Bartlett weights (Newey & West 1987); within entities and by the periods of
  /// the panel index when there is one, else in row order.
  case neweyWest(lags: Int)
  /// Correlation across entities and up to `lags` periods (Driscoll & Kraay 1998).
  case driscollKraay(lags: Int)

  public var name: String {
    switch self {
    case .iid: "iid"
    case .heteroskedastic(let kind): kind.rawValue
    case .clustered(let groups): "cluster:" + groups.map(\.name).joined(separator: "+")
    case .neweyWest(let lags): "NW:\(lags)"
    case .driscollKraay(let lags): "DK:\(lags)"
    }
  }
}

/// The corrections for heteroskedastic errors (MacKinnon and White, 1985).
public enum HeteroskedasticKind: String, CaseIterable, Sendable {
  case hc0 = "HC0"
  case hc1 = "HC1"
  case hc2 = "HC2"
  case hc3 = "HC3"
}

/// Small-sample factors, by the program that uses them.
public enum SmallSample: String, CaseIterable, Sendable {
  /// Clusters: G/(G−1)·(n−1)/(n−k), the smallest G when there are two groupings; absorbed effects
  /// nested in a cluster count as one in k (pyfixest, fixest). Newey–West, Driscoll–Kraay: none.
  case standard = "default"
  /// No factor.
  case none
  /// As `standard`, but each of the three parts of a two-way covariance has its own G (Stata, R
  /// `sandwich`). Newey–West, Driscoll–Kraay: n/(n−k) (Stata `newey`).
  case stata
  /// R `plm`'s "sss": as `standard`, but k counts slopes only.
  case plm
  /// As `standard`, but all absorbed effects count in k.
  case full
}

/// A covariance matrix and the words that go with it.
struct EstimatedCovariance {
  var matrix: Matrix
  var adjustment: String
  /// Degrees of freedom of the tests.
  var statisticDF: Double
  var notes: [Bilingual] = []
}

/// What the small-sample factors count.
struct CovarianceCounts {
  let rows: Int
  let coefficients: Int
  let absorbed: [Grouping]
  let absorbedDF: Int
  let residualDF: Double
  /// s²: residual variance of a linear model, 1 for binomial and Poisson.
  let dispersion: Double
  /// Places of the coefficients that tell the levels of a category apart.
  var indicators: Set<Int> = []

  /// k of (n−1)/(n−k) for clusters in any of `groups`.
  func counted(_ convention: SmallSample, nestedIn groups: [Grouping]) -> Int {
    switch convention {
    case .plm: return coefficients
    case .full: return coefficients + absorbedDF
    case .standard, .stata, .none:
      let nested = absorbed.filter { effect in groups.contains { effect.isNested(in: $0) } }
      if nested.isEmpty { return coefficients + absorbedDF }
      return coefficients + absorbedDF - nested.reduce(0) { $0 + $1.count } + nested.count
    }
  }
}

extension SolvedRows {
  func covariance(
    _ kind: Covariance, _ convention: SmallSample, counts: CovarianceCounts, panel: PanelIndex?
  ) throws(RegressionError) -> EstimatedCovariance {
    let (n, k) = (counts.rows, counts.coefficients + counts.absorbedDF)
    let factor = Double(n) / Double(n - k)
    func autocorrelated(_ meat: Matrix, _ unit: String) -> EstimatedCovariance {
      let isScaled = convention == .stata
      return EstimatedCovariance(
        matrix: sandwich(meat, times: isScaled ? factor : 1),
        adjustment: (isScaled ? "n/(n-k); n=\(n), k=\(k)" : "none") + "; Bartlett weights, lags in \(unit)",
        statisticDF: counts.residualDF)
    }
    switch kind {
    case .iid:
      return EstimatedCovariance(
        matrix: scaled(inverseGram, by: counts.dispersion), adjustment: "RSS/(n-k); n=\(n), k=\(k)",
        statisticDF: counts.residualDF)
    case .heteroskedastic(let type):
      let meat = design.scaledGram(try heteroskedasticFactors(type))
      let isFirst = type == .hc1
      let words =
        switch type {
        case .hc0: "none"
        case .hc1: "n/(n-k); n=\(n), k=\(k)"
        case .hc2: "e^2/(1-h)"
        case .hc3: "e^2/(1-h)^2"
        }
      return EstimatedCovariance(
        matrix: sandwich(meat, times: isFirst ? factor : 1), adjustment: words, statisticDF: counts.residualDF
      )
    case .clustered(let groups):
      return try clustered(groups, convention, counts)
    case .neweyWest(let lags):
      return autocorrelated(try neweyWestMeat(lags: lags, panel: panel), panel?.time == nil ? "rows" : "periods")
    case .driscollKraay(let lags):
      return autocorrelated(try driscollKraayMeat(lags: lags, panel: panel), "periods")
    }
  }

  /// (X'WX)⁻¹ · meat · (X'WX)⁻¹ · factor.
  func sandwich(_ meat: Matrix, times factor: Double = 1) -> Matrix {
    scaled(inverseGram.times(meat).times(inverseGram), by: factor)
  }

  /// hᵢ: how much of its own fitted value a row decides, absorbed effects included.
  func leverages() -> [Double]? {
    let own = design.rowSquaredLengths(times: inverseTriangle)
    var total = weights.map { zip(own, $0).map { $0 * $1 } } ?? own
    guard let absorption else { return total }
    guard let absorbed = absorption.leverage else { return nil }
    for i in total.indices { total[i] += absorbed[i] }
    return total
  }

  private func heteroskedasticFactors(_ type: HeteroskedasticKind) throws(RegressionError) -> [Double] {
    guard type == .hc2 || type == .hc3 else { return scoreFactors }
    guard let leverages = leverages() else {
      throw .unsupported(
        Bilingual(
          zh: "\(type.rawValue) 需要杠杆值；这么多行、这么多组的多重吸收效应，算起来太久",
          en:
            "\(type.rawValue) needs leverages, which take too long with so many rows and absorbed groups"
        ),
        hint: Bilingual(zh: "改用 HC1 或聚类标准误", en: "use HC1 or clusters"))
    }
    if let row = leverages.firstIndex(where: { $0 > 1 - 1e-10 }) {
      throw .unsupported(
        Bilingual(
          zh: "\(type.rawValue) 无定义：第 \(row + 1) 行的杠杆值为 1，它独自决定一个系数",
          en:
            "\(type.rawValue) does not exist: row \(row + 1) has leverage 1, it decides a coefficient by itself"
        ),
        hint: Bilingual(
          zh: "改用 HC1，或去掉只为这一行存在的项", en: "use HC1, or leave out the term that exists for this row only"))
    }
    return scoreFactors.indices.map { i in
      type == .hc2 ? scoreFactors[i] / (1 - leverages[i]).squareRoot() : scoreFactors[i] / (1 - leverages[i])
    }
  }

  // MARK: Clusters

  private func clustered(
    _ given: [Grouping], _ convention: SmallSample, _ counts: CovarianceCounts
  ) throws(RegressionError) -> EstimatedCovariance {
    let groups = given.compactMap(source.groups)
    guard groups.count == given.count else {
      throw .unsupported(
        Bilingual(
          zh: "组间估计的每一行代表一个个体，不能再聚类", en: "each row of a between fit stands for an entity; it has no clusters"
        ),
        hint: Bilingual(zh: "使用 --vcov iid 或 HC1", en: "use --vcov iid or HC1"))
    }
    guard let smallest = groups.map(\.count).min(), smallest >= 2, groups.count <= 2 else {
      throw .unsupported(
        Bilingual(
          zh: "聚类标准误需要一种或两种分组，每种至少两个组",
          en: "clustered errors need one or two groupings of at least two groups"),
        hint: Bilingual(zh: "检查聚类列", en: "check the cluster columns"))
    }
    let (n, k) = (counts.rows, counts.counted(convention, nestedIn: groups))
    let base = convention == .none ? 1 : Double(n - 1) / Double(n - k)
    func part(_ group: Grouping) -> Matrix {
      let size = Double(convention == .stata ? group.count : smallest)
      let meat = design.groupedSums(scoreFactors, codes: group.codes, groups: group.count).gram
      return sandwich(meat, times: convention == .none ? 1 : base * size / (size - 1))
    }
    var notes: [Bilingual] = []
    var matrix = part(groups[0])
    if groups.count == 2 {
      let both = groups[0].intersected(with: groups[1])
      let (second, overlap) = (part(groups[1]), part(both))
      for i in matrix.elements.indices { matrix.elements[i] += second.elements[i] - overlap.elements[i] }
      notes += try mend(&matrix, effects: counts.indicators.union(vanishing(groups)))
    }
    if smallest < 30 {
      notes.append(
        Bilingual(
          zh: "只有 \(smallest) 个聚类：标准误可能偏小，可用野性自助法（wild cluster bootstrap）检验",
          en: "only \(smallest) clusters: the errors may be too small; a wild cluster bootstrap is safer"))
    }
    let sizes = groups.map { "G=\($0.count)" }.joined(separator: "+")
    return EstimatedCovariance(
      matrix: matrix,
      adjustment: convention == .none ? "none; \(sizes)" : "G/(G-1)*(n-1)/(n-k); \(sizes), n=\(n), k=\(k)",
      statisticDF: Double(smallest - 1), notes: notes)
  }
}

extension RegressionError {
  static func needsPanel(_ what: String) -> RegressionError {
    .unsupported(
      Bilingual(zh: "\(what) 需要知道每行的时间", en: "\(what) needs to know the time of every row"),
      hint: Bilingual(zh: "用 --time 指定时间列", en: "name the time column with --time"))
  }
}

func scaled(_ matrix: Matrix, by factor: Double) -> Matrix {
  Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { $0 * factor })
}
