internal import CSQLite

/// An SQLite database built in memory and handed over as the bytes of its file: no temporary file, no
/// clock, the same statements giving the same bytes (for one version of the library, which writes its
/// number into the header).
///
/// The only code here that talks to C; a failing statement is our own mistake and stops the program.
final class DatabaseImage {
  enum Value {
    case null, integer(Int), real(Double), text(String), blob([UInt8])
  }

  private var handle: OpaquePointer?

  init() {
    let status = sqlite3_open(":memory:", &handle)
    precondition(status == SQLITE_OK, "SQLite cannot open a database in memory (\(status))")
  }

  deinit { sqlite3_close(handle) }

  func run(_ statements: String) {
    let status = sqlite3_exec(handle, statements, nil, nil, nil)
    precondition(status == SQLITE_OK, "\(message): \(statements.prefix(80))")
  }

  /// Inserts rows in the given order within one transaction.
  func insert(into table: String, columns: [String], rows: [[Value]]) {
    let names = columns.map { "\"\($0)\"" }.joined(separator: ",")
    let marks = columns.map { _ in "?" }.joined(separator: ",")
    var statement: OpaquePointer?
    run("BEGIN")
    let status = sqlite3_prepare_v2(handle, "INSERT INTO \"\(table)\" (\(names)) VALUES (\(marks))", -1, &statement, nil)
    precondition(status == SQLITE_OK, message)
    for row in rows {
      for (i, value) in row.enumerated() { bind(value, to: statement, at: Int32(i + 1)) }
      let step = sqlite3_step(statement)
      precondition(step == SQLITE_DONE, message)
      sqlite3_reset(statement)
    }
    sqlite3_finalize(statement)
    run("COMMIT")
  }

  private func bind(_ value: Value, to statement: OpaquePointer?, at place: Int32) {
    // −1 asks SQLite to copy the bytes before the call returns.
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: sqlite3_bind_null(statement, place)
    case .integer(let number): sqlite3_bind_int64(statement, place, Int64(number))
    case .real(let number): sqlite3_bind_double(statement, place, number)
    case .text(let text): sqlite3_bind_text(statement, place, text, -1, copied)
    case .blob(let bytes):
      _ = bytes.withUnsafeBytes { sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied) }
    }
  }

  /// The database file.
  var bytes: [UInt8] {
    var count: sqlite3_int64 = 0
    guard let start = sqlite3_serialize(handle, "main", &count, 0) else { return [] }
    defer { sqlite3_free(start) }
    return Array(UnsafeBufferPointer(start: start, count: Int(count)))
  }

  private var message: String { String(cString: sqlite3_errmsg(handle)) }
}
