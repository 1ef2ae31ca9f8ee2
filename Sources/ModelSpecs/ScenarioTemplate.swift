import Messages

/// The text of a new scenario file that changes nothing yet, with an example of a change for every operation.
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
  _ = try library.resolve(parent)
  let reason = (why ?? "待写：本情景与\(parent)有何不同 · to be written").map { character in
    character == "\"" || character == "\\" ? "\\\(character)" : character.isNewline ? " " : "\(character)"
  }.joined()
  return """
    schema: talentcast/scenario@1
    id: "\(id)"
    name: "\(id)"
    extends: "\(parent)"
    why: "\(reason)"
    # 每个改动写明操作、年份、范围和依据；杠杆见 talentcast lever list
    # A change states operation, years, places, teams and its authority; levers: talentcast lever list
    #   supply.entrants:
    #     - {op: set, value: 1.1, from: 2025, to: 2030, geo: [110000], note: "依据 · authority"}
    #     - {op: growth, by: 2%, from: 2025, note: "…"}          # 逐年复利 compounds
    #     - {op: path, values: {2025: 1, 2030: 1.2}, note: "…"}  # 直线内插 straight lines
    #     - {op: add | scale, value: 0.1, note: "…"}
    #     - {op: clamp, low: 0.8, high: 1.2, note: "…"}
    #     - {op: remove, note: "…"}                              # 去掉继承的改动 drops what is inherited
    levers: {}

    """
}
