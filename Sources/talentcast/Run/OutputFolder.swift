import Foundation
import Glibc
import Messages

/// A folder that appears whole or not at all: files are written beside it and renamed into place at
/// the end. An earlier result stays readable until the very moment the new one takes its place.
struct OutputFolder {
  let path: String
  private let staging: String
  private var previous: String { "\(path).previous" }

  /// - Parameter marker: file that shows an existing folder to be an earlier result of ours.
  /// - Throws: `.cannotWrite` when the place is taken by something else, or cannot be written.
  init(_ path: String, marker: String) throws(ProblemReport) {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.path = path
    staging = "\(path).partial-\(getpid())"
    let files = FileManager.default
    do {
      try OutputFolder.recover(path)
    } catch {
      throw OutputFolder.unwritable(path, error)
    }
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      let entries: [String]
      do { entries = try files.contentsOfDirectory(atPath: path) } catch { entries = ["?"] }
      guard isFolder.boolValue, entries.isEmpty || files.fileExists(atPath: "\(path)/\(marker)") else {
        throw ProblemReport(
          .cannotWrite,
          [
            Problem(
              "output.taken", file: path,
              message: Bilingual(
                zh: "该位置已有其他内容，不会覆盖", en: "something else is there; it will not be overwritten"),
              hint: Bilingual(zh: "用 --out 指定另一个文件夹", en: "name another folder with --out"))
          ])
      }
    }
    OutputFolder.sweep(path)
    Interruption.watch.begins(staging)
    do {
      try files.createDirectory(atPath: staging, withIntermediateDirectories: true)
    } catch {
      throw OutputFolder.unwritable(path, error)
    }
  }

  /// Writes one file into the folder to be; parents are made as needed.
  func write(_ bytes: [UInt8], to name: String) throws(ProblemReport) {
    let target = "\(staging)/\(name)"
    do {
      try FileManager.default.createDirectory(
        atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(filePath: target))
    } catch {
      throw OutputFolder.unwritable(target, error)
    }
  }

  /// Puts the folder in place and removes what it replaces. Killed between the two renames, the
  /// earlier result waits beside under `.previous` and the next run puts it back.
  func commit() throws(ProblemReport) {
    let files = FileManager.default
    try Interruption.watch.ends(staging) { () throws(ProblemReport) in
      do {
        if files.fileExists(atPath: path) { try files.moveItem(atPath: path, toPath: previous) }
        try files.moveItem(atPath: staging, toPath: path)
        if files.fileExists(atPath: previous) { try files.removeItem(atPath: previous) }
      } catch {
        throw OutputFolder.unwritable(path, error)
      }
    }
  }

  /// Removes what was written so far; an earlier result is untouched.
  func discard() {
    do { try FileManager.default.removeItem(atPath: staging) } catch {
      say("\(staging): \(error.localizedDescription)")
    }
  }

  /// Removes what runs that were killed had staged beside this folder.
  private static func sweep(_ path: String) {
    let parent = (path as NSString).deletingLastPathComponent
    let prefix = "\((path as NSString).lastPathComponent).partial-"
    let folder = parent.isEmpty ? "." : parent
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix(prefix) {
        guard let owner = Int32(name.dropFirst(prefix.count)), kill(owner, 0) == -1, errno == ESRCH else { continue }
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    } catch {
      return  // what cannot be removed does no harm; writing will say if the place is not writable
    }
  }

  /// Ends a replacement that was cut short.
  private static func recover(_ path: String) throws {
    let files = FileManager.default
    let previous = "\(path).previous"
    guard files.fileExists(atPath: previous) else { return }
    if files.fileExists(atPath: path) {
      try files.removeItem(atPath: previous)
    } else {
      try files.moveItem(atPath: previous, toPath: path)
    }
  }

  private static func unwritable(_ path: String, _ reason: Any) -> ProblemReport {
    let text = (reason as? any Error)?.localizedDescription ?? "\(reason)"
    return ProblemReport(
      .cannotWrite,
      [
        Problem(
          "output.unwritable", file: path,
          message: Bilingual(zh: "无法写入：\(text)", en: "cannot write: \(text)"),
          hint: Bilingual(zh: "检查磁盘空间和权限；已有结果未改动", en: "check disk space and rights; earlier results are untouched"))
      ])
  }
}
