import Messages

extension Wording {
  /// What a method id of the results means to a reader; an unknown one is printed as it is.
  static func method(_ id: String) -> Bilingual {
    switch id {
    case "published": Bilingual(zh: "公布值", en: "published")
    case "interpolated": Bilingual(zh: "内插", en: "interpolated")
    case "allocated": Bilingual(zh: "分摊", en: "allocated")
    case "evidence": Bilingual(zh: "证据综合", en: "evidence synthesis")
    case "base-balance": Bilingual(zh: "基年平衡假定", en: "base-year balance")
    case "cohort": Bilingual(zh: "年龄移算", en: "cohort")
    case "cohort-share": Bilingual(zh: "年龄移算份额", en: "share of a cohort path")
    case "cohort-population": Bilingual(zh: "随人口移算", en: "follows population")
    case "driver+pdd": Bilingual(zh: "驱动因素与自身趋势", en: "driver and own trend")
    case "role-share": Bilingual(zh: "岗位份额", en: "role shares")
    case "stock-flow": Bilingual(zh: "存量流量恒等式", en: "stock–flow identity")
    default: Bilingual(zh: id, en: id)
    }
  }
}
