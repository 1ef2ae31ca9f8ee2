import Datasets
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
  /// All years, by region.
  let snapshots: [RegionCode: [Int: CohortTable]]

  /// What rows of an age table are held against.
  struct Reference {
    /// Codes that a region may have; empty: any.
    var regions: Set<RegionCode> = []
    /// The published stock of a region in a year.
    var stock: (RegionCode, Int) -> Double? = { _, _ in nil }
  }

  /// Ages may leave out who did not state one, and late corrections: by no more than this.
  private static let tolerance = 0.02

  /// - Throws: every row that is not as it should be, with its line; rows with the same fault once.
  init(
    _ table: Table, frame: CohortFrame, ages: Range<Int>, femaleShare: Double, by base: Int, reference: Reference = Reference()
  ) throws(ProblemReport) {
    let rows = try TextRows(table, columns: ["region", "year", "sex", "age", "persons"])
    var faults = RowFaults(table)
    var years: [RegionCode: [Int: CohortTable]] = [:]
    var seen: [Cell: Int] = [:]
    var lines: [RegionCode: [Int: Int]] = [:]
    for row in 0..<rows.count {
      let region = RegionCode(rows[row, "region"])
      if !reference.regions.isEmpty, !reference.regions.contains(region) {
        let near = nearest(region.text, among: reference.regions.map(\.text).sorted())
        faults.add(
          row, "region", value: region.text, Bilingual(zh: "区划代码表中没有该地区", en: "is the code of no region"),
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
        continue
      }
      guard let year = Int(rows[row, "year"]), (1900...2200).contains(year) else {
        faults.add(row, "year", value: rows[row, "year"], Bilingual(zh: "不是年份", en: "is not a year"))
        continue
      }
      guard let age = Int(rows[row, "age"]), (ages.lowerBound...150).contains(age) else {
        faults.add(
          row, "age", value: rows[row, "age"],
          Bilingual(zh: "不是 \(ages.lowerBound) 到 150 的周岁", en: "is not an age of \(ages.lowerBound) to 150"))
        continue
      }
      guard let persons = Double(rows[row, "persons"]), persons >= 0, persons <= 1e12 else {
        faults.add(row, "persons", value: rows[row, "persons"], Bilingual(zh: "不是非负人数", en: "is not a number of persons"))
        continue
      }
      let shares: [Double]
      switch rows[row, "sex"] {
      case "male", "男": shares = [1, 0]
      case "female", "女": shares = [0, 1]
      case "total", "合计": shares = [1 - femaleShare, femaleShare]
      default:
        faults.add(row, "sex", value: rows[row, "sex"], Bilingual(zh: "应为 male、female 或 total", en: "is none of male, female, total"))
        continue
      }
      for (sex, share) in shares.enumerated() where share > 0 {
        let place = Cell(region: region, year: year, age: age, sex: sex)
        if let first = seen[place] {
          faults.add(
            row, "region", value: "\(region) \(year) \(rows[row, "sex"]) \(age)", key: "duplicate",
            Bilingual(zh: "重复：与第 \(first) 行是同一批人", en: "counts the same people as line \(first)"),
            hint: Bilingual(zh: "每个地区、年份、性别、年龄只留一行；分性别与合计只取其一", en: "one row a region, year, sex and age; either both sexes or the total"))
          break
        }
        seen[place] = table.lines[row]
      }
      let cell = (min(age, ages.upperBound - 1) - ages.lowerBound) * 2
      var people = years[region]?[year] ?? CohortTable(frame, repeating: 0)
      for sex in 0..<2 { people.values[cell + sex] += persons * shares[sex] }
      years[region, default: [:]][year] = people
      if lines[region]?[year] == nil { lines[region, default: [:]][year] = row }
    }
    for (region, byYear) in years.sorted(by: { $0.key < $1.key }) where faults.problems.isEmpty {
      guard let year = byYear.keys.filter({ $0 <= base }).max(), let row = lines[region]?[year] else {
        if let year = byYear.keys.min(), let row = lines[region]?[year] {
          faults.add(
            row, "year", value: "\(year)",
            Bilingual(zh: "\(region) 只有基年 \(base) 之后的年份", en: "\(region) has only years after the base year \(base)"),
            hint: Bilingual(zh: "补充基年或更早的一年，或修改模型的 years", en: "add the base year or an earlier one, or change the model's `years`"))
        }
        continue
      }
      guard let stock = reference.stock(region, year), let total = byYear[year]?.total else { continue }
      if abs(total - stock) > ObservedAges.tolerance * max(stock, total) {
        faults.add(
          row, "persons", value: "\(whole(total))",
          Bilingual(
            zh: "\(region) \(year) 年各年龄合计，而公布的存量为 \(whole(stock))",
            en: "is the sum over ages of \(region) in \(year), and the published stock is \(whole(stock))"),
          hint: Bilingual(zh: "两者口径、单位或年份不同？相差不得超过 2%", en: "another concept, unit or year? They may differ by 2 %"))
      }
    }
    guard faults.problems.isEmpty else { throw ProblemReport(.badData, faults.problems) }
    snapshots = years
    tables = years.compactMapValues { byYear in
      byYear.filter { $0.key <= base && $0.value.total > 0 }.max { $0.key < $1.key }?.value
    }
  }

  private struct Cell: Hashable {
    let region: RegionCode
    let year: Int
    let age: Int
    let sex: Int
  }

  /// Share of people of an age and over who were gone a year later, of all regions with two successive years up to
  /// the base year: everything that takes people out, where nobody enters any more. By age; nil where too few are
  /// counted, for whom the ages from `first` on stand together.
  func leaving(ages: Range<Int>, from first: Int, by base: Int) -> [Double?] {
    var (before, after) = ([Double](repeating: 0, count: ages.count), [Double](repeating: 0, count: ages.count))
    for byYear in snapshots.sorted(by: { $0.key < $1.key }).map(\.value) {
      for (year, now) in byYear.sorted(by: { $0.key < $1.key }) where year < base {
        guard let next = byYear[year + 1] else { continue }
        // The oldest is open: its survivors stand together with those who reach it.
        for age in 0..<ages.count - 1 {
          for sex in 0..<2 {
            before[age] += now.values[2 * age + sex]
            after[age] += next.values[2 * (age + 1) + sex]
          }
        }
      }
    }
    func rate(_ ages: Range<Int>) -> Double? {
      let (all, stayed) = (ages.reduce(0) { $0 + before[$1] }, ages.reduce(0) { $0 + after[$1] })
      return all >= ObservedAges.fewest ? min(1, max(0, 1 - stayed / all)) : nil
    }
    let old = max(0, first - ages.lowerBound)
    let together = old < ages.count - 1 ? rate(old..<ages.count - 1) : nil
    return ages.indices.map { age in
      let at = age - ages.lowerBound
      return at < old ? nil : (at < ages.count - 1 ? rate(at..<at + 1) : nil) ?? together
    }
  }

  /// Fewer persons than these say nothing about one age.
  private static let fewest = 50.0
}

/// Faults of the rows of a table: one problem a kind and value, at the first such row, with how many there are.
private struct RowFaults {
  private let table: Table
  private(set) var problems: [Problem] = []
  private var places: [String: (at: Int, count: Int)] = [:]
  private var messages: [(column: String, value: String, what: Bilingual)] = []

  init(_ table: Table) { self.table = table }

  /// - Parameter key: what makes faults the same; the column and its value when nil.
  mutating func add(_ row: Int, _ column: String, value: String, key: String? = nil, _ what: Bilingual, hint: Bilingual? = nil) {
    let key = key ?? "\(column):\(value)"
    let count = (places[key]?.count ?? 0) + 1
    let at = places[key]?.at ?? problems.count
    places[key] = (at, count)
    if at == problems.count { messages.append((column, value, what)) }
    let (column, value, what) = messages[at]
    let more = count == 1 ? Bilingual(zh: "", en: "") : Bilingual(zh: "（此类共 \(count) 行）", en: " (\(count) such rows)")
    let problem = Problem(
      "data.age-structure", file: table.file, line: at == problems.count ? table.lines[row] : problems[at].line, path: column,
      message: Bilingual(zh: "\(column)：“\(value)”\(what.zh)\(more.zh)", en: "\(column): '\(value)' \(what.en)\(more.en)"),
      hint: at == problems.count ? hint : problems[at].hint)
    if at == problems.count { problems.append(problem) } else { problems[at] = problem }
  }
}
