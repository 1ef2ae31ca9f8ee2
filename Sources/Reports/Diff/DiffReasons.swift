import Foundation
import Messages

/// What `run.json` says a run was made with.
public struct RunFacts: Decodable, Sendable {
  /// A file that a run read, by name and checksum.
  public struct File: Decodable, Hashable, Sendable {
    public let name: String
    public let sha256: String

    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  public let version: String
  public let model: String
  public let scenario: String
  public let seed: UInt64
  public let draws: Int
  public let inputs: [File]
  /// Everything the run wrote but the manifest itself.
  public let outputs: [File]?

  public init(version: String, model: String, scenario: String, seed: UInt64, draws: Int, inputs: [File], outputs: [File]? = nil) {
    self.version = version
    self.model = model
    self.scenario = scenario
    self.seed = seed
    self.draws = draws
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Reads the members of a manifest that explain differences.
///
/// - Throws: `ProblemReport` (bad data) when it is no manifest of a run.
public func readRunFacts(_ bytes: [UInt8], file: String) throws(ProblemReport) -> RunFacts {
  do {
    return try JSONDecoder().decode(RunFacts.self, from: Data(bytes))
  } catch {
    throw ProblemReport(
      .badData,
      [
        Problem(
          "manifest.unreadable", file: file,
          message: Bilingual(zh: "不是一次运行的清单。", en: "This is not the manifest of a run."),
          hint: Bilingual(zh: "应为 talentcast run 写出的 run.json。", en: "Expected the run.json that talentcast run writes."))
      ])
  }
}

/// A reason why figures moved, with what shows it.
public struct DiffReason: Hashable, Sendable {
  public let code: RevisionRow.Reason
  public let text: Bilingual
}

/// Why two runs differ, from their manifests alone; empty when they were made with the same things.
public func reasons(old: RunFacts, new: RunFacts) -> [DiffReason] {
  let before = Dictionary(old.inputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  let after = Dictionary(new.inputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
  let data = changed.filter { !isModelFile($0) && !isBoundary($0) }
  let models = changed.filter { isModelFile($0) && !$0.hasSuffix("/edition.yaml") }
  let replaced = data.filter { (before[$0] == nil) != (after[$0] == nil) }
  let updated = data.filter { before[$0] != nil && after[$0] != nil }
  var found: [DiffReason] = []
  func add(_ code: RevisionRow.Reason, _ zh: String, _ en: String) {
    found.append(DiffReason(code: code, text: Bilingual(zh: zh, en: en)))
  }
  if !updated.isEmpty { add(.data, "数据文件有更新：\(listed(updated, "、"))", "data files changed: \(listed(updated, ", "))") }
  if !replaced.isEmpty { add(.source, "数据文件有增减：\(listed(replaced, "、"))", "data files came or went: \(listed(replaced, ", "))") }
  if old.version != new.version { add(.method, "程序版本 \(old.version) → \(new.version)", "version \(old.version) → \(new.version)") }
  if old.scenario != new.scenario {
    add(.scenario, "情景 \(old.scenario) → \(new.scenario)", "scenario \(old.scenario) → \(new.scenario)")
  } else if !models.isEmpty {
    add(.scenario, "模型或情景文件有改动：\(listed(models, "、"))", "model or scenario files changed: \(listed(models, ", "))")
  }
  if old.draws != new.draws || old.seed != new.seed {
    add(
      .method, "抽样 \(old.draws) 次、种子 \(old.seed) → \(new.draws) 次、\(new.seed)",
      "draws \(old.draws), seed \(old.seed) → \(new.draws), \(new.seed)")
  }
  return found
}

private func isModelFile(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
private func isBoundary(_ name: String) -> Bool { name.hasSuffix(".geojson") }

private func listed(_ names: [String], _ comma: String) -> String {
  names.prefix(4).joined(separator: comma) + (names.count > 4 ? "… (\(names.count))" : "")
}
