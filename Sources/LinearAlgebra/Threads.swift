internal import CLAPACKE
import Dispatch
import Synchronization

/// BLAS threads, controlled in one place. Results of BLAS are bit-equal only at one fixed thread
/// count, so everything that must reproduce runs at one thread and is parallel outside.
public enum BLASThreads {
  public static func set(_ count: Int) { openblas_set_num_threads(Int32(count)) }
  public static var count: Int { Int(openblas_get_num_threads()) }
  /// Build configuration of the library that really runs.
  public static var configuration: String {
    guard let text = openblas_get_config() else { return "unknown" }
    return String(cString: text)
  }

  /// How many bodies run under `single`, and the thread count that the last of them restores.
  private static let holders = Mutex<(count: Int, threads: Int)>((0, 1))

  /// Runs `body` with BLAS at one thread, because `body` is parallel itself.
  package static func single<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    holders.withLock { state in
      if state.count == 0 {
        state.threads = count
        if state.threads != 1 { set(1) }
      }
      state.count += 1
    }
    defer {
      holders.withLock { state in
        state.count -= 1
        if state.count == 0, state.threads != 1 { set(state.threads) }
      }
    }
    return try body()
  }
}

/// Calls `body` once per index on all cores; `body` writes only what belongs to its index, so the
/// result is the same at any thread count.
package func inParallel(_ count: Int, _ body: (Int) -> Void) {
  guard count > 1 else { return (0..<count).forEach(body) }
  withoutActuallyEscaping(body) { body in
    // Each index owns what it writes; that is this function's contract.
    nonisolated(unsafe) let work = body
    DispatchQueue.concurrentPerform(iterations: count) { work($0) }
  }
}

/// Fixed, thread-independent ranges of rows: at most 32, none shorter than `shortest` but the last.
package func rowChunks(_ rows: Int, shortest: Int) -> [Range<Int>] {
  let length = max(shortest, (rows + 31) / 32)
  return stride(from: 0, to: rows, by: length).map { $0..<min($0 + length, rows) }
}
