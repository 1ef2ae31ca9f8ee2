import Dispatch
import Foundation

/// One piece of work, measured beside what others offer for it.
///
/// A case stands in a file of its own and is listed in `Benchmark.cases`; its peers are the files
/// `peers/NAME_*.py`.
struct Case: Sendable {
  /// Short, as on the command line and in the names of the peers' files.
  let name: String
  /// The work in words, with its size.
  let work: String
  /// How many times faster than a peer we mean to be, by the peer's name.
  let bars: [String: Double]
  /// Writes seeded data into the folder for us and the peers alike.
  let prepare: @Sendable (_ folder: URL) throws -> Void
  /// Our ways of doing the work.
  let contestants: [Contestant]
}

/// One way of doing a case's work.
struct Contestant: Sendable {
  let name: String
  /// Loads what is not to be timed and returns the timed work, which returns a number that everyone
  /// who does the same work must agree on.
  let load: @Sendable (_ folder: URL) throws -> () throws -> Double
}

/// What one contestant needed, as a line of JSON.
struct Timing: Encodable {
  let who: String
  let seconds: [Double]
  let check: Double
}

func measure(_ contestant: Contestant, in folder: URL, repeats: Int) throws -> Timing {
  let work = try contestant.load(folder)
  let clock = ContinuousClock()
  var seconds: [Double] = []
  var check = Double.nan
  for _ in 0..<repeats {
    let time = try clock.measure { check = try work() }
    seconds.append(Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
  }
  return Timing(who: contestant.name, seconds: seconds, check: check)
}

/// SplitMix64, for data only.
struct DataGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  /// Sum of twelve uniforms less six: near enough to normal for data.
  mutating func bell() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
}

/// Numbers as raw little-endian doubles, which `numpy.fromfile` reads.
func write(_ numbers: [Double], to file: URL) throws {
  try numbers.withUnsafeBytes { try Data($0).write(to: file) }
}

func readNumbers(_ file: URL) throws -> [Double] {
  let data = try Data(contentsOf: file)
  return data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
}

/// The results of `count` independent pieces, in their order, worked on by so many threads.
func inParallel<Result: Sendable>(
  _ count: Int, threads: Int, _ work: @Sendable (Int) -> Result
) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { results, filled in
    nonisolated(unsafe) let places = results
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for piece in stride(from: thread, to: count, by: threads) {
        places.initializeElement(at: piece, to: work(piece))
      }
    }
    filled = count
  }
}
