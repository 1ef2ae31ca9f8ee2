import TestSupport
import Testing

@testable import Tables

private func reading(_ text: String) -> NumberReading {
  Array(text.utf8).withUnsafeBufferPointer { NumberReader.shared.reading($0) }
}

private func plain(_ text: String) -> Double? {
  var value = 0.0
  let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 16)
  return bytes.withUnsafeBufferPointer { all -> Double? in
    guard let base = all.baseAddress, let end = NumberReader.shared.scanPlain(base, &value),
      end - base == text.utf8.count
    else { return nil }
    return value
  }
}

@Test(
  arguments: [
    ("12", 12), ("-3.5", -3.5), ("+5", 5), ("1e5", 1e5), ("1E+05", 1e5), ("2.5e-3", 0.0025), (".5", 0.5),
    ("5.", 5), ("0.0000000000000000000000000", 0), (".0", 0), ("0.00000000000000000000000001", 1e-26), (" 7\t", 7), ("0", 0), ("-0.25", -0.25),
    ("0.10", 0.1), ("1e-400", 0),
    ("9007199254740993", 9_007_199_254_740_992), ("9007199254740995", 9_007_199_254_740_996),
    ("123456789012345678901234567890", 1.2345678901234568e29),
    ("1.7976931348623157e308", 1.7976931348623157e308),
    ("5e-324", Double.leastNonzeroMagnitude), ("0.3333333333333333148", 1.0 / 3),
  ] as [(String, Double)])
func readsNumbers(text: String, value: Double) { #expect(reading(text) == .number(value)) }

@Test(arguments: ["", " ", "NA", "NaN", "nan", " NA "])
func readsMissing(text: String) { #expect(reading(text) == .missing) }

@Test(arguments: [
  "x", "1,234", "12a", "--1", "1e", "1e+", ".", "-", "+", "inf", "-Infinity", "1e999", "007", "-01", "00",
  "0x10",
  "1 2", "1_000", "１２", "5%",
])
func leavesText(text: String) { #expect(reading(text) == .text) }

/// The standard library's conversion is the judge, on numbers of every length and scale.
@Test(arguments: 0..<40 as Range<UInt64>)
func roundsAsTheStandardLibrary(seed: UInt64) throws {
  var generator = SeededGenerator(seed: seed)
  for _ in 0..<250 {
    let digits = Int.random(in: 1...24, using: &generator)
    var text = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
    text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0...digits, using: &generator)))
    while text.hasPrefix("0") { text.removeFirst() }
    if text == "." { continue }
    let certified = try #require(Double("0" + text + "0"))
    if let value = plain(text) { #expect(value == certified) }
    let power = Int.random(in: -60...60, using: &generator)
    #expect(reading("\(text)e\(power)") == .number(try #require(Double("0\(text)0e\(power)"))))
    let bits = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
    if bits.isFinite { #expect(reading("\(bits)") == .number(bits)) }
    let unit = Double.random(in: 0..<1, using: &generator)
    if "\(unit)".hasPrefix("0.") { #expect(plain("\(unit)") == unit) }
  }
}
