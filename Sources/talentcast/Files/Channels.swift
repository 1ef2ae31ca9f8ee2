import ArgumentParser
import Foundation
import Glibc
import Messages
import Synchronization

/// Standard output and standard error: every write is checked, and nothing that steers a terminal goes through.
enum Channels {
  private struct Output {
    var waiting: [UInt8] = []
    /// The number of the first error; nothing is written after it.
    var failure: Int32 = 0

    mutating func flush() {
      if failure == 0 { failure = SystemCalls.write(waiting, to: STDOUT_FILENO) }
      waiting.removeAll(keepingCapacity: true)
    }
  }

  private static let output = Mutex(Output())

  /// To be called first.
  static func open() {
    // A pipe that nobody reads is an answer to a write, not a death in the middle of one.
    signal(SIGPIPE, SIG_IGN)
    // A closed channel stays closed: the next file that is opened must not take its number.
    for (channel, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)] where fcntl(channel, F_GETFD) == -1 {
      let opened = Glibc.open("/dev/null", mode)
      if opened >= 0, opened != channel {
        dup2(opened, channel)
        Glibc.close(opened)
      }
    }
  }

  /// Writes to standard output: at once to a terminal, else in pieces of 64 kB and at the end.
  static func out(_ text: String) {
    let text = shown(text)
    output.withLock {
      $0.waiting += Array(text.utf8)
      if $0.waiting.count >= 65_536 || Terminal.width != nil { $0.flush() }
    }
  }

  /// Writes to standard error; there is nobody to tell when that fails.
  static func err(_ text: String) { _ = SystemCalls.write(Array(text.utf8), to: STDERR_FILENO) }

  /// Ends the program; a success that could not be told is a failure.
  static func leave(_ status: Int32) -> Never {
    let code = output.withLock {
      $0.flush()
      return $0.failure
    }
    guard code != 0 else { exit(status) }
    if code == EPIPE {
      // As any program that writes for `head`.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    let reason = String(cString: strerror(code))
    let problem = Problem(
      "output.channel", message: Bilingual(zh: "无法写到标准输出：\(reason)", en: "cannot write to standard output: \(reason)"))
    say(problem.text(in: HelpText.language(CommandLine.arguments, ProcessInfo.processInfo.environment) ?? .zh))
    _exit(ExitStatus.cannotWrite.rawValue)
  }

  /// The text with marks in place of what steers a terminal or turns the direction of writing: names come from files.
  static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steers) else { return text }
    var out = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (at, scalar) in scalars.enumerated() {
      guard steers(scalar) else {
        out.append(scalar)
        continue
      }
      // The end of a line of CSV.
      if scalar == "\r", at + 1 < scalars.count, scalars[at + 1] == "\n" {
        out.append(scalar)
      } else {
        out.append(scalar.value < 0x20 ? Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}" : scalar.value == 0x7F ? "\u{2421}" : "\u{FFFD}")
      }
    }
    return String(out)
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// Talk goes to stderr, data to stdout.
func say(_ text: String) { Channels.err(Channels.shown(text) + "\n") }

/// Data for the user, in place of the standard library's function of this name.
func print(_ text: some StringProtocol, terminator: String = "\n") { Channels.out(String(text) + terminator) }
