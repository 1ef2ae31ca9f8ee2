import Datasets
import Demand
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Simulation
import TimeSeries

/// Posts that the cases of coming years need, group by group, with what is uncertain about them drawn.
///
/// Cases follow the weighted combination of forecasters on their published series. A draw takes one place in the
/// distribution of each series for all years, and one value for each assumption that has a range. Where hours are
/// calibrated, every draw scales them so that the staff of the base year has just the work of that year.
public struct WorkloadOutlook: Sendable {
  /// Cases of an activity in one year and the hours they take.
  public struct Cases: Sendable {
    public let indicator: Indicator
    /// Published where `isPublished`, forecast elsewhere.
    public let count: Fan
    public let isPublished: Bool
    /// Last year that was published, up to the base year.
    public let lastPublished: Int
    public let source: String
  }

  /// Hours, posts and staff of a group in one year.
  public struct Year: Sendable {
    public let year: Int
    public let cases: [Cases]
    /// Posts for the year's cases and what is cleared of the backlog.
    public let posts: Fan
    /// Published head count of the year.
    public let staff: Double?
    /// Cases waiting at the end of the year if staff stayed as in the base year; as the assumptions are stated, nothing drawn.
    public let waiting: Double?
  }

  /// People who do the same casework.
  public struct Group: Sendable {
    public let spec: WorkloadSpec.Group
    /// Latest head count up to the base year, its year, source and grade.
    public let staff: Observation?
    /// Hours a case takes in the base year, after calibration; as the assumptions are stated, nothing drawn.
    public let hours: [Double]
    public let years: [Year]
  }

  /// What a planner may ask for beside the file.
  public struct WhatIf: Sendable {
    /// Yearly growth of productivity instead of the file's.
    public var productivity: Double?
    /// From these years on, cases are multiplied by a factor: a policy that ends or starts.
    public var breaks: [(year: Int, factor: Double)] = []
    public init() {}
  }

  public let spec: WorkloadSpec
  public let groups: [Group]

  /// A wrong question is usage; anything wrong in the files is bad configuration.
  fileprivate static func status(_ problems: [Problem]) -> ExitStatus {
    problems.allSatisfy { $0.code == "workload.break-published" } ? .usage : .badConfiguration
  }

  /// - Throws: series that do not exist or have no figure up to the base year; work without staff to calibrate on.
  public init(
    _ spec: WorkloadSpec, catalogue: Catalogue, whatIf: WhatIf = WhatIf(), draws: Int = 2000, seed: UInt64 = 20_260_601
  ) throws(ProblemReport) {
    self.spec = spec
    var problems: [Problem] = []
    var groups: [Group] = []
    let common = CommonDraws(spec, whatIf: whatIf, draws: draws, seed: seed)
    for (at, group) in spec.groups.enumerated() {
      do throws(ProblemReport) {
        let work = try GroupWork(group, at: at, spec: spec, catalogue: catalogue, whatIf: whatIf, draws: draws, seed: seed)
        groups.append(try work.outlook(common))
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw ProblemReport(WorkloadOutlook.status(problems), problems) }
    self.groups = groups
  }
}

/// Values of one assumption: the stated one first, then one for each draw.
private func drawn(_ assumption: Assumption, at least: Double, _ stream: RandomStream, draws: Int) -> [Double] {
  guard let range = assumption.range else { return [Double](repeating: assumption.value, count: draws + 1) }
  return [assumption.value]
    + (0..<draws).map { draw in
      let z = stream.normal(draw: draw)
      let side = z < 0 ? assumption.value - range.lowerBound : range.upperBound - assumption.value
      return max(least, assumption.value + z * side / normal90)
    }
}

/// 90 % quantile of the normal distribution: the end of an 80 % interval.
private let normal90 = 1.2815515655446004

/// What all groups share, by run: the assumptions as they are stated first.
private struct CommonDraws {
  let time: [Double]
  let otherDuties: [Double]
  /// Growth of productivity a year.
  let productivity: [Double]
  let clearance: [Double]

  init(_ spec: WorkloadSpec, whatIf: WorkloadOutlook.WhatIf, draws: Int, seed: UInt64) {
    func runs(_ assumption: Assumption, _ name: String, at least: Double = 0) -> [Double] {
      drawn(assumption, at: least, RandomStream(seed: seed, named: "workload \(name)"), draws: draws)
    }
    let (days, absent, hours) = (runs(spec.days, "days"), runs(spec.absent, "absent"), runs(spec.hoursPerDay, "hours", at: 0.5))
    time = days.indices.map { max(1, Workload.workingTime(days: days[$0], absent: absent[$0], hoursPerDay: hours[$0])) }
    otherDuties = runs(spec.otherDuties, "other duties").map { min($0, 0.95) }
    productivity = whatIf.productivity.map { [Double](repeating: $0, count: draws + 1) } ?? runs(spec.productivity, "productivity", at: -0.9)
    clearance = spec.clearance.map { runs($0, "clearance").map { min($0, 1) } } ?? [Double](repeating: 0, count: draws + 1)
  }
}

/// The series of one group and their futures by run.
private struct GroupWork {
  struct Volume {
    let indicator: Indicator
    /// `[year − base][run]`.
    let counts: [[Double]]
    let published: [Int: Observation]
    let backlog: Double
    let last: Observation
  }

  let group: WorkloadSpec.Group
  let spec: WorkloadSpec
  let runs: Int
  let volumes: [Volume]
  /// `[activity][run]`.
  let hours: [[Double]]
  let staff: Observation?
  let staffByYear: [Int: Double]

  init(
    _ group: WorkloadSpec.Group, at index: Int, spec: WorkloadSpec, catalogue: Catalogue, whatIf: WorkloadOutlook.WhatIf,
    draws: Int, seed: UInt64
  ) throws(ProblemReport) {
    self.group = group
    self.spec = spec
    runs = draws + 1
    var problems: [Problem] = []
    var volumes: [Volume] = []
    for activity in group.activities {
      do throws(ProblemReport) {
        volumes.append(try GroupWork.volume(activity, spec, catalogue, whatIf, draws: draws, seed: seed))
      } catch {
        problems += error.problems
      }
    }
    var staff: Observation?
    var staffByYear: [Int: Double] = [:]
    if let id = group.staff {
      do throws(ProblemReport) {
        let series = try catalogue.panel(id).comparable(spec.place)
        staff = series.last { $0.year <= spec.years.base }
        for row in series { staffByYear[row.year] = row.value }
      } catch {
        problems += error.problems
      }
    }
    if problems.isEmpty, group.isCalibrated, staffByYear[spec.years.base] == nil {
      problems.append(
        Problem(
          "workload.no-staff", path: group.staff ?? group.id,
          message: Bilingual(
            zh: "\(group.id)：\(spec.years.base) 年没有人数，无法校准工时", en: "\(group.id): no head count for \(spec.years.base) to calibrate the hours on"),
          hint: Bilingual(zh: "写明每件工时（去掉 hours: calibrated），或换基年", en: "state hours per case (without hours: calibrated) or another base year")))
    }
    guard problems.isEmpty else { throw ProblemReport(WorkloadOutlook.status(problems), problems) }
    self.volumes = volumes
    self.staff = staff
    self.staffByYear = staffByYear
    hours = group.activities.enumerated().map { i, activity in
      drawn(
        activity.hours, at: 0, RandomStream(seed: seed, named: "workload hours per case", entity: UInt32(index * 64 + i)), draws: draws)
    }
  }

  private static func volume(
    _ activity: WorkloadSpec.Activity, _ spec: WorkloadSpec, _ catalogue: Catalogue, _ whatIf: WorkloadOutlook.WhatIf,
    draws: Int, seed: UInt64
  ) throws(ProblemReport) -> Volume {
    let panel = try catalogue.panel(activity.volume)
    let known = panel.comparable(spec.place).filter { $0.year <= spec.years.base }
    guard let last = known.last else {
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "workload.no-volume", path: activity.volume,
            message: Bilingual(
              zh: "\(activity.volume) 在 \(spec.place.text) 没有 \(spec.years.base) 年及以前的数",
              en: "\(activity.volume) has no figure for \(spec.place.text) up to \(spec.years.base)"))
        ])
    }
    let rewritten = whatIf.breaks.filter { $0.year <= last.year }
    guard rewritten.isEmpty else {
      throw ProblemReport(
        .usage,
        rewritten.map {
          Problem(
            "workload.break-published", path: "break",
            message: Bilingual(
              zh: "\($0.year) 年的突变落在已公布的年份之内：\(panel.definition.name.zh)公布到 \(last.year) 年，公布数不能改写",
              en:
                "a break in \($0.year) lies among published years: \(panel.definition.name.en) is published through \(last.year), and what is published is not rewritten"
            ),
            hint: Bilingual(zh: "突变从 \(last.year + 1) 年或以后写起", en: "let the break start in \(last.year + 1) or later"))
        })
    }
    let points = try GroupWork.points(known, name: activity.volume, through: spec.years.last)
    let stream = RandomStream(seed: seed, named: "workload cases \(activity.volume)")
    let chances = (0..<draws).map { stream.openUniform(draw: $0) }
    var published: [Int: Observation] = [:]
    for row in known { published[row.year] = row }
    let counts = (spec.years.base...spec.years.last).map { year -> [Double] in
      let factor = whatIf.breaks.reduce(1.0) { year >= $1.year ? $0 * $1.factor : $0 }
      if let row = published[year] { return [Double](repeating: row.value * factor, count: draws + 1) }
      guard let point = points.first(where: { $0.time == year }) else { return [Double](repeating: last.value * factor, count: draws + 1) }
      return [max(0, point.distribution.median) * factor] + chances.map { max(0, point.distribution.quantile($0)) * factor }
    }
    let backlog = try activity.backlog.map { id throws(ProblemReport) in
      try catalogue.panel(id).comparable(spec.place).last { $0.year <= spec.years.base }?.value ?? 0
    }
    return Volume(indicator: panel.definition, counts: counts, published: published, backlog: backlog ?? 0, last: last)
  }

  private static func points(_ known: [Observation], name: String, through last: Int) throws(ProblemReport) -> [ForecastPoint] {
    guard let end = known.last?.year, end < last else { return [] }
    do throws(SeriesError) {
      let series = try Series(key: [name], times: known.map(\.year), values: known.map(\.value))
      return try forecast([series], method: .weighted, options: ForecastOptions(horizon: last - end))[0].get().points
    } catch {
      throw ProblemReport(.badConfiguration, [error.problem(file: nil) { _, _ in nil }])
    }
  }

  /// The work of a year in a run.
  private func work(_ common: CommonDraws, year: Int, run: Int, scale: Double, backlog: [Double]) throws(WorkloadError) -> Workload {
    let h = year - spec.years.base
    return try Workload(
      volumes.indices.map { i in
        Workload.Activity(volume: volumes[i].counts[h][run], hours: hours[i][run] * scale, backlog: backlog[i])
      }, workingTime: common.time[run], productivity: pow(1 + common.productivity[run], Double(h)),
      sharedAllowance: common.otherDuties[run], clearance: common.clearance[run])
  }

  /// What hours are multiplied by so that the staff of the base year has just its work.
  private func scale(_ common: CommonDraws, run: Int) throws(WorkloadError) -> Double {
    guard group.isCalibrated, let staff = staffByYear[spec.years.base] else { return 1 }
    let posts = try work(common, year: spec.years.base, run: run, scale: 1, backlog: volumes.map(\.backlog)).posts
    return posts > 0 ? staff / posts : 1
  }

  func outlook(_ common: CommonDraws) throws(ProblemReport) -> WorkloadOutlook.Group {
    do throws(WorkloadError) {
      var scales: [Double] = []
      for run in 0..<runs { scales.append(try scale(common, run: run)) }
      var waiting = volumes.map(\.backlog)
      var years: [WorkloadOutlook.Year] = []
      for year in spec.years.base...spec.years.last {
        let h = year - spec.years.base
        var posts: [Double] = []
        for run in 0..<runs {
          let left = pow(1 - common.clearance[run], Double(h))
          posts.append(try work(common, year: year, run: run, scale: scales[run], backlog: volumes.map { $0.backlog * left }).posts)
        }
        if let staff { waiting = try work(common, year: year, run: 0, scale: scales[0], backlog: waiting).backlog(staff: staff.value) }
        years.append(
          WorkloadOutlook.Year(
            year: year,
            cases: volumes.map { volume in
              WorkloadOutlook.Cases(
                indicator: volume.indicator, count: Fan(volume.counts[h]), isPublished: volume.published[year] != nil,
                lastPublished: volume.last.year, source: volume.last.source)
            }, posts: Fan(posts), staff: staffByYear[year], waiting: staff == nil ? nil : waiting.reduce(0, +)))
      }
      return WorkloadOutlook.Group(spec: group, staff: staff, hours: hours.map { $0[0] * scales[0] }, years: years)
    } catch {
      throw ProblemReport(.badConfiguration, [Problem("workload.impossible", path: group.id, message: error.message)])
    }
  }
}

extension WorkloadError {
  var message: Bilingual {
    switch self {
    case .badActivity(let i): Bilingual(zh: "第 \(i + 1) 类案件的件数或工时不是非负数", en: "case \(i + 1): volume or hours are no non-negative number")
    case .badWorkingTime(let value): Bilingual(zh: "每人工作时间 \(value) 不是正数", en: "working time \(value) is not positive")
    case .badProductivity(let value): Bilingual(zh: "工效 \(value) 不是正数", en: "productivity \(value) is not positive")
    case .badAllowance: Bilingual(zh: "其他事务占时不在 0 与 1 之间", en: "time for other duties is not between 0 and 1")
    case .badClearance(let value): Bilingual(zh: "消化积压的比例 \(value) 不在 0 与 1 之间", en: "clearance \(value) is not between 0 and 1")
    }
  }
}
