import Foundation
import Glibc

/// A second process of this program that clears up when the first is killed without warning: it waits at a pipe, and when
/// that closes with no word of farewell, ends what was left half done as the next writing would.
struct Keeper {
  private let farewell: Int32

  /// - Returns: nil when there is none: the next writing then clears up.
  init?(_ path: String, _ kind: FolderManifest.Kind) {
    guard Keeper.isWanted else { return nil }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    // Out of the reach of Ctrl-C, which the first process answers itself.
    posix_spawnattr_setflags(&attributes, Keeper.ownSession)
    var words: [UnsafeMutablePointer<CChar>?] = ["talentcast", Keeper.word, path, kind.rawValue].map { (text: String) in strdup(text) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    guard posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, environ) == 0 else {
      close(ends[1])
      return nil
    }
    farewell = ends[1]
  }

  /// Nothing is left to clear up.
  func dismiss() {
    _ = SystemCalls.write([0], to: farewell)
    close(farewell)
  }

  // MARK: The second process

  /// `POSIX_SPAWN_SETSID`.
  private static let ownSession: Int16 = 0x80
  private static let word = "--clear-up-after"
  nonisolated(unsafe) private static var isWanted = false

  /// To be called first by the program: it is a keeper when asked for one, and then does not return.
  static func start() {
    isWanted = true
    let words = CommandLine.arguments
    guard words.count == 4, words[1] == word, let kind = FolderManifest.Kind(rawValue: words[3]) else { return }
    for signal in [SIGINT, SIGTERM, SIGHUP] { Glibc.signal(signal, SIG_IGN) }
    var byte: UInt8 = 0
    if read(STDIN_FILENO, &byte, 1) < 1 { OutputFolder.clear(words[2], manifest: kind) }
    _exit(0)
  }
}
