import Foundation
import Tables

/// A long statistical table: two columns of words (one of them Chinese), two of integers, a short and a
/// full-precision decimal.
let csvCase = Case(
  name: "csv", work: "CSV 10⁷ rows × 6 columns, typed",
  bars: ["polars, 1 thread": 1],
  prepare: writeTable,
  contestants: [
    Contestant(name: "2 threads") { folder in reading(folder, threads: 2) },
    Contestant(name: "1 thread") { folder in reading(folder, threads: 1) },
  ])

private func reading(_ folder: URL, threads: Int) -> () throws -> Double {
  let file = folder.appending(path: "table.csv").path
  var options = ReadOptions()
  options.threads = threads
  return {
    let table = try readTable(file, options: options)
    return ["year", "persons", "growth", "share"].reduce(Double(table.rowCount)) { sum, name in
      sum + (table.column(name)?.numbers?[table.rowCount - 1] ?? .nan)
    }
  }
}

private func writeTable(to folder: URL) throws {
  let provinces = ["北京", "天津", "河北", "上海", "江苏", "浙江", "广东", "四川", "黑龙江", "内蒙古", "新疆"]
  var generator = DataGenerator(seed: 1)
  let file = folder.appending(path: "table.csv")
  guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
    throw CocoaError(.fileWriteUnknown)
  }
  let handle = try FileHandle(forWritingTo: file)
  var text = "region,industry,year,persons,growth,share\n"
  for _ in 0..<10_000_000 {
    let region = provinces[generator.below(provinces.count)]
    let growth = Double(generator.below(400_000) - 200_000) / 1_000_000
    text += "\(region),C\(generator.below(97)),\(2000 + generator.below(36)),\(generator.below(2_000_000)),"
    text += "\(growth),\(generator.unit())\n"
    if text.utf8.count > 1 << 20 {
      try handle.write(contentsOf: Data(text.utf8))
      text = ""
    }
  }
  try handle.write(contentsOf: Data(text.utf8))
  try handle.close()
}
