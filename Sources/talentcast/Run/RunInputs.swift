import Datasets
import Dimensions
import Forecasting
import Foundation
import Maps
import Messages
import ModelSpecs

/// Everything a run reads: model, scenario, data packages and boundaries, checked before anything is computed.
struct RunInputs {
  let model: ModelSpec
  let modelFile: String
  let scenario: ScenarioSpec
  /// What the yearly edition is called and must not show.
  let edition: EditionSpec
  /// Scenarios of the same model that the report sets beside this one, as the edition names them.
  let compared: [ScenarioSpec]
  /// How the catalogue of roles in short supply rates; nil without `shortage.yaml`: the run makes none.
  let shortage: ShortageSpec?
  /// Model and scenario files as read, for the manifest.
  let files: [(name: String, bytes: [UInt8])]
  let catalogue: Catalogue
  /// nil: the data have no boundaries, and the run draws no maps.
  let boundaries: Boundaries?
  let assembly: ForecastAssembly
  let crosswalk: IndustryCrosswalk

  /// - Parameter scenario: name of a scenario or a model.
  /// - Throws: every problem of every file in one report.
  init(scenario name: String, models: String, datasets: String) throws(ProblemReport) {
    let library = ScenarioLibrary(folder: models)
    var problems: [Problem] = []
    var status: ExitStatus?
    func collect<Value>(_ work: () throws(ProblemReport) -> Value) -> Value? {
      do throws(ProblemReport) { return try work() } catch {
        problems += error.problems
        status = status ?? error.status
        return nil
      }
    }
    let scenario = collect { () throws(ProblemReport) in try library.resolve(name) }
    let model = scenario.flatMap { scenario in
      collect { () throws(ProblemReport) in try readModel(library.modelFile(scenario.model)) }
    }
    let editionFile = "\(models)/edition.yaml"
    let hasEdition = FileManager.default.fileExists(atPath: editionFile)
    let edition = collect { () throws(ProblemReport) in
      hasEdition ? try readEditionSpec(editionFile) : EditionSpec.plain
    }
    let shortageFile = "\(models)/shortage.yaml"
    let hasShortage = FileManager.default.fileExists(atPath: shortageFile)
    let shortage = hasShortage ? collect { () throws(ProblemReport) in try readShortageSpec(shortageFile) } : nil
    let catalogue = collect { () throws(ProblemReport) in try Catalogue(directory: datasets) }
    let outlines = collect { () throws(ProblemReport) in try boundaryFiles(in: "\(datasets)/boundaries", required: false) }
    let boundaries = outlines.flatMap { files in
      files.isEmpty ? nil : collect { () throws(ProblemReport) in try Boundaries(files: files) }
    }
    var compared: [ScenarioSpec] = []
    if let scenario, let edition {
      for name in edition.compare where name.id != scenario.id {
        let other = collect { () throws(ProblemReport) in try library.compared(name, beside: scenario, in: editionFile) }
        if let other = other.flatMap(\.self) { compared.append(other) }
      }
    }
    guard let scenario, let model, let edition, let catalogue, problems.isEmpty else { throw ProblemReport(status ?? .badData, problems) }
    modelFile = library.modelFile(scenario.model)
    self.scenario = scenario
    self.model = model
    self.edition = edition
    self.compared = compared
    self.shortage = shortage
    self.catalogue = catalogue
    self.boundaries = boundaries
    var files: [(name: String, bytes: [UInt8])] = []
    let others = compared.flatMap(\.files)
    var seen: Set<String> = []
    let evidence = [model.evidencePath(beside: modelFile)].compactMap(\.self)
    for file in [modelFile] + evidence + scenario.files + (hasEdition ? [editionFile] : []) + (hasShortage ? [shortageFile] : []) + others
    where seen.insert(file).inserted {
      files.append((file, try fileBytes(file)))
    }
    self.files = files
    assembly = try ForecastAssembly(model: model, catalogue: catalogue, scenario: scenario)
    crosswalk = try IndustryCrosswalk(model, catalogue: catalogue)
  }

  /// How forecasts made from the past alone would have done: for the report, nothing else asks.
  func accuracy() throws(ProblemReport) -> Accuracy { try Accuracy(assembly, model: model, catalogue: catalogue) }
}

extension ScenarioLibrary {
  /// A scenario that an edition names, told at its place in that file when it is nowhere; nil when it is of another model.
  fileprivate func compared(
    _ name: (id: String, line: Int, column: Int), beside own: ScenarioSpec, in file: String
  ) throws(ProblemReport) -> ScenarioSpec? {
    guard models.contains(name.id) || scenarios.contains(name.id) else {
      let near = nearest(name.id, among: models + scenarios)
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "edition.compare", file: file, line: name.line, column: name.column, path: "compare",
            message: Bilingual(zh: "没有情景“\(name.id)”", en: "there is no scenario '\(name.id)'"),
            hint: near.map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
        ])
    }
    let other = try resolve(name.id)
    return other.model == own.model ? other : nil
  }
}
