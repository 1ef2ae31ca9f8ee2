import Messages

/// The text of a new scenario file that changes nothing yet, with an example of every
/// operation: each line that is uncommented holds by itself.
///
/// - Throws: `ProblemReport(.usage)` for an id that cannot be a file's name or is taken,
///   `.missingInput` for a parent that is nowhere.
public func scenarioTemplate(
  _ id: String, extends parent: String, why: String?, in library: ScenarioLibrary
) throws(ProblemReport) -> String {
  let isName = !id.isEmpty && id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" } && id.first != "-"
  guard isName else {
    throw ProblemReport(
      .usage,
      [
        Problem(
          "scenario.name", message: Bilingual(zh: "“\(id)”不能作为情景名称", en: "'\(id)' cannot name a scenario"),
          hint: Bilingual(zh: "用字母、数字、汉字、“-”和“_”", en: "use letters, digits, - and _"))
      ])
  }
  guard !library.models.contains(id), !library.scenarios.contains(id) else {
    throw ProblemReport(
      .cannotWrite,
      [
        Problem(
          "scenario.taken", file: library.scenarios.contains(id) ? library.scenarioFile(id) : library.modelFile(id),
          message: Bilingual(zh: "名称“\(id)”已被使用", en: "the name '\(id)' is taken"),
          hint: Bilingual(zh: "换一个名称；已有文件不会被覆盖", en: "choose another; nothing is overwritten"))
      ])
  }
  let model = try readModel(library.modelFile(try library.resolve(parent).model))
  let (first, last) = (model.years.base + 1, model.years.last)
  let place = scalar(model.places.first?.id ?? model.stock.nation.text)
  let reason = (why ?? "待写：本情景与\(parent)有何不同 · to be written").map { character in
    character == "\"" || character == "\\" ? "\\\(character)" : character.isNewline ? " " : "\(character)"
  }.joined()
  let note = "note: \"依据 · authority\""
  return """
    schema: talentcast/scenario@1
    id: "\(id)"
    name: "\(id)"
    extends: "\(parent)"
    why: "\(reason)"
    # 每个改动写明操作、年份、范围和依据；去掉行首的 # 就生效；杠杆见 talentcast lever list
    # A change states operation, years, places, teams and its authority; without its # a line holds; levers: talentcast lever list
    levers:
    #   supply.entrants: [{op: set, value: 1.1, from: \(first), to: \(last), geo: [\(place)], \(note)}]
    #   demand.rd_spending: [{op: growth, by: 2%, from: \(first), \(note)}]  # 逐年复利 compounds
    #   demand.productivity: [{op: path, values: {\(first): 1, \(last): 1.2}, \(note)}]  # 直线内插 straight lines
    #   demand.requirement: [{op: add, value: 0.05, from: \(first), \(note)}]
    #   supply.transfer_out: [{op: scale, value: 0.9, from: \(first), \(note)}]
    #   supply.retirement_late: [{op: clamp, low: 0, high: 0.3, \(note)}]
    #   supply.net_migration: [{op: remove, \(note)}]  # 去掉继承的改动 drops what is inherited

    """
}
