import Foundation
import Messages

/// A sentence as an editor sees it: its words with places `{1}`, `{2}`… for everything that is not
/// words of ours, and the fingerprint of what stands in those places.
public struct SentenceTemplate: Codable, Hashable, Sendable {
  public let sentence: String
  public let fingerprint: String
  public let zh: String
  public let en: String
}

/// A sentence rewritten by a person, approved for the numbers of one fingerprint.
public struct SentenceOverride: Codable, Hashable, Sendable {
  public let sentence: String
  /// As `report sentences` printed it when the edit was made.
  public let fingerprint: String
  /// nil leaves the language as it is.
  public let zh: String?
  public let en: String?
  /// Who approved it.
  public let by: String

  public init(sentence: String, fingerprint: String, zh: String? = nil, en: String? = nil, by: String) {
    self.sentence = sentence
    self.fingerprint = fingerprint
    self.zh = zh
    self.en = en
    self.by = by
  }
}

extension Document {
  /// Every sentence with its template, in order.
  public func templates() -> [SentenceTemplate] {
    sentences.map { sentence in
      SentenceTemplate(
        sentence: sentence.id, fingerprint: fingerprint(sentence), zh: template(sentence.zh),
        en: template(sentence.en))
    }
  }

  /// Puts edited sentences in the place of their originals.
  ///
  /// Numbers stay references: an edit moves, drops or repeats places, it cannot type a number.
  /// - Throws: `ProblemReport` (bad data) with every edit that is stale (a number changed since it
  ///   was approved), names no sentence, or uses a place that does not exist.
  public func applying(_ overrides: [SentenceOverride], file: String) throws(ProblemReport) -> Document {
    var edited = self
    var problems: [Problem] = []
    let ids = Set(sentences.map(\.id))
    for (i, edit) in overrides.enumerated() where !ids.contains(edit.sentence) {
      problems.append(
        Problem(
          "override.unknown", file: file, path: "[\(i)].sentence",
          message: Bilingual(zh: "没有句子“\(edit.sentence)”。", en: "There is no sentence \"\(edit.sentence)\"."),
          hint: nearest(edit.sentence, among: ids.sorted()).map { Bilingual(zh: "是否指 \($0)？", en: "Did you mean \($0)?") }))
    }
    let byID = Dictionary(
      overrides.enumerated().map { ($1.sentence, ($0, $1)) }, uniquingKeysWith: { first, _ in first })
    edited.mapSentences { sentence in
      guard let (i, edit) = byID[sentence.id] else { return sentence }
      guard edit.fingerprint == fingerprint(sentence) else {
        problems.append(stale(edit, i, sentence, file))
        return sentence
      }
      var changed = sentence
      changed.zh = edit.zh.map { filled($0, sentence.zh, "[\(i)].zh", file, &problems) } ?? sentence.zh
      changed.en = edit.en.map { filled($0, sentence.en, "[\(i)].en", file, &problems) } ?? sentence.en
      return changed
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    return edited
  }

  private func stale(_ edit: SentenceOverride, _ i: Int, _ sentence: Sentence, _ file: String) -> Problem {
    let page = Page(document: self, language: .zh, sources: [])
    let english = Page(document: self, language: .en, sources: [])
    return Problem(
      "override.stale", file: file, path: "[\(i)].fingerprint",
      message: Bilingual(
        zh: "句子“\(edit.sentence)”的数字在修改后变了，现为：\(page.plain(sentence.zh))",
        en: "The numbers of \"\(edit.sentence)\" changed after the edit; it now reads: \(english.plain(sentence.en))"),
      hint: Bilingual(
        zh: "复核改写后的句子，把 fingerprint 改为 \(fingerprint(sentence))。",
        en: "Read the edited sentence again and set fingerprint to \(fingerprint(sentence))."))
  }

  /// Words and places back to pieces.
  private func filled(
    _ text: String, _ original: Prose, _ path: String, _ file: String, _ problems: inout [Problem]
  ) -> Prose {
    let places = original.pieces.filter { if case .text = $0 { false } else { true } }
    var pieces: [Piece] = []
    var rest = text[...]
    while let match = rest.firstMatch(of: #/\{([0-9]{1,4})\}/#) {
      if match.range.lowerBound > rest.startIndex {
        pieces.append(.text(String(rest[rest.startIndex..<match.range.lowerBound])))
      }
      if let n = Int(match.output.1), places.indices.contains(n - 1) {
        pieces.append(places[n - 1])
      } else {
        problems.append(
          Problem(
            "override.no-such-place", file: file, path: path,
            message: Bilingual(
              zh: "没有 {\(match.output.1)}：这句话有 \(places.count) 处。",
              en: "There is no {\(match.output.1)}: the sentence has \(places.count) places.")))
      }
      rest = rest[match.range.upperBound...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return Prose(pieces)
  }

  private func template(_ prose: Prose) -> String {
    var n = 0
    return prose.pieces.map { piece -> String in
      if case .text(let text) = piece { return text }
      n += 1
      return "{\(n)}"
    }.joined()
  }

  /// FNV-1a over everything the places print, in both languages.
  private func fingerprint(_ sentence: Sentence) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for language in Language.allCases {
      let page = Page(document: self, language: language, sources: [])
      for piece in sentence[language].pieces {
        if case .text = piece { continue }
        for byte in (page.plain(piece) + "|").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func mapSentences(_ change: (Sentence) -> Sentence) {
    func changed(_ paragraph: Paragraph) -> Paragraph { Paragraph(paragraph.sentences.map(change)) }
    for c in chapters.indices {
      for b in chapters[c].blocks.indices {
        switch chapters[c].blocks[b] {
        case .paragraph(let paragraph): chapters[c].blocks[b] = .paragraph(changed(paragraph))
        case .list(let items): chapters[c].blocks[b] = .list(items.map(changed))
        case .box(let title, let paragraphs): chapters[c].blocks[b] = .box(title: title, paragraphs.map(changed))
        case .section, .table, .figure: break
        }
      }
    }
  }
}

/// Reads a file of edited sentences: a JSON list of `sentence`, `fingerprint`, `zh`, `en`, `by`.
public func readOverrides(_ bytes: [UInt8], file: String) throws(ProblemReport) -> [SentenceOverride] {
  do {
    return try JSONDecoder().decode([SentenceOverride].self, from: Data(bytes))
  } catch {
    throw ProblemReport(
      .badData,
      [
        Problem(
          "override.unreadable", file: file,
          message: Bilingual(
            zh: "应为 JSON 列表，每项含 sentence、fingerprint、by 及 zh 或 en。",
            en: "Expected a JSON list whose items have sentence, fingerprint, by, and zh or en."),
          hint: Bilingual(zh: "\(error)", en: "\(error)"))
      ])
  }
}
