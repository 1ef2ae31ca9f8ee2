import Foundation
import Glibc
import Messages

/// Why the system refused something done to a file.
struct FileFailure: Error {
  let path: String
  let code: Int32
  var reason: String { String(cString: strerror(code)) }

  init(_ path: String, _ code: Int32 = errno) { (self.path, self.code) = (path, code) }

  /// As a user reads it.
  func report(_ hint: Bilingual? = nil) -> ProblemReport {
    ProblemReport(
      .cannotWrite,
      [
        Problem(
          "output.unwritable", file: path,
          message: Bilingual(zh: "无法写入：\(reason)", en: "cannot write: \(reason)"),
          hint: hint ?? Bilingual(zh: "检查磁盘空间和权限；已有文件未改动", en: "check disk space and rights; what was there is untouched"))
      ])
  }
}

/// Files and folders by the system's own calls, which say what they did and never follow a link unasked.
enum SystemCalls {
  /// What is at a place; nil when nothing is. A link is told as a link.
  static func status(_ path: String) -> stat? {
    var found = stat()
    return lstat(path, &found) == 0 ? found : nil
  }

  static func isFolder(_ found: stat) -> Bool { found.st_mode & S_IFMT == S_IFDIR }
  static func isFile(_ found: stat) -> Bool { found.st_mode & S_IFMT == S_IFREG }
  static func isLink(_ found: stat) -> Bool { found.st_mode & S_IFMT == S_IFLNK }

  static func isSame(_ a: stat, _ b: stat) -> Bool { a.st_ino == b.st_ino && a.st_dev == b.st_dev }

  /// Folder and name of a path; `.` where it names no folder.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  /// Where a path leads when its last part is a link, or a link to a link; the place need not exist.
  static func target(of path: String) throws(FileFailure) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    for _ in 0..<40 {
      guard let found = status(path), isLink(found) else { return path }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      guard count > 0 else { throw FileFailure(path) }
      let next = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = next.hasPrefix("/") ? next : "\(split(path).folder)/\(next)"
    }
    throw FileFailure(path, ELOOP)
  }

  /// The path without links, as the system resolves it; the place must exist.
  static func resolved(_ path: String) throws(FileFailure) -> String {
    guard let found = realpath(path, nil) else { throw FileFailure(path) }
    defer { free(found) }
    return String(cString: found)
  }

  static func makeFolders(_ path: String) throws(FileFailure) {
    if mkdir(path, 0o777) == 0 { return }
    if errno == EEXIST || errno == EISDIR {
      var found = stat()
      guard stat(path, &found) == 0, isFolder(found) else { throw FileFailure(path, ENOTDIR) }
      return
    }
    let parent = split(path).folder
    guard errno == ENOENT, parent != path, parent != "." else { throw FileFailure(path) }
    try makeFolders(parent)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileFailure(path) }
  }

  /// Writes a new file; it must not be there yet.
  static func create(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o666) throws(FileFailure) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw FileFailure(path) }
    let failure = write(bytes, to: file)
    // Some file systems say only now that there was no room.
    guard close(file) == 0, failure == 0 else { throw FileFailure(path, failure == 0 ? errno : failure) }
  }

  /// - Returns: 0, or the error's number.
  static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
    bytes.withUnsafeBytes { all in
      var at = 0
      while at < all.count {
        let count = Glibc.write(file, all.baseAddress.map { $0 + at }, all.count - at)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : EIO }
        at += count
      }
      return 0
    }
  }

  /// All of a file; nil when it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map(Array.init)
  }

  static func rename(_ old: String, _ new: String) throws(FileFailure) {
    guard Glibc.rename(old, new) == 0 else { throw FileFailure(new) }
  }

  /// Moves a file to a place, which is replaced; across file systems by a copy beside it.
  static func move(_ old: String, _ new: String) throws(FileFailure) {
    if Glibc.rename(old, new) == 0 { return }
    guard errno == EXDEV, let found = status(old), isFile(found), let bytes = read(old) else { throw FileFailure(new) }
    let beside = "\(new).talentcast-\(getpid())"
    do throws(FileFailure) {
      try create(beside, bytes, mode: found.st_mode & 0o777)
      try rename(beside, new)
    } catch {
      unlink(beside)
      throw error
    }
    try remove(old)
  }

  /// A second name for a file, also for a link itself; never replaces anything.
  static func link(_ old: String, _ new: String) throws(FileFailure) {
    guard linkat(AT_FDCWD, old, AT_FDCWD, new, 0) == 0 else { throw FileFailure(new) }
  }

  static func remove(_ path: String) throws(FileFailure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileFailure(path) }
  }

  /// A folder and all that is in it; links are removed, not followed, and no other file system is entered.
  static func removeTree(_ path: String) throws(FileFailure) {
    guard let found = status(path) else { return }
    guard isFolder(found) else { return try remove(path) }
    for name in try names(in: path) {
      let place = "\(path)/\(name)"
      guard let inside = status(place) else { continue }
      guard inside.st_dev == found.st_dev else { throw FileFailure(place, EXDEV) }
      try removeTree(place)
    }
    guard rmdir(path) == 0 || errno == ENOENT else { throw FileFailure(path) }
  }

  /// Names in a folder, sorted.
  static func names(in folder: String) throws(FileFailure) -> [String] {
    guard let stream = opendir(folder) else { throw FileFailure(folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What is below a folder, relative to it and sorted: everything that is no folder, and the folders, outer ones first.
  static func contents(of folder: String, but left: String? = nil) throws(FileFailure) -> (files: [String], folders: [String]) {
    var (files, folders): ([String], [String]) = ([], [])
    var waiting = [""]
    while let next = waiting.popLast() {
      for name in try names(in: next.isEmpty ? folder : "\(folder)/\(next)") {
        let path = next.isEmpty ? name : "\(next)/\(name)"
        guard path != left, let found = status("\(folder)/\(path)") else { continue }
        if isFolder(found) {
          folders.append(path)
          waiting.append(path)
        } else {
          files.append(path)
        }
      }
    }
    return (files.sorted(), folders.sorted())
  }

  // MARK: Exchange

  private typealias RenameAt2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

  /// Two places change what they hold in one step, where system and file system can do that.
  ///
  /// - Returns: 0, or the error's number.
  static func exchange(_ a: String, _ b: String) -> Int32 {
    // Looked up at run time: not every C library has it.
    guard let found = dlsym(nil, "renameat2") else { return ENOSYS }
    let call = unsafeBitCast(found, to: RenameAt2.self)
    return call(AT_FDCWD, a, AT_FDCWD, b, 2) == 0 ? 0 : errno
  }

  /// Whether something else is mounted at a folder (given without links) or below it.
  static func hasMounts(_ folder: String) -> Bool {
    guard let table = read("/proc/self/mountinfo") else { return false }
    // Blanks and the like are written as \040.
    let written = folder.utf8.reduce(into: [UInt8]()) { text, byte in
      if byte <= 0x20 || byte == UInt8(ascii: "\\") { text += "\\\(octal(byte))".utf8 } else { text.append(byte) }
    }
    return table.split(separator: 0x0A).contains { line in
      let fields = line.split(separator: 0x20, maxSplits: 5)
      guard fields.count > 4 else { return false }
      return Array(fields[4]) == written || fields[4].starts(with: written + [0x2F])
    }
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }
}
