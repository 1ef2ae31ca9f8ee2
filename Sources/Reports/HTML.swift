import Messages

extension Page {
  /// One file: no script, no network; every number of the prose carries its reference.
  var html: String {
    let title = escaped(edition.title[language])
    var out = """
      <!DOCTYPE html>
      <html lang="\(languageTag)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title>
      <meta name="description" content="\(escaped(standingLines.joined(separator: " ")))">
      <style>
      \(Page.style)</style>
      </head>
      <body>
      <a class="skip" href="#content">\(word("跳到正文", "Skip to the text"))</a>

      """
    out += contents
    out += "<main id=\"content\">\n" + cover
    for chapter in document.chapters { out += html(chapter) }
    out += "<footer>" + standingLines.map(escaped).joined(separator: word("　", " · ")) + "</footer>\n"
    return out + "</main>\n</body>\n</html>\n"
  }

  private var cover: String {
    var out = "<header class=\"cover\">\n<h1>\(escaped(edition.title[language]))</h1>\n"
    out += standingLines.map { "<p class=\"standing\">\(escaped($0))</p>\n" }.joined()
    out += "<dl>\n"
    for (name, value) in facts { out += "<div><dt>\(escaped(name))</dt><dd>\(escaped(value))</dd></div>\n" }
    return out + "</dl>\n</header>\n"
  }

  private var contents: String {
    var out = "<nav aria-label=\"\(word("目录", "Contents"))\">\n<h2>\(word("目录", "Contents"))</h2>\n<ol>\n"
    for chapter in document.chapters {
      out += "<li><a href=\"#\(escaped(chapter.anchor))\">\(escaped(chapter.heading[language]))</a></li>\n"
    }
    return out + "</ol>\n</nav>\n"
  }

  private func html(_ chapter: Chapter) -> String {
    let anchor = escaped(chapter.anchor)
    var out = "<section class=\"chapter\" aria-labelledby=\"\(anchor)\">\n"
    out += "<h2 id=\"\(anchor)\">\(escaped(chapter.heading[language]))</h2>\n"
    for block in chapter.blocks { out += html(block) }
    return out + "</section>\n"
  }

  private func html(_ block: Block) -> String {
    switch block {
    case .section(let title, let anchor):
      "<h3 id=\"\(escaped(anchor))\">\(escaped(title[language]))</h3>\n"
    case .paragraph(let paragraph): "<p>\(html(paragraph))</p>\n"
    case .list(let items):
      "<ul>\n" + items.map { "<li>\(html($0))</li>\n" }.joined() + "</ul>\n"
    case .box(let title, let paragraphs):
      "<aside class=\"box\"><h3>\(escaped(title[language]))</h3>\n"
        + paragraphs.map { "<p>\(html($0))</p>\n" }.joined() + "</aside>\n"
    case .table(let table): html(table)
    case .figure(let figure): html(figure)
    }
  }

  private func html(_ paragraph: Paragraph) -> String {
    paragraph.sentences.map { sentence in
      "<span data-sentence=\"\(escaped(sentence.id))\">"
        + sentence[language].pieces.map(html).joined() + "</span>"
    }.joined(separator: sentenceSpace)
  }

  private func html(_ piece: Piece) -> String {
    switch piece {
    case .number(let fact, _), .interval(let fact, _):
      let text = escaped(plain(piece))
      let reference = escaped(fact.reference)
      return "<data value=\"\(fact.value)\" data-ref=\"\(reference)\">\(text)</data>"
    case .reference(let anchor) where isPrinted(anchor):
      return "<a href=\"#\(escaped(anchor))\">\(escaped(label(anchor)))</a>"
    default: return escaped(plain(piece))
    }
  }

  private func html(_ table: StatTable) -> String {
    let wide = table.columns.count > 8 ? " wide" : table.columns.count < 4 ? " slim" : ""
    var out =
      "<div class=\"table\(wide)\" id=\"\(escaped(table.anchor))\" tabindex=\"0\" role=\"region\" aria-label=\"\(escaped(table.caption(language)))\">\n"
    out += "<table>\n<caption>\(escaped(table.caption(language)))"
    if let unit = unitLine(table) { out += "<span class=\"unit\">\(escaped(unit))</span>" }
    out += "</caption>\n<thead>\n\(heads(table))</thead>\n<tbody>\n"
    for row in table.rows { out += html(row, table) }
    out += "</tbody>\n</table>\n"
    return out + below(table.notes, table.sources) + "</div>\n"
  }

  /// One head row, or two when columns stand in groups.
  private func heads(_ table: StatTable) -> String {
    func head(_ column: StatColumn, _ span: String) -> String {
      let kind = column.numeric ? " class=\"n\"" : ""
      let head = column.head[language]
      return "<th scope=\"col\"\(span)\(kind)\(tight(head, 8))>\(escaped(head))</th>"
    }
    guard table.columns.contains(where: { $0.group != nil }) else {
      return "<tr>" + table.columns.map { head($0, "") }.joined() + "</tr>\n"
    }
    var upper = "<tr>"
    var lower = "<tr>"
    var i = 0
    while i < table.columns.count {
      let column = table.columns[i]
      guard let group = column.group else {
        upper += head(column, " rowspan=\"2\"")
        i += 1
        continue
      }
      let members = table.columns[i...].prefix { $0.group == group }
      upper += "<th scope=\"colgroup\" colspan=\"\(members.count)\" class=\"g\">\(escaped(group[language]))</th>"
      lower += members.map { head($0, "") }.joined()
      i += members.count
    }
    return upper + "</tr>\n" + lower + "</tr>\n"
  }

  private func html(_ row: StatRow, _ table: StatTable) -> String {
    var out = row.total ? "<tr class=\"total\">" : "<tr>"
    for (i, cell) in row.cells.enumerated() {
      let text = escaped(cell.text(language))
      if i == 0 {
        let indent = row.indent > 0 ? " class=\"i\(row.indent)\"" : ""
        out += "<th scope=\"row\"\(indent)\(tight(cell.text(language), 20))>\(text)</th>"
        continue
      }
      let numeric = table.columns[i].numeric
      switch cell {
      case .number(let fact, _), .interval(let fact, _):
        let kind = fact.basis == .forecast ? "n f" : "n"
        out += "<td class=\"\(kind)\" data-ref=\"\(escaped(fact.reference))\">\(text)</td>"
      case .grade(let grade): out += "<td class=\"grade g\(grade.rawValue)\">\(text)</td>"
      default: out += numeric ? "<td class=\"n\">\(text)</td>" : "<td>\(text)</td>"
      }
    }
    return out + "</tr>\n"
  }

  /// A short head is never broken: 北京市 stays on one line.
  private func tight(_ text: String, _ limit: Int) -> String {
    displayWidth(text) <= limit ? " style=\"white-space:nowrap\"" : ""
  }

  private func html(_ figure: Figure) -> String {
    var out = "<figure id=\"\(escaped(figure.anchor))\">\n"
    out += accessible(figure.svg(language), figure.alternative[language])
    out += "<figcaption>\(escaped(figure.caption(language)))</figcaption>\n"
    return out + below(figure.notes, figure.sources) + "</figure>\n"
  }

  /// The drawing inline, its alternative text in the `aria-label`; anything before `<svg` is dropped.
  private func accessible(_ svg: String, _ alternative: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    let label = " role=\"img\" aria-label=\"\(escaped(alternative))\""
    let drawing = svg[start.lowerBound...].replacing(" role=\"img\"", with: "", maxReplacements: 1)
    return "<svg" + label + drawing.dropFirst(4)
  }

  private func below(_ notes: [Bilingual], _ sources: [String]) -> String {
    (self.notes(notes) + [sourceLine(sources)].compactMap { $0 })
      .map { "<p class=\"note\">\(escaped($0))</p>\n" }.joined()
  }
}
