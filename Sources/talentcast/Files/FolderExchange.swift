import Foundation
import Glibc
import Messages

/// How a staged folder takes the place of what is there, and how that is ended when it was cut short.
struct FolderExchange {
  /// As the user named it.
  let path: String
  /// The same without links.
  let target: String
  let kind: FolderManifest.Kind
  let work: WorkFolder
  let tell: (Bilingual) -> Void

  /// Ends what an earlier writing left half done and makes the folder to write into.
  func begin() throws(FileFailure) {
    try recover()
    guard mkdir(work.staged, 0o777) == 0, let made = SystemCalls.status(work.staged) else { throw FileFailure(work.staged) }
    // The folder keeps the rights that the user gave it.
    if let there = SystemCalls.status(target) { chmod(work.staged, there.st_mode & 0o7777) }
    try work.note {
      $0.staged = UInt64(made.st_ino)
      $0.isPlacing = false
    }
  }

  /// Whether files are already where they belong, or what was there is in the working folder.
  var isBegun: Bool {
    guard let there = SystemCalls.status(work.staged) else { return false }
    return work.owner.map { $0.isPlacing || $0.staged != UInt64(there.st_ino) } ?? true
  }

  /// Names that we need and that are taken by what we did not write.
  func conflicts() throws(FileFailure) -> [String] {
    guard SystemCalls.status(target) != nil else { return [] }
    let ours = FolderManifest(target, kind)
    let new = try SystemCalls.contents(of: work.staged)
    let folders = new.folders.filter { SystemCalls.status("\(target)/\($0)").map { !SystemCalls.isFolder($0) } == true }
    let files = new.files.filter { name in
      guard let found = SystemCalls.status("\(target)/\(name)") else { return false }
      return SystemCalls.isFolder(found) || (name != kind.file && ours?.files[name] == nil)
    }
    return (folders + files).sorted()
  }

  func put() throws(FileFailure) {
    guard SystemCalls.status(target) != nil else { return try SystemCalls.rename(work.staged, target) }
    if !work.path.hasPrefix("\(target)/") {
      try carry()
      if SystemCalls.exchange(work.staged, target) == 0 { return try settle() }
    }
    try work.note { $0.isPlacing = true }
    try moveIn()
  }

  /// Gives the user's files a second name in the new folder, so that they are never away. What cannot have one (some
  /// file systems) is moved after the exchange.
  private func carry() throws(FileFailure) {
    let ours = FolderManifest(target, kind)
    let there = try SystemCalls.contents(of: target)
    for name in there.files where ours?.files[name] == nil && name != kind.file {
      let place = "\(work.staged)/\(name)"
      do throws(FileFailure) {
        try SystemCalls.makeFolders(SystemCalls.split(place).folder)
        try SystemCalls.link("\(target)/\(name)", place)
      } catch {
        continue
      }
    }
  }

  /// After the exchange: the working folder holds what was in place. Ours is removed, the user's goes back.
  private func settle() throws(FileFailure) {
    let old = work.staged
    let ours = FolderManifest(old, kind)
    let there = try SystemCalls.contents(of: old)
    // The manifest last: until then it says whose the others are.
    for name in there.files.filter({ $0 != kind.file }) {
      let (from, to) = ("\(old)/\(name)", "\(target)/\(name)")
      if ours?.isOurs(name, in: old) == true || isSame(from, to) {
        try SystemCalls.remove(from)
      } else {
        try setIn(from, as: name)
      }
    }
    for name in there.folders where !there.files.contains(where: { $0.hasPrefix("\(name)/") }) && SystemCalls.status("\(target)/\(name)") == nil {
      try SystemCalls.makeFolders("\(target)/\(name)")
    }
    try SystemCalls.removeTree(old)
  }

  /// Moves the staged files to their places one by one and removes what is ours and not made any more.
  private func moveIn() throws(FileFailure) {
    // The manifest moves last; without it all is done.
    if let list = kind.file, SystemCalls.status("\(work.staged)/\(list)") == nil { return }
    let ours = FolderManifest(target, kind)
    let staged = try SystemCalls.contents(of: work.staged)
    let made = Set(FolderManifest(work.staged, kind)?.files.keys.map(\.self) ?? []).union(staged.files)
    for name in staged.files.filter({ $0 != kind.file }) {
      let (from, to) = ("\(work.staged)/\(name)", "\(target)/\(name)")
      // The user's own, which has a second name in the staged folder, stands where it is.
      if isSame(from, to) { continue }
      if SystemCalls.status(to) != nil, ours?.isOurs(name, in: target) != true { try setAside(name) }
      try makeRoom(for: name)
      try SystemCalls.move(from, to)
    }
    for name in (ours?.files.keys.sorted() ?? []) where !made.contains(name) && ours?.isOurs(name, in: target) == true {
      try SystemCalls.remove("\(target)/\(name)")
      var folder = SystemCalls.split(name).folder
      while folder != ".", rmdir("\(target)/\(folder)") == 0 { folder = SystemCalls.split(folder).folder }
    }
    if let list = kind.file { try SystemCalls.move("\(work.staged)/\(list)", "\(target)/\(list)") }
  }

  /// Ends a writing that was cut short.
  func recover() throws(FileFailure) {
    guard let there = SystemCalls.status(work.staged) else { return }
    if work.left?.staged != UInt64(there.st_ino) {
      try settle()
    } else if work.left?.isPlacing == true {
      try moveIn()
    }
    try SystemCalls.removeTree(work.staged)
  }

  // MARK: The user's files

  private func isSame(_ a: String, _ b: String) -> Bool {
    guard let a = SystemCalls.status(a), let b = SystemCalls.status(b) else { return false }
    return SystemCalls.isSame(a, b)
  }

  /// Puts a file of the user's where it was, or beside it where a new one stands there.
  private func setIn(_ from: String, as name: String) throws(FileFailure) {
    var place = "\(target)/\(name)"
    if SystemCalls.status(place) != nil {
      guard let free = freePlace(name, for: from) else { return try SystemCalls.remove(from) }
      place = free
    }
    do throws(FileFailure) {
      try SystemCalls.makeFolders(SystemCalls.split(place).folder)
    } catch {
      // A new file stands where the user had a folder.
      place = freePlace(name.replacing("/", with: "-"), for: from) ?? place
    }
    try SystemCalls.rename(from, place)
    if place != "\(target)/\(name)" { tellKept(place) }
  }

  /// Moves what stands in a place we need to one beside it.
  private func setAside(_ name: String) throws(FileFailure) {
    let from = "\(target)/\(name)"
    guard let free = freePlace(name, for: from) else { return }
    try SystemCalls.rename(from, free)
    tellKept(free)
  }

  /// Makes the folders of a file; a file that stands in their way is set aside.
  private func makeRoom(for name: String) throws(FileFailure) {
    var folder = ""
    for part in SystemCalls.split(name).folder.split(separator: "/") where part != "." {
      folder += folder.isEmpty ? String(part) : "/\(part)"
      if let found = SystemCalls.status("\(target)/\(folder)"), !SystemCalls.isFolder(found) { try setAside(folder) }
      try SystemCalls.makeFolders("\(target)/\(folder)")
    }
  }

  /// `NAME.kept-1` or the next that is free; nil when the same file is kept already.
  private func freePlace(_ name: String, for file: String) -> String? {
    for number in 1... {
      let place = "\(target)/\(name).kept-\(number)"
      if SystemCalls.status(place) == nil { return place }
      if isSame(place, file) { return nil }
    }
    return nil
  }

  private func tellKept(_ place: String) {
    let shown = path + place.dropFirst(target.count)
    tell(Bilingual(zh: "您改过的文件保存为 \(shown)", en: "the file that you had changed is kept as \(shown)"))
  }
}
