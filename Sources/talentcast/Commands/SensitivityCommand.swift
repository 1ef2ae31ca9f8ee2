import ArgumentParser
import Forecasting
import LinearAlgebra
import Messages
import ModelSpecs
import Simulation

extension SensitivityTestFunction: ExpressibleByArgument {}

struct SensitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensitivity",
    abstract: "哪些输入左右结果 · Which inputs drive an output: tornado, Morris, Sobol'",
    discussion: """
      --levers 缺省用 morris（40 条轨迹，约 10 秒）：分出哪些杠杆重要；要方差份额用 --method sobol（512，约 2 分钟）。
      --levers asks morris by default (40 trajectories, about 10 s): which levers matter at all. For shares of
      the variance ask --method sobol (512 base samples, about 2 min).
      """)

  enum Method: String, CaseIterable, ExpressibleByArgument {
    case morris, sobol, tornado
  }

  @Option(help: "已知答案的检验函数 · A test function with known indices.")
  var function: SensitivityTestFunction?

  @Option(
    help: ArgumentHelp(
      "各杠杆在合理范围内变动时，哪些左右预测 · Which levers of this scenario's model sway a figure, each over its plausible range.", valueName: "scenario"))
  var levers: String?

  @OptionGroup var asked: FigureOptions

  @Option(help: "方法；--levers 缺省 morris，--function 缺省 sobol · Method; morris for --levers, sobol for --function by default.")
  var method: Method?

  @Option(
    help:
      "基础样本数（sobol，宜为 2 的幂）或轨迹数（morris）；缺省足以收敛 · Base samples (sobol, best a power of 2) or trajectories (morris); enough to converge by default.")
  var samples: Int?

  @Option(help: "随机种子 · Random seed.")
  var seed: UInt64 = 1

  @Option(
    help: "每次运行的抽样次数，各次用同样的随机数；缺省 tornado 1000，其余 100 · Draws of each run, the same chances in all; tornado 1000, others 100.")
  var draws: Int?

  @Option(
    name: .customLong("group"),
    help: "合并判断的输入，可多次：名=x1,x3 · Inputs judged as one (sobol); repeatable: name=x1,x3.")
  var groups: [String] = []

  @OptionGroup var common: CommonOptions

  /// The method asked for, or the one that suits the question.
  var chosen: Method { method ?? (levers == nil ? .sobol : .morris) }

  /// The number asked for, or one at which the method's intervals are narrow enough.
  private var size: Int {
    samples
      ?? {
        switch (chosen, levers == nil) {
        case (.sobol, true): 4096
        case (.sobol, false): 512
        case (.morris, true): 200
        case (.morris, false): 40
        case (.tornado, _): 0
        }
      }()
  }

  func validate() throws {
    let least = chosen == .sobol ? 4 : 2
    if (function == nil) == (levers == nil) {
      throw ValidationError("请给出 --levers 情景，或 --function · give --levers SCENARIO or --function")
    }
    if let samples, samples < least || samples > 1 << 22 {
      throw ValidationError("--samples: \(least)…\(1 << 22)")
    }
    if !groups.isEmpty, chosen != .sobol { throw ValidationError("--group: --method sobol") }
    if let draws { try checkDraws(draws) }
    for group in groups where group.split(separator: "=").count != 2 {
      throw ValidationError("--group \(group): name=x1,x2")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let result =
        try function.map {
          try SensitivityResult(
            of: .test($0), chosen, samples: size, seed: seed, groups: namedGroups)
        } ?? leverResult(language)
      print(common.json ? try jsonText(result) : result.text(in: language) + "\n", terminator: "")
      if let verdict = result.verdict(in: language) { say(verdict) }
    }
  }

  /// Levers that are shares, factors or persons, each anywhere in its plausible range.
  private func leverResult(_ language: Language) throws -> SensitivityResult {
    BLASThreads.set(1)
    let inputs = try RunInputs(scenario: levers ?? "baseline", models: asked.models, datasets: asked.datasets)
    let question = try asked.question(inputs.assembly.inputs)
    let years = (inputs.assembly.inputs.years.base + 1)...inputs.assembly.inputs.years.last
    // Persons move into a place: for a whole nation such a lever means nothing.
    let node = question.node
    let place = node.kind == .hub || !node.hub.isEmpty && node.kind == .province ? node.hub : node.code.text
    let known = inputs.assembly.inputs
    let moved = Lever.registry.filter {
      $0.kind != .persons || known.plausible($0, places: [place], hubs: inputs.model.regions.hubs).upperBound > 0
    }
    let subject = try LeverSubject(
      inputs, question, moved, place: place, name: question.title(language)
    ) {
      values in
      let scenario = zip(moved, values).reduce(inputs.scenario) {
        $0.setting($1.0, to: $1.1, years: years, places: $1.0.kind == .persons ? [place] : [])
      }
      return try asked.figure(
        question, inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue),
        draws: draws ?? (chosen == .tornado ? 1000 : 100), seed: DrawnScenario.seedOfRuns)
    }
    return try SensitivityResult(
      of: .levers(subject), chosen, samples: size, seed: seed, groups: namedGroups)
  }

  private var namedGroups: [(name: String, members: [String])] {
    groups.map { group in
      let parts = group.split(separator: "=").map(String.init)
      return (parts[0], parts[1].split(separator: ",").map(String.init))
    }
  }
}

/// What `talentcast sensitivity` prints.
struct SensitivityResult: Encodable {
  struct Row: Encodable {
    let name: String
    let method: SensitivityCommand.Method
    // Sobol'
    var s1: Double?
    var s1Low: Double?
    var s1High: Double?
    var st: Double?
    var stLow: Double?
    var stHigh: Double?
    var exactS1: Double?
    var exactST: Double?
    // Morris
    var mu: Double?
    var muStar: Double?
    var muStarHalfWidth: Double?
    var sigma: Double?
    // Tornado
    var low: Double?
    var high: Double?
    var outputAtLow: Double?
    var outputAtHigh: Double?
    var swing: Double?

    enum CodingKeys: String, CodingKey {
      case name, s1, st, mu, sigma, low, high, swing
      case s1Low = "s1_low"
      case s1High = "s1_high"
      case stLow = "st_low"
      case stHigh = "st_high"
      case exactS1 = "exact_s1"
      case exactST = "exact_st"
      case muStar = "mu_star"
      case muStarHalfWidth = "mu_star_half_width"
      case outputAtLow = "output_at_low"
      case outputAtHigh = "output_at_high"
    }

    /// The members of the method, null where a number is undefined.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      let members: [(CodingKeys, Double?)] =
        switch method {
        case .sobol: [(.s1, s1), (.s1Low, s1Low), (.s1High, s1High), (.st, st), (.stLow, stLow), (.stHigh, stHigh)]
        case .morris: [(.mu, mu), (.muStar, muStar), (.muStarHalfWidth, muStarHalfWidth), (.sigma, sigma)]
        case .tornado:
          [(.low, low), (.high, high), (.outputAtLow, outputAtLow), (.outputAtHigh, outputAtHigh), (.swing, swing)]
        }
      for (key, value) in members { try container.encode(value, forKey: key) }
      try container.encodeIfPresent(exactS1, forKey: .exactS1)
      try container.encodeIfPresent(exactST, forKey: .exactST)
    }
  }

  let schema = "talentcast/sensitivity@1"
  let function: String
  let method: String
  let samples: Int?
  let runs: Int
  let seed: UInt64
  var mean: Double?
  var variance: Double?
  var baseline: Double?
  /// Nil for a tornado, which estimates nothing, and where no input does anything.
  var converged: Bool?
  /// True when every run gave the same output.
  var constant = false
  var inputs: [Row] = []

  /// - Throws: `ProblemReport` (usage) when a group names something that is no input.
  init(
    of function: SensitivitySubject, _ method: SensitivityCommand.Method, samples: Int, seed: UInt64,
    groups: [(name: String, members: [String])] = []
  ) throws {
    let stream = RandomStream(seed: seed, named: "sensitivity")
    let inputs = try function.inputs()
    self.function = function.name
    self.method = method.rawValue
    self.seed = seed
    switch method {
    case .tornado:
      let design = try TornadoDesign(inputs, baseline: function.baseline, probabilities: function.ends)
      let outputs = try (0..<design.runs).map { try function(design.point($0)) }
      (self.samples, runs, baseline) = (nil, design.runs, outputs[0])
      self.inputs = try design.bars(outputs).map {
        Row(
          name: $0.name, method: method, low: $0.low, high: $0.high, outputAtLow: $0.outputAtLow,
          outputAtHigh: $0.outputAtHigh,
          swing: $0.swing)
      }
      constant = self.inputs.allSatisfy { $0.swing == 0 }
    case .morris:
      let design = try MorrisDesign(inputs, trajectories: samples, stream: stream)
      let result = try design.effects((0..<design.runs).map { try function(design.point($0)) })
      (self.samples, runs, converged) = (samples, design.runs, result.isConstant ? nil : result.isConverged)
      constant = result.isConstant
      self.inputs = result.effects.map {
        Row(
          name: $0.name, method: method, mu: $0.mean, muStar: $0.meanSize, muStarHalfWidth: $0.halfWidth, sigma: $0.deviation)
      }
    case .sobol:
      let judged = try Self.covering(inputs, groups)
      let design = try SobolDesign(inputs, groups: judged, samples: samples, stream: stream)
      let result = try design.indices((0..<design.runs).map { try function(design.point($0)) })
      (self.samples, runs, converged) = (samples, design.runs, result.isConstant ? nil : result.isConverged)
      (mean, variance, constant) = (result.mean, result.variance, result.isConstant)
      if constant { self.inputs = judged.map { Row(name: $0.name, method: method) } }
      if constant { return }
      self.inputs = zip(judged, result.shares).map { group, share in
        let known = group.members.count == 1 ? group.members.first : nil
        return Row(
          name: share.name, method: method, s1: share.first.value, s1Low: share.first.low, s1High: share.first.high,
          st: share.total.value, stLow: share.total.low, stHigh: share.total.high,
          exactS1: known.flatMap { function.exact?.first[$0] }, exactST: known.flatMap { function.exact?.total[$0] })
      }
    }
  }

  private static func covering(
    _ inputs: [UncertainInput], _ groups: [(name: String, members: [String])]
  ) throws -> [InputGroup] {
    do {
      return try InputGroup.covering(inputs, named: groups)
    } catch {
      guard case .unknownInput(let group, let name) = error else { throw error }
      let known = inputs.map(\.name)
      throw ProblemReport(
        .usage,
        [
          Problem(
            "sensitivity.unknown-input", path: group,
            message: Bilingual(
              zh: "分组“\(group)”中的“\(name)”不是输入", en: "'\(name)' in group '\(group)' is no input"),
            hint: Bilingual(
              zh: "输入有：\(known.joined(separator: "、"))", en: "inputs: \(known.joined(separator: ", "))"))
        ])
    }
  }

  /// The warning that belongs to the numbers, or nil.
  func verdict(in language: Language) -> String? {
    if constant {
      return Bilingual(
        zh: "\(runs) 次运行的结果完全相同：所列输入对这个数没有任何作用，没有可分摊的变化。",
        en: "all \(runs) runs gave the same output: these inputs do nothing to this figure, and there is no variation to share out."
      )[language]
    }
    guard converged == false, let samples else { return nil }
    return Bilingual(
      zh: "未收敛（N = \(samples)）：请增大 --samples；此时的指数不宜作为结论。",
      en: "not converged, N = \(samples): raise --samples; do not draw conclusions from these indices yet."
    )[language]
  }

  func text(in language: Language) -> String {
    func words(_ zh: String, _ en: String) -> String { Bilingual(zh: zh, en: en)[language] }
    func number(_ value: Double?) -> String {
      guard let value else { return "–" }
      return abs(value) >= 1000 ? (value < 0 ? "−" : "") + grouped(abs(value).rounded()) : "\(((value * 1e4).rounded()) / 1e4)"
    }
    func interval(_ low: Double?, _ high: Double?) -> String { low == nil ? "–" : "[\(number(low)), \(number(high))]" }
    let name = words("输入", "input")
    var table: TextTable
    switch method {
    case "sobol":
      table = TextTable([
        (name, .left), (words("一阶 S1", "first order S1"), .right), ("95 %", .right),
        (words("总效应 ST", "total ST"), .right), ("95 %", .right),
      ])
      for row in inputs {
        table.append([
          row.name, number(row.s1), interval(row.s1Low, row.s1High), number(row.st),
          interval(row.stLow, row.stHigh),
        ])
      }
    case "morris":
      table = TextTable([(name, .left), ("μ*", .right), ("±", .right), ("μ", .right), ("σ", .right)])
      for row in inputs {
        table.append([
          row.name, number(row.muStar), number(row.muStarHalfWidth), number(row.mu), number(row.sigma),
        ])
      }
    default:
      table = TextTable([
        (name, .left), (words("低值", "low"), .right), (words("高值", "high"), .right),
        (words("低值时结果", "output at low"), .right), (words("高值时结果", "output at high"), .right),
        (words("变化", "swing"), .right),
      ])
      for row in inputs {
        table.append([
          row.name, number(row.low), number(row.high), number(row.outputAtLow), number(row.outputAtHigh),
          number(row.swing),
        ])
      }
    }
    let head = baseline.map { words("\(function)，基准 \(number($0))", "\(function), baseline \(number($0))") + "\n" } ?? ""
    return head + table.text + "\n" + words("模型运行 \(runs) 次", "\(runs) model runs")
  }
}
