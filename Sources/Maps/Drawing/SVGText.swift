import Messages

/// An SVG picture under construction: elements in drawing order, numbers with at most two decimals.
package struct SVGText: Sendable {
  private var text = ByteText()
  /// Stands before every id and every reference to one, so that pictures inlined into one page keep apart.
  private let ids: String

  /// Attributes in writing order.
  package struct Attributes: ExpressibleByDictionaryLiteral, Sendable {
    fileprivate let list: [(name: String, value: Value)]
    package init(dictionaryLiteral elements: (String, Value)...) { list = elements.map { ($0.0, $0.1) } }
    private init(_ list: [(name: String, value: Value)]) { self.list = list }
    package static func + (a: Attributes, b: Attributes) -> Attributes { Attributes(a.list + b.list) }
  }

  package enum Value: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringInterpolation, Sendable
  {
    case text(String), number(Double)
    package init(stringLiteral text: String) { self = .text(text) }
    package init(floatLiteral number: Double) { self = .number(number) }
    package init(integerLiteral number: Int) { self = .number(Double(number)) }
  }

  package static let fonts = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"

  /// - Parameters:
  ///   - picture: what no other picture is called: its ids begin with a number made of it.
  ///   - millimetres: width on paper; nil: a unit is a pixel.
  package init(width: Double, height: Double, title: String, picture: String, millimetres: Double? = nil) {
    // Fowler–Noll–Vo 1a, 32 bits.
    let number = picture.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    ids = "m\(String(number, radix: 36))-"
    let size = millimetres.map { ("\(short($0))mm", "\(short($0 * height / width))mm") } ?? (short(width), short(height))
    text.append(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 \(short(width)) \(short(height))\" width=\"\(size.0)\" height=\"\(size.1)\" font-family=\"\(Self.fonts)\" role=\"img\">\n"
    )
    element("title", [:], title)
    element("rect", ["width": .number(width), "height": .number(height), "fill": "#ffffff"])
  }

  package mutating func element(_ name: String, _ attributes: Attributes, _ content: String? = nil) {
    open(name, attributes, closed: content == nil)
    if let content { text.append("\(escaped(content))</\(name)>\n") }
  }

  package mutating func group(_ name: String = "g", _ attributes: Attributes, _ body: (inout SVGText) -> Void) {
    open(name, attributes, closed: false)
    body(&self)
    text.append("</\(name)>\n")
  }

  private mutating func open(_ name: String, _ attributes: Attributes, closed: Bool) {
    text.append("<\(name)")
    for (key, value) in attributes.list {
      let shown =
        switch value {
        case .text(let text) where key == "id": ids + escaped(text)
        case .text(let text) where text.hasPrefix("url(#"): "url(#\(ids)\(escaped(String(text.dropFirst(5))))"
        case .text(let text) where key == "xlink:href" && text.hasPrefix("#"): "#\(ids)\(escaped(String(text.dropFirst())))"
        case .text(let text): escaped(text)
        case .number(let number): short(number)
        }
      text.append(" \(key)=\"\(shown)\"")
    }
    text.append(closed ? "/>\n" : ">")
  }

  /// Text with a pale outline, so that it reads on any ground.
  package mutating func label(
    _ content: String, at p: Point, size: Double, anchor: String = "middle", weight: String = "400", fill: String = "#1a1a1a"
  ) {
    element(
      "text",
      [
        "x": .number(p.x), "y": .number(p.y), "font-size": .number(size), "text-anchor": .text(anchor),
        "font-weight": .text(weight), "fill": "#ffffff", "stroke": "#ffffff", "stroke-width": .number(size / 4.5),
        "stroke-linejoin": "round", "stroke-opacity": 0.85,
      ], content)
    write(content, at: p, size: size, anchor: anchor, weight: weight, fill: fill)
  }

  package mutating func write(
    _ content: String, at p: Point, size: Double, anchor: String = "start", weight: String = "400", fill: String = "#1a1a1a"
  ) {
    element(
      "text",
      [
        "x": .number(p.x), "y": .number(p.y), "font-size": .number(size), "text-anchor": .text(anchor),
        "font-weight": .text(weight), "fill": .text(fill),
      ], content)
  }

  /// Breaks text into lines no wider than `width` (a Chinese character is as wide as the size).
  package static func lines(_ content: String, size: Double, width: Double) -> [String] {
    var (lines, line, used) = ([String](), "", 0.0)
    var word = ""
    func advance(_ text: String) -> Double { Double(displayWidth(text)) * size * 0.52 }
    func flush() {
      if used + advance(word) > width, !line.isEmpty {
        lines.append(line)
        (line, used) = ("", 0)
        while word.first == " " { word.removeFirst() }
      }
      line += word
      used += advance(word)
      word = ""
    }
    for character in content {
      if character == " " || displayWidth(String(character)) > 1 { flush() }
      word.append(character)
      if displayWidth(String(character)) > 1 { flush() }
    }
    flush()
    return line.isEmpty ? lines : lines + [line]
  }

  package mutating func close() -> [UInt8] {
    text.append("</svg>\n")
    return text.bytes
  }
}

func short(_ number: Double) -> String {
  var out = ByteText()
  out.append(number, decimals: 2)
  return String(decoding: out.bytes, as: UTF8.self)
}

func escaped(_ text: String) -> String {
  guard text.utf8.contains(where: { !(0x20..<0x7F).contains($0) || [0x22, 0x26, 0x3C, 0x3E].contains($0) }) else { return text }
  return text.printable.reduce(into: "") { out, c in
    switch c {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    default: out.append(c)
    }
  }
}

extension String {
  /// Without what no reader sees and a terminal, a picture or a line of text obeys: control characters other than
  /// the end of a line and the tab, and marks that turn the direction of writing.
  var printable: String {
    func isHidden(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x09, 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: true
      default: false
      }
    }
    guard unicodeScalars.contains(where: isHidden) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.filter { !isHidden($0) }))
  }
}

extension Bilingual {
  var printable: Bilingual { Bilingual(zh: zh.printable, en: en.printable) }
}

/// `M…L…Z` for closed rings, one decimal (a tenth of a pixel), relative moves.
func pathData(_ rings: [[Point]], closed: Bool = true) -> String {
  var out = ByteText()
  for ring in rings where ring.count > 1 {
    let points = ring.map { (nearestWhole($0.x * 10), nearestWhole($0.y * 10)) }
    var before = points[0]
    out.append("M" as StaticString)
    tenths(before.0, &out)
    out.append(" " as StaticString)
    tenths(before.1, &out)
    out.append("l" as StaticString)
    for point in closed ? points[1..<points.count - 1] : points[1...] where point != before {
      tenths(point.0 - before.0, &out)
      out.append(" " as StaticString)
      tenths(point.1 - before.1, &out)
      out.append(" " as StaticString)
      before = point
    }
    if closed { out.append("z" as StaticString) }
  }
  return String(decoding: out.bytes, as: UTF8.self)
}

private func tenths(_ value: Int, _ out: inout ByteText) { out.append(Double(value) / 10, decimals: 1) }

/// The nearest integer; 0 for what no picture can hold.
func nearestWhole(_ value: Double) -> Int { abs(value) < 1e9 ? Int(value.rounded()) : 0 }
