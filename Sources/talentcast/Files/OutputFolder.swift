import Foundation
import Glibc
import Messages

/// A folder that appears whole or not at all, and in which nothing of the user's is ever lost.
///
/// The files are made in a working folder and change places with an earlier result in one step. Of what was there, only
/// files that our manifest lists and nobody changed are removed: the user's own stay where they are, and a listed file
/// that was changed is set aside as `NAME.kept-1`. Where the two cannot change places (mount points, some file systems)
/// the files are moved one by one; cut short, the next writing goes on from there.
struct OutputFolder {
  /// As the user named it.
  let path: String
  private let kind: FolderManifest.Kind
  private let work: WorkFolder
  private let exchange: FolderExchange
  private let keeper: Keeper?
  private let isForced: Bool
  private let tell: (Bilingual) -> Void

  /// - Parameters:
  ///   - manifest: the list that shows an existing folder to be an earlier result of ours.
  ///   - force: use a folder with other files in it as well; they stay, and one whose name is needed is set aside.
  ///   - patience: how many seconds to wait for another process that writes there.
  ///   - tell: says that it waits for another process, and what was set aside.
  /// - Throws: `.cannotWrite` when the place is taken by something else, or cannot be written; `.tryAgain` when another
  ///   process did not end.
  init(
    _ path: String, manifest: FolderManifest.Kind, force: Bool = false, patience: Double = 60, tell: @escaping (Bilingual) -> Void
  ) throws(ProblemReport) {
    self.path = path
    (kind, isForced, self.tell) = (manifest, force, tell)
    try OutputFolder.check(path, manifest: manifest, force: force)
    let (target, working): (String, String)
    do throws(FileFailure) {
      target = try OutputFolder.place(path)
      working = try OutputFolder.working(target)
      try SystemCalls.makeFolders(SystemCalls.split(working).folder)
    } catch {
      throw error.report()
    }
    keeper = Keeper(path, manifest)
    do throws(ProblemReport) {
      (work, exchange) = try OutputFolder.taken(working, target, path, manifest, patience: patience, tell: tell)
    } catch {
      keeper?.dismiss()
      throw error
    }
  }

  /// The working folder with its lock, cleared of what an earlier writing left; waits while another process has it.
  private static func taken(
    _ working: String, _ target: String, _ path: String, _ kind: FolderManifest.Kind, patience: Double, tell: @escaping (Bilingual) -> Void
  ) throws(ProblemReport) -> (WorkFolder, FolderExchange) {
    let clock = ContinuousClock()
    let start = clock.now
    var isTold = false
    while true {
      var held: (WorkFolder, FolderExchange)?
      var owner: Bilingual?
      try Interruption.watch.undisturbed { () throws(ProblemReport) in
        switch try WorkFolder.attempt(working) {
        case .gone: break
        case .busy(let by): owner = by
        case .held(let work):
          let exchange = FolderExchange(path: path, target: target, kind: kind, work: work, tell: tell)
          do throws(FileFailure) { try exchange.begin() } catch {
            work.discard()
            throw error.report()
          }
          Interruption.watch.begins(work.path)
          held = (work, exchange)
        }
      }
      if let held { return held }
      guard let owner else { continue }
      guard clock.now - start < .seconds(patience) else { throw WorkFolder.busy(path, owner) }
      if !isTold {
        tell(Bilingual(zh: "\(path) 正由\(owner.zh)写入；等它写完", en: "\(path) is being written by \(owner.en); waiting for it"))
      }
      isTold = true
      usleep(50_000)
    }
  }

  /// Ends what a process left half done that is gone; does nothing where another one is at it.
  static func clear(_ path: String, manifest kind: FolderManifest.Kind) {
    do {
      let target = try place(path)
      let working = try working(target)
      guard SystemCalls.status(working) != nil, case .held(let work) = try WorkFolder.attempt(working) else { return }
      try FolderExchange(path: path, target: target, kind: kind, work: work, tell: { _ in }).recover()
      try work.remove()
    } catch {
      return
    }
  }

  /// Whether a folder may be written, asked before long work.
  static func check(_ path: String, manifest kind: FolderManifest.Kind, force: Bool) throws(ProblemReport) {
    let names: [String]
    do throws(FileFailure) {
      let target = try place(path)
      guard SystemCalls.status(target) != nil else { return }
      names = try SystemCalls.names(in: target).filter { $0 != inner }
      if names.isEmpty || FolderManifest(target, kind) != nil { return }
    } catch {
      throw error.report()
    }
    if force, kind.file != nil { return }
    throw occupied(path, [""])
  }

  /// Writes one file into the folder to be; parents are made as needed.
  func write(_ bytes: [UInt8], to name: String) throws(ProblemReport) {
    do throws(FileFailure) {
      try Interruption.watch.undisturbed { () throws(FileFailure) in
        let place = "\(work.staged)/\(name)"
        try SystemCalls.makeFolders(SystemCalls.split(place).folder)
        try SystemCalls.create(place, bytes)
      }
    } catch {
      throw error.report()
    }
  }

  /// Takes over the files of the earlier result that are not written anew.
  func keepTheRest() throws(ProblemReport) {
    let target = exchange.target
    guard let ours = FolderManifest(target, kind) else { return }
    do throws(FileFailure) {
      for name in ours.files.keys.sorted() where ours.isOurs(name, in: target) {
        try Interruption.watch.undisturbed { () throws(FileFailure) in
          let place = "\(work.staged)/\(name)"
          guard SystemCalls.status(place) == nil else { return }
          try SystemCalls.makeFolders(SystemCalls.split(place).folder)
          do throws(FileFailure) { try SystemCalls.link("\(target)/\(name)", place) } catch {
            try SystemCalls.create(place, SystemCalls.read("\(target)/\(name)") ?? [])
          }
        }
      }
    } catch {
      throw error.report()
    }
  }

  /// Puts the folder in place.
  ///
  /// - Throws: `.cannotWrite`; what was there is then as it was.
  func commit() throws(ProblemReport) {
    try Interruption.watch.ends(work.path) { () throws(ProblemReport) in
      let conflicts: [String]
      do throws(FileFailure) {
        if kind == .checksums { try writeChecksums() }
        conflicts = try exchange.conflicts()
      } catch {
        throw error.report()
      }
      guard conflicts.isEmpty || isForced else { throw OutputFolder.occupied(path, conflicts) }
      // From here on the working folder may hold what is the user's.
      Interruption.watch.forgets(work.path)
      do throws(FileFailure) {
        try exchange.put()
        try work.remove()
        keeper?.dismiss()
      } catch {
        throw error.report()
      }
    }
  }

  /// Removes what was written so far; an earlier result is untouched.
  func discard() {
    do throws(FileFailure) {
      try Interruption.watch.ends(work.path) { () throws(FileFailure) in
        // Half in place: the next writing goes on from there.
        if exchange.isBegun { work.leave() } else { try work.remove() }
        keeper?.dismiss()
      }
    } catch {
      tell(Bilingual(zh: "\(error.path)：\(error.reason)", en: "\(error.path): \(error.reason)"))
    }
  }

  private func writeChecksums() throws(FileFailure) {
    let place = "\(work.staged)/\(FolderManifest.checksumFile)"
    guard SystemCalls.status(place) == nil else { return }
    let lines = try SystemCalls.contents(of: work.staged).files.map { name in
      "\(SHA256.hex(SystemCalls.read("\(work.staged)/\(name)") ?? []))  \(name)\n"
    }
    try SystemCalls.create(place, Array((FolderManifest.heading + "\n" + lines.joined()).utf8))
  }

  // MARK: Places

  /// The working folder inside a target that cannot be exchanged.
  private static let inner = ".talentcast"

  /// Where the user's path leads, without links.
  private static func place(_ path: String) throws(FileFailure) -> String {
    guard !path.isEmpty else { throw FileFailure("''", ENOENT) }
    let target = try SystemCalls.target(of: path)
    if let found = SystemCalls.status(target) {
      guard SystemCalls.isFolder(found) else { throw FileFailure(path, ENOTDIR) }
      return try SystemCalls.resolved(target)
    }
    let name = SystemCalls.split(target).name
    guard !name.isEmpty, name != ".", name != ".." else { throw FileFailure(path, ENOENT) }
    guard name.utf8.count <= 240 else { throw FileFailure(path, ENAMETOOLONG) }
    return target
  }

  /// The working folder of a target.
  private static func working(_ target: String) throws(FileFailure) -> String {
    let (folder, name) = SystemCalls.split(target)
    return try mustStay(target) ? "\(target)/\(inner)" : "\(folder)/.\(name).talentcast"
  }

  /// Whether a folder cannot change places with another: something is mounted there, we stand in it, or the folder
  /// around it may not be written.
  private static func mustStay(_ target: String) throws(FileFailure) -> Bool {
    guard SystemCalls.status(target) != nil else { return false }
    let around = SystemCalls.split(target).folder
    let here = try SystemCalls.resolved(".")
    return target == "/" || target == here || SystemCalls.hasMounts(target) || access(around, W_OK | X_OK) != 0
  }

  private static func occupied(_ path: String, _ names: [String]) -> ProblemReport {
    ProblemReport(
      .cannotWrite,
      names.map {
        Problem(
          "output.taken", file: $0.isEmpty ? path : "\(path)/\($0)",
          message: Bilingual(zh: "该位置已有其他内容，不会覆盖", en: "something else is there; it will not be overwritten"),
          hint: Bilingual(
            zh: "用 --out 指定另一个文件夹；加 --force 则其中的文件都留着，同名的改名保存",
            en: "name another folder with --out; with --force its files stay and one of the same name is kept under another"))
      })
  }
}
