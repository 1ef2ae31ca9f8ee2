import Dimensions
import Messages

extension Cube {
  func methods(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    for (i, note) in input.methods.enumerated() {
      blocks.section(note.heading, "method-\(i + 1)")
      blocks.text("methods.\(i + 1)", note.text)
    }
    blocks.section(Bilingual(zh: "主要假定", en: "Assumptions"), "assumptions")
    if input.assumptions.isEmpty {
      outline.missing(
        Bilingual(zh: "主要参数与假定", en: "Parameters and assumptions"),
        Bilingual(zh: "模型文件中的参数与来源", en: "Parameters and their sources in the model file"))
    }
    blocks.table(assumptionTable())
    if let crosswalk = input.crosswalk {
      blocks.section(Bilingual(zh: "产业分组", en: "Industries"), "industries-crosswalk")
      blocks.table(crosswalkTable(crosswalk))
    }
    blocks.section(Bilingual(zh: "质量说明", en: "Quality statement"), "quality")
    blocks.table(gradeTable())
    blocks.table(qualityTable())
    return Chapter(
      title: Bilingual(zh: "方法与质量说明", en: "Methods and quality"), anchor: "methods",
      blocks: blocks.all)
  }

  private func assumptionTable() -> StatTable? {
    let titles = Dictionary(input.sources.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    let rows = input.assumptions.map { row in
      StatRow([.text(row.text), .grade(row.evidence), .text(titles[row.source] ?? Bilingual(zh: row.source, en: row.source))])
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-assumptions", title: Bilingual(zh: "主要参数与假定", en: "Parameters and assumptions"),
      columns: [
        StatColumn(Bilingual(zh: "内容", en: "Statement"), numeric: false),
        StatColumn(.gradeHead, numeric: false),
        StatColumn(Bilingual(zh: "依据", en: "Source"), numeric: false),
      ], rows: rows)
  }

  private func crosswalkTable(_ crosswalk: Crosswalk) -> StatTable {
    StatTable(
      anchor: "t-crosswalk", title: Bilingual(zh: "产业分组与国家标准的对照", en: "Industries and published classifications"),
      columns: [StatColumn(Bilingual(zh: "产业", en: "Industry"), numeric: false)]
        + crosswalk.classifications.map { StatColumn($0, numeric: false) },
      rows: crosswalk.rows.map { row in
        StatRow([.text(row.industry)] + row.classes.map { $0.zh.isEmpty ? .notApplicable : .text($0) })
      }, notes: crosswalk.notes)
  }

  /// How much of the edition is counted and how much rests on assumptions.
  private func gradeTable() -> StatTable? {
    let measures: [(Measure, Bilingual)] = [
      (.supply, Bilingual(zh: "供给", en: "Supply")), (.demand, Bilingual(zh: "需求", en: "Demand")),
      (gapMeasure, Bilingual(zh: "缺口", en: "Gap")),
    ]
    var counts: [Measure: [Evidence: Int]] = [:]
    for cell in input.cells where cell.scenario == edition.scenario {
      counts[cell.measure, default: [:]][cell.evidence, default: 0] += 1
    }
    let rows = measures.compactMap { measure, name -> StatRow? in
      guard let found = counts[measure] else { return nil }
      let cells = Evidence.allCases.map { grade in
        StatCell.number(
          inputFact(
            "grades/\(measure.rawValue)/\(grade.rawValue)", Double(found[grade] ?? 0),
            basis: .counted, evidence: .observed), .tableCount)
      }
      return StatRow([.text(name)] + cells)
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-grades", title: Bilingual(zh: "结果单元的证据等级", en: "Evidence grades of the result cells"),
      unit: Bilingual(zh: "个", en: "cells"),
      columns: [StatColumn(Bilingual(zh: "项目", en: "Item"), numeric: false)]
        + Evidence.allCases.map {
          StatColumn(Bilingual(zh: "\($0.name.zh)（\($0.rawValue)）", en: "\($0.name.en) (\($0.rawValue))"))
        }, rows: rows)
  }

  private func qualityTable() -> StatTable {
    let e = edition
    let stock = nation.flatMap { fact(.supply, $0.code, e.referenceYear) }
    let counted: Bilingual = stock?.isFullTime == true ? Bilingual.persons.fullTime : .persons
    let rows: [(Bilingual, Bilingual)] = [
      (
        Bilingual(zh: "编制单位、更新日期", en: "Contact, update"),
        Bilingual(
          zh: "\(e.compiler?.zh ?? "未填写")；\(e.date ?? "日期未填写")", en: "\(e.compiler?.en ?? "not given"); \(e.date ?? "no date given")")
      ),
      (
        Bilingual(zh: "统计范围、单位、时期", en: "Scope, unit, period"),
        Bilingual(
          zh: "对象为\(e.subject.zh)，单位为\(counted.zh)（年末数）；公布值截至\(e.referenceYear)年，预测至\(e.horizon)年。",
          en: "\(e.subject.en), \(counted.en) at year-end; published figures to \(e.referenceYear), forecasts to \(e.horizon).")
      ),
      (
        Bilingual(zh: "依据与保密", en: "Mandate, confidentiality"),
        Bilingual(
          zh: "研究成果，非法定统计；只使用已公布的汇总统计，不含个体资料。" + (e.disclosure?.text.zh ?? ""),
          en: "A research result; only published aggregates are used, no individual records."
            + (e.disclosure.map { " " + $0.text.en } ?? ""))
      ),
      (
        Bilingual(zh: "准确性", en: "Accuracy"),
        Bilingual(
          zh: "见“预测准确性与修订”一章；区间来自同类序列过去预测的误差。", en: "See the chapter on accuracy; intervals come from the errors of past forecasts of such series.")
      ),
      (
        Bilingual(zh: "可比性与衔接", en: "Coherence, comparability"),
        Bilingual(
          zh: "分项与合计逐行相加一致；不同口径的指标不相加、不拼接；港澳数据单列。",
          en: "Parts add up to totals in every row set; different concepts are neither added nor spliced; Hong Kong and Macao stand apart.")
      ),
      (
        Bilingual(zh: "修订政策", en: "Revision policy"),
        Bilingual(zh: "每版保留全部公布单元，下一版列出修订表及原因代码。", en: "Every published cell is kept; the next edition prints a revision table with reasons.")
      ),
      (
        Bilingual(zh: "数据处理", en: "Processing"),
        Bilingual(
          zh: "随机种子\(e.seed)，模拟\(e.draws)次；同样输入得到同样结果。", en: "Seed \(e.seed), \(e.draws) draws; the same inputs give the same results.")
      ),
    ]
    return StatTable(
      anchor: "t-quality", title: Bilingual(zh: "质量说明摘要", en: "Quality summary"),
      columns: [
        StatColumn(Bilingual(zh: "项目", en: "Item"), numeric: false),
        StatColumn(Bilingual(zh: "说明", en: "Statement"), numeric: false),
      ], rows: rows.map { StatRow([.text($0.0), .text($0.1)]) },
      notes: [Bilingual(zh: "项目按欧洲统计系统单一综合元数据结构（SIMS）归并。", en: "Items follow the Single Integrated Metadata Structure (SIMS), condensed.")])
  }

  func limitsChapter() -> Chapter {
    var blocks = Blocks()
    blocks.text(
      "limits.standing",
      Bilingual(
        zh: "缺口是模型需求与模型供给之差，不是空缺岗位的统计，也不能单独作为个人择业或机构招聘的依据。",
        en:
          "A gap is the difference between modelled demand and modelled supply. It is not a count of vacancies and is no sufficient ground for a career or hiring decision."
      ))
    blocks.list(input.limits.enumerated().map { Paragraph("limits.\($0 + 1)", $1) })
    return Chapter(title: Bilingual(zh: "局限", en: "Limits"), anchor: "limits", blocks: blocks.all)
  }
}
