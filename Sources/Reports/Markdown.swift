import Messages

extension Page {
  /// GitHub-flavoured Markdown; figures stand beside it in `figures/`.
  var markdown: String {
    var out = "# \(edition.title[language])\n\n"
    for line in standingLines { out += "**\(mark(line))**\n\n" }
    for (name, value) in facts { out += "- \(mark(name))\(word("：", ": "))\(mark(value))\n" }
    out += "\n## \(word("目录", "Contents"))\n\n"
    for chapter in document.chapters {
      out += "- [\(mark(chapter.heading[language]))](#\(chapter.anchor))\n"
    }
    for chapter in document.chapters {
      out += "\n<a id=\"\(chapter.anchor)\"></a>\n\n## \(mark(chapter.heading[language]))\n\n"
      for block in chapter.blocks { out += markdown(block) + "\n" }
    }
    return out
  }

  private func markdown(_ block: Block) -> String {
    switch block {
    case .section(let title, _): "### \(mark(title[language]))\n"
    case .paragraph(let paragraph): markdown(paragraph) + "\n"
    case .list(let items): items.map { "- " + markdown($0) + "\n" }.joined()
    case .box(let title, let paragraphs):
      "> **\(mark(title[language]))**\n>\n"
        + paragraphs.map { "> " + markdown($0) + "\n" }.joined(separator: ">\n")
    case .table(let table): markdown(table)
    case .figure(let figure): markdown(figure)
    }
  }

  private func markdown(_ paragraph: Paragraph) -> String {
    paragraph.sentences.map { sentence in
      sentence[language].pieces.map { piece -> String in
        if case .reference(let anchor) = piece, isPrinted(anchor) {
          return "[\(label(anchor))](#\(anchor))"
        }
        return mark(plain(piece))
      }.joined()
    }.joined(separator: sentenceSpace)
  }

  private func markdown(_ table: StatTable) -> String {
    var out = "<a id=\"\(table.anchor)\"></a>\n\n**\(mark(table.caption(language)))**\n\n"
    if let unit = unitLine(table) { out += mark(unit) + "\n\n" }
    let heads = table.columns.map { column -> String in
      let group = column.group.map { $0[language] + word("·", ": ") } ?? ""
      return mark(group + column.head[language])
    }
    out += "| " + heads.joined(separator: " | ") + " |\n"
    out += "|" + table.columns.map { $0.numeric ? "---:" : ":---" }.joined(separator: "|") + "|\n"
    for row in table.rows {
      let cells = row.cells.enumerated().map { i, cell -> String in
        let pad = i == 0 ? String(repeating: "　", count: row.indent) : ""
        let text = pad + mark(cell.text(language))
        return row.total && i == 0 ? "**\(text)**" : text
      }
      out += "| " + cells.joined(separator: " | ") + " |\n"
    }
    let below = notes(table.notes) + [sourceLine(table.sources)].compactMap { $0 }
    if !below.isEmpty { out += "\n" + below.map(mark).joined(separator: "<br>\n") + "\n" }
    return out
  }

  private func markdown(_ figure: Figure) -> String {
    var out = "<a id=\"\(figure.anchor)\"></a>\n\n"
    out += "![\(mark(figure.alternative[language]))](figures/\(figure.fileName(language)))\n\n"
    out += "**\(mark(figure.caption(language)))**\n"
    let below = notes(figure.notes) + [sourceLine(figure.sources)].compactMap { $0 }
    if !below.isEmpty { out += "\n" + below.map(mark).joined(separator: "<br>\n") + "\n" }
    return out
  }

  private func mark(_ text: String) -> String { markdownText(text) }
}

/// Text that Markdown, and HTML in it, must not read as markup: names come from files people write.
public func markdownText(_ text: String) -> String {
  var out = ""
  for character in text {
    switch character {
    case "\\", "`", "*", "_", "[", "]", "|", "#": out += "\\\(character)"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "&": out += "&amp;"
    case let other where other.isNewline: out += " "
    case "\t": out += " "
    default: if character.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) { out.append(character) }
    }
  }
  return out
}
