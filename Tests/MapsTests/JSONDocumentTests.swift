import TestSupport
import Testing

@testable import Maps

private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

private func fault(_ text: String) -> JSONSyntaxError? {
  do {
    _ = try document(text)
    return nil
  } catch let error as JSONSyntaxError {
    return error
  } catch {
    return nil
  }
}

@Test func readsEveryKindOfValue() throws {
  let root = try document(#"{"a":null,"b":[true,false],"c":"x","d":[1,-2.5e3],"e":{"f":7},"g":[1,"2"]}"#).root
  #expect(root["a"]?.isNull == true)
  #expect(root["b"]?.elements.map(\.bool) == [true, false])
  #expect(root["c"]?.string == "x")
  #expect(root["d"]?.numbers.map(Array.init) == [1, -2500])
  #expect(root["e"]?["f"]?.number == 7)
  #expect(root["g"]?.elements.map(\.isNumber) == [true, false])
  #expect(root.value.text == #"{"a":null,"b":[true,false],"c":"x","d":[1,-2500],"e":{"f":7},"g":[1,"2"]}"#)
}

@Test(arguments: [
  ("0.1", 0.1), ("113.351272", 113.351272), ("-0", -0.0), ("1E22", 1e22), ("1e23", 1e23),
  ("9007199254740993", 9_007_199_254_740_992), ("2.2250738585072011e-308", Double(bitPattern: 0xF_FFFF_FFFF_FFFF)),
  ("0.30000000000000004", 0.30000000000000004), ("123456789012345.6", 123456789012345.6), ("5e-324", Double.leastNonzeroMagnitude),
])
func numbersAreCorrectlyRounded(text: String, value: Double) throws {
  #expect(try document(text).root.number == value)
}

@Test func escapesAndPairsAreResolved() throws {
  #expect(try document(#""\u5317\u4eac \ud83d\ude00 \"\\\/\n""#).root.string == "北京 😀 \"\\/\n")
  #expect(try document(#""\ud800x""#).root.string == "\u{FFFD}x")
}

@Test(arguments: [
  ("", 0, JSONSyntaxError.Fault.empty), ("[1,]", 3, .unexpected(UInt8(ascii: "]"))), ("[1 2]", 3, .expected("] ,")),
  ("{\"a\" 1}", 5, .expected(":")), ("{a:1}", 1, .keyNotString), ("[01]", 3, .badNumber), ("[1.]", 3, .badNumber),
  ("[-]", 2, .badNumber), ("1e999", 0, .numberTooLarge), ("\"\\x\"", 1, .badEscape), ("\"\t\"", 1, .controlCharacter),
  ("[1", 2, .unexpectedEnd), ("1 1", 2, .trailing), ("nul", 3, .unexpectedEnd),
])
func namesTheFirstFault(text: String, offset: Int, expected: JSONSyntaxError.Fault) {
  #expect(fault(text) == JSONSyntaxError(offset: offset, fault: expected))
}

@Test func deepNestingIsRefusedNotFatal() {
  #expect(fault(String(repeating: "[", count: 100_000))?.fault == .tooDeep(limit: 200))
  #expect(fault(String(repeating: "{\"a\":", count: 100_000))?.fault == .tooDeep(limit: 200))
}

@Test func invalidUTF8IsRefused() {
  for bytes: [UInt8] in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE4, 0xB8]] {
    #expect(throws: JSONSyntaxError.self) { try JSONDocument([0x22] + bytes + [0x22]) }
  }
}

@Test func columnsCountCharactersNotBytes() throws {
  let text = "{\n  \"名称\": x}"
  let error = try #require(fault(text))
  let problem = error.problem(file: "f.geojson", bytes: Array(text.utf8))
  #expect(problem.line == 2)
  #expect(problem.column == 9)
  #expect(problem.text(in: .zh).hasPrefix("f.geojson:2:9: 错误 [json.syntax]"))
}

@Test(arguments: [
  (113.351272, "113.351272"), (113.3, "113.3"), (-0.0000004, "0"), (-0.5, "-0.5"), (0.000001, "0.000001"),
  (12, "12"), (99.9999996, "100"), (-73.05, "-73.05"), (1e10, "10000000000"), (0.1 + 0.2, "0.3"),
])
func coordinatesAreWrittenShort(number: Double, text: String) {
  var out = ByteText()
  out.append(number, decimals: 6)
  #expect(String(decoding: out.bytes, as: UTF8.self) == text)
}

@Test func controlCharactersAreEscaped() {
  #expect(JSONValue.string("a\"\\\n\u{1}北").text == #""a\"\\\n\u0001北""#)
  #expect(JSONValue.number(.nan).text == "null")
}

/// Every number with d decimals is written as its shortest decimal, whatever its size and sign.
@Test(arguments: 0..<40 as Range<UInt64>)
func fixedPointAgreesWithShortestDecimals(seed: UInt64) throws {
  var random = SeededGenerator(seed: seed)
  for _ in 0..<200 {
    let decimals = Int.random(in: 0...8, using: &random)
    let scale = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8][decimals]
    let units = Int64.random(in: -10_000_000_000...10_000_000_000, using: &random) / [1, 1000, 10_000_000][Int.random(in: 0...2, using: &random)]
    let number = Double(units) / scale
    var out = ByteText()
    out.append(number, decimals: decimals)
    let text = String(decoding: out.bytes, as: UTF8.self)
    #expect(Double(text) == number && !text.hasSuffix(".0") && text != "-0", "\(text) for \(number)")
  }
}

@Test func longCollectionsAreWrittenInOrder() {
  let features = (0..<1_000).map { Feature(id: .number(Double($0)), properties: [], geometry: .point(Point(Double($0) / 10, -0.0000004))) }
  let text = String(decoding: FeatureCollection(features: features).geoJSON(), as: UTF8.self)
  let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"type\":\"Feature\",") }
  #expect(lines.count == 1_000)
  #expect(lines[731].hasPrefix(#"{"type":"Feature","id":731,"properties":{},"geometry":{"type":"Point","coordinates":[73.1,0]}}"#))
}
