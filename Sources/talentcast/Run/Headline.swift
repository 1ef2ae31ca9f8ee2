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
    // To the digit that the interval supports: 10,000 for a half width of 40,000.
    func persons(_ value: Double?, _ cell: ResultCell?) -> String {
      guard let value, let cell else { return "" }
      guard value.isFinite else { return "*" }
      let shown = Reading.supported(value, low: cell.p10, high: cell.p90)
      let isWhole = Reading.step(low: cell.p10, high: cell.p90) >= 10_000
      return zh ? (isWhole ? "\(grouped(shown / 10_000))万" : "\(oneDecimal(shown / 10_000))万") : grouped(shown)
    }
    func value(_ cell: ResultCell?) -> String { persons(cell?.value, cell) }
    var isOpen = false
    var isContrary = false
    for (code, name) in inputs.headlineRegions {
      let gap = cell(code, .gapRequirement, years[1])
      let probability = cell(code, .shortageProbability, years[1])?.value
      if let probability, probability.isFinite {
        isOpen = isOpen || Reading.direction(shortage: probability) == .open
        isContrary = isContrary || Reading.disagree(gap: gap?.value ?? 0, shortage: probability)
      }
      table.append([
        name[language], value(cell(code, .supply, years[0])), value(cell(code, .supply, years[1])),
        value(cell(code, .demand, years[1])), value(gap),
        rangeText(persons(gap?.p10, gap), persons(gap?.p90, gap), language),
        probability.map { $0.isFinite ? "\(Int(($0 * 100).rounded()))%" : "*" } ?? "",
      ])
    }
    let note =
      zh
      ? "情景 \(options.scenario) · 抽样 \(options.draws) 次 · 种子 \(options.seed) · 研究成果，非法定统计数据"
      : "scenario \(options.scenario) · \(options.draws) draws · seed \(options.seed) · research, not official statistics"
    let open = zh ? "短缺概率在 20% 与 80% 之间的，是否短缺尚无定论" : "between 20 and 80 % of P(short) it is open whether there is a shortage"
    let contrary =
      zh ? "有的缺口均值与短缺概率方向不一：分布偏斜，以概率为准" : "some mean gaps and probabilities point apart: the distribution is skewed; go by the probability"
    let mean = zh ? "供给、需求、缺口为抽样均值" : "supply, demand and gap are means of the draws"
    let readings = [mean] + (isOpen ? [open] : []) + (isContrary ? [contrary] : [])
    return table.text + "\n" + readings.joined(separator: zh ? "；" : "; ") + "\n" + note
  }
}
