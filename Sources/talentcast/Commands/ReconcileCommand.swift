import ArgumentParser
import Dimensions
import Foundation
import LinearAlgebra
import Messages
import Reconciliation
import Tables

extension ReconciliationMethod: ExpressibleByArgument {}

struct ReconcileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile",
    abstract: "使各级预测加得起来，已公布的数不动 · Make forecasts of all levels add up; published figures stay",
    discussion: """
      层级文件：parent,child（一个下级可有多个上级，上级等于其不重复底层节点之和）；
      基础预测与残差：node,time,value；固定值：node[,time],value（无 time 即各期相同）。
      残差协方差默认不去均值、除以 n；--centred 去均值、除以 n − 1。
      Hierarchy: parent,child rows (a child may have several parents; a node is the sum of its distinct
      leaves). Base and residuals: node,time,value. Fixed: node[,time],value (without time: at all times).

      talentcast reconcile --hierarchy h.csv --base base.csv --method wls-struct --fixed published.csv
      talentcast reconcile --hierarchy h.csv --base base.csv --residuals res.csv --method mint-shrink --actual came.csv
      """)

  @Option(help: "层级 CSV：parent,child · The hierarchy.")
  var hierarchy: String

  @Option(help: "基础预测 CSV：node,time,value · The base forecasts.")
  var base: String

  @Option(help: "残差 CSV：node,time,value · Residuals of the base forecasts.")
  var residuals: String?

  @Option(help: "方法 · Weighting of the errors.")
  var method: ReconciliationMethod = .structural

  @Flag(help: "结果不为负，零为精确的零 · No negative values; zeros are exact.")
  var nonnegative = false

  @Option(help: "不得移动的已公布数 CSV · Published figures that must not move.")
  var fixed: String?

  @Option(help: "后来的实际值 CSV，用于逐级比较误差 · What really came, to compare errors level by level.")
  var actual: String?

  @Flag(help: "残差去均值、除以 n − 1 · Centre the residuals, divisor n − 1.")
  var centred = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard residuals != nil || !method.needsResiduals else {
      throw ValidationError("--method \(method.rawValue) 需要 --residuals · --method \(method.rawValue) needs --residuals.")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      BLASThreads.set(1)
      let input = try readInput()
      let result = try reconciled(input)
      let levels = try actual.map { file in
        try levelErrors(input.hierarchy, result, actual: nodeValues(tableAsText(file), isTimed: true))
      }
      if let fallback = result.fallback { say(fallback.text[language]) }
      for note in result.notes { say(note[language]) }
      if common.json {
        print(try jsonText(ReconcileJSON(result, language, levels: levels)), terminator: "")
      } else {
        print(reconcileText(result, language) + (levels.map { "\n" + levelText($0, language) } ?? ""))
      }
    }
  }

  /// Every file read, with the problems of all of them together.
  private func readInput() throws(ProblemReport) -> ReconciliationInput {
    var problems: [Problem] = []
    var status = ExitStatus.badData
    func attempt<Value>(_ read: () throws(ProblemReport) -> Value) -> Value? {
      do {
        return try read()
      } catch {
        problems += error.problems
        if error.status == .missingInput { status = .missingInput }
        return nil
      }
    }
    let tree = attempt { () throws(ProblemReport) in try readHierarchy(tableAsText(hierarchy)) }
    let values = attempt { () throws(ProblemReport) in try nodeValues(tableAsText(base), isTimed: true) }
    let errors = residuals.flatMap { file in
      attempt { () throws(ProblemReport) in try nodeValues(tableAsText(file), isTimed: true) }
    }
    let published = fixed.flatMap { file in
      attempt { () throws(ProblemReport) in try nodeValues(tableAsText(file), isTimed: false) }
    }
    guard problems.isEmpty, let tree, let values else { throw ProblemReport(status, problems) }
    var input = ReconciliationInput(hierarchy: tree, base: values, method: method)
    input.residuals = errors
    input.fixed = published
    input.isNonNegative = nonnegative
    input.isCentred = centred
    return input
  }
}

func readHierarchy(_ table: Table) throws(ProblemReport) -> Hierarchy {
  try table.requireColumns(["parent", "child"])
  let parents = try table.strings(named: "parent")
  let children = try table.strings(named: "child")
  let links = parents.indices.map {
    Hierarchy.Link(parents[$0], children[$0], line: table.lines[$0])
  }
  return try Hierarchy(links, file: table.file)
}

/// - Parameter isTimed: whether a `time` column must be there.
func nodeValues(_ table: Table, isTimed: Bool) throws(ProblemReport) -> NodeValues {
  try table.requireColumns(isTimed ? ["node", "time", "value"] : ["node", "value"])
  let nodes = try table.strings(named: "node")
  let values = try completeNumbers("value", of: table)
  var times: [String]?
  if table.column("time") != nil { times = try table.strings(named: "time") }
  let rows = nodes.indices.map { row in
    NodeValue(
      node: nodes[row], time: times.map { unpadded($0[row]) }, value: values[row],
      line: table.lines[row])
  }
  return NodeValues(file: table.file, rows: rows)
}

extension Fallback {
  /// What was asked for, why it failed and what was used.
  var text: Bilingual {
    Bilingual(
      zh: "\(requested.rawValue) 无法使用，改用 \(used.rawValue)：\(reason.zh)",
      en: "\(requested.rawValue) cannot be used, \(used.rawValue) stands in: \(reason.en)")
  }
}

/// Nodes × times for people: base, coherent value and change.
func reconcileText(_ result: Reconciled, _ language: Language) -> String {
  func word(_ zh: String, _ en: String) -> String { Bilingual(zh: zh, en: en)[language] }
  var heading = word("方法：", "method: ") + result.method.name[language] + " (\(result.method.rawValue))"
  if let lambda = result.lambda { heading += word("，收缩强度 λ = ", ", shrinkage λ = ") + String(format: "%.6f", lambda) }
  var table = TextTable([
    (word("节点", "node"), .left), (word("时间", "time"), .left), (word("基础预测", "base"), .right),
    (word("协调后", "coherent"), .right), (word("变动", "change"), .right), ("", .left),
  ])
  for node in result.nodes {
    table.append([
      node.node, node.time, node.base.map(figure) ?? "–", figure(node.value),
      node.base.map { signed(node.value - $0) } ?? "–", node.isFixed ? word("已公布", "published") : "",
    ])
  }
  return heading + "\n\n" + table.text
}

/// Errors before and after, level by level.
func levelText(_ levels: [LevelError], _ language: Language) -> String {
  let zh = language == .zh
  var table = TextTable([
    (zh ? "层级" : "level", .right), (zh ? "节点" : "nodes", .right), (zh ? "均方根误差：前" : "RMSE before", .right),
    (zh ? "后" : "after", .right), (zh ? "平均绝对误差：前" : "MAE before", .right), (zh ? "后" : "after", .right),
  ])
  for level in levels {
    table.append([
      "\(level.level)", "\(level.nodeCount)", figure(level.rootMeanSquareBefore), figure(level.rootMeanSquareAfter),
      figure(level.meanAbsoluteBefore), figure(level.meanAbsoluteAfter),
    ])
  }
  return table.text
}

private func signed(_ change: Double) -> String {
  let text = figure(abs(change))
  return abs(change) < 5e-7 ? "0" : (change < 0 ? "−" : "+") + text
}

/// `talentcast/reconcile@1`.
struct ReconcileJSON: Encodable {
  /// Whole numbers stay numbers (years), anything else stays text.
  private enum Time: Encodable {
    case number(Int)
    case text(String)

    init(_ spelling: String) {
      if let number = Int(spelling), String(number) == spelling { self = .number(number) } else { self = .text(spelling) }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      }
    }
  }

  private struct Node: Encodable {
    let node: String
    let time: Time
    let base: Double?
    let value: Double?
    let fixed: Bool?

    private enum CodingKeys: CodingKey { case node, time, base, value, fixed }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(node, forKey: .node)
      try container.encode(time, forKey: .time)
      try container.encode(base, forKey: .base)
      try container.encode(value, forKey: .value)
      try container.encodeIfPresent(fixed, forKey: .fixed)
    }
  }

  private struct Level: Encodable {
    let level: Int
    let nodes: Int
    let rmse_before: Double
    let rmse_after: Double
    let mae_before: Double
    let mae_after: Double
  }

  private struct FallbackEntry: Encodable {
    let requested: String
    let used: String
    let nodes: [String]
    let message: String
  }

  private enum CodingKeys: CodingKey { case schema, method, lambda, fallback, notes, nodes, levels }

  private let result: Reconciled
  private let language: Language

  private let levels: [LevelError]?

  init(_ result: Reconciled, _ language: Language, levels: [LevelError]? = nil) {
    self.result = result
    self.language = language
    self.levels = levels
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("talentcast/reconcile@1", forKey: .schema)
    try container.encode(result.method.rawValue, forKey: .method)
    try container.encode(result.lambda, forKey: .lambda)
    try container.encodeIfPresent(
      result.fallback.map {
        FallbackEntry(
          requested: $0.requested.rawValue, used: $0.used.rawValue, nodes: $0.nodes, message: $0.text[language])
      }, forKey: .fallback)
    try container.encode(result.notes.map { $0[language] }, forKey: .notes)
    let nodes = result.nodes.map {
      Node(
        node: $0.node, time: Time($0.time), base: $0.base, value: $0.value.isFinite ? $0.value : nil,
        fixed: $0.isFixed ? true : nil)
    }
    try container.encode(nodes, forKey: .nodes)
    try container.encodeIfPresent(
      levels?.map {
        Level(
          level: $0.level, nodes: $0.nodeCount, rmse_before: $0.rootMeanSquareBefore,
          rmse_after: $0.rootMeanSquareAfter, mae_before: $0.meanAbsoluteBefore, mae_after: $0.meanAbsoluteAfter)
      }, forKey: .levels)
  }
}
