import Foundation
import Simulation

/// Standard normals, counted out one address at a time, and their fan.
let drawsCase = Case(
  name: "draws", work: "10⁷ normals from a counter-based generator",
  bars: [:],
  prepare: { _ in },
  contestants: [
    Contestant(name: "1 thread") { _ in
      let stream = RandomStream(seed: 1, stream: 0)
      return {
        var moments = 0.0
        for year in 0..<10 {
          for draw in 0..<1_000_000 {
            let z = stream.normal(draw: draw, year: year)
            moments += z * z
          }
        }
        return (moments / 1e7 * 100).rounded() / 100
      }
    }
  ])
