import ArgumentParser
import Messages

@main
struct TalentCast: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "talentcast",
    abstract: "人才供需预测、地图与年报 · Talent supply and demand: forecast, maps, annual report",
    discussion: """
      开始 · Start:      talentcast init demo && cd demo && talentcast run
      单条命令的例子 · Examples of a command:  talentcast help compare
      补全 · Completion:  talentcast --generate-completion-script bash|zsh|fish
      """,
    version: toolVersion,
    subcommands: [
      // One command a line, in alphabetical order.
      BacktestCommand.self,
      BalanceCommand.self,
      CompareCommand.self,
      DataCommand.self,
      DoctorCommand.self,
      EstimateCommand.self,
      EvidenceCommand.self,
      ExplainCommand.self,
      FitCommand.self,
      IndicatorCommand.self,
      IndustryCommand.self,
      InitCommand.self,
      LeverCommand.self,
      MapCommand.self,
      PackCommand.self,
      PlanCommand.self,
      ProjectCommand.self,
      ReconcileCommand.self,
      ReportCommand.self,
      RunCommand.self,
      RunsCommand.self,
      ScenarioCommand.self,
      SensitivityCommand.self,
      SeriesCommand.self,
      ShortageCommand.self,
      SolveCommand.self,
      SupplyCommand.self,
      TableCommand.self,
      WorkloadCommand.self,
    ])
}
