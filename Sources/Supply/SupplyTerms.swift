/// Chinese words for the inputs that a `SupplyError` names; a name of the user's own stays as it is.
func inChinese(_ input: String) -> String {
  if let exact = terms.first(where: { $0.key == input }) { return exact.value }
  // "entrants 'graduates'", "flexibility matrix, law": a term followed by the user's name.
  for (term, chinese) in terms where input.hasPrefix(term + " ") || input.hasPrefix(term + ",") {
    return chinese + input.dropFirst(term.count)
  }
  return input
}

private let terms: KeyValuePairs = [
  "age groups": "年龄组", "birth weights": "出生月份权重", "category share": "类别比重", "completion": "完成率",
  "count": "人数", "counts": "人数", "death rate": "死亡率", "distance": "距离", "distances": "距离",
  "earlier count (a divisor)": "前期人数（除数）", "earlier count": "前期人数",
  "early and late retirement": "提前与延迟退休", "early retirement": "提前退休", "entrant channels (at most)": "新增渠道（至多）",
  "flexibility matrix": "专业—队伍对应矩阵", "flexibility": "专业—队伍对应比率", "graduates and hires": "毕业生与录用人数",
  "graduates": "毕业生", "hires": "录用人数", "holders of": "持证人数：", "holders": "持证人数", "in-migration": "迁入",
  "late retirement": "延迟退休", "later count": "后期人数", "limits": "上下限", "matrix": "矩阵",
  "migration levels": "迁移水平", "migration profile": "迁移年龄模式", "net migration": "净迁移", "migration": "迁移",
  "minimum years": "最低年限", "moves": "流动人数", "new holders": "新获证人数", "out-migration": "迁出",
  "participation": "参与率", "path": "路径", "persons by age": "分年龄人数", "population": "人口", "prior": "先验",
  "promotion": "晋升率", "retirement after the latest age": "最晚年龄后的退休", "retirement ages": "退休年龄",
  "retirement categories": "退休类别", "retirement hazard": "退休风险", "retirement rate": "退休率", "seed": "初值",
  "share eligible": "合格比重", "starting population": "起始人口", "start": "起点", "stock": "存量", "survival": "存活率",
  "table": "表", "titles": "职称", "transfer rate": "转出率", "wastage": "流失率", "weights": "权重", "ages": "年龄",
  "entrants": "新增", "licence pipeline": "执业资格流程", "waterfall": "供给变化分解", "cohort change ratios": "队列变化比",
  "homogeneity of years": "年份同质性检验", "spreading persons": "人数分摊", "intake of": "招生人数：", "passes of": "考试通过人数：",
  "arrivals in": "入职人数：", "transitions between members of another axis than age or region": "年龄、地区以外维度的转移",
]
