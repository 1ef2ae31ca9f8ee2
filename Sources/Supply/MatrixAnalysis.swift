import LinearAlgebra
import Messages

extension ProjectionMatrix {
  /// Growth rate, stable structure and reproductive value.
  ///
  /// The states are first parted into classes that reach each other. Each class is irreducible, so its
  /// largest root is simple and its vectors positive (Perron–Frobenius); `dgeev` finds them. The
  /// fastest class then rules: states it never reaches have share 0 exactly, states that never
  /// reach it have value 0 exactly, the others follow by one linear solve a class. So zero rows,
  /// post-reproductive states and absorbing states need no tolerance.
  ///
  /// - Throws: `.notSolvable` when LAPACK fails to converge.
  /// - Source: Caswell (2001), *Matrix Population Models*, §4.5; Seneta (1981), ch. 1.
  public func analysis() throws(SupplyError) -> MatrixAnalysis {
    let a = transitions
    let graph = StateGraph(states: states.count) { from, to in a[to, from] > 0 }
    var blocks: [PerronBlock] = []
    for members in graph.classes { blocks.append(try PerronBlock(members, of: a)) }
    let growth = blocks.map(\.root).max() ?? 0
    let damping = dampingRatio(blocks, growth)
    guard growth > 0 else {
      return MatrixAnalysis(
        growthRate: 0, stableStructure: nil, reproductiveValue: nil, dampingRatio: nil, period: 0,
        notes: [
          Bilingual(
            zh: "增长率为 0：若无新增，人口经有限步后归零，不存在稳定结构",
            en:
              "the growth rate is 0: without entrants nobody is left after a few steps, so there is no stable structure"
          )
        ])
    }
    let fastest = blocks.indices.filter { blocks[$0].root >= growth * (1 - 1e-10) }
    guard fastest.count == 1, let ruler = fastest.first else {
      return MatrixAnalysis(
        growthRate: growth, stableStructure: nil, reproductiveValue: nil, dampingRatio: 1, period: 1,
        notes: [severalFastest(fastest.map { blocks[$0].members }.sorted { $0[0] < $1[0] })])
    }
    let period = graph.period(ofClass: ruler)
    var notes: [Bilingual] = []
    if graph.classes.count > 1 { notes.append(reducible(graph.classes[ruler])) }
    if period > 1 {
      notes.append(
        Bilingual(
          zh: "矩阵有周期 \(period)：人口结构按 \(period) 步循环，不一定收敛到稳定结构",
          en:
            "the matrix has period \(period): the structure cycles every \(period) steps and need not settle")
      )
    }
    let downstream = try spread(blocks[ruler].right, over: blocks[ruler...], growth: growth, matrix: a)
    let upstream = try spread(
      blocks[ruler].left, over: blocks[...ruler].reversed(), growth: growth, matrix: a.transposed)
    let total = downstream.reduce(0, +)
    let first = upstream.first { $0 > 0 } ?? 1
    return MatrixAnalysis(
      growthRate: growth, stableStructure: downstream.map { $0 / total },
      reproductiveValue: upstream.map { $0 / first }, dampingRatio: damping, period: period, notes: notes)
  }

  /// Extends the ruling class's vector to the classes after it: (λI − A_bb) w_b = Σ A_ba w_a.
  ///
  /// - Parameter blocks: the ruling class first, then every class that it may feed, in order.
  private func spread(
    _ own: [Double], over blocks: some Sequence<PerronBlock>, growth: Double, matrix: Matrix
  ) throws(SupplyError) -> [Double] {
    var vector = [Double](repeating: 0, count: states.count)
    var isRuler = true
    for block in blocks {
      let members = block.members
      if isRuler {
        for (state, value) in zip(members, own) { vector[state] = value }
        isRuler = false
        continue
      }
      let inflow = members.map { i in
        states.indices.reduce(0) { sum, j in sum + matrix[i, j] * vector[j] }
      }
      guard inflow.contains(where: { $0 > 0 }) else { continue }
      var system = Matrix(rows: members.count, columns: members.count)
      for (q, j) in members.enumerated() {
        for (p, i) in members.enumerated() { system[p, q] = (p == q ? growth : 0) - matrix[i, j] }
      }
      let right = Matrix(rows: members.count, columns: 1, elements: inflow)
      do {
        let solved = try solve(system, right, name: "λI − A")
        for (state, value) in zip(members, solved.elements) { vector[state] = max(0, value) }
      } catch {
        throw .notSolvable(
          what: Bilingual(zh: "稳定结构", en: "stable structure"),
          reason: Bilingual(zh: "数值求解失败（\(error.description)）", en: error.description))
      }
    }
    return vector
  }

  private func dampingRatio(_ blocks: [PerronBlock], _ growth: Double) -> Double? {
    let moduli = blocks.flatMap(\.moduli).sorted(by: >)
    guard moduli.count > 1, moduli[1] > growth * 1e-14 else { return nil }
    return growth / moduli[1]
  }

  private func names(_ members: [Int]) -> String {
    let shown = members.prefix(6).map { states[$0] }.joined(separator: ", ")
    return "{" + shown + (members.count > 6 ? ", …" : "") + "}"
  }

  private func severalFastest(_ classes: [[Int]]) -> Bilingual {
    let list = classes.prefix(4).map(names).joined(separator: ", ")
    return Bilingual(
      zh: "有 \(classes.count) 组互不往返的状态增长同样快：\(list)；长期结构取决于初始人口",
      en:
        "\(classes.count) groups of states that do not feed each other both ways grow equally fast: \(list); the long-run structure depends on the start"
    )
  }

  private func reducible(_ ruling: [Int]) -> Bilingual {
    Bilingual(
      zh: "矩阵可约：长期由 \(names(ruling)) 主导，初始人口须能进入其中",
      en: "the matrix is reducible: \(names(ruling)) rules the long run, provided that the start feeds it")
  }
}

/// One irreducible class: its largest root and positive vectors.
private struct PerronBlock {
  let members: [Int]
  let root: Double
  let right: [Double]
  let left: [Double]
  let moduli: [Double]

  init(_ members: [Int], of matrix: Matrix) throws(SupplyError) {
    self.members = members
    if members.count == 1 {
      root = matrix[members[0], members[0]]
      (right, left, moduli) = ([1], [1], [root])
      return
    }
    var block = Matrix(rows: members.count, columns: members.count)
    for (q, j) in members.enumerated() { for (p, i) in members.enumerated() { block[p, q] = matrix[i, j] } }
    do {
      let eigen = try GeneralEigen(block, name: "matrix")
      // Of the roots of largest modulus only Perron's is real and positive.
      let at = eigen.values.indices.max { eigen.values[$0].real < eigen.values[$1].real } ?? 0
      root = eigen.values[at].real
      right = eigen.rightReal.column(at).map(abs)
      left = eigen.leftReal.column(at).map(abs)
      moduli = eigen.values.map(\.modulus)
    } catch {
      throw .notSolvable(
        what: Bilingual(zh: "特征值", en: "eigenvalues"),
        reason: Bilingual(zh: "数值求解失败（\(error.description)）", en: error.description))
    }
  }
}
