import Foundation
import Glibc
import Messages

/// The folder in which a result is made before it takes its place: one a target, beside it and hidden, or in it where
/// the target is a mount point.
///
/// It holds `lock`, which says who writes since when and is locked as long as that process lives, and `new`, the files.
struct WorkFolder {
  let path: String
  private let lock: Int32
  /// What the lock said before: of a process that ended in the middle, or nothing.
  let left: Owner?

  var staged: String { "\(path)/new" }

  /// Who holds, or held, the lock.
  struct Owner {
    fileprivate static let heading = "talentcast: a result is being written"
    var process = getpid()
    var host = WorkFolder.host
    var since = Date().ISO8601Format()
    /// Number of the staged folder in its file system, by which it is told from an earlier result put in its place.
    var staged: UInt64 = 0
    /// The files are being moved to their places one by one.
    var isPlacing = false

    fileprivate init() {}

    /// - Returns: nil when the text is none of ours.
    fileprivate init?(_ bytes: [UInt8]) {
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      guard lines.first == Owner.heading else { return nil }
      for line in lines.dropFirst() {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { continue }
        switch parts[0] {
        case "process": process = Int32(parts[1]) ?? 0
        case "host": host = parts[1]
        case "since": since = parts[1]
        case "staged": staged = UInt64(parts[1]) ?? 0
        case "placing": isPlacing = parts[1] == "yes"
        default: break
        }
      }
    }

    fileprivate var text: String {
      "\(Owner.heading)\nprocess \(process)\nhost \(host)\nsince \(since)\nstaged \(staged)\nplacing \(isPlacing ? "yes" : "no")\n"
    }

    var words: Bilingual {
      Bilingual(zh: "\(host) 上的进程 \(process)，\(since) 起", en: "process \(process) on \(host), since \(since)")
    }
  }

  /// What came of trying to take the lock.
  enum Attempt {
    case held(WorkFolder)
    /// Another process has it.
    case busy(Bilingual)
    /// The folder went away between two steps.
    case gone
  }

  /// Tries to take the lock.
  ///
  /// - Throws: `.cannotWrite` when the place is taken by something else, or cannot be written.
  static func attempt(_ path: String) throws(ProblemReport) -> Attempt {
    if mkdir(path, 0o777) != 0 {
      let isOurs: Bool
      do throws(FileFailure) { isOurs = try WorkFolder.isOurs(path) } catch { throw error.report() }
      guard isOurs else { throw foreign(path) }
    }
    let file = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if file < 0, errno == ENOENT { return .gone }
    guard file >= 0 else { throw FileFailure("\(path)/lock").report() }
    let before = text(file)
    guard flock(file, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && isDead(before)) else {
      close(file)
      return .busy(Owner(before)?.words ?? Bilingual(zh: "另一进程", en: "another process"))
    }
    // Whoever had it may have removed the folder in the meantime.
    var (mine, there) = (stat(), stat())
    guard fstat(file, &mine) == 0, lstat("\(path)/lock", &there) == 0, SystemCalls.isSame(mine, there) else {
      close(file)
      return .gone
    }
    let work = WorkFolder(path: path, lock: file, left: Owner(text(file)))
    do throws(FileFailure) { try work.note { _ in } } catch {
      // A folder made just now has nothing in it yet; one of an earlier writing waits for room.
      if before.isEmpty { work.discard() } else { work.leave() }
      throw error.report()
    }
    return .held(work)
  }

  /// Writes into the lock what has changed.
  func note(_ change: (inout Owner) -> Void) throws(FileFailure) {
    var owner = self.owner ?? Owner()
    let now = Owner()
    (owner.process, owner.host, owner.since) = (now.process, now.host, now.since)
    change(&owner)
    let bytes = Array(owner.text.utf8)
    // Never empty in between: what it says decides what becomes of the files.
    guard pwrite(lock, bytes, bytes.count, 0) == bytes.count, ftruncate(lock, off_t(bytes.count)) == 0 else {
      throw FileFailure("\(path)/lock")
    }
  }

  /// What the lock says now.
  var owner: Owner? { Owner(WorkFolder.text(lock)) }

  /// Removes a folder in which nothing is staged.
  func discard() {
    if rmdir(staged) != 0, errno != ENOENT { return leave() }
    unlink("\(path)/lock")
    rmdir(path)
    close(lock)
  }

  /// Gives up the lock and leaves the folder as it is, for the next one to go on from.
  func leave() { close(lock) }

  /// Removes the folder and gives up the lock. Nobody's file may be in it any more.
  func remove() throws(FileFailure) {
    try SystemCalls.removeTree(staged)
    try SystemCalls.remove("\(path)/lock")
    // Whoever waits for it may have begun anew in it.
    guard rmdir(path) == 0 || errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT else { throw FileFailure(path) }
    close(lock)
  }

  /// Whether a folder that is there is a working folder: empty, or with our lock.
  private static func isOurs(_ path: String) throws(FileFailure) -> Bool {
    guard errno == EEXIST else { throw FileFailure(path) }
    guard let found = SystemCalls.status(path) else { return true }
    guard SystemCalls.isFolder(found) else { return false }
    if let text = SystemCalls.read("\(path)/lock") { return text.isEmpty || Owner(text) != nil }
    return try SystemCalls.names(in: path).allSatisfy { $0 == "lock" }
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "?" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func text(_ file: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = pread(file, &buffer, buffer.count, 0)
    return Array(buffer[..<max(0, count)])
  }

  /// Where the file system has no locks: whether the process that wrote the text is gone.
  private static func isDead(_ text: [UInt8]) -> Bool {
    guard let owner = Owner(text) else { return true }
    return owner.host == host && kill(owner.process, 0) == -1 && errno == ESRCH
  }

  static func busy(_ target: String, _ owner: Bilingual) -> ProblemReport {
    ProblemReport(
      .tryAgain,
      [
        Problem(
          "output.busy", file: target,
          message: Bilingual(zh: "正由\(owner.zh)写入", en: "it is being written by \(owner.en)"),
          hint: Bilingual(zh: "等它写完，或用 --out 指定另一个文件夹", en: "wait for it, or name another folder with --out"))
      ])
  }

  private static func foreign(_ path: String) -> ProblemReport {
    ProblemReport(
      .cannotWrite,
      [
        Problem(
          "output.taken", file: path,
          message: Bilingual(zh: "写入时要用的这个位置已有其他内容", en: "the place needed while writing holds something else"),
          hint: Bilingual(zh: "移走它，或用 --out 指定另一个文件夹", en: "move it away, or name another folder with --out"))
      ])
  }
}
