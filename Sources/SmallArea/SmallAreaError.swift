import LinearAlgebra
import Messages

/// Why small areas were not estimated. Values in the cases, words in `message`.
public enum SmallAreaError: Error, Equatable, Sendable, CustomStringConvertible {
  case lengthMismatch(input: String, expected: Int, found: Int)
  case tooFewAreas(areas: Int, coefficients: Int)
  case notFinite(input: String, row: Int)
  /// The variance of a direct estimate is not a positive number.
  case varianceOutOfRange(row: Int, value: Double)
  case noConvergence(what: String, iterations: Int)
  case singularDesign
  /// Row of the proximity matrix, 0-based, and what it adds up to.
  case proximityRow(row: Int, sum: Double)
  /// Totals cannot be met: every weight or every mean squared error is zero.
  case nothingToAdjust(total: Double)
  case unsupported(Bilingual)
  case linearAlgebra(LinearAlgebraError)

  public var message: Bilingual {
    switch self {
    case .lengthMismatch(let input, let expected, let found):
      Bilingual(
        zh: "\(input) 有 \(found) 个值，应为 \(expected) 个", en: "\(input) has \(found) values where \(expected) are needed")
    case .tooFewAreas(let areas, let coefficients):
      Bilingual(
        zh: "\(areas) 行不足以估计 \(coefficients) 个系数与地区方差，至少要 \(coefficients + 2) 行",
        en: "\(areas) rows cannot determine \(coefficients) coefficients and the variance of areas: \(coefficients + 2) are needed")
    case .notFinite(let input, let row):
      Bilingual(zh: "\(input) 第 \(row + 1) 行不是有限数", en: "\(input) is not finite in row \(row + 1)")
    case .varianceOutOfRange(let row, let value):
      Bilingual(
        zh: "第 \(row + 1) 行的抽样方差为 \(value)；应为正的有限数",
        en: "the sampling variance of row \(row + 1) is \(value); it is positive and finite")
    case .noConvergence(let what, let iterations):
      Bilingual(zh: "\(what) 迭代 \(iterations) 次后仍未收敛", en: "\(what) did not converge in \(iterations) iterations")
    case .singularDesign:
      Bilingual(zh: "公式右边有重复的列，系数不能确定", en: "columns on the right of the formula repeat others: coefficients are not determined")
    case .proximityRow(let row, let sum):
      Bilingual(
        zh: "邻近矩阵第 \(row + 1) 行之和为 \(sum)，应为 1（没有邻居的地区为 0）",
        en: "row \(row + 1) of the proximity matrix adds up to \(sum), not to 1 (or 0 for an area without neighbours)")
    case .nothingToAdjust(let total):
      Bilingual(
        zh: "无法凑成合计 \(total)：各地区的权重、估计值或均方误差全为 0",
        en: "the total \(total) cannot be met: all weights, estimates or mean squared errors are zero")
    case .unsupported(let why): why
    case .linearAlgebra(let error): Bilingual(zh: "线性代数：\(error)", en: "\(error)")
    }
  }

  public var description: String { message.en }
}
