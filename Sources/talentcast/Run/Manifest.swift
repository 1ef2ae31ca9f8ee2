import Datasets
import Dimensions
import Forecasting
import Foundation
import LinearAlgebra
import Messages

/// The version of the tool, as `run.json` and `--version` state it.
let toolVersion = "0.1.0"

/// `run.json`: what the run was made with and the checksum of all it read and wrote. Holds no time and
/// no host, so that the same inputs give the same bytes.
struct Manifest: Codable {
  struct File: Codable, Sendable {
    let name: String
    let bytes: Int
    let sha256: String
  }

  private let schema: String
  private let version: String
  private let blas: String
  private let model: String
  private let scenario: String
  private let chain: [String]
  private let seed: UInt64
  private let draws: Int
  private let base_year: Int
  private let last_year: Int
  private let inputs: [File]
  private var outputs: [File]

  init(_ run: CompletedRun, outputs files: [OutputFile]) {
    (schema, version) = ("talentcast/run@1", toolVersion)
    blas = BLASThreads.configuration
    model = run.model.id
    scenario = run.options.scenario
    chain = run.inputs.scenario.chain
    seed = run.options.seed
    draws = run.options.draws
    base_year = run.model.years.base
    last_year = run.model.years.last
    inputs =
      run.inputs.files.map { File(name: $0.name, bytes: $0.bytes.count, sha256: SHA256.hex($0.bytes)) }
      + run.inputs.catalogue.fileHashes.sorted { $0.key < $1.key }.map {
        File(name: $0.key, bytes: $0.value.bytes, sha256: $0.value.sha256)
      }
    outputs = Manifest.listed(files, jobs: run.options.jobs)
  }

  /// A manifest whose outputs of the same names are these, and which lists new ones as well.
  static func renewed(_ manifest: [UInt8], _ files: [OutputFile]) throws -> [UInt8] {
    var manifest = try JSONDecoder().decode(Manifest.self, from: Data(manifest))
    let made = listed(files)
    let names = Set(made.map(\.name))
    manifest.outputs = (manifest.outputs.filter { !names.contains($0.name) } + made).sorted { $0.name < $1.name }
    return Array(try jsonText(manifest).utf8)
  }

  private static func listed(_ files: [OutputFile], jobs: Int = 1) -> [File] {
    let files = files.sorted { $0.name < $1.name }
    return concurrently(files.count, jobs: jobs) { index in
      File(name: files[index].name, bytes: files[index].bytes.count, sha256: SHA256.hex(files[index].bytes))
    }
  }
}

extension CompletedRun {
  func manifest(of files: [OutputFile]) throws -> [UInt8] {
    Array(try jsonText(Manifest(self, outputs: files)).utf8)
  }
}

/// What `run --json` prints: the headline cells.
struct RunSummary: Encodable {
  private struct Entry: Encodable {
    let region: String
    let name_zh: String
    let name_en: String
    let year: Int
    let measure: String
    let value: Double?
    let p10: Double?
    let p90: Double?
    let evidence: String
  }

  private let schema = "talentcast/run-summary@1"
  private let out: String
  private let scenario: String
  private let cells: [Entry]

  init(_ inputs: RunInputs, _ all: [ResultCell], out: String) {
    self.out = out
    scenario = inputs.scenario.id
    let regions = inputs.headlineRegions
    let years: Set<Int> = [inputs.model.years.base, inputs.focusYear, inputs.model.years.last]
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    cells = regions.flatMap { region in
      all.filter {
        $0.region == region.code && $0.team == "total" && $0.industry == "total" && years.contains($0.year)
      }.map {
        Entry(
          region: $0.region.text, name_zh: region.name.zh, name_en: region.name.en, year: $0.year,
          measure: $0.measure.rawValue, value: finite($0.value), p10: finite($0.p10), p90: finite($0.p90),
          evidence: $0.evidence.rawValue)
      }
    }
  }
}
