import Foundation
import LinearAlgebra
import Messages

/// What `talentcast project` answers.
public struct ProjectionResult: Encodable, Sendable {
  public let states: [String]
  public let orientation: ProjectionMatrix.Orientation
  /// Populations at t = 0...steps, the start included.
  public let path: [[Double]]
  public let analysis: MatrixAnalysis?
  /// In the orientation of the file; nil when it does not exist or no analysis was asked for.
  public let fundamentalMatrix: [[Double]]?
  public let notes: [Bilingual]
  public var language: Language = .en

  /// Projects, and analyses when asked.
  /// - Throws: a report naming the step when the path outgrows all numbers.
  public init(
    _ inputs: ProjectionInputs, steps: Int, orientation: ProjectionMatrix.Orientation, analyse: Bool
  ) throws(ProblemReport) {
    states = inputs.model.states
    self.orientation = orientation
    do {
      path = try inputs.model.path(from: inputs.start, steps: steps, entrants: inputs.entrants)
      analysis = analyse ? try inputs.model.analysis() : nil
    } catch {
      throw ProblemReport(.badData, [Problem("projection.path", message: error.message)])
    }
    let fundamental = analysis.flatMap { inputs.model.fundamentalMatrix(growthRate: $0.growthRate) }
    fundamentalMatrix = fundamental.map { n in
      n.rowsList(transposed: orientation == .row)
    }
    var notes = analysis?.notes ?? []
    if let analysis, fundamental == nil {
      notes.append(
        Bilingual(
          zh: "增长率 \(shortest(analysis.growthRate)) 不小于 1，(I − A)⁻¹ 不是各次幂之和，故不输出基本矩阵",
          en:
            "the growth rate \(shortest(analysis.growthRate)) is not below 1, so the powers of the matrix have no finite sum and there is no fundamental matrix"
        ))
    }
    self.notes = notes
  }

  private enum Keys: String, CodingKey {
    case schema, states, orientation, path, notes
    case growthRate = "growth_rate"
    case stableStructure = "stable_structure"
    case reproductiveValue = "reproductive_value"
    case dampingRatio = "damping_ratio"
    case fundamentalMatrix = "fundamental_matrix"
  }

  /// Writes the projection by node and year.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode("talentcast/project@1", forKey: .schema)
    try container.encode(states, forKey: .states)
    try container.encode(orientation.rawValue, forKey: .orientation)
    try container.encode(path, forKey: .path)
    try container.encode(analysis?.growthRate, forKey: .growthRate)
    try container.encode(analysis?.stableStructure, forKey: .stableStructure)
    try container.encode(analysis?.reproductiveValue, forKey: .reproductiveValue)
    try container.encode(analysis?.dampingRatio, forKey: .dampingRatio)
    try container.encode(fundamentalMatrix, forKey: .fundamentalMatrix)
    try container.encode(notes.map { $0[language] }, forKey: .notes)
  }

  /// The path, then the long run, as tables for a terminal.
  public func text(in language: Language) -> String {
    let total = Bilingual(zh: "合计", en: "total")[language]
    var table = TextTable(
      [(Bilingual(zh: "步", en: "step")[language], .right)] + states.map { ($0, .right) } + [(total, .right)])
    for (t, persons) in path.enumerated() {
      table.append([String(t)] + persons.map(rounded) + [rounded(persons.reduce(0, +))])
    }
    guard let analysis else { return table.text }
    var text = table.text + "\n\n"
    text += Bilingual(zh: "增长率", en: "growth rate")[language] + "  " + shortest(analysis.growthRate)
    if let structure = analysis.stableStructure, let value = analysis.reproductiveValue {
      var longRun = TextTable([
        (Bilingual(zh: "状态", en: "state")[language], .left),
        (Bilingual(zh: "稳定结构", en: "stable structure")[language], .right),
        (Bilingual(zh: "再生价值", en: "reproductive value")[language], .right),
      ])
      for (i, state) in states.enumerated() {
        longRun.append([state, rounded(structure[i]), rounded(value[i])])
      }
      text += "\n\n" + longRun.text
    }
    if let fundamentalMatrix {
      var matrix = TextTable(
        [(Bilingual(zh: "基本矩阵", en: "fundamental matrix")[language], .left)] + states.map { ($0, .right) })
      for (i, row) in fundamentalMatrix.enumerated() { matrix.append([states[i]] + row.map(rounded)) }
      text += "\n\n" + matrix.text
    }
    return text
  }
}

extension Matrix {
  /// Rows as arrays, of the transpose when asked.
  fileprivate func rowsList(transposed: Bool) -> [[Double]] {
    transposed ? (0..<columns).map(column) : (0..<rows).map(row)
  }
}

private func shortest(_ number: Double) -> String { number.description }

/// Ten significant digits for reading; JSON has them all.
private func rounded(_ number: Double) -> String { String(format: "%.10g", number) }
