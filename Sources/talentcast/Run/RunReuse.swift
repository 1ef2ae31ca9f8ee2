import Datasets
import Foundation
import Messages
import Reports

/// Why a run must be made, or that the folder already holds it.
///
/// A run is kept when its settings and every input are those of the manifest, every output is still what the
/// manifest says, and neither the program nor a tool it uses for the report is newer. Anything else is a reason.
struct RunReuse {
  let reasons: [Bilingual]
  var isCurrent: Bool { reasons.isEmpty }

  init(_ folder: String, _ inputs: RunInputs, draws: Int, seed: UInt64, formats: [String]) {
    guard FileManager.default.fileExists(atPath: "\(folder)/run.json") else {
      reasons = [Bilingual(zh: "\(folder) 中还没有运行结果", en: "there is no run in \(folder) yet")]
      return
    }
    do throws(ProblemReport) {
      let facts = try runFacts(folder)
      reasons =
        RunReuse.settings(facts, inputs, draws: draws, seed: seed) + RunReuse.inputs(facts, inputs)
        + RunReuse.outputs(facts, folder, formats) + RunReuse.program(folder)
    } catch {
      reasons = [Bilingual(zh: "\(folder)/run.json 无法读取", en: "\(folder)/run.json cannot be read")]
    }
  }

  private static func settings(_ facts: RunFacts, _ inputs: RunInputs, draws: Int, seed: UInt64) -> [Bilingual] {
    var reasons: [Bilingual] = []
    func differ(_ name: Bilingual, _ old: String, _ new: String) {
      if old != new {
        reasons.append(Bilingual(zh: "\(name.zh)：\(old) → \(new)", en: "\(name.en): \(old) → \(new)"))
      }
    }
    differ(Bilingual(zh: "情景", en: "scenario"), facts.scenario, inputs.scenario.id)
    differ(Bilingual(zh: "抽样次数", en: "draws"), "\(facts.draws)", "\(draws)")
    differ(Bilingual(zh: "种子", en: "seed"), "\(facts.seed)", "\(seed)")
    differ(Bilingual(zh: "程序版本", en: "version of the tool"), facts.version, toolVersion)
    return reasons
  }

  private static func inputs(_ facts: RunFacts, _ inputs: RunInputs) -> [Bilingual] {
    let old = Dictionary(facts.inputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    var new = Dictionary(inputs.files.map { ($0.name, SHA256.hex($0.bytes)) }, uniquingKeysWith: { first, _ in first })
    for (name, file) in inputs.catalogue.fileHashes { new[name] = file.sha256 }
    return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
      old[name] == nil
        ? Bilingual(zh: "新的输入：\(name)", en: "a new input: \(name)")
        : new[name] == nil
          ? Bilingual(zh: "不再使用的输入：\(name)", en: "an input no longer used: \(name)")
          : Bilingual(zh: "输入已改动：\(name)", en: "a changed input: \(name)")
    }
  }

  private static func outputs(_ facts: RunFacts, _ folder: String, _ formats: [String]) -> [Bilingual] {
    let files = facts.outputs ?? []
    let damaged = changed(files, below: "\(folder)/", what: Bilingual(zh: "输出", en: "output"))
      .map { Bilingual(zh: "\($0.message.zh)：\($0.file ?? "")", en: "\($0.message.en): \($0.file ?? "")") }
    let missing = formats.filter { format in !files.contains { $0.name.hasSuffix(".\(format)") } }
    return damaged
      + missing.map { Bilingual(zh: "现在可以生成 \($0)", en: "\($0) can be made now") }
  }

  private static func program(_ folder: String) -> [Bilingual] {
    guard let written = modificationDate("\(folder)/run.json"),
      let built = Bundle.main.executablePath.flatMap(modificationDate), built <= written
    else { return [Bilingual(zh: "程序比该结果新", en: "the program is newer than the result")] }
    return []
  }
}
