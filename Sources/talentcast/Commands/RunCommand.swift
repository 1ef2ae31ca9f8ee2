import ArgumentParser
import Datasets
import Dimensions
import Forecasting
import Foundation
import LinearAlgebra
import Maps
import Messages
import ModelSpecs
import Reports

/// `talentcast run`: the main job, from data packages to tables, maps and report.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "运行预测：表、地图、年报 · Run the forecast: tables, maps, report.",
    discussion: """
      例 · Examples:
        talentcast run
        talentcast run high-innovation --out out-high --draws 2000 --seed 7
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "情景名称 · Scenario: a name in Models/scenarios/ or of a model.")
  var scenario = "baseline"

  @Option(help: "输出文件夹，整体出现或不出现 · Output folder; it appears whole or not at all.")
  var out = "out"

  @Option(help: "抽样次数 · Number of draws (100...100000).")
  var draws = 1000

  @Option(help: "随机种子 · Seed of the random numbers.")
  var seed: UInt64 = 20_260_601

  @Option(help: "线程数；结果与之无关 · Threads; results do not depend on it.")
  var jobs = 2

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  @Flag(name: .shortAndLong, help: "不显示进度 · No progress messages.")
  var quiet = false

  @Flag(help: "说明为何需要运行，或为何不需要 · Say why the run must be made, or why not.")
  var why = false

  @Flag(help: "不生成 PDF、DOCX、XLSX · No PDF, DOCX or XLSX.")
  var draft = false

  @Flag(help: "没有改动也重新运行；文件夹中另有文件也写入（都留着） · Run even when nothing has changed, and into a folder with other files (they stay).")
  var force = false

  func validate() throws {
    try checkDraws(draws)
    guard (1...256).contains(jobs) else { throw ValidationError("--jobs: 1...256 (\(jobs))") }
  }

  func run() throws {
    let language = common.language
    let team = startedTeam()
    defer { finish(team) }
    try reporting(language, aloud: team.leads) {
      // Random draws are spread over threads outside; one BLAS thread keeps every bit the same.
      BLASThreads.set(1)
      var progress = Progress(total: 6, language: language, quiet: quiet || !team.leads)
      let inputs = try progress.run(Bilingual(zh: "读取并检查数据与模型", en: "reading and checking data and model")) {
        try RunInputs(scenario: scenario, models: models, datasets: datasets)
      }
      if team.leads { try OutputFolder.check(out, manifest: .run, force: force) }
      // Every output is read to know whether it is still ours: nobody asks when the run is made anyway.
      let formats = draft ? [] : officeTool()?.formats.map(\.rawValue).sorted() ?? []
      let reuse = force && !why ? nil : RunReuse(out, inputs, draws: draws, seed: seed, formats: formats)
      if let reuse, why, team.leads { for reason in reuse.reasons { say("· \(reason[language])") } }
      if team.agreed(reuse?.isCurrent == true && !force) {
        return team.leads ? try kept(inputs, language) : ()
      }
      let backtests = Aside(jobs: jobs) { Result { try inputs.accuracy() } }
      var options = RunOptions(scenario: inputs.scenario.id, draws: draws, seed: seed, jobs: jobs)
      let watch = ForecastWatch()
      options.watch = watch
      let run = try progress.run(Bilingual(zh: "预测与抽样", en: "forecasting and drawing"), share: { watch.share }) {
        try CompletedRun(inputs, options, team: team)
      }
      guard let run else { return }  // the leader makes the rest
      let accuracy = try backtests.value.get()
      let library = try installedGraphics()
      // They need nothing of the other scenarios.
      let (drawn, tables) = (Aside(jobs: jobs) { run.maps(library) }, Aside(jobs: jobs) { run.tables })
      let desk = try progress.run(Bilingual(zh: "其他情景与敏感性", en: "other scenarios and sensitivity")) { try ScenarioDesk(run) }
      let maps = progress.run(Bilingual(zh: "绘制地图", en: "drawing maps")) { drawn.value }
      if library == nil { say(noGraphicsNotice[language]) }
      let reports = try progress.run(Bilingual(zh: "编写年报", en: "writing the report")) {
        try run.reports(maps: maps, desk: desk, accuracy: accuracy, office: !draft) { say($0.text(in: language)) }
      }
      try progress.run(Bilingual(zh: "写出结果", en: "writing results")) {
        try write(run, desk, tables: tables.value, maps: maps, reports: reports, language)
      }
      try tell(run, language: language, elapsed: progress.elapsed)
    }
  }

  /// Nothing to do: the folder holds this very run.
  private func kept(_ inputs: RunInputs, _ language: Language) throws {
    let cells = try reportInput(out).cells
    if common.json { return print(try jsonText(RunSummary(inputs, cells, out: out)), terminator: "") }
    let options = RunOptions(scenario: inputs.scenario.id, draws: draws, seed: seed, jobs: jobs)
    print(Headline(inputs, cells, options).text(language))
    let note = Bilingual(
      zh: "没有改动：沿用 \(out) 中的结果（--force 重新运行）", en: "nothing has changed: \(out) is kept (--force runs again)")
    if !quiet { say(note[language]) }
  }

  private func write(
    _ run: CompletedRun, _ desk: ScenarioDesk, tables: [OutputFile], maps: [MapFile], reports: [ReportFile], _ language: Language
  ) throws {
    var files = tables
    if !desk.cells.isEmpty { files.append(OutputFile(name: "scenarios.csv", bytes: resultsCSV(desk.cells))) }
    files += maps.map { OutputFile(name: "maps/\($0.name)", bytes: $0.bytes) }
    files += reports.map { OutputFile(name: "report/\($0.name)", bytes: $0.bytes) }
    let manifest = try run.manifest(of: files)
    let folder = try OutputFolder(out, manifest: .run, force: force) { say($0[language]) }
    do throws(ProblemReport) {
      for file in files { try folder.write(file.bytes, to: file.name) }
      try folder.write(manifest, to: "run.json")
      try folder.commit()
    } catch {
      folder.discard()
      throw error
    }
  }

  /// Headline to stdout, places to stderr.
  private func tell(_ run: CompletedRun, language: Language, elapsed: String) throws {
    if common.json {
      print(try jsonText(RunSummary(run.inputs, run.cells, out: out)), terminator: "")
      return
    }
    print(run.headline.text(language))
    if quiet { return }
    for note in run.inputs.assembly.notes { say(note[language]) }
    let hasMaps = run.inputs.boundaries != nil
    let noMaps = Bilingual(zh: "数据目录中没有 boundaries/：未绘制地图", en: "the data have no boundaries/: no maps were drawn")
    if !hasMaps { say(noMaps[language]) }
    let places: [(String, Bilingual)] =
      [
        ("results.csv", Bilingual(zh: "全部结果", en: "every result"))
      ] + (hasMaps ? [("maps/index.html", Bilingual(zh: "地图页", en: "map page"))] : []) + [
        ("report/report.\(language.rawValue).html", Bilingual(zh: "年报", en: "report")),
        ("run.json", Bilingual(zh: "运行清单", en: "manifest")),
      ]
    say("")
    for (file, what) in places { say("\(what[language])\(language == .zh ? "：" : ":  ")\(out)/\(file)") }
    say(Bilingual(zh: "用时 \(elapsed)", en: "done in \(elapsed)")[language])
  }
}
