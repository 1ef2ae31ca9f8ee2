import Dispatch
import Synchronization

/// Work on a thread of its own, beside what is done until its value is asked for.
///
/// With one thread only the work waits until then. Whatever it does must not depend on what happens meanwhile.
final class Aside<Value: Sendable>: Sendable {
  private let work: @Sendable () -> Value
  private let made = Mutex<Value?>(nil)
  private let done = DispatchGroup()

  init(jobs: Int, _ work: @escaping @Sendable () -> Value) {
    self.work = work
    guard jobs > 1 else { return }
    DispatchQueue.global().async(group: done) {
      let value = work()
      self.made.withLock { $0 = value }
    }
  }

  var value: Value {
    done.wait()
    return made.withLock { made in
      let value = made ?? work()
      made = value
      return value
    }
  }
}
