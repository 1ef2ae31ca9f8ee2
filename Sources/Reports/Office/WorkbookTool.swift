import Foundation
import Messages

/// Writes workbooks with XlsxWriter and reads them with openpyxl, in the Python that has them.
public struct WorkbookTool: Sendable {
  /// The Python module that writes.
  public static let writer = "xlsxwriter"
  /// The Python module that reads.
  public static let reader = "openpyxl"

  private let python: String

  /// The first interpreter that has a module, in the places of `OfficeTool`; nil when none has.
  public static func find(_ module: String, environment: [String: String], program: String) -> WorkbookTool? {
    OfficeTool.places(environment: environment, program: program)
      .first { OfficeTool.importable([module], by: $0).contains(module) }.map(WorkbookTool.init(python:))
  }

  private init(python: String) { self.python = python }

  /// A workbook of the sheets in `cells` (JSON: `sheets` of `name`, `rows`, `columns`, `locked`).
  ///
  /// - Throws: `ProblemReport` (failure) with the library's own words when it fails.
  public func written(_ cells: Data) throws -> Data {
    try inScratch { folder in
      let (source, target) = (folder.appendingPathComponent("book.json"), folder.appendingPathComponent("book.xlsx"))
      try cells.write(to: source)
      let (status, words) = try run("write", source.path, target.path, in: folder)
      guard status == 0 else { throw failed(words) }
      return try Data(contentsOf: target)
    }
  }

  /// The cells of a workbook, as `written` takes them.
  ///
  /// - Throws: `ProblemReport`: `.missingInput` when there is no file, `.badData` when it is no workbook that can be read.
  public func cells(of file: String) throws -> Data {
    try WorkbookTool.mustBeWorkbook(file)
    return try inScratch { folder in
      let target = folder.appendingPathComponent("book.json")
      let (status, words) = try run("read", URL(fileURLWithPath: file).path, target.path, in: folder)
      guard status != 3 else {
        throw unreadable(file, Bilingual(zh: "无法读取工作簿：\(words)", en: "the workbook cannot be read: \(words)"))
      }
      guard status != 4 else {
        throw ProblemReport(
          .badData,
          [
            Problem(
              "book.too-large", file: file,
              message: Bilingual(zh: "工作簿过大，未打开：\(words)", en: "the workbook is too large and was not opened: \(words)"),
              hint: Bilingual(zh: "只留下情景各表，另存为新文件", en: "keep the sheets of the scenarios only and save them as a new file"))
          ])
      }
      guard status == 0 else { throw failed(words) }
      return try Data(contentsOf: target)
    }
  }

  /// Tells what is no XLSX before any library is asked.
  public static func mustBeWorkbook(_ file: String) throws(ProblemReport) {
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw ProblemReport(
        .missingInput, [Problem("file.missing", file: file, message: Bilingual(zh: "无法读取工作簿", en: "the workbook cannot be read"))])
    }
    let start: [UInt8]
    do { start = [UInt8](try handle.read(upToCount: 4) ?? Data()) } catch { start = [] }
    if start == [0xD0, 0xCF, 0x11, 0xE0] {
      throw unreadable(file, Bilingual(zh: "是旧式 XLS 文件，或设有密码", en: "this is an old XLS file, or one with a password"))
    }
    guard start == [0x50, 0x4B, 0x03, 0x04] else { throw unreadable(file, Bilingual(zh: "不是 XLSX 工作簿", en: "this is no XLSX workbook")) }
  }

  private func run(_ verb: String, _ source: String, _ target: String, in folder: URL) throws -> (Int32, String) {
    let script = folder.appendingPathComponent("workbook.py")
    try Data(PackageResources.workbook_py).write(to: script)
    let (status, output) = try OfficeTool.launch(
      python, ["-I", script.path, verb, source, target], environment: ["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"])
    return (status, output.split(separator: "\n").suffix(2).joined(separator: " "))
  }

  private func inScratch(_ work: (URL) throws -> Data) throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talentcast-book-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let result = Result { try work(folder) }
    try FileManager.default.removeItem(at: folder)
    return try result.get()
  }

  private func failed(_ words: String) -> ProblemReport {
    ProblemReport(
      .failure,
      [
        Problem(
          "book.library", message: Bilingual(zh: "工作簿程序失败：\(words)", en: "the workbook library failed: \(words)"),
          hint: Bilingual(zh: "运行 make install 重新安装", en: "run `make install` to install it again"))
      ])
  }
}

private func unreadable(_ file: String, _ message: Bilingual) -> ProblemReport {
  ProblemReport(
    .badData,
    [
      Problem(
        "book.unreadable", file: file, message: message,
        hint: Bilingual(zh: "在表格软件中另存为不带密码的 .xlsx", en: "save it as .xlsx, without a password"))
    ])
}
