import Foundation
import Messages

/// One line a step on stderr: which step of how many, and how long it took.
///
/// Silent when stderr is no terminal or `TERM=dumb`, except with `--verbose`.
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
  mutating func run<Result>(_ name: Bilingual, _ work: () throws -> Result) rethrows -> Result {
    step += 1
    let begun = clock.now
    let result = try work()
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
