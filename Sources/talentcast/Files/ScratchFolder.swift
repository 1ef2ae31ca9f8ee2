import Foundation
import Glibc

/// A folder for files between two programs; gone when the work is done or interrupted.
struct ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "talentcast-\(getpid())-\(UUID().uuidString)")
    Interruption.watch.begins(url.path)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func remove() {
    do throws(FileFailure) {
      try Interruption.watch.ends(url.path) { () throws(FileFailure) in try SystemCalls.removeTree(url.path) }
    } catch {
      say("\(error.path): \(error.reason)")
    }
  }
}
