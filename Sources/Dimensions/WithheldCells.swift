/// Cells that are kept from publication: they have no numbers, and say so.
extension ResultCell {
  /// The method of a cell whose numbers are withheld.
  public static let withheldMethod = "withheld"

  /// Withheld for confidentiality, as against not available.
  public var isWithheld: Bool { method == ResultCell.withheldMethod && !value.isFinite }

  /// The same cell without its numbers.
  public var withheld: ResultCell {
    var cell = self
    (cell.value, cell.p025, cell.p10) = (.nan, .nan, .nan)
    (cell.p50, cell.p90, cell.p975) = (.nan, .nan, .nan)
    cell.method = ResultCell.withheldMethod
    return cell
  }
}
