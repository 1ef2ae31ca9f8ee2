import Foundation
import Messages

/// Formats that a renderer outside the program sets: well-kept Python libraries, installed by `make`.
public enum OfficeFormat: String, CaseIterable, Sendable {
  case pdf, docx, xlsx

  /// The Python module that does the work.
  public var module: String {
    switch self {
    case .pdf: "typst"
    case .docx: "docx"
    case .xlsx: "xlsxwriter"
    }
  }

  /// What its reader loses without it.
  public var loss: Bilingual {
    switch self {
    case .pdf:
      Bilingual(zh: "没有可印刷、可归档的 PDF/A；可用浏览器打印 HTML。", en: "no PDF/A for print and archive; the HTML page prints from a browser")
    case .docx: Bilingual(zh: "没有可在 Word、WPS 中修改的文稿。", en: "no document to edit in Word or WPS")
    case .xlsx: Bilingual(zh: "没有工作簿；数据仍在 results.csv。", en: "no workbook; the data stay in results.csv")
    }
  }
}

/// A document in one language as the renderers of all formats read it: its text, its figures and their program.
public struct OfficeSource: Sendable {
  let language: Language
  let folder: URL
  let script: URL
  let document: URL

  /// - Parameter scratch: a folder that the caller makes and removes.
  public init(_ document: Document, _ language: Language, sources: [SourceEntry], in scratch: URL) throws {
    self.language = language
    folder = scratch.appendingPathComponent("figures-\(language.rawValue)")
    script = folder.appendingPathComponent("render_report.py")
    self.document = folder.appendingPathComponent("document.json")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for figure in document.figures {
      try Data(figure.svg(language).utf8).write(to: folder.appendingPathComponent(figure.fileName(language)))
    }
    try Data(PackageResources.render_report_py).write(to: script)
    try Data(documentText(document, language, sources: sources).utf8).write(to: self.document)
  }
}

/// The Python interpreter that has the libraries, found in the places where `make` puts it.
public struct OfficeTool: Sendable {
  let python: String
  /// Formats whose libraries it can import.
  public let formats: Set<OfficeFormat>

  /// The first interpreter that can set any of the formats; nil when there is none.
  ///
  /// Places, in order: `TALENTCAST_PYTHON`, `.venv` in the working folder, `.venv` and `share/talentcast/.venv` above
  /// the program, `python3` on the path.
  public static func find(environment: [String: String], program: String) -> OfficeTool? {
    var best: OfficeTool?
    // A PDF without its fonts would be boxes in place of characters.
    let possible = Set(OfficeFormat.allCases).subtracting(ReportFonts.missing(environment: environment).isEmpty ? [] : [.pdf])
    for place in places(environment: environment, program: program) {
      let formats = importable(by: place).intersection(possible)
      if formats.count == possible.count { return OfficeTool(python: place, formats: formats) }
      if formats.count > (best?.formats.count ?? 0) { best = OfficeTool(python: place, formats: formats) }
    }
    return best
  }

  static func places(environment: [String: String], program: String) -> [String] {
    var places = [environment["TALENTCAST_PYTHON"]].compactMap { $0 }
    let files = FileManager.default
    places.append(files.currentDirectoryPath + "/.venv/bin/python3")
    var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<5 {
      places += [".venv/bin/python3", "share/talentcast/.venv/bin/python3"].map { folder.appendingPathComponent($0).path }
      folder = folder.deletingLastPathComponent()
    }
    places += (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
    return unique(places).filter { files.isExecutableFile(atPath: $0) }
  }

  private static func importable(by python: String) -> Set<OfficeFormat> {
    let found = importable(OfficeFormat.allCases.map(\.module), by: python)
    return Set(OfficeFormat.allCases.filter { found.contains($0.module) })
  }

  /// Those of some Python modules that an interpreter has.
  static func importable(_ modules: [String], by python: String) -> Set<String> {
    let script = """
      import importlib.util as u
      print(" ".join(m for m in \(modules) if u.find_spec(m)))
      """
    do {
      let (status, output) = try launch(python, ["-I", "-c", script], environment: [:])
      return status == 0 ? Set(output.split(whereSeparator: \.isWhitespace).map(String.init)) : []
    } catch {
      return []
    }
  }

  /// Sets a document in one of the formats.
  ///
  /// - Throws: `ProblemReport` (failure) with the renderer's own words when it fails.
  public func render(_ source: OfficeSource, _ format: OfficeFormat) throws -> ReportFile {
    let name = "report.\(source.language.rawValue).\(format.rawValue)"
    let target = source.folder.appendingPathComponent(name)
    let (status, output) = try OfficeTool.launch(
      python, ["-I", source.script.path, format.rawValue, source.document.path, source.folder.path, target.path],
      environment: ["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": "0"])
    guard status == 0 else {
      let words = output.split(separator: "\n").suffix(3).joined(separator: " ")
      throw ProblemReport(
        .failure,
        [
          Problem(
            "report.renderer", file: name,
            message: Bilingual(zh: "排版程序失败：\(words)", en: "The renderer failed: \(words)"),
            hint: Bilingual(zh: "运行 make 重新安装排版库。", en: "Run make to install the libraries again."))
        ])
    }
    return ReportFile(name: name, bytes: [UInt8](try Data(contentsOf: target)))
  }

  /// Runs a program with its arguments as they are; both outputs come back together.
  static func launch(
    _ program: String, _ arguments: [String], environment: [String: String]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
