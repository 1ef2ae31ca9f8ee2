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
