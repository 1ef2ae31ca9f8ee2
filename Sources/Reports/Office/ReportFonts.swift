import Foundation

/// The fonts that pictures and printed reports need for Chinese.
public enum ReportFonts {
  /// Name of a font, and how its files begin.
  private static let needed = [("Noto Sans CJK SC", "NotoSansCJK"), ("Noto Serif CJK SC", "NotoSerifCJK")]

  /// Names of the fonts that are not in the places where programs look for them.
  public static func missing(environment: [String: String]) -> [String] {
    let home = environment["HOME"] ?? ""
    let own = environment["TYPST_FONT_PATHS"].map { $0.split(separator: ":").map(String.init) } ?? []
    let places = own + ["/usr/share/fonts", "/usr/local/share/fonts"] + (home.isEmpty ? [] : ["\(home)/.fonts", "\(home)/.local/share/fonts"])
    var wanted = needed
    for place in places where !wanted.isEmpty {
      guard let files = FileManager.default.enumerator(atPath: place) else { continue }
      while !wanted.isEmpty, let file = files.nextObject() as? String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        wanted.removeAll { name.hasPrefix($0.1) }
      }
    }
    return wanted.map(\.0)
  }
}
