import LinearAlgebra

/// The prior covariance K of all cells, never written out: only its product with a vector, its part between
/// facts, and draws from it.
struct EvidenceCovariance: Sendable {
  let prior: EvidencePrior
  /// Covariance of u between families, of w between times (before its variance).
  private let placeCovariance: Matrix
  private let placeFactor: Matrix
  private let walkFactor: Matrix
  private let walkCovariance: Matrix

  init(_ prior: EvidencePrior) throws(SmallAreaError) {
    self.prior = prior
    placeFactor = try prior.placeFactor()
    placeCovariance = placeFactor.outerGram
    walkFactor = prior.walkFactor
    walkCovariance = walkFactor.columns > 0 ? walkFactor.outerGram : Matrix(rows: prior.times.count, columns: prior.times.count)
  }

  private func populationVariance(_ k: Int) -> Double {
    let population = prior.populations[k]
    let sd = prior.families[population.family].populationSD * population.populationSDFactor
    return sd * sd
  }

  private func walkVariance(_ k: Int) -> Double {
    let sd = prior.families[prior.populations[k].family].walkSD
    return sd * sd
  }

  // MARK: K · g

  /// K · g for a vector over all cells.
  func times(_ g: [Double]) -> [Double] {
    let (places, count) = (prior.places, prior.times.count)
    var result = [Double](repeating: 0, count: g.count)
    let familyCount = prior.families.count
    var byFamily = [Double](repeating: 0, count: familyCount * places)
    var shared = prior.families.map { [Double](repeating: 0, count: $0.shared.columns) }
    var slopes: [[Double]] = []
    for (k, population) in prior.populations.enumerated() {
      let f = population.family
      var slope = [Double](repeating: 0, count: prior.families[f].weights.count)
      for t in 0..<count {
        let start = prior.cell(k, t)
        for r in 0..<places { byFamily[f * places + r] += g[start + r] }
        let part = population.drivers[t].times(Array(g[start..<start + places]), transposeSelf: true)
        for d in slope.indices { slope[d] += part[d] }
      }
      let common = prior.families[f].shared.times(slope, transposeSelf: true)
      for d in common.indices { shared[f][d] += common[d] }
      slopes.append(slope)
    }
    var effects = [Double](repeating: 0, count: familyCount * places)
    for f in 0..<familyCount {
      for h in 0..<familyCount where placeCovariance[f, h] != 0 {
        let factor = placeCovariance[f, h]
        for r in 0..<places { effects[f * places + r] += factor * byFamily[h * places + r] }
      }
    }
    for (k, population) in prior.populations.enumerated() {
      let (f, family) = (population.family, prior.families[population.family])
      var own = [Double](repeating: 0, count: places)
      for t in 0..<count { for r in 0..<places { own[r] += g[prior.cell(k, t) + r] } }
      let (populationVariance, walkVariance) = (populationVariance(k), walkVariance(k))
      for r in 0..<places { own[r] = own[r] * populationVariance + effects[f * places + r] }
      var weights = family.own.times(family.own.times(slopes[k], transposeSelf: true))
      let common = family.shared.times(shared[f])
      for d in weights.indices { weights[d] += common[d] }
      for t in 0..<count {
        let start = prior.cell(k, t)
        let driven = population.drivers[t].times(weights)
        for r in 0..<places { result[start + r] = own[r] + driven[r] }
        guard walkVariance > 0 else { continue }
        for s in 0..<count where walkCovariance[t, s] != 0 {
          let (factor, from) = (walkVariance * walkCovariance[t, s], prior.cell(k, s))
          for r in 0..<places { result[start + r] += factor * g[from + r] }
        }
      }
    }
    return result
  }

  // MARK: J · K · Jᵀ

  /// The covariance between statements, split by the variances that scale its parts.
  ///
  /// - Parameter statements: sparse rows of J, one a statement.
  func between(_ statements: [SparseRow], split: Bool = false) -> FactCovariance {
    let (n, places) = (statements.count, prior.places)
    let none = [Matrix](repeating: split ? Matrix(rows: n, columns: n) : Matrix(rows: 0, columns: 0), count: prior.families.count)
    var shares = FactCovariance.Shares(place: none, population: none, walk: none)
    // u: the statements' pull on each family's places.
    let familyCount = prior.families.count
    var pulls = [Matrix](repeating: Matrix(rows: n, columns: places), count: familyCount)
    var touched = [Bool](repeating: false, count: familyCount)
    var members = [[Int]](repeating: [], count: prior.populations.count)
    for (j, row) in statements.enumerated() {
      for part in row.parts {
        let f = prior.populations[part.population].family
        touched[f] = true
        if members[part.population].last != j { members[part.population].append(j) }
        for r in 0..<places { pulls[f][j, r] += part.values[r] }
      }
    }
    if split {
      for f in 0..<familyCount where touched[f] {
        var mixed = Matrix(rows: n, columns: places)
        for h in 0..<familyCount where touched[h] {
          for e in mixed.elements.indices { mixed.elements[e] += placeCovariance[f, h] * pulls[h].elements[e] }
        }
        shares.place[f] = pulls[f].times(mixed, transposeOther: true)
      }
    }
    // Drivers' weights shared in a family.
    var reaches = prior.families.map { Matrix(rows: n, columns: $0.weights.count) }
    var locals: [(statements: [Int], factor: Matrix)] = []
    for (k, list) in members.enumerated() where !list.isEmpty {
      let population = prior.populations[k]
      let (f, family) = (population.family, prior.families[population.family])
      let drivers = family.weights.count
      let steps = walkVariance(k) > 0 ? walkFactor.columns : 0
      let width = places * (1 + steps) + family.own.columns
      var local = Matrix(rows: list.count, columns: width)
      let (level, step) = (populationVariance(k).squareRoot(), walkVariance(k).squareRoot())
      for (i, j) in list.enumerated() {
        var slope = [Double](repeating: 0, count: drivers)
        for part in statements[j].parts where part.population == k {
          for r in 0..<places { local[i, r] += level * part.values[r] }
          for s in 0..<steps where walkFactor[part.time, s] != 0 {
            let factor = step * walkFactor[part.time, s]
            for r in 0..<places { local[i, places * (1 + s) + r] += factor * part.values[r] }
          }
          let reach = population.drivers[part.time].times(part.values, transposeSelf: true)
          for d in 0..<drivers { slope[d] += reach[d] }
        }
        for d in 0..<drivers { reaches[f][j, d] += slope[d] }
        let own = family.own.times(slope, transposeSelf: true)
        for d in own.indices { local[i, places * (1 + steps) + d] = own[d] }
      }
      if split {
        let (level, walk) = (local.columnsGram(0..<places), local.columnsGram(places..<places * (1 + steps)))
        for (b, jb) in list.enumerated() {
          for (a, ja) in list.enumerated() {
            shares.population[f][ja, jb] += level[a, b]
            shares.walk[f][ja, jb] += walk[a, b]
          }
        }
      }
      locals.append((list, local))
    }
    var total = common(pulls, reaches, touched, rows: n).outerGram
    for (list, local) in locals {
      let part = local.outerGram
      for (b, jb) in list.enumerated() { for (a, ja) in list.enumerated() { total[ja, jb] += part[a, b] } }
    }
    return FactCovariance(total: total, shares: split ? shares : nil)
  }

  /// What statements about different populations share: effects of places and weights of drivers, side by side as a
  /// factor.
  private func common(_ pulls: [Matrix], _ reaches: [Matrix], _ touched: [Bool], rows: Int) -> Matrix {
    var elements: [Double] = []
    for column in pulls.indices {
      var mixed = [Double](repeating: 0, count: rows * prior.places)
      for f in pulls.indices where touched[f] && placeFactor[f, column] != 0 {
        let factor = placeFactor[f, column]
        for e in mixed.indices { mixed[e] += factor * pulls[f].elements[e] }
      }
      elements += mixed
    }
    for (f, family) in prior.families.enumerated() where touched[f] && family.shared.columns > 0 {
      elements += reaches[f].times(family.shared).elements
    }
    return Matrix(rows: rows, columns: rows == 0 ? 0 : elements.count / rows, elements: elements)
  }

  // MARK: Draws

  /// K^½ · standard normals: a draw of all cells about their means.
  ///
  /// - Parameter normal: the standard normal number of a part, its entity and an index.
  func draw(_ normal: (Part, Int, Int) -> Double) -> [Double] {
    let (places, count) = (prior.places, prior.times.count)
    let familyCount = prior.families.count
    var standard = Matrix(rows: familyCount, columns: places)
    for r in 0..<places { for f in 0..<familyCount { standard[f, r] = normal(.place, f, r) } }
    let effects = placeFactor.times(standard)
    let shared = prior.families.enumerated().map { f, family in
      family.shared.times((0..<family.shared.columns).map { normal(.shared, f, $0) })
    }
    var result = [Double](repeating: 0, count: prior.cellCount)
    for (k, population) in prior.populations.enumerated() {
      let (f, family) = (population.family, prior.families[population.family])
      var weights = family.own.times((0..<family.own.columns).map { normal(.own, k, $0) })
      for d in weights.indices { weights[d] += shared[f][d] }
      let (level, step) = (populationVariance(k).squareRoot(), walkVariance(k).squareRoot())
      let base = (0..<places).map { effects[f, $0] + level * normal(.population, k, $0) }
      var walks = Matrix(rows: places, columns: count)
      if step > 0, walkFactor.columns > 0 {
        var steps = Matrix(rows: places, columns: walkFactor.columns)
        for e in steps.elements.indices { steps.elements[e] = step * normal(.walk, k, e) }
        walks = steps.times(walkFactor, transposeOther: true)
      }
      for t in 0..<count {
        let start = prior.cell(k, t)
        let driven = population.drivers[t].times(weights)
        for r in 0..<places { result[start + r] = base[r] + driven[r] + walks[r, t] }
      }
    }
    return result
  }

  /// What a normal number is for.
  enum Part: String, CaseIterable { case place, shared, own, population, walk }
}

/// A row of J: how a statement's log answers to the cells it speaks about.
struct SparseRow: Sendable {
  struct Part: Sendable {
    let population: Int
    let time: Int
    /// One per place.
    let values: [Double]
  }

  let parts: [Part]
}

/// J K Jᵀ between statements.
struct FactCovariance: Sendable {
  /// What each family's place effect, population effects and walks contribute, one matrix a family.
  struct Shares: Sendable {
    var place: [Matrix]
    var population: [Matrix]
    var walk: [Matrix]
  }

  let total: Matrix
  let shares: Shares?
}

extension Matrix {
  /// A·Aᵀ of some of the columns.
  fileprivate func columnsGram(_ range: Range<Int>) -> Matrix {
    Matrix(rows: rows, columns: range.count, elements: Array(elements[range.lowerBound * rows..<range.upperBound * rows])).outerGram
  }
}
