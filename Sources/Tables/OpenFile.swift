import Foundation
import Messages

/// A file opened for reading; closed when the last reference goes.
final class OpenFile {
  let descriptor: Int32
  let size: Int
  /// Pipes and terminals can be read only once, from front to back.
  let isRegular: Bool
  private let file: String

  /// - Throws: `.missingInput` when the file does not exist, is a folder, or must not be read.
  init(_ file: String) throws(ProblemReport) {
    self.file = file
    descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OpenFile.cannotOpen(file, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = errno
      close(descriptor)
      throw OpenFile.cannotOpen(file, reason)
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw OpenFile.cannotOpen(file, EISDIR)
    }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Every byte from the beginning (of a pipe: from where it stands).
  func readAll() throws(ProblemReport) -> [UInt8] {
    if isRegular { lseek(descriptor, 0, SEEK_SET) }
    var bytes: [UInt8] = []
    if isRegular { bytes.reserveCapacity(size) }
    var piece = [UInt8](repeating: 0, count: isRegular ? min(max(size + 1, 1), 1 << 20) : 1 << 16)
    while true {
      let got = read(descriptor, &piece, piece.count)
      if got == 0 { return bytes }
      if got < 0 {
        if errno == EINTR { continue }
        throw OpenFile.cannotOpen(file, errno)
      }
      bytes.append(contentsOf: piece[..<got])
    }
  }

  private static func cannotOpen(_ file: String, _ reason: Int32) -> ProblemReport {
    let message =
      switch reason {
      case ENOENT, ENOTDIR: Bilingual(zh: "文件不存在", en: "the file does not exist")
      case EACCES, EPERM: Bilingual(zh: "没有读取文件的权限", en: "reading the file is not permitted")
      case EISDIR: Bilingual(zh: "这是文件夹，不是文件", en: "this is a folder, not a file")
      default:
        Bilingual(
          zh: "无法读取文件（系统错误 \(reason)：\(String(cString: strerror(reason)))）",
          en: "the file cannot be read (system error \(reason): \(String(cString: strerror(reason))))")
      }
    return ProblemReport(.missingInput, [Problem("file.missing", file: file, message: message)])
  }
}
