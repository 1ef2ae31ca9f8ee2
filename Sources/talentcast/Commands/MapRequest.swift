import Foundation
import Maps
import Messages

/// What `map build` was asked for: lists of words, checked all at once.
struct MapRequest: Equatable {
  let measures: Set<MapMeasure>
  let years: [Int]
  let formats: Set<MapFormat>
  /// SVG pictures stay in the folder; PNG pictures are made from them.
  let svg, png: Bool

  /// - Parameters: words separated by commas; an empty list takes every measure, the usual years, and every
  ///   format but PNG.
  /// - Throws: every unknown word with the nearest known one (64).
  init(measures: [String], years: [String], formats: [String]) throws(ProblemReport) {
    var problems: [Problem] = []
    func words(_ list: [String]) -> [String] {
      list.flatMap { $0.split { ",，、 ".contains($0) }.map(String.init) }
    }
    func unknown(_ option: String, _ word: String, _ known: [String]) {
      let near = nearest(word, among: known)
      problems.append(
        Problem(
          "map.unknown-\(option)", message: Bilingual(zh: "--\(option) 不认识“\(word)”。", en: "--\(option): unknown \"\(word)\"."),
          hint: Bilingual(
            zh: (near.map { "是否应为 \($0)？" } ?? "") + "可用：\(known.joined(separator: "、"))",
            en: (near.map { "Did you mean \($0)? " } ?? "") + "Known: \(known.joined(separator: ", "))")))
    }
    var chosen: Set<MapMeasure> = []
    for word in words(measures) {
      if let measure = MapMeasure(rawValue: word) { chosen.insert(measure) } else { unknown("measure", word, MapMeasure.allCases.map(\.rawValue)) }
    }
    var list: [Int] = []
    for word in words(years) {
      if let year = Int(word), (1900...2200).contains(year) { list.append(year) } else { unknown("years", word, ["1900…2200"]) }
    }
    var kinds: Set<MapFormat> = [], picture = false
    for word in words(formats) {
      if let kind = MapFormat(rawValue: word) {
        kinds.insert(kind)
      } else if word == "png" {
        picture = true
      } else {
        unknown("format", word, MapFormat.allCases.map(\.rawValue) + ["png"])
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.usage, problems) }
    self.measures = chosen.isEmpty ? Set(MapMeasure.allCases) : chosen
    self.years = list
    (svg, png) = (kinds.isEmpty && !picture || kinds.contains(.svg), picture)
    if picture { kinds.insert(.svg) }
    self.formats = kinds.isEmpty ? Set(MapFormat.allCases) : kinds
  }
}

/// `rsvg-convert`, found on PATH.
struct PictureConverter {
  private let tool: URL

  init() throws(ProblemReport) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    let tools = folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("rsvg-convert") }
    guard let tool = tools.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw ProblemReport(
        .toolMissing,
        [
          Problem(
            "map.no-rsvg", message: Bilingual(zh: "没有 rsvg-convert，无法生成 PNG。", en: "rsvg-convert is missing: no PNG can be made."),
            hint: Bilingual(
              zh: "apt-get install librsvg2-bin fonts-noto-cjk；SVG 不需要它。",
              en: "apt-get install librsvg2-bin fonts-noto-cjk; SVG needs neither."))
        ])
    }
    self.tool = tool
  }

  /// A picture as PNG: 1920 × 1080 pixels, or 300 dots an inch when it has a width on paper.
  func png(_ picture: MapFile) throws(ProblemReport) -> [UInt8] {
    do {
      let folder = try ScratchFolder()
      defer { folder.remove() }
      let (source, target) = (folder.url.appending(path: "map.svg"), folder.url.appending(path: "map.png"))
      try Data(picture.bytes).write(to: source)
      let process = Process()
      process.executableURL = tool
      let size = picture.name.contains("mm.") ? ["--dpi-x", "300", "--dpi-y", "300"] : ["--width", "1920"]
      process.arguments = size + ["--output", target.path, source.path]
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw failed(picture, "rsvg-convert: \(process.terminationStatus)") }
      return [UInt8](try Data(contentsOf: target))
    } catch let report as ProblemReport {
      throw report
    } catch {
      throw failed(picture, error.localizedDescription)
    }
  }

  private func failed(_ picture: MapFile, _ reason: String) -> ProblemReport {
    ProblemReport(
      .failure,
      [
        Problem(
          "map.png-failed", file: picture.name,
          message: Bilingual(zh: "无法转换为 PNG：\(reason)", en: "Cannot convert to PNG: \(reason)"))
      ])
  }
}
