import Dimensions
import Messages
import Supply
import Tables

/// Persons by age and sex as regions publish them: columns `region, year, sex, age, persons`.
///
/// `sex` is male, female or total (split by the model's share of women); `age` is in completed years;
/// persons older than the last age of the model are counted in it.
struct ObservedAges {
  /// The latest year not after the base year of each region.
  let tables: [RegionCode: CohortTable]

  /// - Throws: every row that is not as it should be, with its line.
  init(
    _ table: Table, frame: CohortFrame, ages: Range<Int>, femaleShare: Double, by base: Int
  ) throws(ProblemReport) {
    let rows = try TextRows(table, columns: ["region", "year", "sex", "age", "persons"])
    var problems: [Problem] = []
    func report(_ row: Int, _ column: String, zh: String, en: String) {
      problems.append(
        Problem(
          "data.age-structure", file: table.file, line: table.lines[row], path: column,
          message: Bilingual(zh: "\(column)：“\(rows[row, column])”\(zh)", en: "\(column): '\(rows[row, column])' \(en)")))
    }
    var years: [RegionCode: [Int: CohortTable]] = [:]
    for row in 0..<rows.count {
      guard let year = Int(rows[row, "year"]) else {
        report(row, "year", zh: "不是年份", en: "is not a year")
        continue
      }
      guard let age = Int(rows[row, "age"]), age >= ages.lowerBound else {
        report(row, "age", zh: "不是不小于 \(ages.lowerBound) 的周岁", en: "is not an age of \(ages.lowerBound) or more")
        continue
      }
      guard let persons = Double(rows[row, "persons"]), persons >= 0, persons.isFinite else {
        report(row, "persons", zh: "不是非负人数", en: "is not a number of persons")
        continue
      }
      let shares: [Double]
      switch rows[row, "sex"] {
      case "male", "男": shares = [1, 0]
      case "female", "女": shares = [0, 1]
      case "total", "合计": shares = [1 - femaleShare, femaleShare]
      default:
        report(row, "sex", zh: "应为 male、female 或 total", en: "is none of male, female, total")
        continue
      }
      let cell = (min(age, ages.upperBound - 1) - ages.lowerBound) * 2
      var people = years[RegionCode(rows[row, "region"])]?[year] ?? CohortTable(frame, repeating: 0)
      for sex in 0..<2 { people.values[cell + sex] += persons * shares[sex] }
      years[RegionCode(rows[row, "region"]), default: [:]][year] = people
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    tables = years.compactMapValues { byYear in
      byYear.filter { $0.key <= base && $0.value.total > 0 }.max { $0.key < $1.key }?.value
    }
  }
}
