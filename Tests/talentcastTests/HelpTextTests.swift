import ArgumentParser
import Messages
import Testing

@testable import talentcast

private func hasHan(_ text: some StringProtocol) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }

/// The program and every command below it.
private func allCommands(_ root: any ParsableCommand.Type = TalentCast.self) -> [any ParsableCommand.Type] {
  [root] + root.configuration.subcommands.flatMap { allCommands($0) }
}

@Suite struct HelpTextTests {
  private func help(_ command: any ParsableCommand.Type, _ language: Language, width: Int = 80) -> [Substring] {
    HelpText(language: language, width: width).text(TalentCast.helpMessage(for: command, columns: 10_000)).split(separator: "\n")
  }

  /// Examples may name a place in Chinese; nothing else is left of the other language.
  @Test func englishHelpHoldsNoChinese() {
    for command in allCommands() {
      for line in help(command, .en) where hasHan(line) {
        #expect(line.contains("talentcast "), "\(command._commandName): \(line)")
      }
    }
  }

  @Test func chineseHelpSaysEverythingInChinese() {
    for command in allCommands() {
      let lines = help(command, .zh)
      #expect(lines.first.map(hasHan) == true, "\(command._commandName)")
      for line in lines {
        for english in ["Examples", "OPTIONS", "(default:", "(values:", "Print JSON", "Folder of"] {
          #expect(!line.contains(english), "\(command._commandName): \(line)")
        }
        // What an option means, where it means anything.
        let words = line.dropFirst(26)
        if line.hasPrefix("  --"), line.prefix(26).hasSuffix(" "), !words.isEmpty, !line.contains(".csv"), !line.contains("cov ") {
          #expect(hasHan(words), "\(command._commandName): \(line)")
        }
      }
    }
  }

  @Test func linesFitTheScreen() {
    for command in allCommands() {
      for language in Language.allCases {
        for line in help(command, language) where !line.contains("talentcast ") {
          #expect(displayWidth(String(line)) <= 80, Comment(rawValue: String(line)))
        }
      }
    }
  }

  @Test(arguments: [
    ("Error: Unknown option '--darws'. Did you mean '--draws'?", "错误：没有选项 '--darws'。您是否想写：'--draws'"),
    ("Error: Missing value for '--year <year>'", "错误：没有给出值：'--year <year>'"),
    ("Error: 2 unexpected arguments: 'y', 'z'", "错误：2 个多余的参数：'y', 'z'"),
    ("Help:  --year <year>  年份 · Year.", "说明：--year <year>  年份"),
    (
      "Error: The value 'tabel' is invalid for '--format <format>'. Please provide one of 'table', 'csv' or 'md'.",
      "错误：值 'tabel' 不可用于 '--format <format>'。可取：'table'、'csv'、'md'。您是\n否想写：'table'"
    ),
    (
      "Error: The value 'mnt' is invalid for '--method <method>'. Please provide one of the following:\n  - ols\n  - mint\nHelp:  --method <method>  方法 · Method.",
      "错误：值 'mnt' 不可用于 '--method <method>'。可取：'ols'、'mint'。您是否想写：\n'mint'\n说明：--method <method>  方法"
    ),
    ("Error: 请给出至少两个情景 · give at least two scenarios", "错误：请给出至少两个情景"),
  ])
  func usageErrorsAreTranslated(_ english: String, _ chinese: String) {
    #expect(HelpText(language: .zh, width: 80).text(english) == chinese)
  }

  @Test func theLanguageIsTheOptionThenTheEnvironmentThenTheLocale() {
    #expect(HelpText.language(["t", "run", "--lang", "en"], ["TALENTCAST_LANG": "zh"]) == .en)
    #expect(HelpText.language(["t", "run", "--lang=zh"], [:]) == .zh)
    #expect(HelpText.language(["t"], ["TALENTCAST_LANG": "en", "LANG": "zh_CN.UTF-8"]) == .en)
    #expect(HelpText.language(["t"], ["LANG": "zh_CN.UTF-8"]) == .zh)
    #expect(HelpText.language(["t"], ["LANG": "C.UTF-8"]) == nil)
  }

  @Test func aMistypedCommandIsAnsweredWithTheNearest() {
    let first = UnknownCommand(["talentcast", "runn", "--lang", "en"], in: TalentCast.self)
    #expect(first?.problem.hint?.en == "did you mean: run")
    let second = UnknownCommand(["talentcast", "data", "lsit"], in: TalentCast.self)
    #expect(second?.problem.hint?.zh == "您是否想写：list" && second?.problem.path == "talentcast data")
    #expect(UnknownCommand(["talentcast", "run", "nothing"], in: TalentCast.self) == nil)
    #expect(UnknownCommand(["talentcast", "--version"], in: TalentCast.self) == nil)
    #expect(UnknownCommand(["talentcast", "help", "runn"], in: TalentCast.self) == nil)
  }
}
