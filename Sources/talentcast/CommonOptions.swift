import ArgumentParser
import Forecasting
import Foundation
import Messages

extension Language: ExpressibleByArgument {}

/// Options that every command understands.
struct CommonOptions: ParsableArguments {
  @Option(help: "语言 · Language: zh or en (default: TALENTCAST_LANG, then the locale).")
  var lang: Language?

  @Flag(help: "以 JSON 输出到标准输出 · Print JSON to standard output.")
  var json = false

  /// The option, else `TALENTCAST_LANG`, else the locale; Chinese when nothing says otherwise.
  var language: Language {
    let environment = ProcessInfo.processInfo.environment
    if let lang { return lang }
    if let set = environment["TALENTCAST_LANG"].flatMap(Language.init(rawValue:)) { return set }
    let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
    return locale.hasPrefix("en") ? .en : .zh
  }
}

/// Runs a command's work; turns a `ProblemReport`, or why a forecast cannot be made, into messages on stderr and its exit status.
///
/// - Parameter aloud: false where another process of the same run says it.
func reporting(_ language: Language, aloud: Bool = true, _ work: () throws -> Void) throws {
  do {
    try work()
  } catch let report as ProblemReport {
    if aloud { say(report.problems.condensed.map { $0.text(in: language) }.joined(separator: "\n")) }
    throw ExitCode(report.status.rawValue)
  } catch let error as ForecastError {
    if aloud { say(Problem("run.failed", message: error.message).text(in: language)) }
    throw ExitCode(ExitStatus.badData.rawValue)
  }
}

/// What may stand as an argument or as an option of the same name, but not as both.
func oneOfTwo<Value>(_ argument: Value?, _ option: Value?, _ name: String) throws -> Value {
  switch (argument, option) {
  case (let value?, nil), (nil, let value?): return value
  case (nil, nil): throw ValidationError("缺少 --\(name) · --\(name) is missing")
  default: throw ValidationError("--\(name) 只能给一次 · --\(name) is given twice")
  }
}
