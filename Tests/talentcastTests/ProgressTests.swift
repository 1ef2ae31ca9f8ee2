import Messages
import Testing

@testable import talentcast

@Suite struct ProgressTests {
  @Test(
    arguments: [
      (0.0, 10.0, nil, nil), (0.01, 10, nil, nil), (0.5, 0.9, nil, nil), (0.5, 2, nil, nil),
      (0.5, 3, "50%  约剩 0:03", "50%  about 0:03 left"), (0.25, 30, "25%  约剩 1:30", "25%  about 1:30 left"),
      (0.02, 120, "2%  约剩 98:00", "2%  about 98:00 left"), (1, 60, "99%  约剩 0:01", "99%  about 0:01 left"),
    ] as [(Double, Double, String?, String?)])
  func percentageAndTimeLeftOnceTheyAreKnown(share: Double, elapsed: Double, zh: String?, en: String?) {
    #expect(ProgressLine.text(share: share, elapsed: elapsed, .zh) == zh)
    #expect(ProgressLine.text(share: share, elapsed: elapsed, .en) == en)
  }

  @Test func aStepReturnsItsResultAndItsError() throws {
    var progress = Progress(total: 2, language: .en, quiet: true)
    #expect(progress.run(Bilingual(zh: "一", en: "one"), share: { 0.5 }) { 7 } == 7)
    struct Odd: Error {}
    #expect(throws: Odd.self) { try progress.run(Bilingual(zh: "二", en: "two")) { throw Odd() } }
  }
}
