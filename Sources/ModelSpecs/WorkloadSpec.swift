import Dimensions
import Messages

/// A workload file: which cases take how many hours of whom, and how long people work.
public struct WorkloadSpec: Sendable {
  /// One kind of case: its yearly count is a series of a data package.
  public struct Activity: Sendable {
    public let volume: String
    /// Hours a case takes in the base year.
    public let hours: Assumption
    /// Series of the cases waiting, where it is published.
    public let backlog: String?
  }

  /// People who do the same casework, with their activities.
  public struct Group: Sendable {
    public let id: String
    public let name: Bilingual
    /// Series of the people who do the work; nil when nobody counts them.
    public let staff: String?
    /// True: hours are only in proportion to each other, and all are scaled so that the staff of the base year
    /// has just the work of the base year.
    public let isCalibrated: Bool
    public let activities: [Activity]
  }

  public let id: String
  public let name: Bilingual
  public let place: RegionCode
  public var years: (base: Int, last: Int)
  /// Days of a year on which people work, less those on leave, in training or ill; hours of such a day.
  public let days: Assumption
  public let absent: Assumption
  public let hoursPerDay: Assumption
  /// Share of everybody's time that goes to other duties.
  public let otherDuties: Assumption
  /// Yearly growth of cases done in an hour.
  public let productivity: Assumption
  /// Part of a backlog cleared within a year.
  public let clearance: Assumption?
  public var groups: [Group]
  public let sources: [SpecSource]

  /// The same with only the named groups (all when none is named) and another last year.
  public func only(_ ids: [String], through last: Int?) -> WorkloadSpec {
    var other = self
    if !ids.isEmpty { other.groups = groups.filter { ids.contains($0.id) } }
    other.years.last = last ?? years.last
    return other
  }

  public var assumptions: [Assumption] {
    [days, absent, hoursPerDay, otherDuties, productivity] + (clearance.map { [$0] } ?? [])
      + groups.flatMap { $0.activities.map(\.hours) }
  }
}

/// Reads a workload file.
///
/// - Throws: `.missingInput` when there is no such file, else `.badConfiguration` with every problem, its line and column.
public func readWorkload(_ file: String) throws(ProblemReport) -> WorkloadSpec {
  try parseWorkload(specText(file, missing: Bilingual(zh: "找不到工作量文件", en: "the workload file is missing")), file: file)
}

/// Turns the text of a workload file into values; `file` is only used in messages.
public func parseWorkload(_ text: String, file: String) throws(ProblemReport) -> WorkloadSpec {
  let reading = SpecReading(file: file)
  let fields = SpecFields(try parseSpec(text, file: file), reading)
  fields.schema("talentcast/workload@1")
  let years = fields.fields("years")
  let (base, last) = (years?.integer("base", in: 1900...2200) ?? 0, years?.integer("last", in: 1900...2200) ?? 0)
  years?.close()
  if let years, last <= base, reading.problems.isEmpty {
    reading.report("spec.years", at: years.node, Bilingual(zh: "last 应晚于 base", en: "last must come after base"))
  }
  let time = fields.fields("working_time")
  let spec = WorkloadSpec(
    id: fields.text("id"), name: fields.bilingual("name"), place: RegionCode(fields.text("place")), years: (base, last),
    days: reading.assumption(time, "days", in: 1...366), absent: reading.assumption(time, "absent", in: 0...300),
    hoursPerDay: reading.assumption(time, "hours_per_day", in: 0.5...24),
    otherDuties: reading.assumption(time, "other_duties", in: 0...0.9),
    productivity: reading.assumption(fields, "productivity", in: -0.5...0.5),
    clearance: fields.optional("clearance") == nil ? nil : reading.assumption(fields, "clearance", in: 0...1),
    groups: reading.workloadGroups(fields), sources: (fields.optional("sources").map(reading.items) ?? []).map(reading.source))
  let known = spec.sources.map(\.id)
  for assumption in spec.assumptions where !assumption.source.isEmpty && !known.contains(assumption.source) {
    reading.report(
      "spec.unknown-source", at: SpecNode(content: .scalar("", plain: true), line: assumption.line, column: 1, path: assumption.path),
      Bilingual(zh: "sources 中没有“\(assumption.source)”", en: "`sources` has no '\(assumption.source)'"),
      hint: nearest(assumption.source, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
  }
  if let time, spec.absent.value >= spec.days.value, reading.problems.isEmpty {
    reading.report(
      "workload.no-time", at: time.node,
      Bilingual(zh: "absent 不少于 days，没有可工作的日子", en: "absent is no less than days: nobody ever works"))
  }
  time?.close()
  fields.close()
  try reading.finish()
  return spec
}

extension SpecReading {
  fileprivate func workloadGroups(_ parent: SpecFields) -> [WorkloadSpec.Group] {
    guard let node = parent.required("groups") else { return [] }
    let groups = items(node).map { workloadGroup(SpecFields($0, self)) }
    if groups.isEmpty {
      report("spec.empty", at: node, Bilingual(zh: "至少要有一组人员", en: "at least one group of people is needed"))
    }
    return groups
  }

  private func workloadGroup(_ fields: SpecFields) -> WorkloadSpec.Group {
    defer { fields.close() }
    let calibrated = fields.optionalText("hours")
    if let calibrated, calibrated != "calibrated", let node = fields.optional("hours") {
      report(
        "workload.hours", at: node,
        Bilingual(zh: "不认识的写法“\(calibrated)”", en: "unknown word '\(calibrated)'"),
        hint: Bilingual(zh: "只能写 hours: calibrated，或不写", en: "write hours: calibrated, or leave it out"))
    }
    let staff = fields.optionalText("staff")
    if calibrated != nil, staff == nil {
      report(
        "workload.calibrated-without-staff", at: fields.node,
        Bilingual(zh: "按基年人数校准工时，须写明 staff", en: "hours can only be calibrated on a staff series: name it in staff"))
    }
    return WorkloadSpec.Group(
      id: fields.text("id"), name: fields.bilingual("name"), staff: staff, isCalibrated: calibrated != nil,
      activities: fields.list("activities").map { node in
        let activity = SpecFields(node, self)
        defer { activity.close() }
        return WorkloadSpec.Activity(
          volume: activity.text("volume"), hours: assumption(activity, "hours", in: 0...100_000),
          backlog: activity.optionalText("backlog"))
      })
  }
}
