import Messages
import Testing

@testable import Reports

/// Each row worked by hand: half away from zero, once, on the decimal form.
@Test(arguments: [
  (2.675, 2, "2.68"), (0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (1.005, 2, "1.01"), (0.5, 0, "1"),
  (-0.4, 0, "0"), (34_396, -3, "34000"), (34_500, -3, "35000"), (1e-7, 2, "0.00"), (12.0, 1, "12.0"),
  (123_456_789.5, 0, "123456790"), (0.0449, 2, "0.04"),
])
func roundsHalfUpOnce(value: Double, places: Int, digits: String) {
  #expect(roundedDigits(value, places: places) == digits)
}

@Test(arguments: [
  (NumberFormat.persons, 8_320.4, "8320人", "8,320"),
  (.persons, 34_396, "3.4万人", "34,000"),
  (.persons, 860_000, "86万人", "860,000"),
  (.persons, 1_004_999, "100万人", "1,000,000"),
  (.persons, 234_567_890, "2.3亿人", "230,000,000"),
  (.persons, -23_500, "−2.4万人", "−24,000"),
  (.percent, 0.0762, "7.6%", "7.6%"),
  (.points, -0.004, "−0.4个百分点", "−0.4 percentage points"),
  (.probability, 0.997, "99%以上", "over 99%"),
  (.probability, 0.41, "41%", "41%"),
  (.count(unit: Bilingual(zh: "家", en: "bases")), 30, "30家", "30 bases"),
  (.tablePersons, 1_234_567.5, "1234568", "1,234,568"),
  (.tableTenThousands, 468_049.9, "46.80", "46.80"),
])
func writesNumbersByTheRules(format: NumberFormat, value: Double, zh: String, en: String) {
  #expect(format.text(value, in: .zh) == zh)
  #expect(format.text(value, in: .en) == en)
}

@Test(arguments: [
  (NumberFormat.persons, 468_000.0, 530_000.0, "46.8万～53.0万人", "468,000 to 530,000"),
  (.persons, 9_500, 12_400, "1.0万～1.2万人", "10,000 to 12,000"),
  (.percent, 0.63, 0.68, "63.0%～68.0%", "63.0% to 68.0%"),
  (.count(unit: Bilingual(zh: "千克", en: "kg")), 100, 150, "100～150千克", "100 to 150 kg"),
])
func rangesRepeatMagnitudeAndPercent(
  format: NumberFormat, low: Double, high: Double, zh: String, en: String
) {
  #expect(format.range(low, high, in: .zh) == zh)
  #expect(format.range(low, high, in: .en) == en)
}
