import LinearAlgebra
import Supply
import TestSupport
import Testing

/// Women of Slovenia and of the rest of Yugoslavia, 1961 to 2001 in steps of five years.
///
/// Source: Willekens & Rogers (1978), *Spatial Population Analysis: Methods and Computer Programs*, IIASA
/// RR-78-18, tables 2.9 (survivorship and outmigration proportions), 3.1 (births) and 3.2 (populations).
struct MultiregionalTests {
  @Test func twoRegionsOfEighteenAgesGoWhereTheBookSaysTheyGo() throws {
    let path = try YugoslavWomen.model().path(from: YugoslavWomen.population1961, steps: 8)
    // Printed proportions have four to six digits, which eight steps carry along.
    for (found, printed) in zip(path[8], YugoslavWomen.population2001) {
      #expect(abs(found / printed - 1) < 5e-4, "\(found) for \(printed)")
    }
    for region in 0..<2 {
      let ages = stride(from: region, to: 36, by: 2)
      let (found, printed) = (ages.reduce(0) { $0 + path[8][$1] }, ages.reduce(0) { $0 + YugoslavWomen.population2001[$1] })
      #expect(abs(found / printed - 1) < 1e-4)
    }
  }

  @Test func migrationOfTheYoungBringsMoreToSloveniaThanItTakes() throws {
    let path = try YugoslavWomen.model().path(from: YugoslavWomen.population1961, steps: 1)
    // The population of 15 to 19 in 1961 is 20 to 24 in 1966: 60 535 in the book's second column.
    #expect(abs(path[1][8] - 60_535) < 6)
    #expect(abs(path[1][9] - 613_569) < 62)
  }
}

private enum YugoslavWomen {
  /// `[age 0…80 by 5][Slovenia, rest]`: where those of one region are five years later.
  static let fromSlovenia: [[Double]] = [
    [0.9709, 0.012622], [0.9888, 0.009392], [0.9816, 0.016308], [0.9668, 0.030062],
    [0.9653, 0.031117], [0.9729, 0.022849], [0.9808, 0.013638], [0.9853, 0.006854],
    [0.9826, 0.003827], [0.9754, 0.002925], [0.9645, 0.003098], [0.9457, 0.003512],
    [0.9048, 0.004072], [0.8319, 0.003743], [0.7372, 0.003589], [0.5908, 0.002983],
    [0.6171, 0.007229],
  ]
  static let fromTheRest: [[Double]] = [
    [0.0010638, 0.9412], [0.0008022, 0.9963], [0.0020513, 0.9946], [0.0039405, 0.9909],
    [0.0035411, 0.9895], [0.0021072, 0.9896], [0.0014229, 0.9891], [0.0010097, 0.9867],
    [0.0006821, 0.9826], [0.0005431, 0.9742], [0.000801, 0.9601], [0.0009545, 0.9356],
    [0.0008019, 0.8948], [0.0004919, 0.8302], [0.0003183, 0.7452], [0.0004107, 0.6403],
    [0.0008529, 1.003],
  ]
  /// `[age 0…50 by 5][Slovenia, rest]`: girls five years later for each woman.
  static let birthsOfSlovenia: [[Double]] = [
    [0.0, 0.0], [0.000171, 3e-06], [0.038234, 0.001277], [0.205783, 0.007635],
    [0.321959, 0.007623], [0.252357, 0.004084], [0.155327, 0.0018], [0.074685, 0.000696],
    [0.020771, 0.000159], [0.002433, 2.1e-05], [0.000715, 5e-06],
  ]
  static let birthsOfTheRest: [[Double]] = [
    [0.0, 0.0], [0.0, 0.000157], [0.000121, 0.062407], [0.00086, 0.268805],
    [0.000802, 0.381933], [0.000398, 0.279343], [0.000186, 0.159828], [7.5e-05, 0.083796],
    [2.4e-05, 0.033507], [5e-06, 0.006732], [1e-06, 0.001689],
  ]
  /// `[age 0…85 by 5]`.
  static let slovenia1961: [Double] = [
    67_800, 74_100, 70_700, 60_100, 62_900, 66_500, 67_100, 62_900, 39_500,
    47_900, 51_300, 46_100, 39_600, 29_500, 21_700, 14_400, 7_100, 3_600,
  ]
  static let rest1961: [Double] = [
    847_900, 905_200, 808_100, 617_400, 725_500, 774_000, 728_400, 633_300, 392_400,
    437_100, 453_800, 389_300, 325_800, 230_600, 180_000, 120_900, 61_200, 39_300,
  ]
  static let slovenia2001: [Double] = [
    81_001, 77_972, 76_680, 76_582, 77_190, 75_638, 72_104, 70_384, 67_731,
    74_725, 69_342, 56_291, 56_672, 54_501, 45_935, 31_869, 11_951, 9_124,
  ]
  static let rest2001: [Double] = [
    1_130_953, 1_027_894, 993_837, 968_412, 945_021, 898_909, 838_496, 812_666, 758_104,
    844_134, 736_956, 543_472, 600_813, 578_276, 455_970, 298_515, 119_997, 136_532,
  ]

  /// Regions within ages.
  static var population1961: [Double] { zip(slovenia1961, rest1961).flatMap { [$0, $1] } }
  static var population2001: [Double] { zip(slovenia2001, rest2001).flatMap { [$0, $1] } }

  static func model() throws -> ProjectionMatrix {
    var growth = Matrix(rows: 36, columns: 36)
    for age in fromSlovenia.indices {
      for region in 0..<2 {
        growth[2 * (age + 1) + region, 2 * age] = fromSlovenia[age][region]
        growth[2 * (age + 1) + region, 2 * age + 1] = fromTheRest[age][region]
      }
    }
    for age in birthsOfSlovenia.indices {
      for region in 0..<2 {
        growth[region, 2 * age] = birthsOfSlovenia[age][region]
        growth[region, 2 * age + 1] = birthsOfTheRest[age][region]
      }
    }
    let states = (0..<18).flatMap { ["slovenia-\(5 * $0)", "rest-\(5 * $0)"] }
    return try ProjectionMatrix(states: states, transitions: growth)
  }
}
