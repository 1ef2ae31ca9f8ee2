import LinearAlgebra
import Messages

/// Why a regression was not fitted. Values in the cases, words in `message`.
public enum RegressionError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooFewRows(rows: Int, coefficients: Int, absorbed: Int)
  case noCoefficients(dropped: [String])
  case lengthMismatch(input: String, expected: Int, found: Int)
  case notFinite(input: String)
  /// Squares of the values leave the range of a double.
  case extremeScale(input: String, size: Double)
  case responseOutOfRange(family: String, row: Int, value: Double)
  case weightOutOfRange(row: Int, value: Double)
  case separation(columns: [String], rows: [Int])
  /// Every absorbed group was left out because its own effect explains it.
  case nothingInformative(groups: Int)
  case noConvergence(what: String, iterations: Int)
  case unsupported(Bilingual, hint: Bilingual)
  case linearAlgebra(LinearAlgebraError)

  public var message: Bilingual {
    switch self {
    case .tooFewRows(let rows, let coefficients, let absorbed):
      tooFew(rows, coefficients, absorbed)
    case .noCoefficients(let dropped):
      Bilingual(
        zh: "没有可估计的系数：\(dropped.isEmpty ? "公式右边为空" : dropped.joined(separator: "、") + " 都是重复列")",
        en:
          "there is nothing to estimate: \(dropped.isEmpty ? "the formula has no term on its right" : dropped.joined(separator: ", ") + " only repeat other columns")"
      )
    case .lengthMismatch(let input, let expected, let found):
      Bilingual(
        zh: "\(input) 有 \(found) 个值，应为 \(expected) 个",
        en: "\(input) has \(found) values where \(expected) are needed")
    case .notFinite(let input):
      Bilingual(zh: "\(input) 中有非有限数值", en: "\(input) holds a value that is not finite")
    case .extremeScale(let input, let size):
      Bilingual(
        zh: "\(input) 的数量级为 \(size)，其平方超出双精度范围",
        en: "\(input) is of size \(size): its squares leave the range of a double")
    case .responseOutOfRange(let family, let row, let value):
      Bilingual(
        zh: "第 \(row + 1) 行的因变量为 \(value)，不在 \(family) 分布的取值范围内",
        en: "the response of row \(row + 1) is \(value), outside the range of the \(family) family")
    case .weightOutOfRange(let row, let value):
      Bilingual(
        zh: "第 \(row + 1) 行的权重为 \(value)；权重必须是正的有限数",
        en: "the weight of row \(row + 1) is \(value); weights are positive and finite")
    case .separation(let columns, let rows):
      Bilingual(
        zh: "完全或准完全分离：\(columns.joined(separator: "、")) 完美预测了 \(rows.count) 行，其系数趋于无穷",
        en:
          "complete or quasi-complete separation: \(columns.joined(separator: ", ")) predicts \(rows.count) rows perfectly, so its coefficient runs to infinity"
      )
    case .nothingInformative(let groups):
      Bilingual(
        zh: "因变量在吸收的 \(groups) 个组内都没有变化（全为 0、全为 1 或只有一行），没有可用的行",
        en: "the response does not vary within any of the \(groups) absorbed groups (all 0, all 1 or a single row): no row is left")
    case .noConvergence(let what, let iterations):
      Bilingual(
        zh: "\(what) 迭代 \(iterations) 次后仍未收敛", en: "\(what) did not converge in \(iterations) iterations")
    case .unsupported(let what, _): what
    case .linearAlgebra(let error): Bilingual(zh: "线性代数：\(error)", en: "\(error)")
    }
  }

  /// What to do about it.
  public var hint: Bilingual? {
    switch self {
    case .separation:
      Bilingual(
        zh: "去掉这些项、合并类别，或加岭惩罚 --ridge",
        en: "leave these terms out, merge categories, or add a penalty with --ridge")
    case .responseOutOfRange(let family, _, _):
      family == "poisson"
        ? Bilingual(zh: "poisson 需要非负数", en: "poisson needs values of 0 or more")
        : Bilingual(
          zh: "binomial 需要 0 到 1 之间的数；百分数请除以 100",
          en: "binomial needs values in 0...1; divide percentages by 100")
    case .nothingInformative:
      Bilingual(zh: "吸收较粗的分组，或不吸收", en: "absorb coarser groups, or none")
    case .noConvergence:
      Bilingual(
        zh: "检查因变量与自变量的量级和异常值；也可换链接函数", en: "look at the sizes and outliers of response and regressors, or use another link")
    case .extremeScale:
      Bilingual(zh: "换一个单位，例如 I(x/1e150)", en: "change its unit, for example I(x/1e150)")
    case .unsupported(_, let hint): hint
    default: nil
    }
  }

  public var description: String { hint.map { "\(message.en); \($0.en)" } ?? message.en }
}

private func tooFew(_ rows: Int, _ coefficients: Int, _ absorbed: Int) -> Bilingual {
  let missing = coefficients + absorbed + 1 - rows
  let (zhAbsorbed, enAbsorbed) =
    absorbed == 0 ? ("", "") : ("和 \(absorbed) 个固定效应", " and \(absorbed) absorbed effects")
  return Bilingual(
    zh: "\(rows) 行数据不足以估计 \(coefficients) 个系数\(zhAbsorbed)，至少还缺 \(missing) 行",
    en:
      "\(rows) row\(rows == 1 ? "" : "s") cannot determine \(coefficients) coefficients\(enAbsorbed) and leave anything for the error: at least \(missing) more row\(missing == 1 ? " is" : "s are") missing"
  )
}
