import Messages

/// What the codes in the column `method` of `results.csv` mean.
public let resultMethods: [String: Bilingual] = [
  "published": Bilingual(zh: "公布数", en: "published"),
  "interpolated": Bilingual(zh: "公布年份之间插值", en: "interpolated between published years"),
  "carried": Bilingual(zh: "本地另一年占全国的比重", en: "own share of the nation in another year"),
  "allocated": Bilingual(zh: "由上级分摊", en: "allocated from the whole"),
  "evidence": Bilingual(zh: "由全部公布数估计", en: "estimated from all published figures"),
  "base-balance": Bilingual(zh: "假定基年平衡", en: "base year assumed balanced"),
  "driver+pdd": Bilingual(zh: "驱动因素与合并阻尼漂移合成", en: "drivers combined with pooled damped drift"),
  "role-share": Bilingual(zh: "总量 × 岗位份额", en: "total × share of roles"),
  "stock-flow": Bilingual(zh: "分年龄存量流量核算", en: "cohort stock and flow"),
  "cohort": Bilingual(zh: "本地分年龄队列", en: "cohort of its own ages"),
  "cohort-population": Bilingual(zh: "按本地人口年龄的队列", en: "cohort by the ages of its population"),
  "cohort-share": Bilingual(zh: "全国队列按份额", en: "share of the national cohort"),
  "target-supply": Bilingual(zh: "规划目标 − 供给", en: "plan target − supply"),
  "demand-supply": Bilingual(zh: "需求 − 供给", en: "demand − supply"),
  "demand-supply-skewed": Bilingual(
    zh: "需求 − 供给；分布偏斜，均值与短缺概率方向不一，是否短缺尚无定论",
    en: "demand − supply; skewed: mean and probability of a shortage point apart, and whether there is one is open"),
  "supply/demand": Bilingual(zh: "供给 ÷ 需求", en: "supply ÷ demand"),
  "supply/labour": Bilingual(zh: "供给 ÷ 劳动投入", en: "supply ÷ labour input"),
  "share/share": Bilingual(zh: "本地份额 ÷ 全国份额", en: "local share ÷ national share"),
  "entrants/openings": Bilingual(zh: "新增 ÷ 空缺", en: "entrants ÷ openings"),
  "share-of-draws": Bilingual(zh: "出现短缺的抽样占比", en: "share of draws with a shortage"),
  "withheld": Bilingual(zh: "不公布（小单元保护）", en: "withheld (small cell)"),
]
