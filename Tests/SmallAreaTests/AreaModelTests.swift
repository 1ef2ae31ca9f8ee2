import LinearAlgebra
import TestSupport
import Testing

@testable import SmallArea

private func ring(_ count: Int) -> Matrix {
  var w = Matrix(rows: count, columns: count)
  for k in 0..<count {
    w[k, (k + 1) % count] = 0.5
    w[k, (k + count - 1) % count] = 0.5
  }
  return w
}

private func design(_ x: [Double]) -> Matrix {
  Matrix(rows: x.count, columns: 2, elements: [Double](repeating: 1, count: x.count) + x)
}

/// Sixteen areas in a ring; reference: the formulas of sae written out in numpy, which meet its
/// values on 274 areas to 1e-11.
private enum Ring {
  static let x = [10.0, 16.28, 14.09, 7.37, 6.7, 13.79, 18.99, 15.41, 9.03, 9.93, 17.52, 21.42, 16.65, 10.93, 13.37, 21.13]
  static let variances = [0.6, 0.8, 1.0, 0.7, 0.9, 0.6, 0.8, 1.0, 0.7, 0.9, 0.6, 0.8, 1.0, 0.7, 0.9, 0.6]
  static let y = [16.8, 23.34, 22.11, 10.64, 12.64, 16.35, 25.39, 19.69, 13.64, 16.92, 27.42, 28.1, 23.78, 17.32, 16.04, 27.16]

  static func fit(_ method: VarianceMethod, unit: Double = 1) throws -> AreaFit {
    let data = try AreaData(
      direct: y.map { $0 * unit }, design: design(x), variances: variances.map { $0 * unit * unit })
    return try correlatedAreas(
      data, effects: AreaEffects(areas: Array(0..<16), proximity: ring(16), times: nil), method: method)
  }
}

/// Eight areas, four periods; reference: restricted likelihood in numpy, simplex to 1e-11.
private enum Panel {
  static let x = [
    7.0, 9.3, 8.8, 8.3, 7.44, 6.94, 9.24, 8.74, 6.95, 6.45, 5.95, 5.45, 3.99, 3.49, 5.79, 5.29, 5.21, 4.71, 4.21, 6.51,
    4.98, 7.28, 6.78, 6.28, 7.87, 7.37, 6.87, 9.17, 7.0, 9.3, 8.8, 8.3,
  ]
  static let y = [
    9.85, 9.84, 10.89, 10.01, 8.56, 8.8, 9.67, 10.99, 7.3, 5.98, 7.16, 5.1, 4.14, 3.48, 4.46, 5.28, 4.16, 3.89, 5.25,
    6.78, 7.36, 7.38, 7.74, 8.48, 8.71, 9.99, 7.94, 10.8, 7.5, 8.11, 7.24, 7.87,
  ]
  static let variances: [Double] = (0..<32).map { (row: Int) -> Double in
    let step = (row / 4 + 2 * (row % 4)) % 4
    return Double(2 + step) / 10
  }
  static let areas = (0..<32).map { $0 / 4 }
  static let times = (0..<32).map { 2020 + $0 % 4 }

  static func fit(_ method: VarianceMethod, spatial: Bool, order: [Int] = Array(0..<32)) throws -> AreaFit {
    let data = try AreaData(
      direct: order.map { y[$0] }, design: design(order.map { x[$0] }), variances: order.map { variances[$0] })
    let effects = try AreaEffects(
      areas: order.map { areas[$0] }, proximity: spatial ? ring(8) : nil, times: order.map { times[$0] })
    return try correlatedAreas(data, effects: effects, method: method)
  }
}

@Suite struct AreaModelTests {
  /// Oracle. R sae 1.3 on the milk data.
  @Test(arguments: Milk.references)
  func agreesWithSaeOnMilk(reference: Milk.Reference) throws {
    let fit = try fayHerriot(Milk.data(), method: reference.method)
    #expect(close(try #require(fit.component("area")), reference.area, relative: 1e-10))
    for (found, value) in zip(fit.coefficients, reference.coefficients) { #expect(close(found, value, relative: 1e-10)) }
    for (found, value) in zip(fit.standardErrors, reference.standardErrors) { #expect(close(found, value, relative: 1e-10)) }
    #expect(close(fit.logLikelihood, reference.logLikelihood, relative: 1e-10))
    #expect(fit.estimate.count == 43)
    for (found, value) in zip(fit.estimate, reference.estimates) { #expect(close(found, value, relative: 1e-10)) }
    for (found, value) in zip(fit.mse, reference.mse) { #expect(close(found, value, relative: 1e-10)) }
  }

  @Test func spatialEffectsAgreeWithWrittenOutFormulas() throws {
    let reml = try Ring.fit(.reml)
    #expect(close(try #require(reml.component("area")), 3.115539180601315, relative: 1e-9))
    #expect(close(try #require(reml.component("rho")), 0.08951768059045842, relative: 1e-8))
    #expect(close(reml.coefficients[1], 1.1336133123770817, relative: 1e-10))
    #expect(close(reml.standardErrors[1], 0.11077647028024631, relative: 1e-9))
    #expect(close(reml.logLikelihood, -32.54405671546957, relative: 1e-10))
    let estimates = [16.572215088388653, 23.221462297181628, 21.587171987560797, 11.003825825948248]
    let errors = [0.5635345840439145, 0.7222778738301884, 0.8708261549640395, 0.6524716544115898]
    for i in 0..<4 {
      #expect(close(reml.estimate[i], estimates[i], relative: 1e-9))
      #expect(close(reml.mse[i], errors[i], relative: 1e-8))
    }
    let ml = try Ring.fit(.ml)
    #expect(close(try #require(ml.component("rho")), -0.018255840276732407, relative: 1e-7))
    #expect(close(ml.mse[2], 0.8965367305327445, relative: 1e-8))
  }

  @Test(arguments: [
    (VarianceMethod.reml, false, [1.5554585521656308, 0.16654336658664343, -0.5541577584306667], 9.612292009958972),
    (.ml, false, [1.2668063152768823, 0.15329952739283076, -0.579792772977223], 9.588616989166951),
    (
      .reml, true, [1.5328045741791207, 0.48620813873197505, 0.13333320447051739, -0.6260673712794074],
      9.649555109659183
    ),
    (.ml, true, [1.294104183806407, 0.1885686619650146, 0.13353125147861433, -0.6212179056260848], 9.607717538380216),
  ])
  func panelsAgreeWithADirectSearch(
    method: VarianceMethod, spatial: Bool, components: [Double], first: Double
  ) throws {
    let fit = try Panel.fit(method, spatial: spatial)
    for (found, value) in zip(fit.components, components) { #expect(close(found.estimate, value, relative: 1e-6)) }
    #expect(fit.components.count == components.count)
    #expect(close(fit.estimate[0], first, relative: 1e-7))
    #expect(fit.mse.allSatisfy { $0 > 0 })
  }

  /// Independent areas are the spatial model without neighbours.
  @Test func noNeighboursGiveFayHerriot() throws {
    let data = try Milk.data()
    let effects = try AreaEffects(areas: Array(0..<43), proximity: nil, times: nil)
    let (general, plain) = (try correlatedAreas(data, effects: effects, method: .ml), try fayHerriot(data, method: .ml))
    for i in 0..<43 {
      #expect(close(general.estimate[i], plain.estimate[i], relative: 1e-9))
      // The information of the variance is taken after the regression here, before it there.
      #expect(close(general.mse[i], plain.mse[i], relative: 0.05))
    }
  }

  @Test func unitsOnlyRescale() throws {
    let (one, thousand) = (try Ring.fit(.reml), try Ring.fit(.reml, unit: 1000))
    for i in one.estimate.indices {
      #expect(close(thousand.estimate[i], 1000 * one.estimate[i], relative: 1e-8))
      #expect(close(thousand.mse[i], 1e6 * one.mse[i], relative: 1e-7))
      #expect(close(thousand.gamma[i], one.gamma[i], relative: 1e-7))
    }
  }

  @Test func rowOrderDoesNotMatter() throws {
    let order = (0..<32).map { ($0 * 13) % 32 }
    let (plain, mixed) = (try Panel.fit(.reml, spatial: true), try Panel.fit(.reml, spatial: true, order: order))
    for (i, row) in order.enumerated() { #expect(close(mixed.estimate[i], plain.estimate[row], relative: 1e-8)) }
  }

  /// Estimates lie between the direct figure and the regression.
  @Test func estimatesLieBetween() throws {
    let data = try Milk.data()
    let fit = try fayHerriot(data, method: .fh)
    for i in 0..<43 {
      let (low, high) = (min(data.direct[i], fit.synthetic[i]), max(data.direct[i], fit.synthetic[i]))
      #expect((low...high).contains(fit.estimate[i]))
    }
  }

  @Test func exactRegressionHasNoVarianceBetweenAreas() throws {
    let data = try AreaData(
      direct: (0..<9).map { 2 + 3 * Double($0) }, design: design((0..<9).map(Double.init)),
      variances: [Double](repeating: 1, count: 9))
    for method in VarianceMethod.allCases {
      let fit = try fayHerriot(data, method: method)
      #expect(fit.component("area") == 0)
      #expect(fit.estimate == fit.synthetic)
    }
  }

  @Test(arguments: BenchmarkMethod.allCases)
  func benchmarkedEstimatesAddUp(method: BenchmarkMethod) throws {
    let fit = try fayHerriot(Milk.data(), method: .reml)
    let weights = (0..<43).map { 1 + Double($0 % 5) }
    let moved = try benchmarked(fit.estimate, mse: fit.mse, weights: weights, total: 123.456, method: method)
    #expect(abs(zip(weights, moved).reduce(0) { $0 + $1.0 * $1.1 } - 123.456) < 1e-10)
    let changes = zip(moved, fit.estimate).map { $0 - $1 }
    if method == .distance {
      // The change of an area goes with its weight and its error.
      #expect(close(changes[0] / (weights[0] * fit.mse[0]), changes[1] / (weights[1] * fit.mse[1]), relative: 1e-9))
    } else {
      #expect(close(moved[0] / fit.estimate[0], moved[7] / fit.estimate[7], relative: 1e-12))
    }
  }

  @Test func wrongInputsAreNamed() throws {
    #expect(throws: SmallAreaError.varianceOutOfRange(row: 1, value: 0)) {
      try AreaData(direct: [1, 2, 3, 4], design: design([1, 2, 3, 5]), variances: [1, 0, 1, 1])
    }
    #expect(throws: SmallAreaError.tooFewAreas(areas: 3, coefficients: 2)) {
      try AreaData(direct: [1, 2, 3], design: design([1, 2, 3]), variances: [1, 1, 1])
    }
    let repeated = try AreaData(direct: [1, 2, 3, 4], design: design([1, 1, 1, 1]), variances: [1, 1, 1, 1])
    #expect(throws: SmallAreaError.singularDesign) { try fayHerriot(repeated, method: .reml) }
    #expect(throws: SmallAreaError.self) {
      try AreaEffects(areas: [0, 1], proximity: Matrix(rows: 2, columns: 2, repeating: 0.4), times: nil)
    }
    #expect(throws: SmallAreaError.self) {
      try correlatedAreas(
        Milk.data(), effects: AreaEffects(areas: Array(0..<43), proximity: nil, times: nil), method: .fh)
    }
  }
}
