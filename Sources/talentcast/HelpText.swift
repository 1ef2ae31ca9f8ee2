import ArgumentParser
import Foundation
import Messages

/// Help and usage errors in one language. Texts of the commands say everything twice ("中文 · English", or a Chinese
/// paragraph and an English one below it); here one half is kept and what the argument parser itself says is translated.
struct HelpText {
  let language: Language
  let width: Int

  /// The language a user has asked for; nil where nothing says which: help then shows both.
  static func language(_ arguments: [String], _ environment: [String: String]) -> Language? {
    for (at, argument) in arguments.enumerated() {
      let value =
        argument == "--lang" && at + 1 < arguments.count ? arguments[at + 1] : argument.hasPrefix("--lang=") ? String(argument.dropFirst(7)) : ""
      if let language = Language(rawValue: value) { return language }
    }
    if let set = environment["TALENTCAST_LANG"].flatMap(Language.init(rawValue:)) { return set }
    let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
    return locale.hasPrefix("en") ? .en : locale.hasPrefix("zh") ? .zh : nil
  }

  /// - Parameter text: as the argument parser writes it, with no line broken.
  func text(_ text: String) -> String {
    let text = HelpText.withNearestValue(text)
    var kept: [String] = []
    var paragraph = ""
    func endParagraph() {
      if !paragraph.isEmpty { kept += wrapped(paragraph, indent: 0) }
      paragraph = ""
    }
    var followsChinese = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let (label, words) = parts(line)
      let isPlain = label.isEmpty && !line.hasPrefix(" ") && !line.hasPrefix("talentcast")
      let said = half(words)
      if isPlain, said == words, !words.isEmpty, !HelpText.ownHeads.contains(where: words.hasPrefix) {
        // A paragraph in one language only; its other half stands above or below.
        if hasHan(words) {
          followsChinese = true
          if language == .en { continue }
        } else if followsChinese, language == .zh {
          continue
        }
        // Its lines are broken anew.
        paragraph += paragraph.isEmpty || hasHan(words) ? words : " " + words
        continue
      } else {
        followsChinese = false
      }
      endParagraph()
      kept += wrapped(label + translated(said), indent: label.isEmpty ? line.prefix { $0 == " " }.count + (isPlain ? 0 : 2) : HelpText.column)
    }
    endParagraph()
    return kept.joined(separator: "\n")
  }

  /// A value that is none of a list comes with the nearest of them, as a mistyped option does.
  private static func withNearestValue(_ text: String) -> String {
    guard
      let said = text.firstMatch(
        of: #/The value '([^']*)' is invalid for '[^']*'\. Please provide one of (?:the following:\n((?:  - .*\n?)+)|([^\n]*)\.)/#)
    else { return text }
    let listed = said.output.2.map { $0.split(separator: "\n").map { String($0.dropFirst(4)) } }
    let known = listed ?? (said.output.3 ?? "").matches(of: #/'([^']*)'/#).map { String($0.output.1) }
    let list = known.map { "'\($0)'" }.joined(separator: ", ")
    let near = nearest(String(said.output.1), among: known).map { ". Did you mean '\($0)'?" } ?? "."
    let head = said.output.0.prefix { $0 != "\n" }.replacing(#/\. Please provide one of.*/#, with: "")
    return text.replacingCharacters(in: said.range, with: "\(head). Please provide one of \(list)\(near)\(listed == nil ? "" : "\n")")
  }

  // MARK: One line

  /// Where the argument parser writes what an option means.
  private static let column = 26
  private static let ownHeads = ["OVERVIEW:", "USAGE:", "Usage:", "Error:", "ARGUMENTS:", "OPTIONS:", "SUBCOMMANDS:"]

  /// An option's name with the room after it, and what it means.
  private func parts(_ line: String) -> (label: String, words: String) {
    let head = line.prefix(HelpText.column)
    guard head.count == HelpText.column, line.hasPrefix("  "), line.count > HelpText.column else { return ("", line) }
    let isBlank = head.allSatisfy { $0 == " " }
    guard isBlank || head.hasSuffix(" ") && (head.hasPrefix("  -") || head.hasPrefix("  <") || HelpText.isCommand(head)) else { return ("", line) }
    return (String(head), String(line.dropFirst(HelpText.column)))
  }

  /// `  compare                 …`: two blanks, one word, blanks.
  private static func isCommand(_ head: Substring) -> Bool {
    let words = head.split(separator: " ")
    return head.hasPrefix("  ") && !head.hasPrefix("   ") && words.count <= 2 && head.hasSuffix("  ")
  }

  /// The half in the language of a text that says everything twice; the text itself where it does not.
  private func half(_ text: String) -> String {
    var (body, tail) = (text, "")
    // The parser's own appendix belongs to both halves.
    if let added = text.firstMatch(of: #/ \((?:default|values): [^()]*\)$/#) {
      (body, tail) = (String(text[..<added.range.lowerBound]), String(added.output))
    }
    let indent = body.prefix { $0 == " " }
    var head = ""
    for own in HelpText.ownHeads + ["Help:"] where body.hasPrefix(own) {
      head = own + body.dropFirst(own.count).prefix { $0 == " " }
    }
    if head == "Help:" || head.hasPrefix("Help:"), let meaning = body.dropFirst(head.count).firstRange(of: "  ") {
      head = String(body[..<meaning.upperBound])
    }
    let both = Bilingual(line: String(body.dropFirst(head.isEmpty ? indent.count : head.count)))
    guard both.zh != both.en else { return text }
    // A heading keeps its colon, and the command that stands behind it.
    if language == .zh, head.isEmpty, let heading = both.en.wholeMatch(of: #/[^:]*:( +talentcast.*)?/#) {
      return indent + both.zh + "：" + (heading.output.1.map { $0.drop { $0 == " " } } ?? "")
    }
    return (head.isEmpty ? String(indent) : head) + both[language] + tail
  }

  private func hasHan(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }

  // MARK: The parser's own words

  private func translated(_ text: String) -> String {
    guard language == .zh else { return text }
    var text = text
    text.replace(#/^OVERVIEW: /#) { _ in "概述：" }
    text.replace(#/^(USAGE|Usage): /#) { _ in "用法：" }
    text.replace(#/^ARGUMENTS:$/#) { _ in "参数：" }
    text.replace(#/^OPTIONS:$/#) { _ in "选项：" }
    text.replace(#/^SUBCOMMANDS:$/#) { _ in "子命令：" }
    text.replace(#/^Help: +/#) { _ in "说明：" }
    text.replace(#/^Error: /#) { _ in "错误：" }
    text.replace(#/ *\(default: ([^()]*)\)$/#) { "（默认 \($0.1)）" }
    text.replace(#/ *\(values: ([^();]*); default: ([^()]*)\)$/#) { "（可取 \($0.1)；默认 \($0.2)）" }
    text.replace(#/ *\(values: ([^()]*)\)$/#) { "（可取 \($0.1)）" }
    text.replace(#/Show the version\./#) { _ in "显示版本" }
    text.replace(#/Show help information\./#) { _ in "显示帮助" }
    text.replace(#/Show subcommand help information\./#) { _ in "显示子命令的帮助" }
    text.replace(#/See '([^']*)' for detailed help\./#) { "详见 \($0.1)" }
    text.replace(#/See '([^']*)' for more information\./#) { "详见 \($0.1)" }
    text.replace(#/Missing expected argument /#) { _ in "缺少 " }
    text.replace(#/Missing value for /#) { _ in "没有给出值：" }
    text.replace(#/Missing one of: /#) { _ in "至少给出一个：" }
    text.replace(#/Unexpected argument /#) { _ in "多余的参数 " }
    text.replace(#/([0-9]+) unexpected arguments: /#) { "\($0.1) 个多余的参数：" }
    text.replace(#/Unknown option /#) { _ in "没有选项 " }
    text.replace(#/\. Did you mean ('[^']*')\?/#) { "。您是否想写：\($0.1)" }
    text.replace(#/The value ('[^']*') is invalid for /#) { "值 \($0.1) 不可用于 " }
    text.replace(#/\. Please provide one of ([^.?]*)/#) { "。可取：\($0.1.replacing(" or ", with: "、").replacing(", ", with: "、"))" }
    return text
  }

  // MARK: Lines

  /// Lines as broad as the terminal, later ones set in; a command stays in one piece, to be copied.
  private func wrapped(_ line: String, indent: Int) -> [String] {
    let isCommand = line.contains("talentcast ") && !line.hasPrefix("用法") && !line.hasPrefix("U")
    return isCommand ? [line] : Messages.wrapped(line, width: width, indent: indent)
  }
}

extension TalentCast {
  static func main() async {
    Channels.open()
    Keeper.start()
    Interruption.watch.start()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      leave(with: error)
    }
    Channels.leave(ExitStatus.ok.rawValue)
  }

  /// Says what is to be said of an error or a request for help, in the user's language, and ends the program.
  private static func leave(with error: any Error) -> Never {
    let environment = ProcessInfo.processInfo.environment
    if let unknown = UnknownCommand(CommandLine.arguments, in: Self.self) {
      say(unknown.problem.text(in: HelpText.language(CommandLine.arguments, environment) ?? .zh))
      Channels.leave(ExitStatus.usage.rawValue)
    }
    let code = exitCode(for: error)
    // Help in both languages where nothing says which; an error in the language of every other message.
    guard let language = HelpText.language(CommandLine.arguments, environment) ?? (code == .success ? nil : .zh) else {
      let said = fullMessage(for: error)
      if !said.isEmpty { if code == .success { print(said) } else { say(said) } }
      Channels.leave(code.rawValue)
    }
    let full = fullMessage(for: error, columns: 10_000)
    let isScript = CommandLine.arguments.contains { $0.hasPrefix("--generate-completion-script") || $0.hasPrefix("--experimental-dump-help") }
    if !full.isEmpty {
      let columns = environment["COLUMNS"].flatMap(Int.init) ?? 80
      let said = isScript ? full : HelpText(language: language, width: max(40, columns)).text(full)
      if code == .success { print(said) } else { say(said) }
    }
    Channels.leave(code.rawValue)
  }
}

/// A word that stands where a command is expected and is none.
struct UnknownCommand {
  let problem: Problem

  init?(_ arguments: [String], in root: any ParsableCommand.Type) {
    var (command, path) = (root, root._commandName)
    for word in arguments.dropFirst() {
      let known = command.configuration.subcommands
      if word.hasPrefix("-") || word == "help" || known.isEmpty { return nil }
      if let next = known.first(where: { $0._commandName == word }) {
        (command, path) = (next, "\(path) \(word)")
        continue
      }
      let names = known.map { $0._commandName }
      problem = Problem(
        "command.unknown", path: path, message: Bilingual(zh: "没有命令“\(word)”", en: "there is no command '\(word)'"),
        hint: nearest(word, among: names).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
          ?? Bilingual(zh: "命令有：\(names.joined(separator: "、"))", en: "commands: \(names.joined(separator: ", "))"))
      return
    }
    return nil
  }
}
