import Forecasting
import ModelSpecs
import Simulation

/// A figure of the forecast as a function of some levers.
struct LeverSubject {
  let name: String
  let inputs: [UncertainInput]
  /// Where the levers stand in the scenario.
  let baseline: [Double]
  let figure: ([Double]) throws -> Double

  init(
    name: String, inputs: [UncertainInput], baseline: [Double], figure: @escaping ([Double]) throws -> Double
  ) {
    (self.name, self.inputs, self.baseline, self.figure) = (name, inputs, baseline, figure)
  }

  init(
    _ run: RunInputs, _ question: FigureQuestion, _ levers: [Lever], place: String, name: String, figure: @escaping ([Double]) throws -> Double
  ) throws {
    self.name = name
    self.figure = figure
    inputs = try levers.map { lever in
      let range = run.assembly.inputs.plausible(lever, places: [place], hubs: run.model.regions.hubs)
      return UncertainInput(name: lever.id, distribution: try .uniform(range.lowerBound, range.upperBound))
    }
    baseline = levers.map { run.scenario.value($0.id, year: question.year) }
  }
}

/// What a sensitivity analysis is about: a function with a known answer, or the forecast.
enum SensitivitySubject {
  case test(SensitivityTestFunction)
  case levers(LeverSubject)

  var name: String {
    switch self {
    case .test(let function): function.rawValue
    case .levers(let subject): subject.name
    }
  }

  func inputs() throws -> [UncertainInput] {
    switch self {
    case .test(let function): try function.inputs()
    case .levers(let subject): subject.inputs
    }
  }

  /// Nil: the medians.
  var baseline: [Double]? {
    if case .levers(let subject) = self { subject.baseline } else { nil }
  }

  /// Quantiles at which a tornado sets an input: a lever goes from end to end of its plausible range.
  var ends: (low: Double, high: Double) {
    if case .levers = self { (0, 1) } else { (0.1, 0.9) }
  }

  var exact: (first: [Double], total: [Double])? {
    if case .test(let function) = self { (function.exact.first, function.exact.total) } else { nil }
  }

  func callAsFunction(_ x: [Double]) throws -> Double {
    switch self {
    case .test(let function): function(x)
    case .levers(let subject): try subject.figure(x)
    }
  }
}
