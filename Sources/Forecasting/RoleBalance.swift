import Balancing
import Dimensions
import Messages

/// Balances a table of roles (rows) by provinces (columns) to both margins, keeping what the seed says
/// about who specialises in what.
func balanced(
  seed: [[Double]], rows: [Double], columns: [Double], lookup: inout SeriesLookup
) -> [[Double]]? {
  let roles = NamedAxis("role", rows.indices.map(String.init))
  let places = NamedAxis("province", columns.indices.map(String.init))
  do throws(ProblemReport) {
    let table = try Balancing.balanced(
      NamedArray(axes: [roles, places], values: seed.flatMap(\.self)),
      to: [
        Margin("roles", NamedArray(axes: [roles], values: rows)),
        Margin("provinces", NamedArray(axes: [places], values: columns)),
      ])
    return rows.indices.map { r in Array(table.cells.values[r * columns.count..<(r + 1) * columns.count]) }
  } catch {
    lookup.report(error)
    return nil
  }
}
