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
  /// How the catalogue of roles in short supply rates; nil without `shortage.yaml`: the run makes none.
  let shortage: ShortageSpec?
  /// Model and scenario files as read, for the manifest.
  let files: [(name: String, bytes: [UInt8])]
  let catalogue: Catalogue
  /// nil: the data have no boundaries, and the run draws no maps.
  let boundaries: Boundaries?
  let assembly: ForecastAssembly
  let accuracy: Accuracy
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
    guard let scenario, let model, let edition, let catalogue, problems.isEmpty else { throw ProblemReport(status ?? .badData, problems) }
    modelFile = library.modelFile(scenario.model)
    self.scenario = scenario
    self.model = model
    self.edition = edition
    self.shortage = shortage
    self.catalogue = catalogue
    self.boundaries = boundaries
    var files: [(name: String, bytes: [UInt8])] = []
    for file in [modelFile] + scenario.files + (hasEdition ? [editionFile] : []) + (hasShortage ? [shortageFile] : []) {
      files.append((file, try fileBytes(file)))
    }
    self.files = files
    assembly = try ForecastAssembly(model: model, catalogue: catalogue, scenario: scenario)
    crosswalk = try IndustryCrosswalk(model, catalogue: catalogue)
    accuracy = try Accuracy(assembly, model: model, catalogue: catalogue)
  }
}
