import Datasets
import Dimensions
import Disclosure
import Forecasting
import Foundation
import Messages
import ModelSpecs
import Reports
import Tables

extension CompletedRun {
  /// The year that rankings look at: the edition's, else 2030, never past the last.
  var focusYear: Int { inputs.focusYear }

  /// The date on the cover: `SOURCE_DATE_EPOCH` in UTC, as reproducible builds set it; else none.
  var sourceDate: String? {
    guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], let seconds = Double(text),
      (0..<1e11).contains(seconds)
    else { return nil }
    return Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
  }

  var disclosureNote: DisclosureNote? {
    guard !disclosure.entries.isEmpty else { return nil }
    return DisclosureNote(
      threshold: Int(inputs.edition.disclosure.threshold), primary: disclosure.primaryCount,
      secondary: disclosure.secondaryCount)
  }
}

/// A unit of the plan in both languages; one that is not listed stays as it is written.
func unitName(_ zh: String) -> Bilingual {
  let english = [
    "人": "persons", "万人": "10,000 persons", "人次": "person-times", "家": "institutions", "门": "courses", "分": "points",
    "项": "items", "个": "units", "期": "sessions", "件": "cases", "万件": "10,000 cases", "人年": "person-years",
    "亿元": "100 million yuan", "万元": "10,000 yuan",
  ]
  return Bilingual(zh: zh, en: english[zh] ?? zh)
}

extension EditionSpec.Approval {
  /// The lines that were given, in the order of a statistical form.
  var lines: [ApprovalLine] {
    func line(_ zh: String, _ en: String, _ text: Bilingual?) -> ApprovalLine? {
      text.map { ApprovalLine(label: Bilingual(zh: zh, en: en), text: $0) }
    }
    func plain(_ text: String?) -> Bilingual? { text.map { Bilingual(zh: $0, en: $0) } }
    return [
      line("表号", "Form", plain(formNumber)), line("制定机关", "Issued by", issuer),
      line("批准机关", "Approved by", approvedBy), line("批准文号", "Approval number", plain(number)),
      line("有效期至", "Valid until", plain(validUntil)),
    ].compactMap { $0 }
  }
}
