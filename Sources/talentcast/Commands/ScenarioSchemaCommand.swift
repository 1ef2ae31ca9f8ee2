import ArgumentParser
import Messages
import ModelSpecs

struct ScenarioSchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "情景文件的 JSON Schema · JSON Schema of a scenario file.",
    discussion: """
      编辑器据此补全和检查 · Editors complete and check with it:
        talentcast scenario schema > Models/scenario.schema.json
      情景文件首行 · first line of a scenario file:
        # yaml-language-server: $schema=../scenario.schema.json
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    print(try scenarioSchema(common.language), terminator: "")
  }
}
