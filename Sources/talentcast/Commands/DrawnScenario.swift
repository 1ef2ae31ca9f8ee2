import ArgumentParser
import Forecasting
import LinearAlgebra
import Messages

/// A scenario drawn anew: which one, how often, on whose data and model.
struct DrawnScenario: ParsableArguments {
  @Option(help: "情景 · Scenario.")
  var scenario = "baseline"

  @Option(help: "抽样次数 · Number of draws (100...100000).")
  var draws = 1000

  /// Of a run that is asked for no other.
  static let seedOfRuns: UInt64 = 20_260_601

  @Option(help: "随机种子 · Seed of the random numbers.")
  var seed = DrawnScenario.seedOfRuns

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func validate() throws {
    try checkDraws(draws)
  }

  /// Everything that the forecast reads, checked; BLAS keeps to one thread from here on.
  func inputs() throws(ProblemReport) -> RunInputs {
    BLASThreads.set(1)
    return try RunInputs(scenario: scenario, models: models, datasets: datasets)
  }

  func options(_ inputs: RunInputs) -> RunOptions {
    RunOptions(scenario: inputs.scenario.id, draws: draws, seed: seed, jobs: 2)
  }
}

/// Fewer draws say nothing about tails; more add no digit that is shown.
func checkDraws(_ draws: Int) throws {
  guard (100...100_000).contains(draws) else { throw ValidationError("--draws: 100...100000 (\(draws))") }
}
