import Foundation
import Glibc
import Messages

/// Files that appear all together or not at all, and replace nothing unasked: made beside their places, then renamed.
struct FileSet {
  let files: [(path: String, bytes: [UInt8])]
  /// Whether a file that is there and says something else may be replaced.
  let isForced: Bool

  init(_ files: [(path: String, bytes: [UInt8])], force: Bool) {
    self.files = files
    isForced = force
  }

  /// One file.
  init(_ path: String, _ text: String, force: Bool) { self.init([(path, Array(text.utf8))], force: force) }

  /// Links are followed to the file they lead to; a file that says the same already is left alone; a device or a pipe is
  /// written as it is.
  ///
  /// - Throws: `.cannotWrite` with every file that is there; what was there before is then as it was.
  func write() throws(ProblemReport) {
    var places: [Place] = []
    var channels: [(path: String, bytes: [UInt8])] = []
    do throws(FileFailure) {
      for file in files {
        let place = try SystemCalls.target(of: file.path)
        guard let found = SystemCalls.status(place) else {
          try SystemCalls.makeFolders(SystemCalls.split(place).folder)
          places.append(Place(path: place, bytes: file.bytes, there: nil))
          continue
        }
        guard !SystemCalls.isFolder(found) else { throw FileFailure(file.path, EISDIR) }
        guard SystemCalls.isFile(found) else {
          channels.append(file)
          continue
        }
        if SystemCalls.read(place) != file.bytes { places.append(Place(path: place, bytes: file.bytes, there: found)) }
      }
    } catch {
      throw error.report()
    }
    let present = places.filter { $0.there != nil }.map(\.path)
    guard isForced || present.isEmpty else { throw FileSet.taken(present) }
    do throws(FileFailure) {
      for channel in channels { try write(channel.bytes, toChannel: channel.path) }
      defer { for place in places { clear(place.staged) } }
      for place in places { try stage(place) }
      try Interruption.watch.undisturbed { () throws(FileFailure) in try put(places) }
    } catch {
      throw error.code == EEXIST ? FileSet.taken([error.path]) : error.report()
    }
  }

  /// What to say of files that are there.
  static func taken(_ paths: [String]) -> ProblemReport {
    ProblemReport(
      .cannotWrite,
      paths.map {
        Problem(
          "file.taken", file: $0, message: Bilingual(zh: "文件已存在，不会覆盖", en: "the file is there already and is not overwritten"),
          hint: Bilingual(zh: "确要覆盖请加 --force", en: "add --force to overwrite it"))
      })
  }

  private struct Place {
    let path: String
    let bytes: [UInt8]
    let there: stat?

    var staged: String {
      let (folder, name) = SystemCalls.split(path)
      return "\(folder)/.\(name).talentcast-\(getpid())"
    }
  }

  private func stage(_ place: Place) throws(FileFailure) {
    Interruption.watch.begins(place.staged)
    try Interruption.watch.undisturbed { () throws(FileFailure) in
      sweep(place)
      try SystemCalls.create(place.staged, place.bytes)
      if let there = place.there { chmod(place.staged, there.st_mode & 0o7777) }
    }
  }

  /// Every file to its place; on a failure those already there go back.
  private func put(_ places: [Place]) throws(FileFailure) {
    var done: [(Place, isExchanged: Bool)] = []
    do throws(FileFailure) {
      for place in places {
        guard place.there != nil else {
          // A second name replaces nothing, also what came in this moment.
          do throws(FileFailure) { try SystemCalls.link(place.staged, place.path) } catch {
            guard error.code != EEXIST, SystemCalls.status(place.path) == nil else { throw FileFailure(place.path, EEXIST) }
            try SystemCalls.rename(place.staged, place.path)
          }
          done.append((place, false))
          continue
        }
        let isExchanged = SystemCalls.exchange(place.staged, place.path) == 0
        if !isExchanged { try SystemCalls.rename(place.staged, place.path) }
        done.append((place, isExchanged))
      }
    } catch {
      for (place, isExchanged) in done {
        if isExchanged { _ = SystemCalls.exchange(place.staged, place.path) } else if place.there == nil { unlink(place.path) }
      }
      throw error
    }
  }

  private func write(_ bytes: [UInt8], toChannel path: String) throws(FileFailure) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileFailure(path) }
    let failure = SystemCalls.write(bytes, to: file)
    guard close(file) == 0, failure == 0 else { throw FileFailure(path, failure == 0 ? errno : failure) }
  }

  private func clear(_ staged: String) {
    Interruption.watch.undisturbed {
      unlink(staged)
      Interruption.watch.forgets(staged)
    }
  }

  /// Removes what processes that are gone had staged for the same file.
  private func sweep(_ place: Place) {
    let (folder, name) = SystemCalls.split(place.path)
    let prefix = ".\(name).talentcast-"
    let names: [String]
    do throws(FileFailure) { names = try SystemCalls.names(in: folder) } catch { return }
    for other in names where other.hasPrefix(prefix) {
      guard let owner = Int32(other.dropFirst(prefix.count)), owner > 0, kill(owner, 0) == -1, errno == ESRCH else { continue }
      unlink("\(folder)/\(other)")
    }
  }
}
