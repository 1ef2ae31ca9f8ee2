/// An input of a model with what is believed about it.
public struct UncertainInput: Hashable, Sendable {
  public let name: String
  public let distribution: Distribution

  public init(name: String, distribution: Distribution) {
    self.name = name
    self.distribution = distribution
  }
}

/// Inputs that are varied together and judged as one, for instance everything about retirement.
public struct InputGroup: Hashable, Sendable {
  public let name: String
  /// Positions among the inputs.
  public let members: [Int]

  public init(name: String, members: [Int]) {
    self.name = name
    self.members = members
  }

  /// Named groups, and every input that is in none as a group of its own, in the inputs' order.
  ///
  /// - Throws: `.unknownInput` when a group names something that is no input.
  public static func covering(
    _ inputs: [UncertainInput], named groups: [(name: String, members: [String])] = []
  ) throws(SimulationError) -> [InputGroup] {
    var result: [InputGroup] = []
    var taken: Set<Int> = []
    for group in groups {
      var members: [Int] = []
      for name in group.members {
        guard let position = inputs.firstIndex(where: { $0.name == name }) else {
          throw .unknownInput(group: group.name, name: name)
        }
        members.append(position)
      }
      taken.formUnion(members)
      result.append(InputGroup(name: group.name, members: members))
    }
    for (position, input) in inputs.enumerated() where !taken.contains(position) {
      result.append(InputGroup(name: input.name, members: [position]))
    }
    return result
  }
}

/// Every output must be a finite number, one a run.
func check(_ outputs: [Double], runs: Int) throws(SimulationError) {
  guard outputs.count == runs else {
    throw .lengthMismatch(input: "outputs", expected: runs, found: outputs.count)
  }
  if let run = outputs.firstIndex(where: { !$0.isFinite }) {
    throw .outputNotFinite(run: run, value: outputs[run])
  }
}

/// Whether all outputs are one number but for rounding.
func areEqual(_ outputs: [Double]) -> Bool {
  guard let low = outputs.min(), let high = outputs.max() else { return true }
  return high - low <= 1e-12 * max(abs(low), abs(high))
}
