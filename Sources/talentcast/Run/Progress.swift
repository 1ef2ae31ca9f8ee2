import Foundation
import Glibc
import Messages

/// One line a step on stderr: which step of how many, and how long it took.
///
/// A long step also shows how far it is and how long it will take, on a line that goes when it ends.
struct Progress {
  private let total: Int
  private let language: Language
  private let shown: Bool
  private var step = 0
  private let clock = ContinuousClock()
  private var started: ContinuousClock.Instant

  init(total: Int, language: Language, quiet: Bool) {
    self.total = total
    self.language = language
    shown = !quiet
    started = clock.now
  }

  /// Announces and times one step.
  ///
  /// - Parameter share: how much of it is done, 0…1, asked while it runs.
  mutating func run<Result>(
    _ name: Bilingual, share: (@Sendable () -> Double)? = nil, _ work: () throws -> Result
  ) rethrows -> Result {
    step += 1
    let begun = clock.now
    let line = share.flatMap { share in
      shown && ProgressLine.isWanted ? ProgressLine("[\(step)/\(total)] \(name[language])", language, share) : nil
    }
    defer { line?.end() }
    let result = try work()
    line?.end()
    if shown {
      say("[\(step)/\(total)] \(name[language])  \(Progress.seconds(clock.now - begun))")
    }
    return result
  }

  var elapsed: String { Progress.seconds(clock.now - started) }

  private static func seconds(_ duration: Duration) -> String {
    let (seconds, fraction) = duration.components
    return String(format: "%.2fs", Double(seconds) + Double(fraction) * 1e-18)
  }
}

/// One line on a terminal, written over itself four times a second until its step ends.
final class ProgressLine: @unchecked Sendable {
  /// Only a terminal that can write over a line, and nobody's log.
  static var isWanted: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDERR_FILENO) == 1 && environment["TERM"] ?? "dumb" != "dumb" && environment["CI"] == nil
  }

  private let ended = DispatchSemaphore(value: 0)
  private let gone = DispatchSemaphore(value: 0)
  private var isRunning = true

  init(_ name: String, _ language: Language, _ share: @escaping @Sendable () -> Double) {
    let clock = ContinuousClock()
    let begun = clock.now
    Thread.detachNewThread { [ended, gone] in
      var drawn = false
      while ended.wait(timeout: .now() + .milliseconds(250)) == .timedOut {
        let elapsed = (clock.now - begun) / .seconds(1)
        guard let text = ProgressLine.text(share: share(), elapsed: elapsed, language) else { continue }
        Channels.err("\r\(name)  \(text)\u{1B}[K")
        drawn = true
      }
      if drawn { Channels.err("\r\u{1B}[K") }
      gone.signal()
    }
  }

  /// Takes the line away; further calls do nothing.
  func end() {
    guard isRunning else { return }
    isRunning = false
    ended.signal()
    gone.wait()
  }

  /// Percentage and time left; nil while too little is known, and for work of less than five seconds.
  static func text(share: Double, elapsed: Double, _ language: Language) -> String? {
    guard elapsed >= 1, share >= 0.02 else { return nil }
    let share = min(share, 0.99)
    guard elapsed / share >= 5 else { return nil }
    let left = Int((elapsed * (1 - share) / share).rounded(.up))
    let time = String(format: "%d:%02d", left / 60, left % 60)
    return "\(Int(share * 100))%  " + Bilingual(zh: "约剩 \(time)", en: "about \(time) left")[language]
  }
}
