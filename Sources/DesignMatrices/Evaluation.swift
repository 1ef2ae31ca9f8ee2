import Foundation
import Messages
import Tables

/// Numbers of an expression, one per row; NaN where a cell it needs is missing.
struct Evaluator {
  let table: Table
  /// For lag and diff: who and when each row is; nil means rows as they stand.
  let panel: RowOrder?
  /// The formula, for positions in messages.
  let formula: String

  private enum Value {
    case scalar(Double)
    case column([Double])
  }

  func numbers(_ expression: Expression, of factor: Factor) throws(ProblemReport) -> [Double] {
    switch try value(expression, factor) {
    case .column(let column): return column
    case .scalar(let number): return [Double](repeating: number, count: table.rowCount)
    }
  }

  private func value(_ expression: Expression, _ factor: Factor) throws(ProblemReport) -> Value {
    switch expression {
    case .number(let number): return .scalar(number)
    case .column(let name): return .column(try table.numbers(named: name))
    case .negative(let inner): return map(try value(inner, factor), -)
    case .binary(let operation, let left, let right):
      return try binary(operation, try value(left, factor), try value(right, factor), factor)
    case .call(let function, let arguments):
      let argument = try value(arguments[0], factor)
      var steps = 1
      if arguments.count > 1, case .number(let given) = arguments[1] { steps = Int(given) }
      switch function {
      case .identity: return argument
      case .lag, .diff:
        guard case .column(let column) = argument else { return .scalar(function == .lag ? .nan : 0) }
        let earlier = (panel ?? RowOrder(rows: table.rowCount)).lagged(column, by: steps)
        return .column(function == .lag ? earlier : zip(column, earlier).map { $0 - $1 })
      case .log: return try checked(argument, map(argument, Foundation.log), factor)
      case .log2: return try checked(argument, map(argument, Foundation.log2), factor)
      case .log10: return try checked(argument, map(argument, Foundation.log10), factor)
      case .log1p: return try checked(argument, map(argument, Foundation.log1p), factor)
      case .exp: return try checked(argument, map(argument, Foundation.exp), factor)
      case .sqrt: return try checked(argument, map(argument) { $0.squareRoot() }, factor)
      case .abs: return map(argument) { Swift.abs($0) }
      }
    }
  }

  private func map(_ value: Value, _ function: (Double) -> Double) -> Value {
    switch value {
    case .scalar(let number): .scalar(function(number))
    case .column(let column): .column(column.map(function))
    }
  }

  private func binary(
    _ operation: Expression.Operation, _ left: Value, _ right: Value, _ factor: Factor
  ) throws(ProblemReport) -> Value {
    let function: (Double, Double) -> Double =
      switch operation {
      case .add: { $0 + $1 }
      case .subtract: { $0 - $1 }
      case .multiply: { $0 * $1 }
      case .divide: { $0 / $1 }
      case .power: wholePower
      }
    switch (left, right) {
    case (.scalar(let a), .scalar(let b)): return .scalar(function(a, b))
    case (.column(let a), .scalar(let b)):
      return try checked(left, .column(a.map { function($0, b) }), factor)
    case (.scalar(let a), .column(let b)):
      return try checked(right, .column(b.map { function(a, $0) }), factor)
    case (.column(let a), .column(let b)):
      let result = zip(a, b).map(function)
      for i in result.indices where !result[i].isFinite && a[i].isFinite && b[i].isFinite {
        throw undefined(result, factor) { a[$0].isFinite && b[$0].isFinite }
      }
      return .column(result)
    }
  }

  /// A result that is not finite although the argument is there: ln 0, √−1, 1/0.
  private func checked(_ argument: Value, _ result: Value, _ factor: Factor) throws(ProblemReport) -> Value {
    guard case .column(let column) = result, case .column(let given) = argument else { return result }
    for i in column.indices where !column[i].isFinite && given[i].isFinite {
      throw undefined(column, factor) { given[$0].isFinite }
    }
    return result
  }

  private func undefined(
    _ result: [Double], _ factor: Factor, _ isGiven: (Int) -> Bool
  ) -> ProblemReport {
    let rows = result.indices.filter { !result[$0].isFinite && isGiven($0) }
    let listed = rows.prefix(10)
    let names = factor.expression.columns.compactMap { table.column($0) }
    var problems = listed.map { row in
      let cells = names.map { "\($0.name) = \($0.string(row))" }.joined(separator: ", ")
      let message = Bilingual(
        zh: "\(factor.spelling) 在此行无定义（\(cells)）",
        en: "\(factor.spelling) has no value in this row (\(cells))")
      let hint = Bilingual(
        zh: "对数只对正数有定义；可改用 log1p(x)，或先把这些行设为缺失",
        en: "logarithms need positive numbers; use log1p(x), or leave these cells empty")
      if let column = names.first {
        return table.problem("formula.undefined", row: row, column: column, message: message, hint: hint)
      }
      return Problem(
        "formula.undefined", file: table.file, line: table.lines[row], message: message, hint: hint)
    }
    if rows.count > listed.count {
      problems.append(
        Problem(
          "formula.undefined", file: table.file,
          message: Bilingual(
            zh: "另有 \(rows.count - listed.count) 行同样无定义", en: "and \(rows.count - listed.count) more rows")))
    }
    return ProblemReport(.badData, problems)
  }
}

/// x^k; squares exactly rounded.
private func wholePower(_ x: Double, _ k: Double) -> Double { k == 2 ? x * x : pow(x, k) }

/// Which row comes before which: rows of an entity in time order.
struct RowOrder {
  private let entity: [Int32]
  /// Whole periods since the first time; nil: rows of an entity stand in time order.
  private let period: [Int?]?

  init(rows: Int) {
    entity = [Int32](repeating: 0, count: rows)
    period = nil
  }

  /// - Parameter period: see `calendarPeriods`; missing times have no neighbours.
  init(entity: [Int32], period: [Int?]?) {
    (self.entity, self.period) = (entity, period)
  }

  private struct Key: Hashable {
    let entity: Int32
    let period: Int
  }

  /// Two rows that share entity and period.
  var firstDuplicate: (Int, Int)? {
    guard let period else { return nil }
    var rows: [Key: Int] = [:]
    for i in entity.indices {
      guard let period = period[i] else { continue }
      if let before = rows.updateValue(i, forKey: Key(entity: entity[i], period: period)) { return (before, i) }
    }
    return nil
  }

  /// The value `steps` periods earlier in the same entity; NaN when there is none. Without times, the
  /// entity's row `steps` rows above.
  func lagged(_ column: [Double], by steps: Int) -> [Double] {
    if let period {
      var rows: [Key: Int] = [:]
      rows.reserveCapacity(column.count)
      for i in column.indices { if let period = period[i] { rows[Key(entity: entity[i], period: period)] = i } }
      return column.indices.map { i in
        guard let period = period[i] else { return .nan }
        return rows[Key(entity: entity[i], period: period - steps)].map { column[$0] } ?? .nan
      }
    }
    var last: [Int32: Int] = [:]
    let above = column.indices.map { i in last.updateValue(i, forKey: entity[i]) ?? -1 }
    return column.indices.map { i in
      var row = i
      for _ in 0..<steps where row >= 0 { row = above[row] }
      return row >= 0 ? column[row] : .nan
    }
  }
}
