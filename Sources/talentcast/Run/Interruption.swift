import Foundation
import Glibc

/// Ctrl-C and termination while a folder is being written: what was staged is removed, then the process ends.
///
/// The signals are blocked and one thread waits for them, so that cleaning up happens outside a signal
/// handler and never in the middle of the two renames of a commit.
final class Interruption: @unchecked Sendable {
  static let watch = Interruption()

  private let lock = NSLock()
  private var staging: Set<String> = []
  private var isStarted = false

  /// Starts waiting; to be called before other threads exist, which inherit the blocked signals.
  func start() {
    lock.lock()
    defer { lock.unlock() }
    guard !isStarted else { return }
    isStarted = true
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let awaited = signals
    Thread.detachNewThread { [self] in
      var (set, signal) = (awaited, Int32(0))
      while sigwait(&set, &signal) != 0 {}
      lock.lock()  // never released: nothing may be staged any more
      for folder in staging { removeIfThere(folder) }
      _exit(128 + signal)
    }
  }

  func begins(_ folder: String) { lock.withLock { _ = staging.insert(folder) } }

  /// Runs the steps that put a folder in place; an interruption waits until they are done.
  func ends<Failure: Error>(_ folder: String, _ steps: () throws(Failure) -> Void) throws(Failure) {
    lock.lock()
    defer { lock.unlock() }
    try steps()
    staging.remove(folder)
  }
}

private func removeIfThere(_ folder: String) {
  do { try FileManager.default.removeItem(atPath: folder) } catch { return }
}
