import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Regression

struct CertifiedSet: Sendable, CustomTestStringConvertible {
  let name: String
  let input: RegressionInput
  let coefficients: [Double]
  let errors: [Double]
  /// Least correct digits asked of coefficients and of standard errors.
  let bar: (Double, Double)
  var residualSD: Double?
  var rSquared: Double?
  var testDescription: String { name }

  static func powers(_ x: [Double], upTo degree: Int) -> [(name: String, values: [Double])] {
    (1...degree).map { k in ("x^\(k)", x.map { pow($0, Double(k)) }) }
  }

  static let wampler = (0...20).map(Double.init)
  static let wamplerErrors = [
    2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752,
    0.112324854679312,
  ]

  static func wampler(_ set: Int) -> CertifiedSet {
    let noise: Double = [3: 1, 4: 100, 5: 10_000][set] ?? 0
    let y: [Double] = wampler.enumerated().map { i, x -> Double in
      let curve =
        set == 2
        ? (0...5).reduce(0) { $0 + pow(x / 10, Double($1)) } : (0...5).reduce(0) { $0 + pow(x, Double($1)) }
      return set == 2 ? (curve * 1e5).rounded() / 1e5 : curve + noise * NIST.wamplerNoise[i]
    }
    return CertifiedSet(
      name: "Wampler\(set)", input: RegressionInput(response: y, columns: powers(wampler, upTo: 5)),
      coefficients: set == 2 ? [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] : [Double](repeating: 1, count: 6),
      errors: set < 3 ? [Double](repeating: 0, count: 6) : wamplerErrors.map { $0 * noise },
      bar: [1: (9, 9), 2: (12.5, 14), 3: (9, 13), 4: (7.5, 13), 5: (5.5, 13)][set] ?? (15, 15))
  }

  static let all: [CertifiedSet] =
    [
      CertifiedSet(
        name: "Norris", input: RegressionInput(response: NIST.norris[0], columns: [("x", NIST.norris[1])]),
        coefficients: [-0.262323073774029, 1.00211681802045],
        errors: [0.232818234301152, 0.429796848199937e-3],
        bar: (12, 13.5), residualSD: 0.884796396144373, rSquared: 0.999993745883712),
      CertifiedSet(
        name: "Pontius",
        input: RegressionInput(response: NIST.pontius[0], columns: powers(NIST.pontius[1], upTo: 2)),
        coefficients: [0.673565789473684e-3, 0.732059160401003e-6, -0.316081871345029e-14],
        errors: [0.107938612033077e-3, 0.157817399981659e-9, 0.486652849992036e-16], bar: (12, 12),
        residualSD: 0.205177424076185e-3, rSquared: 0.999999900178537),
      CertifiedSet(
        name: "NoInt1",
        input: RegressionInput(
          response: (130...140).map(Double.init), columns: [("x", (60...70).map(Double.init))],
          intercept: false),
        coefficients: [2.07438016528926], errors: [0.165289256198347e-1], bar: (14.5, 14.5),
        residualSD: 3.56753034006338, rSquared: 0.999365492298663),
      CertifiedSet(
        name: "NoInt2",
        input: RegressionInput(response: [3, 4, 4], columns: [("x", [4, 5, 6])], intercept: false),
        coefficients: [0.727272727272727], errors: [0.420827318078432e-1], bar: (14.5, 14.5),
        residualSD: 0.369274472937998, rSquared: 0.993348115299335),
      CertifiedSet(
        name: "Filip",
        input: RegressionInput(response: NIST.filip[0], columns: powers(NIST.filip[1], upTo: 10)),
        coefficients: [
          -1467.48961422980, -2772.17959193342, -2316.37108160893, -1127.97394098372, -354.478233703349,
          -75.1242017393757, -10.8753180355343, -1.06221498588947, -0.670191154593408e-1,
          -0.246781078275479e-2,
          -0.402962525080404e-4,
        ],
        errors: [
          298.084530995537, 559.779865474950, 466.477572127796, 227.204274477751, 71.6478660875927,
          15.2897178747400,
          2.23691159816033, 0.221624321934227, 0.142363763154724e-1, 0.535617408889821e-3,
          0.896632837373868e-5,
        ], bar: (7, 7), residualSD: 0.334801051324544e-2, rSquared: 0.996727416185620),
      CertifiedSet(
        name: "Longley",
        input: RegressionInput(
          response: NIST.longley[0], columns: (1...6).map { ("x\($0)", NIST.longley[$0]) }),
        coefficients: [
          -3482258.63459582, 15.0618722713733, -0.358191792925910e-1, -2.02022980381683, -1.03322686717359,
          -0.511041056535807e-1, 1829.15146461355,
        ],
        errors: [
          890420.383607373, 84.9149257747669, 0.334910077722432e-1, 0.488399681651699, 0.214274163161675,
          0.226073200069370, 455.478499142212,
        ], bar: (10.5, 12), residualSD: 304.854073561965, rSquared: 0.995479004577296),
    ] + (1...5).map(wampler)
}

@Suite struct NISTTests {
  /// Oracle. NIST Statistical Reference Datasets, all eleven linear sets, no option set.
  @Test(arguments: CertifiedSet.all)
  func agreesWithCertifiedValues(_ set: CertifiedSet) throws {
    let fit = try regress(set.input)
    #expect(fit.dropped.isEmpty)
    try #require(fit.coefficients.count == set.coefficients.count)
    let digits = zip(fit.estimates, set.coefficients).map { matchingDigits($0, certified: $1) }
    let errorDigits = zip(fit.coefficients, set.errors).map {
      matchingDigits($0.standardError, certified: $1)
    }
    let worst = (digits.min() ?? 0, errorDigits.min() ?? 0)
    #expect(worst.0 >= set.bar.0 && worst.1 >= set.bar.1, "\(set.name): \(worst)")
    if let residualSD = set.residualSD {
      #expect(matchingDigits(fit.measures.residualSD ?? 0, certified: residualSD) >= set.bar.1)
    }
    if let rSquared = set.rSquared {
      #expect(matchingDigits(fit.measures.rSquared ?? 0, certified: rSquared) >= 11.5)
    }
    if ProcessInfo.processInfo.environment["SHOW_DIGITS"] != nil { print(set.name, worst) }
  }

  /// The same sets repeated until the fast routes take them.
  @Test(arguments: ["Norris", "Longley", "NoInt1"])
  func fastRoutesKeepTheDigits(name: String) throws {
    let set = try #require(CertifiedSet.all.first { $0.name == name })
    let times = 1_200_000 / (set.input.response.count * set.input.names.count * set.input.names.count) + 1
    var input = set.input
    input.response = (0..<times).flatMap { _ in set.input.response }
    input.design = Matrix(
      rows: input.response.count, columns: set.input.names.count,
      elements: set.input.names.indices.flatMap { j in (0..<times).flatMap { _ in set.input.design.column(j) }
      })
    let fit = try regress(input)
    for (estimate, certified) in zip(fit.estimates, set.coefficients) {
      #expect(matchingDigits(estimate, certified: certified) >= (name == "Longley" ? 9.5 : 12))
    }
    let (n, k) = (Double(set.input.response.count), Double(set.input.names.count))
    let shrink = ((n - k) / (n * Double(times) - k)).squareRoot()
    for (coefficient, certified) in zip(fit.coefficients, set.errors) {
      #expect(matchingDigits(coefficient.standardError, certified: certified * shrink) >= 11)
    }
  }
}
