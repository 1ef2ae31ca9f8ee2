import ArgumentParser
import Messages
import Reports

extension ReportProfile: ExpressibleByArgument {}

/// Which edition a report command makes: how long, and beside which earlier one.
struct EditionSelection: ParsableArguments {
  @Option(help: "篇幅 · Length: full or short (summary, accuracy, indicators, balance, hubs, methods).")
  var profile: ReportProfile = .full

  @Option(help: "上年版的运行目录，用于修订表 · Folder of the previous edition's run, for the revision table.")
  var previous: String?

  /// The input of a run, with its revisions when an earlier run is given.
  func input(_ folder: String) throws(ProblemReport) -> ReportInput {
    var input = try reportInput(folder)
    guard let previous else { return input }
    let why = reasons(old: try runFacts(previous), new: try runFacts(folder))
    input.revisions = revisions(from: try reportInput(previous), to: input, reasons: why)
    return input
  }
}

func runFacts(_ folder: String) throws(ProblemReport) -> RunFacts {
  let file = "\(folder)/run.json"
  return try readRunFacts(try fileBytes(file), file: file)
}
