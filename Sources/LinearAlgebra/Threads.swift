internal import CLAPACKE
import Dispatch
import Foundation
import Synchronization

/// BLAS threads, controlled in one place. Results of BLAS are bit-equal only at one fixed thread
/// count, so everything that must reproduce runs at one thread and is parallel outside.
public enum BLASThreads {
  /// Sets how many threads BLAS may use in this process.
  public static func set(_ count: Int) { openblas_set_num_threads(Int32(count)) }
  /// How many threads BLAS may use now.
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

/// `count` independent pieces of work on `jobs` threads; results in order.
package func concurrently<Result: Sendable>(_ count: Int, jobs: Int, _ work: @Sendable (Int) -> Result) -> [Result] {
  guard jobs > 1, count > 1 else { return (0..<count).map(work) }
  let slots = SlotBox<Result>(count)
  let next = Counter()
  DispatchQueue.concurrentPerform(iterations: min(jobs, count)) { _ in
    while let index = next.take(below: count) { slots.put(work(index), at: index) }
  }
  return slots.values
}

private final class SlotBox<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var slots: [Value?]
  init(_ count: Int) { slots = [Value?](repeating: nil, count: count) }
  func put(_ value: Value, at index: Int) { lock.withLock { slots[index] = value } }
  var values: [Value] { lock.withLock { slots.compactMap(\.self) } }
}

private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var value = 0
  func take(below limit: Int) -> Int? {
    lock.withLock {
      guard value < limit else { return nil }
      defer { value += 1 }
      return value
    }
  }
}
