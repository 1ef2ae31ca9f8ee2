import DesignMatrices
import Messages
import Regression

/// `--vcov` before the data are known.
enum CovarianceRequest: Equatable {
  case iid
  case heteroskedastic(HeteroskedasticKind)
  case clustered([String])
  case neweyWest(Int)
  case driscollKraay(Int)

  /// - Throws: `ProblemReport` (usage) with the nearest name.
  init(_ text: String) throws(ProblemReport) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (name, detail) = (parts[0].uppercased(), parts.count > 1 ? parts[1] : nil)
    let columns = (detail ?? "").split { "+＋".contains($0) }.map { $0.filter { !$0.isWhitespace } }
    if name == "IID", detail == nil {
      self = .iid
    } else if let kind = HeteroskedasticKind(rawValue: name), detail == nil {
      self = .heteroskedastic(kind)
    } else if name == "CLUSTER", (1...2).contains(columns.count), columns.allSatisfy({ !$0.isEmpty }) {
      self = .clustered(columns)
    } else if name == "NW" || name == "DK", let lags = detail.flatMap({ Int($0) }),
      (0...100_000).contains(lags)
    {
      self = name == "NW" ? .neweyWest(lags) : .driscollKraay(lags)
    } else {
      let known = ["iid", "HC0", "HC1", "HC2", "HC3", "cluster:g", "cluster:g1+g2", "NW:2", "DK:2"]
      let near = nearest(text, among: known)
      throw ProblemReport(
        .usage,
        [
          Problem(
            "fit.vcov", path: "--vcov",
            message: Bilingual(zh: "不认识的协方差“\(text)”", en: "'\(text)' is no covariance"),
            hint: Bilingual(
              zh: near.map { "是否指 \($0)？" } ?? "可用：\(known.joined(separator: "、"))",
              en: near.map { "did you mean \($0)?" } ?? "there are: \(known.joined(separator: ", "))"))
        ])
    }
  }

  /// Whether it asks which row comes before which.
  var needsOrder: Bool {
    switch self {
    case .neweyWest: true
    default: false
    }
  }

  var columns: [String] { if case .clustered(let columns) = self { columns } else { [] } }
}

/// Everything `fit` is asked.
struct FitRequest {
  var formula: String
  var family = Family.gaussian
  var link: Link?
  var effects: PanelEffects?
  var weights: String?
  var offset: String?
  var entity: String?
  var time: String?
  var absorb: [String] = []
  var ridge = 0.0
  var covariance = CovarianceRequest.iid
  var smallSample = SmallSample.standard
  var level = 0.95
  var dropsSingletons = false
  var hausman = false
  var margins = false
  var diagnostics = false
  var bootstrap: FitExtras.BootstrapRequest?

  init(formula: String) { self.formula = formula }
}

extension FitRequest {
  /// What the regression needs of the table.
  var frameRequest: FrameRequest {
    var wanted = FrameRequest(formula: formula)
    (wanted.weights, wanted.offset) = (weights, offset)
    (wanted.entity, wanted.time) = (entity, time)
    wanted.groups = absorb + covariance.columns
    wanted.absorbed = absorb
    wanted.needsOrder = covariance.needsOrder || effects == .firstDifference
    if let cluster = bootstrap?.cluster, !wanted.groups.contains(cluster) { wanted.groups.append(cluster) }
    return wanted
  }

  func options(_ frame: ModelFrame) -> RegressionOptions {
    var options = RegressionOptions()
    (options.family, options.link, options.effects) = (family, link, effects)
    (options.ridge, options.smallSample, options.level) = (ridge, smallSample, level)
    options.dropSingletons = dropsSingletons
    options.absorb = frame.groupings(absorb)
    options.covariance = covariance.resolved(frame)
    options.panel = frame.panelIndex
    return options
  }
}

extension ModelFrame {
  func grouping(_ name: String) -> Grouping? { groups[name].map { Grouping(name: name, codes: $0.codes) } }

  func groupings(_ names: [String]) -> [Grouping] { names.compactMap { grouping($0) } }

  /// Who and when; time alone means one entity.
  var panelIndex: PanelIndex? {
    let times = panel.time.flatMap { name in grouping(name).map { ($0, period(name)) } }
    if let group = panel.entity.flatMap({ grouping($0) }) {
      return PanelIndex(entity: group, time: times?.0, period: times?.1)
    }
    return times.map { times, period in
      PanelIndex(
        entity: Grouping(name: "all", codes: [Int32](repeating: 0, count: times.codes.count)), time: times,
        period: period)
    }
  }

  /// The calendar period of each row.
  private func period(_ name: String) -> [Int]? {
    guard let group = groups[name] else { return nil }
    let periods = calendarPeriods(group.levels)
    return group.codes.map { periods[Int($0)] ?? 0 }
  }
}

extension CovarianceRequest {
  func resolved(_ frame: ModelFrame) -> Covariance {
    switch self {
    case .iid: .iid
    case .heteroskedastic(let kind): .heteroskedastic(kind)
    case .clustered(let columns): .clustered(frame.groupings(columns))
    case .neweyWest(let lags): .neweyWest(lags: lags)
    case .driscollKraay(let lags): .driscollKraay(lags: lags)
    }
  }
}
