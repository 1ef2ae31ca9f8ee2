import Foundation
import Messages

/// A folder of published forecasts, one file a run, that only grows.
///
/// A file is named by run id, method version and data digest. It is written beside and then linked to
/// its name, so it appears whole or not at all and an existing one is never replaced: saving the same
/// vintage again changes nothing, saving another one under the same name is refused.
public struct VintageStore: Sendable {
  public let directory: String

  public init(directory: String) { self.directory = directory }

  /// Where a vintage is, or would be, kept.
  public func path(of vintage: Vintage) -> String {
    "\(directory)/\(vintage.runID)~\(vintage.methodVersion)~\(vintage.dataHash.prefix(16)).json"
  }

  /// Keeps a vintage for good.
  /// - Returns: the file's path.
  /// - Throws: `.cannotWrite` when the folder cannot be written or another vintage has the name;
  ///   `.usage` when run id, version or digest cannot stand in a file name.
  @discardableResult
  public func save(_ vintage: Vintage) throws(ProblemReport) -> String {
    for (name, text) in [
      ("run id", vintage.runID), ("method version", vintage.methodVersion), ("data hash", vintage.dataHash),
    ] where !VintageStore.isFileName(text) {
      throw VintageStore.report(
        .usage, "vintage.bad-name", directory,
        Bilingual(zh: "“\(text)”不能作文件名（\(name)）", en: "the \(name) '\(text)' cannot be part of a file name"),
        Bilingual(zh: "只用字母、数字、汉字和 - _ .", en: "use letters, digits, - _ and . only"))
    }
    let path = path(of: vintage)
    let files = FileManager.default
    let draft =
      "\(directory)/.\(vintage.runID)~\(vintage.dataHash.prefix(16))~\(ProcessInfo.processInfo.processIdentifier).draft"
    do {
      let data = Data(try jsonText(vintage).utf8)
      try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
      if let kept = files.contents(atPath: path) {
        guard kept == data else { throw VintageStore.taken(path) }
        return path
      }
      try data.write(to: URL(fileURLWithPath: draft))
      defer { VintageStore.remove(draft) }
      do {
        try files.linkItem(atPath: draft, toPath: path)
      } catch  where files.fileExists(atPath: path) {
        throw VintageStore.taken(path)
      }
    } catch let report as ProblemReport {
      throw report
    } catch {
      throw VintageStore.report(
        .cannotWrite, "vintage.cannot-write", path,
        Bilingual(
          zh: "无法写入：\(error.localizedDescription)", en: "cannot write: \(error.localizedDescription)"), nil)
    }
    return path
  }

  /// Every vintage of the folder, by file name; none when the folder does not exist yet.
  /// - Throws: `.badData` naming every file that is not a vintage; `.missingInput` when the folder cannot be read.
  public func load() throws(ProblemReport) -> [Vintage] {
    let files = FileManager.default
    guard files.fileExists(atPath: directory) else { return [] }
    var problems: [Problem] = []
    var vintages: [Vintage] = []
    let names: [String]
    do {
      names = try files.contentsOfDirectory(atPath: directory)
    } catch {
      throw VintageStore.report(
        .missingInput, "vintage.cannot-read", directory,
        Bilingual(zh: "无法读取该文件夹", en: "the folder cannot be read"), nil)
    }
    for name in names.sorted() where name.hasSuffix(".json") && !name.hasPrefix(".") {
      let path = "\(directory)/\(name)"
      do {
        vintages.append(try JSONDecoder().decode(Vintage.self, from: files.contents(atPath: path) ?? Data()))
      } catch {
        problems.append(
          Problem(
            "vintage.unreadable", file: path,
            message: Bilingual(zh: "不是一份预测存档", en: "this is not a stored forecast"),
            hint: Bilingual(zh: "存档只增不改；请移走该文件", en: "the store is append-only; move this file away")))
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    return vintages
  }

  private static func isFileName(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix(".") && text.utf8.count <= 80
      && text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
  }

  private static func taken(_ path: String) -> ProblemReport {
    report(
      .cannotWrite, "vintage.exists", path,
      Bilingual(zh: "同名预测存档已存在且内容不同", en: "another forecast is already kept under this name"),
      Bilingual(zh: "存档从不覆盖：请换一个运行编号", en: "the store never overwrites: choose another run id"))
  }

  private static func report(
    _ status: ExitStatus, _ code: String, _ path: String, _ message: Bilingual, _ hint: Bilingual?
  ) -> ProblemReport {
    ProblemReport(status, [Problem(code, file: path, message: message, hint: hint)])
  }

  /// A draft left behind does no harm: it is hidden and never read.
  private static func remove(_ path: String) {
    do { try FileManager.default.removeItem(atPath: path) } catch {}
  }
}
