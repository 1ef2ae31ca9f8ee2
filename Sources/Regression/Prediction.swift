import LinearAlgebra

/// Predictions that include the effects a fit swept out.
public struct EffectPredictor: Sendable {
  private let fit: RegressionFit
  private let names: [String]
  /// Effect of each group of each absorbed grouping, in the order of `absorb`.
  public let effects: [[Double]]
  /// What an entity that was not in the data gets: the mean effect, weighted by rows.
  public let meanEffects: [Double]

  /// - Parameters: the input and options the fit was made with; linear models with `absorb` or fixed effects.
  public init(_ fit: RegressionFit, _ input: RegressionInput, _ options: RegressionOptions) {
    var groupings = options.absorb
    if options.effects == .fixed, let panel = options.panel { groupings.insert(panel.entity, at: 0) }
    self.fit = fit
    names = input.names
    let slopes = Self.slopes(fit, input.names)
    let explained = input.design.times(slopes)
    let left = input.response.indices.map { input.response[$0] - (input.offset?[$0] ?? 0) - explained[$0] }
    let absorption = Absorption(groupings, weights: input.weights)
    let found = absorption.effects(of: left).effects
    // Groupings that repeat finer ones carry no effect of their own.
    effects = groupings.map { grouping in
      absorption.groupings.firstIndex(of: grouping).map { found[$0] }
        ?? [Double](repeating: 0, count: grouping.count)
    }
    meanEffects = zip(groupings, effects).map { grouping, effects in
      zip(grouping.sizes, effects).reduce(0) { $0 + Double($1.0) * $1.1 }
        / Double(max(grouping.codes.count, 1))
    }
  }

  private static func slopes(_ fit: RegressionFit, _ names: [String]) -> [Double] {
    names.map { fit[$0]?.estimate ?? 0 }
  }

  /// x'b + effects, one per row.
  ///
  /// - Parameters:
  ///   - design: rows × the fit's input columns.
  ///   - codes: per absorbed grouping, one code per row; negative for a group that was not in the data.
  public func predicted(_ design: Matrix, codes: [[Int32]]) -> [Double] {
    precondition(codes.count == effects.count, "one array of codes per absorbed grouping")
    var total = design.times(Self.slopes(fit, names))
    for (place, groups) in codes.enumerated() {
      for i in total.indices {
        total[i] += groups[i] < 0 ? meanEffects[place] : effects[place][Int(groups[i])]
      }
    }
    return total
  }
}
