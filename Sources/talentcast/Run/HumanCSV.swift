/// A table that people open in a spreadsheet: UTF-8 with BOM and CRLF, so that a double click shows Chinese, and no
/// field that a spreadsheet would run as a formula.
struct HumanCSV {
  let rows: [[String]]

  var text: String { "\u{FEFF}" + rows.map { $0.map(HumanCSV.field).joined(separator: ",") + "\r\n" }.joined() }

  /// Quoted where it must be (RFC 4180). What begins as a formula does gets an apostrophe in front, which spreadsheets
  /// take for the mark of a text; numbers stay as they are.
  static func field(_ text: String) -> String {
    let text = startsFormula(text) ? "'" + text : text
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }

  private static func startsFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else { return false }
    return Double(text)?.isFinite != true
  }
}
