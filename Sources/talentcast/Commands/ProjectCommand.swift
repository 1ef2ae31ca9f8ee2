import ArgumentParser
import Messages
import Supply
import Tables

extension ProjectionMatrix.Orientation: ExpressibleByArgument {}

struct ProjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "矩阵人口投影与长期分析 · Project a matrix population model and analyse its long run",
    discussion: """
      矩阵文件：表头为状态名，每个状态一行（可在最前加一列状态名）；初始文件：state,value；
      新增文件：state,value[,step]，于每步末加入。路径含初始时刻。
      Matrix file: header = state names, one row a state (a leading column may name the rows); start file:
      state,value; entrants file: state,value[,step], added at the end of each step. The path includes the start.

      talentcast project --matrix A.csv --start n0.csv --steps 20 --analyse --json
      """)

  @Option(help: "转移矩阵 CSV · Transition matrix, CSV.")
  var matrix: String

  @Option(help: "初始人数 CSV · Persons at the start, CSV.")
  var start: String

  @Option(help: "步数 · Number of steps.")
  var steps: Int

  @Option(help: "每步新增 CSV · Entrants of each step, CSV.")
  var entrants: String?

  @Option(help: "column：n(t+1) = A n(t)；row：n(t+1) = n(t) P · How the matrix is written.")
  var orientation: ProjectionMatrix.Orientation = .column

  @Flag(help: "增长率、稳定结构、再生价值、基本矩阵 · Growth rate, stable structure, reproductive value, fundamental matrix.")
  var analyse = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...1_000_000).contains(steps) else {
      throw ValidationError("--steps：应为 0 到 1000000 的整数 · --steps is a whole number in 0...1000000")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let inputs = try readProjection()
      var result = try ProjectionResult(inputs, steps: steps, orientation: orientation, analyse: analyse)
      result.language = language
      if common.json {
        print(try jsonText(result), terminator: "")
      } else {
        print(result.text(in: language))
        for note in result.notes { say(note[language]) }
      }
    }
  }

  /// Every file read, with the problems of all of them together.
  private func readProjection() throws -> ProjectionInputs {
    var problems: [Problem] = []
    var status = ExitStatus.badData
    func table(_ path: String) -> Table? {
      do {
        return try projectionTable(fileBytes(path), file: path)
      } catch {
        problems += error.problems
        if error.status == .missingInput { status = .missingInput }
        return nil
      }
    }
    let tables = (table(matrix), table(start), entrants.map(table))
    guard problems.isEmpty, let matrixTable = tables.0, let startTable = tables.1 else {
      throw ProblemReport(status, problems)
    }
    return try ProjectionInputs(
      matrix: matrixTable, start: startTable, entrants: tables.2 ?? nil, steps: steps,
      orientation: orientation)
  }
}
