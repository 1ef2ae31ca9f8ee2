import Messages

/// Why a programme has no answer.
public enum PlanningError: Error, Equatable, Sendable, CustomStringConvertible {
  case duplicateName(String)
  case notFinite(String)
  case emptyRange(String, lower: Double, upper: Double)
  /// No values satisfy all of these together; without any one of them some do.
  case infeasible(conflict: [String])
  /// The objective improves for ever along these columns.
  case unbounded(along: [String])
  /// The solver stopped early or its answer does not hold; says how.
  case notSolved(reason: String)

  public var message: Bilingual {
    switch self {
    case .duplicateName(let name):
      Bilingual(zh: "名称“\(name)”重复", en: "the name '\(name)' is used twice")
    case .notFinite(let name):
      Bilingual(zh: "“\(name)”中有不是数的系数或界限", en: "'\(name)' has a coefficient or bound that is no number")
    case .emptyRange(let name, let lower, let upper):
      Bilingual(
        zh: "“\(name)”的下限 \(lower) 高于上限 \(upper)", en: "'\(name)' has a lower bound of \(lower) above its upper bound of \(upper)")
    case .infeasible(let conflict):
      Bilingual(
        zh: "无可行解，下列约束互相矛盾：\(conflict.joined(separator: "；"))",
        en: "no solution: these constraints contradict each other: \(conflict.joined(separator: "; "))")
    case .unbounded(let along):
      Bilingual(
        zh: "目标可无限改进，沿变量：\(along.joined(separator: "；"))；请给出上限",
        en: "the objective improves without end along: \(along.joined(separator: "; ")); give them bounds")
    case .notSolved(let reason):
      Bilingual(zh: "求解未完成：\(reason)", en: "not solved: \(reason)")
    }
  }

  public var description: String { message.en }
}
