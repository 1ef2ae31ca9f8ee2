import Gaps
import LinearAlgebra

/// The nation's requirement by team and by industry in every run: what a place's specialisation is measured against.
struct NationalMix {
  /// All, then teams, then industries: `[year − base][part][run]` persons; empty in years that nobody asked for.
  private let parts: [[[Double]]]
  /// Means of the draws of each.
  private let means: [[[Double]]]
  private let teams: Int

  /// nil where the model has no nation, or but one team and one industry.
  ///
  /// - Parameter asked: years that are needed; all of them when nil.
  init?(_ draws: LeafDraws, years asked: ClosedRange<Int>? = nil, jobs: Int) {
    let inputs = draws.inputs
    guard let nation = inputs.geography.nodes.first(where: { $0.kind == .nation }), inputs.roles.count > 1 else { return nil }
    teams = inputs.teams.count
    parts = concurrently(inputs.years.last - inputs.years.base + 1, jobs: jobs) { h in
      let year = inputs.years.base + h
      guard asked?.contains(year) ?? true else { return [] }
      return NationalMix.parts(RoleSums(draws, nation, year: year, flows: false).demand ?? [], inputs, runs: draws.runs)
    }
    means = parts.map { $0.map { [rounded(mean(ofDraws: $0), cellDecimals)] } }
  }

  /// Sums over roles: all, then teams, then industries.
  static func parts(_ roles: [[Double]], _ inputs: ForecastInputs, runs: Int) -> [[Double]] {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: runs), count: 1 + inputs.teams.count + inputs.industries.count)
    for (role, values) in zip(inputs.roles, roles) {
      add(values, to: &sums[0])
      add(values, to: &sums[1 + role.team])
      add(values, to: &sums[1 + inputs.teams.count + role.industry])
    }
    return sums
  }

  /// Location quotients of a place: of each team, of each industry, `[part][run]`; NaN where there is none.
  ///
  /// - Parameter ofMeans: whether `place` holds means of draws, one of each part, to stand beside the nation's.
  func quotients(
    _ place: [[Double]], _ inputs: ForecastInputs, horizon h: Int, ofMeans: Bool = false
  ) -> (teams: [[Double]], industries: [[Double]]) {
    let nation = ofMeans ? means[h] : parts[h]
    let runs = place[0].count
    let all = (1..<place.count).map { part in
      (0..<runs).map { run in
        LocationQuotient(part: place[part][run], place: place[0][run], wholePart: nation[part][run], whole: nation[0][run])
          .ratio ?? .nan
      }
    }
    return (Array(all[..<teams]), Array(all[teams...]))
  }
}
