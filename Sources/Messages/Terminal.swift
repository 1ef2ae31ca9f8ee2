import Foundation

/// The terminal that standard output goes to, if it goes to one.
public enum Terminal {
  /// Its breadth in columns: what it says itself, else `COLUMNS`, else 80; nil where output goes to a file or a pipe.
  public static let width: Int? = {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    let answered = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    if answered, size.ws_col > 0 { return max(40, Int(size.ws_col)) }
    return max(40, ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80)
  }()
}
