import Datasets
import Forecasting
import Foundation
import LinearAlgebra
import ModelSpecs

/// The bundled baseline model, 10 000 draws: from checked inputs to every result cell, base stock to quantiles.
let modelCase = Case(
  name: "model", work: "baseline model, 10 000 draws, every cell with its fan", bars: [:],
  prepare: { _ in },
  contestants: [2, 1].map { jobs in
    Contestant(name: "\(jobs) thread\(jobs == 1 ? "" : "s")") { _ in
      BLASThreads.set(1)
      let inputs = try bundledInputs()
      return {
        let options = RunOptions(scenario: "baseline", draws: 10_000, seed: 20_260_601, jobs: jobs)
        return try forecast(inputs, options).cells.reduce(0) { $0 + ($1.p10.isFinite ? $1.p10 : 0) }
      }
    }
  })

private func bundledInputs() throws -> ForecastInputs {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let model = try readModel(root.appending(path: "Models/baseline.yaml").path)
  return try ForecastAssembly(model: model, catalogue: Catalogue(directory: root.appending(path: "Datasets").path)).inputs
}
