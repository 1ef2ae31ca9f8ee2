import DesignMatrices
import Messages
import Regression
import Tables

extension RegressionFit {
  /// Residuals that are rounding.
  var exactness: [Problem] {
    guard isExact else { return [] }
    return [
      Problem(
        "fit.exact", .warning,
        message: Bilingual(
          zh: "模型与数据完全吻合（残差只是舍入误差）：标准误与检验没有意义；检查因变量是否为常数或出现在右边",
          en:
            "the model meets the data exactly, the residuals are rounding: errors and tests mean nothing; is the response constant, or on the right too?"
        ))
    ]
  }

  /// Groups that were left out, by name, a sentence a grouping and reason.
  func leftOutRemarks(_ frame: ModelFrame) -> [Problem] {
    var parts: [(grouping: String, reason: LeftOutGroup.Reason, codes: [Int32], rows: Int)] = []
    for group in leftOut {
      if let at = parts.firstIndex(where: { $0.grouping == group.grouping && $0.reason == group.reason }) {
        parts[at].codes.append(group.code)
        parts[at].rows += group.rows.count
      } else {
        parts.append((group.grouping, group.reason, [group.code], group.rows.count))
      }
    }
    return parts.map { part in
      let names = part.codes.prefix(8).map { frame.level($0, of: part.grouping) }
      let more = part.codes.count - names.count
      let (zhNames, enNames) = (names.joined(separator: "、"), names.joined(separator: ", "))
      let why = part.reason.words
      let (rows, count) = (part.rows, part.codes.count)
      return Problem(
        "fit.left-out", part.reason == .singleton ? .note : .warning,
        message: Bilingual(
          zh: "\(part.grouping) 有 \(count) 组\(why.zh)，没有用于估计（\(rows) 行）：\(zhNames)\(more > 0 ? " 等" : "")",
          en: "\(count) group\(count == 1 ? "" : "s") of \(part.grouping) \(count == 1 ? "is" : "are") left out, "
            + "\(rows) row\(rows == 1 ? "" : "s"): \(why.en): \(enNames)\(more > 0 ? " and \(more) more" : "")"))
    }
  }
}

extension LeftOutGroup.Reason {
  fileprivate var words: Bilingual {
    switch self {
    case .allZero:
      Bilingual(zh: "因变量全为 0，其固定效应趋于负无穷", en: "the response is 0 throughout, so the effect runs to minus infinity")
    case .allOne:
      Bilingual(zh: "因变量全为 1，其固定效应趋于无穷", en: "the response is 1 throughout, so the effect runs to infinity")
    case .singleton: Bilingual(zh: "只有一行", en: "a single row each")
    }
  }
}

extension ModelFrame {
  /// The name of a group.
  func level(_ code: Int32, of grouping: String) -> String {
    groups[grouping].flatMap { $0.levels.indices.contains(Int(code)) ? $0.levels[Int(code)] : nil } ?? String(code)
  }
}

extension FitRequest {
  /// Two rows of one entity at one time, where order matters.
  func panelRemarks(_ panel: PanelIndex?, _ table: Table, _ rows: [Int]) -> [Problem] {
    let needsOrder =
      switch covariance {
      case .neweyWest: true
      default: effects == .firstDifference
      }
    guard needsOrder, let panel, let (first, second) = panel.firstDuplicate else { return [] }
    return [
      Problem(
        "fit.duplicate-time", .warning, file: table.file, line: table.lines[rows[second]],
        message: Bilingual(
          zh: "与第 \(table.lines[rows[first]]) 行是同一个体的同一时间，先后按文件中的次序",
          en: "the same entity and time as line \(table.lines[rows[first]]): they are taken in file order"))
    ]
  }
}

extension RegressionError {
  /// The error with the file's lines instead of row numbers, and the warnings that may explain it.
  func report(_ table: Table, rows: [Int], with warnings: [Problem]) -> ProblemReport {
    var line: Int?
    var (status, hint) = (ExitStatus.badData, hint)
    switch self {
    case .responseOutOfRange(_, let row, _), .weightOutOfRange(let row, _): line = table.lines[rows[row]]
    case .separation(_, let separated):
      line = separated.first.map { table.lines[rows[$0]] }
      let lines = separated.prefix(8).map { String(table.lines[rows[$0]]) }.joined(separator: ", ")
      hint = hint.map { Bilingual(zh: "涉及的行：\(lines)。\($0.zh)", en: "lines \(lines); \($0.en)") }
    case .unsupported: status = .usage
    default: break
    }
    return ProblemReport(
      status, [Problem("fit.\(code)", file: table.file, line: line, message: message, hint: hint)] + warnings)
  }

  private var code: String {
    switch self {
    case .tooFewRows: "too-few-rows"
    case .noCoefficients: "no-coefficients"
    case .lengthMismatch: "length"
    case .notFinite: "not-finite"
    case .extremeScale: "extreme-scale"
    case .responseOutOfRange: "response-range"
    case .weightOutOfRange: "weight-range"
    case .separation: "separation"
    case .nothingInformative: "nothing-informative"
    case .noConvergence: "no-convergence"
    case .unsupported: "unsupported"
    case .linearAlgebra: "linear-algebra"
    }
  }
}
