import Messages

/// How much of the outline is printed.
public enum ReportProfile: String, CaseIterable, Codable, Sendable {
  case full
  /// Summary, accuracy, overview, indicators, balance, hubs, methods, limits, sources: what a decision needs.
  case short
}

extension Document {
  /// The chapters of a profile, numbered anew. A reference to what is left out points to the full edition.
  func profiled(_ profile: ReportProfile) -> Document {
    guard profile == .short else { return self }
    var document = self
    document.chapters = chapters.filter { $0.isShort }
    let printed = Set(document.tables.map(\.anchor) + document.figures.map(\.anchor))
    document.mapParagraphs { paragraph in
      Paragraph(
        paragraph.sentences.map { sentence in
          var sentence = sentence
          sentence.zh = sentence.zh.pointing(to: printed, else: "完整版")
          sentence.en = sentence.en.pointing(to: printed, else: "the full edition")
          return sentence
        })
    }
    return document.numbered()
  }

  private mutating func mapParagraphs(_ change: (Paragraph) -> Paragraph) {
    for c in chapters.indices {
      for b in chapters[c].blocks.indices {
        switch chapters[c].blocks[b] {
        case .paragraph(let paragraph): chapters[c].blocks[b] = .paragraph(change(paragraph))
        case .list(let items): chapters[c].blocks[b] = .list(items.map(change))
        case .box(let title, let paragraphs): chapters[c].blocks[b] = .box(title: title, paragraphs.map(change))
        case .section, .table, .figure: break
        }
      }
    }
  }
}

extension Chapter {
  fileprivate var isShort: Bool {
    ["summary", "accuracy", "overview", "indicators", "balance", "methods", "limits", "annex-sources", "annex-words"]
      .contains(anchor) || anchor.hasPrefix("hub-")
  }
}

extension Prose {
  fileprivate func pointing(to printed: Set<String>, else words: String) -> Prose {
    Prose(
      pieces.map { piece in
        if case .reference(let anchor) = piece, !printed.contains(anchor) { .text(words) } else { piece }
      })
  }
}
