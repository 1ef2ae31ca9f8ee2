import Messages

/// One row of a `node,time,value` file.
public struct NodeValue: Hashable, Sendable {
  public let node: String
  /// As the file spells it; nil where a file of fixed values has no time column (valid at all times).
  public let time: String?
  public let value: Double
  /// 1-based line, for messages.
  public let line: Int?

  public init(node: String, time: String?, value: Double, line: Int? = nil) {
    self.node = node
    self.time = time
    self.value = value
    self.line = line
  }
}

/// A `node,time,value` file.
public struct NodeValues: Sendable {
  public let file: String
  public let rows: [NodeValue]

  public init(file: String, rows: [NodeValue]) {
    self.file = file
    self.rows = rows
  }
}
