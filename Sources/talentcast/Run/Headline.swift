import Dimensions
import Forecasting
import Messages

/// What a run comes to, in one table: the nation and the hubs.
struct Headline {
  private let inputs: RunInputs
  private let cells: [ResultCell]
  private let options: RunOptions

  init(_ inputs: RunInputs, _ cells: [ResultCell], _ options: RunOptions) {
    self.inputs = inputs
    self.cells = cells.filter { $0.team == "total" && $0.industry == "total" }
    self.options = options
  }

  private func cell(_ region: RegionCode, _ measure: Measure, _ year: Int) -> ResultCell? {
    cells.first { $0.region == region && $0.measure == measure && $0.year == year }
  }

  func text(_ language: Language) -> String {
    let years = [inputs.model.years.base, inputs.focusYear, inputs.model.years.last]
    let zh = language == .zh
    var table = TextTable([
      (zh ? "地区" : "region", .left), (zh ? "\(years[0])供给" : "supply \(years[0])", .right),
      (zh ? "\(years[1])供给" : "supply \(years[1])", .right), (zh ? "\(years[1])需求" : "demand \(years[1])", .right),
      (zh ? "缺口" : "gap", .right), (zh ? "80%区间" : "80 % interval", .right),
      (zh ? "短缺概率" : "P(short)", .right),
    ])
    func persons(_ value: Double?) -> String {
      guard let value else { return "" }
      guard value.isFinite else { return "*" }
      return zh ? "\(oneDecimal(value / 10_000))万" : grouped(value)
    }
    for (code, name) in inputs.headlineRegions {
      let gap = cell(code, .gapRequirement, years[1])
      let probability = cell(code, .shortageProbability, years[1])?.value
      table.append([
        name[language], persons(cell(code, .supply, years[0])?.value), persons(cell(code, .supply, years[1])?.value),
        persons(cell(code, .demand, years[1])?.value), persons(gap?.value),
        rangeText(persons(gap?.p10), persons(gap?.p90), language), probability.map { $0.isFinite ? "\(Int(($0 * 100).rounded()))%" : "*" } ?? "",
      ])
    }
    let note =
      zh
      ? "情景 \(options.scenario) · 抽样 \(options.draws) 次 · 种子 \(options.seed) · 研究成果，非法定统计数据"
      : "scenario \(options.scenario) · \(options.draws) draws · seed \(options.seed) · research, not official statistics"
    return table.text + "\n" + note
  }
}
