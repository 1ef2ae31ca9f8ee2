import Messages

/// What makes a YAML text too costly to parse, found in one pass over its bytes before any parser recurses into it.
///
/// An anchor that holds an alias may multiply without end, and a parser that compares keys walks all of it; so
/// aliases may not be nested. What is left grows with the size of the file times its aliases.
struct SpecExcess {
  let line: Int
  let column: Int
  let what: Bilingual

  /// An anchor whose value may not have ended yet: the indentation of its line, the brackets open around it.
  private struct Anchor {
    let indent: Int
    let open: Int
  }

  init?(_ text: String) {
    if text.utf8.count > SpecLimits.bytes {
      (line, column, what) = (1, 1, Bilingual(zh: "大小 \(SpecLimits.bytes) 字节", en: "\(SpecLimits.bytes) bytes"))
      return
    }
    var (row, position, open, dashes, aliases) = (1, 0, 0, 0, 0)
    var (indent, isLineStart) = (0, true)
    var anchors: [Anchor] = []
    var previous = UInt8(ascii: "\n")
    var bytes = text.utf8.makeIterator()
    var next = bytes.next()
    while let byte = next {
      next = bytes.next()
      position += 1
      if isLineStart, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r"), dashes == 0 {
        indent = position - 1
        // A value ends before a line that is set in no farther; items of a list may stand as far in as their key.
        anchors.removeAll { open <= $0.open && ($0.indent > indent || $0.indent == indent && byte != UInt8(ascii: "-")) }
      }
      let isToken = previous <= 32 || [UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ":")].contains(previous)
      let startsName = next.map {
        $0 > 32 && ![UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}")].contains($0)
      }
      switch byte {
      case UInt8(ascii: "\n"): (row, position, dashes, isLineStart) = (row + 1, 0, 0, true)
      case UInt8(ascii: "["), UInt8(ascii: "{"): (open, isLineStart) = (open + 1, false)
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        (open, isLineStart) = (max(0, open - 1), false)
        anchors.removeAll { $0.open >= open && open > 0 || $0.open > open }
      case UInt8(ascii: ",") where open > 0:
        anchors.removeAll { $0.open >= open }
        isLineStart = false
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if isLineStart { dashes += 1 }
      case UInt8(ascii: "&") where isToken && startsName == true:
        // What stands behind a dash is set in farther than the dash.
        anchors.append(Anchor(indent: dashes > 0 ? indent + 1 : indent, open: open))
        isLineStart = false
      case UInt8(ascii: "*") where isToken && startsName == true:
        aliases += 1
        isLineStart = false
        if !anchors.isEmpty {
          (line, column) = (row, position)
          what = Bilingual(zh: "锚点的值中又有别名", en: "an alias inside the value of an anchor")
          return
        }
      case UInt8(ascii: " "), UInt8(ascii: "\r"): break
      default: isLineStart = false
      }
      previous = byte
      if open > SpecLimits.depth || dashes > SpecLimits.depth {
        (line, column) = (row, position)
        what = Bilingual(zh: "嵌套 \(SpecLimits.depth) 层", en: "\(SpecLimits.depth) levels of nesting")
        return
      }
      if aliases > SpecLimits.aliases {
        (line, column) = (row, position)
        what = Bilingual(zh: "别名 \(SpecLimits.aliases) 个", en: "\(SpecLimits.aliases) aliases")
        return
      }
    }
    return nil
  }
}
