import Foundation
import LinearAlgebra
import Simulation

extension EvidencePosterior {
  /// Draws of all cells from the posterior: prior and statements are perturbed and the problem is solved again.
  ///
  /// A draw costs triangular solves only. It is exact for a linear problem; the statements' own curvature is met by
  /// chord iterations, so that a figure published exactly is met in every draw.
  /// - Parameters:
  ///   - numbers: of the draws; draw d depends on seed and d alone, at any number of jobs.
  ///   - national: numbers of populations and times that a draw has instead of the prior's,
  ///     `population · times + time`; nil where it has those. Statements about several populations are met with them.
  ///   - body: what to keep of a draw, from its number and its log shares by cell.
  /// - Returns: what `body` returned, in the order of draws.
  public func draws<Kept: Sendable>(
    _ numbers: Range<Int>, seed: UInt64, jobs: Int = 1, corrections: Int = 3,
    national: @Sendable (Int) -> [Double]? = { _ in nil }, _ body: @Sendable (Int, [Double]) -> Kept
  ) -> [Kept] {
    let size = 32
    let blocks = (numbers.count + size - 1) / size
    let streams = EvidenceCovariance.Part.allCases.map { part in
      (
        part,
        (0..<max(prior.populations.count, prior.families.count)).map {
          RandomStream(seed: seed, named: "evidence \(part.rawValue)", entity: UInt32($0))
        }
      )
    }
    let table = Dictionary(uniqueKeysWithValues: streams)
    let noise = RandomStream(seed: seed, named: "evidence fact")
    let kept = BLASThreads.single {
      concurrently(blocks, jobs: jobs) { block in
        let first = numbers.lowerBound + block * size
        let members = Array(first..<min(first + size, numbers.upperBound))
        return zip(members, self.block(members, table, noise, corrections, members.map(national))).map { body($0, $1) }
      }
    }
    return kept.flatMap(\.self)
  }

  /// Log shares of some draws; they share the solves.
  private func block(
    _ draws: [Int], _ streams: [EvidenceCovariance.Part: [RandomStream]], _ noise: RandomStream, _ corrections: Int,
    _ nationals: [[Double]?]
  ) -> [[Double]] {
    let roots = curvatures.map { $0.squareRoot() }
    // Where a draw wants its statements: what the mode is pulled to, and an error of the statement's own size.
    var targets = Matrix(rows: facts.count, columns: draws.count)
    var weights = Matrix(rows: facts.count, columns: draws.count)
    var bases: [[Double]] = []
    var right = targets
    for (d, draw) in draws.enumerated() {
      let shift = covariance.draw { part, entity, index in
        streams[part]?[entity].normal(draw: draw, index: index) ?? 0
      }
      for j in facts.indices where roots[j] > 0 {
        let pull = facts[j].fit(logModel: logModels[j]).pull
        let error = noise.normal(draw: draw, index: j) / roots[j]
        targets[j, d] = logModels[j] + pull / curvatures[j] + error
        weights[j, d] = self.weights[j]
        // To first order the statement moves with the prior's draw.
        right[j, d] = roots[j] * (error - rows[j].dot(shift, prior))
      }
      bases.append(zip(means, shift).map { $0 + $1 })
    }
    func step() {
      let solved = factor.solve(right)
      for d in draws.indices { for j in facts.indices { weights[j, d] += roots[j] * solved[j, d] } }
    }
    func shares(_ d: Int) -> [Double] {
      let moved = covariance.times(spread(weights.column(d), rows, prior))
      return normalised(zip(bases[d], moved).map { $0 + $1 }, places: prior.places)
    }
    step()
    for _ in 0..<corrections {
      for d in draws.indices {
        let logShares = shares(d)
        for j in facts.indices where roots[j] > 0 {
          let model = logSum(facts[j].parts, prior, logShares, nationals[d])
          right[j, d] = roots[j] * (targets[j, d] - model) - weights[j, d] / roots[j]
        }
      }
      step()
    }
    return draws.indices.map(shares)
  }
}
