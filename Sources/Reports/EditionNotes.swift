import Messages

/// A line of the approval block, e.g. 批准文号 and its number.
public struct ApprovalLine: Codable, Hashable, Sendable {
  public var label: Bilingual
  public var text: Bilingual

  public init(label: Bilingual, text: Bilingual) {
    self.label = label
    self.text = text
  }
}

/// The summary of disclosure control that is published; which cells and why is for the reviewer only.
public struct DisclosureNote: Codable, Hashable, Sendable {
  /// Persons.
  public var threshold: Int
  /// Places withheld for their own sake.
  public var primary: Int
  /// Places withheld so that the others cannot be computed.
  public var secondary: Int

  public init(threshold: Int, primary: Int, secondary: Int) {
    self.threshold = threshold
    self.primary = primary
    self.secondary = secondary
  }

  var text: Bilingual {
    Bilingual(
      zh: "小于\(threshold)人的单元及由其可推算的单元不公布（表中记“*”）：主抑制\(primary)个单元，次抑制\(secondary)个单元，表、图、地图和数据文件一致。",
      en: "Cells under \(threshold) persons, and cells from which they could be computed, are withheld (\"*\"): "
        + "\(primary) for their own sake, \(secondary) to protect them, alike in tables, figures, maps and data files.")
  }
}
