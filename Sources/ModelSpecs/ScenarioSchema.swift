import Messages

/// A JSON Schema (draft 2020-12) of a scenario file: editors complete keys and levers from it and mark mistakes.
///
/// It is made of the registry of levers and of the operations' own keys. What depends on a model (whether a place
/// exists, whether changes together stay possible) is left to `scenario validate`.
public func scenarioSchema(_ language: Language) throws -> String {
  try jsonText(ScenarioSchema(language: language).whole)
}

/// A piece of a schema.
private indirect enum Piece: Encodable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([Piece])
  case object([String: Piece])

  init(stringLiteral text: String) { self = .text(text) }
  init(booleanLiteral flag: Bool) { self = .flag(flag) }
  init(arrayLiteral list: Piece...) { self = .list(list) }
  init(dictionaryLiteral members: (String, Piece)...) {
    self = .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let list): try container.encode(list)
    case .object(let members): try container.encode(members)
    }
  }

  /// The same with more members.
  func with(_ more: [String: Piece]) -> Piece {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(more) { _, new in new })
  }
}

private struct ScenarioSchema {
  let language: Language

  var whole: Piece {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:talentcast:scenario:1",
      "title": .text(scenarioSchemaName), "type": "object", "additionalProperties": false,
      "description": word("情景：相对于母情景的改动，每项写明依据", "a scenario: what differs from its parent, each change with its authority"),
      "required": ["schema", "id", "name", "extends", "why", "levers"],
      "properties": [
        "schema": ["const": .text(scenarioSchemaName)],
        "id": name.with(["description": word("与文件名相同", "the same as the file's name")]),
        "name": ["$ref": "#/$defs/bilingual", "description": word("名称", "name")],
        "extends": name.with(["description": word("母情景或模型", "the scenario or model that it starts from")]),
        "include": [
          "type": "array", "items": name,
          "description": word("依次混入的情景，先于本文件", "scenarios mixed in, in order, before this file"),
        ],
        "why": ["$ref": "#/$defs/bilingual", "description": word("为何有这个情景", "why this scenario")],
        "levers": [
          "type": ["object", "null"], "additionalProperties": false,
          "description": word("杠杆及其改动；talentcast lever list 列出全部", "levers and their changes; see talentcast lever list"),
          "properties": .object(Dictionary(uniqueKeysWithValues: Lever.registry.map { ($0.id, lever($0)) })),
        ],
      ],
      "$defs": .object(definitions),
    ]
  }

  private var definitions: [String: Piece] {
    var all: [String: Piece] = [
      "bilingual": [
        "anyOf": [
          ["type": "string"],
          [
            "type": "object", "required": ["zh", "en"], "additionalProperties": false,
            "properties": ["zh": words, "en": words],
          ],
        ]
      ],
      "year": [
        "type": "integer", "minimum": .number(Double(ScenarioLimits.years.lowerBound)),
        "maximum": .number(Double(ScenarioLimits.years.upperBound)),
      ],
      "names": ["anyOf": [name, ["type": "array", "items": name]]],
      "amount": number(in: ScenarioLimits.amount),
      "growth": number(in: ScenarioLimits.growth),
    ]
    for lever in Lever.registry {
      all["value.\(lever.id)"] = number(in: lever.domain).with(["description": describe(lever)])
    }
    return all
  }

  private func lever(_ lever: Lever) -> Piece {
    [
      "title": .text(lever.name[language]), "description": describe(lever), "type": "array",
      "items": [
        "type": "object", "required": ["op"],
        "oneOf": .list(LeverChange.Operation.Name.allCases.map { change($0, lever) }),
      ],
    ]
  }

  private func change(_ operation: LeverChange.Operation.Name, _ lever: Lever) -> Piece {
    var keys: [String: Piece] = [
      "op": ["const": .text(operation.rawValue), "description": .text(operation.meaning[language])],
      "from": ["$ref": "#/$defs/year", "description": word("起始年份，含", "first year")],
      "to": ["$ref": "#/$defs/year", "description": word("结束年份，含", "last year")],
      "source": words.with(["description": word("依据的来源", "the authority")]),
      "note": words.with(["description": word("没有来源时说明理由", "the reasoning, where there is no source")]),
      "force": [
        "type": "boolean", "description": word("坚持用合理范围之外的值", "insist on a value outside the plausible range"),
      ],
    ]
    for key in operation.keys { keys[key] = operand(key, operation, lever) }
    let selected: Piece = ["$ref": "#/$defs/names"]
    if lever.byPlace {
      keys["geo"] = selected.with(["description": word("地区：高地 id 或行政区划代码", "places: hub ids or region codes")])
    }
    if lever.byTeam { keys["team"] = selected.with(["description": word("队伍 id", "team ids")]) }
    let needed = ["op"] + operation.keys + (operation == .growth ? ["from"] : [])
    return [
      "title": .text(operation.rawValue), "type": "object", "additionalProperties": false, "properties": .object(keys),
      "required": .list(needed.map(Piece.text)), "anyOf": [["required": ["source"]], ["required": ["note"]]],
    ]
  }

  private func operand(_ key: String, _ operation: LeverChange.Operation.Name, _ lever: Lever) -> Piece {
    let value: Piece = ["$ref": .text("#/$defs/value.\(lever.id)")]
    switch operation {
    case .set, .clamp: return value
    case .add, .scale: return ["$ref": "#/$defs/amount"]
    case .growth: return ["$ref": "#/$defs/growth"]
    case .path:
      return [
        "type": "object", "minProperties": .number(1), "additionalProperties": false,
        "patternProperties": ["^(19[0-9]{2}|2(0|1)[0-9]{2}|2200)$": value],
        "description": word("年份: 值，其间直线内插", "year: value; straight lines between"),
      ]
    case .remove: return false
    }
  }

  /// As the reader takes numbers: 0.12, 12%, 1.2万, 3亿.
  private func number(in range: ClosedRange<Double>) -> Piece {
    [
      "anyOf": [
        ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)],
        ["type": "string", "pattern": "^[+-]?([0-9][0-9_]*[.]?[0-9_]*|[.][0-9]+)([eE][+-]?[0-9]+)? *[%万亿]$"],
      ]
    ]
  }

  private var name: Piece { ["type": ["string", "integer"], "minLength": .number(1)] }
  private var words: Piece { ["type": ["string", "number"], "minLength": .number(1)] }

  private func describe(_ lever: Lever) -> Piece {
    let (possible, plausible) = (lever.domain, lever.plausible(in: language))
    func span(_ range: ClosedRange<Double>) -> String {
      rangeText(plain(range.lowerBound), plain(range.upperBound), language)
    }
    return word(
      "\(lever.name.zh)：\(lever.effect.zh)。单位：\(lever.unit.zh)；缺省 \(plain(lever.initial))；合理 \(plausible)；可能 \(span(possible))",
      "\(lever.name.en): \(lever.effect.en). Unit: \(lever.unit.en); default \(plain(lever.initial)); plausible \(plausible); possible \(span(possible))"
    )
  }

  private func word(_ zh: String, _ en: String) -> Piece { .text(Bilingual(zh: zh, en: en)[language]) }
}

extension LeverChange.Operation.Name {
  /// What the operation does to the value before it.
  var meaning: Bilingual {
    switch self {
    case .set: Bilingual(zh: "设为 value", en: "becomes `value`")
    case .add: Bilingual(zh: "加上 value", en: "plus `value`")
    case .scale: Bilingual(zh: "乘以 value", en: "times `value`")
    case .growth: Bilingual(zh: "自 from 起逐年按 by 复利增长", en: "grows by `by` a year from `from` on, compounding")
    case .path: Bilingual(zh: "按 values 的年份与值，直线内插", en: "straight lines between the years of `values`")
    case .clamp: Bilingual(zh: "限制在 low 与 high 之间", en: "kept between `low` and `high`")
    case .remove: Bilingual(zh: "去掉此前的改动", en: "drops the changes before it")
    }
  }
}
