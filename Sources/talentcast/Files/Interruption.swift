import Foundation
import Glibc

/// Ctrl-C and termination while something is being written: what was staged is removed, then the process ends.
///
/// The signals are blocked and one thread waits for them, so that cleaning up happens outside a signal
/// handler, never in the middle of putting a result in place, and never beside somebody who still writes.
final class Interruption: @unchecked Sendable {
  static let watch = Interruption()

  private let lock = NSRecursiveLock()
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
      for place in staging { removeIfThere(place) }
      _exit(128 + signal)
    }
  }

  /// From now on a place is removed when the process is interrupted.
  func begins(_ place: String) { lock.withLock { _ = staging.insert(place) } }

  /// From now on it is not.
  func forgets(_ place: String) { lock.withLock { _ = staging.remove(place) } }

  /// Does one step; an interruption waits until it is done.
  func undisturbed<Failure: Error>(_ step: () throws(Failure) -> Void) throws(Failure) {
    lock.lock()
    defer { lock.unlock() }
    try step()
  }

  /// Does the last steps, after which nothing is staged; an interruption waits until they are done.
  func ends<Failure: Error>(_ place: String, _ steps: () throws(Failure) -> Void) throws(Failure) {
    lock.lock()
    defer { lock.unlock() }
    try steps()
    staging.remove(place)
  }
}

private func removeIfThere(_ place: String) {
  do throws(FileFailure) { try SystemCalls.removeTree(place) } catch { return }
}
