import Datasets
import Dimensions
import Messages
import Testing

struct NumberCase: Sendable, CustomTestStringConvertible {
  let cell: String
  let value: Double?
  let repairs: Int
  var testDescription: String { cell }
  init(_ cell: String, _ value: Double?, repairs: Int) {
    self.cell = cell
    self.value = value
    self.repairs = repairs
  }
}

@Suite struct RepairedValueTests {
  @Test(arguments: [
    NumberCase("34396", 34_396, repairs: 0),
    NumberCase("-1.5e3", -1_500, repairs: 0),
    NumberCase("３４３９６", 34_396, repairs: 1),
    NumberCase("1,234,567.8", 1_234_567.8, repairs: 1),
    NumberCase("1 234 567", 1_234_567, repairs: 1),
    NumberCase("１，２３４", 1_234, repairs: 2),
    NumberCase("3.4396万", 34_396, repairs: 1),
    NumberCase("86万人", 860_000, repairs: 2),
    NumberCase("约86.5万人", 865_000, repairs: 3),
    NumberCase("超过2250亿元", 225_000_000_000, repairs: 3),
    NumberCase("30余家", 30, repairs: 2),
    NumberCase("2.7万余人", 27_000, repairs: 3),
    NumberCase("12.5%", 12.5, repairs: 1),
    NumberCase("251①", 251, repairs: 1),
    NumberCase("251*", 251, repairs: 1),
    NumberCase("251[2]", 251, repairs: 1),
    NumberCase("251（注1）", 251, repairs: 2),
    NumberCase("(123)", -123, repairs: 1),
    NumberCase("−7", -7, repairs: 1),
    NumberCase("三千五百万", 35_000_000, repairs: 1),
    NumberCase("十二", 12, repairs: 1),
    NumberCase("二百零三", 203, repairs: 1),
    NumberCase("1.2万亿", 1_200_000_000_000, repairs: 1),
    // No figure, said so.
    NumberCase("", nil, repairs: 0),
    NumberCase("…", nil, repairs: 1),
    NumberCase("—", nil, repairs: 1),
    NumberCase("空", nil, repairs: 1),
  ])
  func readsPrintedNumbers(_ c: NumberCase) {
    let read = RepairedValue.number(c.cell)
    #expect(read.value == c.value)
    #expect(read.problem == nil)
    #expect(read.repairs.count == c.repairs, "\(read.repairs.map(\.en))")
  }

  @Test(arguments: ["abc", "1,23", "12a", "1.2.3", "0x10", "1,2345", "万", "inf", "1O0", "北京", "--5", "十x"])
  func refusesWhatIsNoNumber(_ cell: String) {
    let read = RepairedValue.number(cell)
    #expect(read.value == nil)
    #expect(read.problem?.en.contains("is not a number") == true)
  }

  /// Every number survives printing with separators and in full-width digits.
  @Test(arguments: 0..<50 as Range<Int>)
  func separatorsAndWidthDoNotChangeANumber(seed: Int) {
    let number = seed * 7_919_317 + seed
    let digits = Array(String(number))
    var grouped = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    let wide = String(String.UnicodeScalarView(grouped.unicodeScalars.map { Unicode.Scalar($0.value + 0xFEE0)! }))
    #expect(RepairedValue.number(grouped).value == Double(number))
    #expect(RepairedValue.number(wide).value == Double(number))
  }

  @Test(
    arguments: [
      ("2023", 2023), ("２０２３年", 2023), ("二〇二三年", 2023), ("2023年末", 2023), (" 2023 ", 2023), ("1899", nil), ("23年", nil),
      ("2023.5", nil), ("", nil),
    ] as [(String, Int?)])
  func readsYears(cell: String, year: Int?) {
    #expect(RepairedValue.year(cell).value == year)
  }

  @Test(arguments: [
    ("上　海", "上海"), ("  北 京 ", "北京"), ("New  York", "New York"), ("深圳市①", "深圳市"), ("#广州", "广州"),
  ])
  func takesPaddingOutOfNames(cell: String, name: String) {
    let read = RepairedValue.name(cell)
    #expect(read.value == name)
    #expect(!read.repairs.isEmpty)
  }

  @Test(arguments: [
    ("上　海", ["310000"]), ("北京市", ["110000"]), ("全　国", ["100000"]), ("内蒙古", ["150000"]), ("深圳", ["440300"]),
    ("港澳台", ["810000", "820000", "710000"]), ("香港、澳门", ["810000", "820000"]), ("Beijing", ["110000"]), ("310000", ["310000"]),
  ])
  func findsRegions(cell: String, codes: [String]) throws {
    let read = RepairedValue.regions(cell, in: try bundled.get().regions)
    #expect(read.value?.map(\.code.text) == codes)
  }

  @Test func mergedRegionsAreReportedAndNotDivided() throws {
    let read = RepairedValue.regions("港澳台", in: try bundled.get().regions)
    #expect(read.repairs.contains { $0.zh.contains("合并地区") })
    let unknown = RepairedValue.regions("亚特兰蒂斯", in: try bundled.get().regions)
    #expect(unknown.value == nil && unknown.problem?.zh.contains("无法识别的地区") == true)
  }
}
