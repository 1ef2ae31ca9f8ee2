import Dimensions
import LinearAlgebra
import Messages

/// Everything one reconciliation of files needs.
public struct ReconciliationInput: Sendable {
  public let hierarchy: Hierarchy
  public let base: NodeValues
  public var residuals: NodeValues?
  public var fixed: NodeValues?
  public var method: ReconciliationMethod
  public var isNonNegative = false
  /// Take the means off the residuals (divisor n − 1); the default is uncentred with divisor n.
  public var isCentred = false

  public init(hierarchy: Hierarchy, base: NodeValues, method: ReconciliationMethod) {
    self.hierarchy = hierarchy
    self.base = base
    self.method = method
  }
}

/// Coherent values by node and time, and how they were reached.
public struct Reconciled: Sendable {
  /// A node before and after reconciliation.
  public struct Node: Equatable, Sendable {
    public let node: String
    public let time: String
    /// Nil for an aggregate without base value.
    public let base: Double?
    public let value: Double
    public let isFixed: Bool
  }

  /// The method really used.
  public let method: ReconciliationMethod
  public let lambda: Double?
  public let fallback: Fallback?
  public let notes: [Bilingual]
  /// By time in the order of the base file, then in node order.
  public let nodes: [Node]
}

/// Reconciles forecasts given as files.
///
/// - Throws: every problem at once: unknown nodes (with the nearest spelling), rows given twice, base
///   values missing by node and time, residuals missing, fixed values at unknown times, published values
///   that contradict each other.
public func reconciled(_ input: ReconciliationInput) throws(ProblemReport) -> Reconciled {
  var problems: [Problem] = []
  let hierarchy = input.hierarchy
  let base = NodeGrid(input.base, hierarchy, &problems)
  let fixed = input.fixed.map { NodeGrid($0, hierarchy, &problems) }
  if input.base.rows.isEmpty { problems.append(emptyFile(input.base.file)) }
  let held = heldNodes(input, base, fixed, &problems)
  if problems.isEmpty { problems += missingBase(input, base, held) }
  let residuals = residualMatrix(input, &problems)
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }

  var columns = [[Double]](repeating: [], count: base.times.count)
  var first: Reconciler?
  for (nodes, times) in groups(held) {
    let reconciler = Reconciler(
      hierarchy, method: input.method, residuals: residuals, centred: input.isCentred, fixed: nodes)
    if first == nil || reconciler.fallback != nil { first = reconciler }
    for time in times {
      let values = nodes.compactMap { held[time][$0] }
      let column = base.values.map { $0[time].isNaN ? 0 : $0[time] }
      do {
        columns[time] = try reconciler.reconciled(
          Matrix(rows: column.count, columns: 1, elements: column), fixedValues: values,
          nonNegative: input.isNonNegative
        ).elements
      } catch {
        problems += error.problems.map { at($0, base.times[time], input.fixed?.file) }
      }
    }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  let nodes = base.times.indices.flatMap { time in
    hierarchy.nodes.indices.map { node in
      let before = base.values[node][time]
      return Reconciled.Node(
        node: hierarchy.nodes[node], time: base.times[time], base: before.isNaN ? nil : before,
        value: columns[time][node], isFixed: held[time][node] != nil)
    }
  }
  return Reconciled(
    method: first?.method ?? input.method, lambda: first?.lambda, fallback: first?.fallback,
    notes: first?.fallback == nil ? notes(input, residuals) : [], nodes: nodes)
}

private func emptyFile(_ file: String) -> Problem {
  Problem(
    "reconcile.empty", file: file,
    message: Bilingual(zh: "文件没有数据行", en: "the file has no rows"),
    hint: Bilingual(zh: "每行写 node,time,value", en: "write node,time,value rows"))
}

/// For each time of the base: the fixed nodes and their values.
private func heldNodes(
  _ input: ReconciliationInput, _ base: NodeGrid, _ fixed: NodeGrid?, _ problems: inout [Problem]
) -> [[Int: Double]] {
  var held = [[Int: Double]](repeating: [:], count: base.times.count)
  guard let fixed, let table = input.fixed else { return held }
  let isTimeless = table.rows.allSatisfy { $0.time == nil }
  for (column, time) in fixed.times.enumerated() {
    let targets = isTimeless ? Array(base.times.indices) : base.position(of: time).map { [$0] } ?? []
    if targets.isEmpty, !table.rows.isEmpty {
      let line = table.rows.first { $0.time == time }?.line
      problems.append(
        Problem(
          "reconcile.unknown-time", file: table.file, line: line, path: "time",
          message: Bilingual(
            zh: "时间 \(time) 在基础预测中没有", en: "the base forecasts have no time \(time)"),
          hint: nearest(time, among: base.times).map { Bilingual(zh: "是否指 \($0)？", en: "did you mean \($0)?") }))
    }
    for node in fixed.values.indices where !fixed.values[node][column].isNaN {
      for target in targets { held[target][node] = fixed.values[node][column] }
    }
  }
  return held
}

/// Leaves need a base value at every time; aggregates too, unless they are fixed or not read.
private func missingBase(_ input: ReconciliationInput, _ base: NodeGrid, _ held: [[Int: Double]]) -> [Problem] {
  input.hierarchy.nodes.indices.compactMap { node in
    if input.method == .bottomUp, !input.hierarchy.isLeaf(node) { return nil }
    let missing = base.times.indices.filter { base.values[node][$0].isNaN && held[$0][node] == nil }
    guard !missing.isEmpty else { return nil }
    let name = input.hierarchy.nodes[node]
    let times = listed(missing.map { base.times[$0] })
    let isLeaf = input.hierarchy.isLeaf(node)
    return Problem(
      isLeaf ? "reconcile.missing-leaf" : "reconcile.missing-aggregate", file: input.base.file, path: name,
      message: Bilingual(
        zh: "\(isLeaf ? "底层节点" : "合计节点")“\(name)”缺少基础预测（时间 \(times)）",
        en: "\(isLeaf ? "leaf" : "aggregate") '\(name)' has no base value at time \(times)"),
      hint: isLeaf
        ? Bilingual(zh: "补上这些行，或从层级文件中删去该节点", en: "add the rows, or take the node out of the hierarchy")
        : Bilingual(zh: "补上这些行，或用 --method bottom-up", en: "add the rows, or use --method bottom-up"))
  }
}

/// Nodes × times of residuals, or nil when the method reads none.
private func residualMatrix(_ input: ReconciliationInput, _ problems: inout [Problem]) -> Matrix? {
  guard input.method.needsResiduals, let table = input.residuals else {
    if input.method.needsResiduals {
      problems.append(
        Problem(
          "reconcile.no-residuals",
          message: Bilingual(
            zh: "方法 \(input.method.rawValue) 需要残差文件", en: "method \(input.method.rawValue) needs residuals"),
          hint: Bilingual(zh: "用 --residuals 给出 node,time,value 文件", en: "give a node,time,value file by --residuals")))
    }
    return nil
  }
  let before = problems.count
  let grid = NodeGrid(table, input.hierarchy, &problems)
  for node in grid.values.indices {
    let missing = grid.times.indices.filter { grid.values[node][$0].isNaN }
    guard !missing.isEmpty else { continue }
    let name = input.hierarchy.nodes[node]
    problems.append(
      Problem(
        "reconcile.missing-residual", file: table.file, path: name,
        message: Bilingual(
          zh: "节点“\(name)”缺少残差（时间 \(listed(missing.map { grid.times[$0] }))）",
          en: "node '\(name)' has no residual at time \(listed(missing.map { grid.times[$0] }))"),
        hint: Bilingual(
          zh: "每个节点的残差应覆盖相同的时间", en: "give every node residuals at the same times")))
  }
  guard problems.count == before else { return nil }
  var matrix = Matrix(rows: grid.values.count, columns: grid.times.count)
  for (node, row) in grid.values.enumerated() { for (t, value) in row.enumerated() { matrix[node, t] = value } }
  return matrix
}

/// Times with the same fixed nodes share one factorisation; groups in order of their first time.
private func groups(_ held: [[Int: Double]]) -> [(nodes: [Int], times: [Int])] {
  var order: [[Int]] = []
  var times: [[Int]: [Int]] = [:]
  for (time, nodes) in held.enumerated() {
    let key = nodes.keys.sorted()
    if times[key] == nil { order.append(key) }
    times[key, default: []].append(time)
  }
  return order.map { ($0, times[$0] ?? []) }
}

private func at(_ problem: Problem, _ time: String, _ file: String?) -> Problem {
  Problem(
    problem.code, problem.severity, file: file ?? problem.file, line: problem.line, path: problem.path,
    message: Bilingual(zh: "时间 \(time)：\(problem.message.zh)", en: "time \(time): \(problem.message.en)"),
    hint: problem.hint)
}

private func notes(_ input: ReconciliationInput, _ residuals: Matrix?) -> [Bilingual] {
  var notes: [Bilingual] = []
  if let residuals, residuals.columns < 20,
    input.method == .minimumTraceSample || input.method == .minimumTraceShrink
  {
    notes.append(
      Bilingual(
        zh: "每个节点只有 \(residuals.columns) 个残差；少于 20 个时，wls-struct 或 wls-var 更稳妥",
        en: "only \(residuals.columns) residuals a node; below 20, wls-struct or wls-var is the safer choice"))
  }
  if input.residuals != nil, !input.method.needsResiduals {
    notes.append(
      Bilingual(zh: "方法 \(input.method.rawValue) 不使用残差", en: "method \(input.method.rawValue) does not read residuals"))
  }
  return notes
}
