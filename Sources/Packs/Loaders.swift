import Reports

/// Ten lines a program: read the pack with its types, keep codes as text, print supply, demand and gap.
/// Each is run from the pack's folder.
func loaders(edition: Edition) -> [PackFile] {
  let year = edition.focusYear
  return [
    PackFile(name: "loaders/load.R", text: loaderR(year)), PackFile(name: "loaders/load.py", text: loaderPython(year)),
    PackFile(name: "loaders/load.do", text: loaderStata(year)), PackFile(name: "loaders/load.sql", text: loaderDuckDB(year)),
  ]
}

private func loaderR(_ year: Int) -> String {
  """
  # 在数据包目录中运行 · Run in the folder of the pack: Rscript loaders/load.R
  text <- c("scenario", "region", "industry", "team", "measure", "unit", "evidence", "obs_status", "conf_status",
            "method", "concept", "source")
  results <- read.csv("data/results.csv", fileEncoding = "UTF-8", na.strings = "",
                      colClasses = setNames(rep("character", length(text)), text))
  regions <- read.csv("codelists/regions.csv", fileEncoding = "UTF-8", colClasses = "character")
  results$region_name <- regions$name_en[match(results$region, regions$code)]
  results$evidence <- factor(results$evidence, levels = c("A", "B", "C", "D"), ordered = TRUE)
  totals <- subset(results, team == "total" & industry == "total" & year == \(year) &
                     measure %in% c("supply", "demand", "gap_requirement"))
  totals$value <- round(totals$value)
  print(head(totals[, c("scenario", "region_name", "measure", "value", "p10", "p90", "evidence")], 12), row.names = FALSE)

  """
}

private func loaderPython(_ year: Int) -> String {
  """
  # 在数据包目录中运行 · Run in the folder of the pack: python3 loaders/load.py (needs pandas)
  import pandas as pd

  numbers = ["value", "p025", "p10", "p50", "p90", "p975"]
  results = pd.read_csv("data/results.csv", dtype=str, keep_default_na=False)
  results["year"] = results["year"].astype(int)
  results[numbers] = results[numbers].apply(pd.to_numeric)  # an empty cell, e.g. withheld, becomes NaN
  results["evidence"] = pd.Categorical(results["evidence"], ["A", "B", "C", "D"], ordered=True)
  regions = pd.read_csv("codelists/regions.csv", dtype=str).set_index("code")
  results["region_name"] = results["region"].map(regions["name_en"])
  totals = results.query("team == 'total' and industry == 'total' and year == \(year)")
  totals = totals[totals["measure"].isin(["supply", "demand", "gap_requirement"])]
  print(totals.pivot_table(index="region_name", columns="measure", values="value", sort=False).round().head(12).to_string())

  """
}

private func loaderStata(_ year: Int) -> String {
  """
  * 在数据包目录中运行 · Run in the folder of the pack: do loaders/load.do (Stata 14 or later)
  import delimited "codelists/regions.csv", clear varnames(1) encoding("utf-8") stringcols(_all)
  rename code region
  keep region name_zh name_en
  tempfile regions
  save `regions'
  import delimited "data/results.csv", clear varnames(1) encoding("utf-8") stringcols(1/4)
  merge m:1 region using `regions', keep(master match) nogenerate
  label variable value "value (forecast: mean)"
  label variable p10 "80% interval, low"
  label variable p90 "80% interval, high"
  list name_en measure value p10 p90 if team == "total" & industry == "total" & year == \(year) ///
    & inlist(measure, "supply", "demand", "gap_requirement") & _n < 60000, noobs abbreviate(16)

  """
}

private func loaderDuckDB(_ year: Int) -> String {
  """
  -- 在数据包目录中运行 · Run in the folder of the pack: duckdb -init loaders/load.sql, or .read loaders/load.sql
  CREATE OR REPLACE TABLE regions AS
    SELECT * FROM read_csv('codelists/regions.csv', header = true, all_varchar = true);
  CREATE OR REPLACE TABLE results AS
    SELECT * FROM read_csv('data/results.csv', header = true, nullstr = '', types = {
      'scenario': 'VARCHAR', 'region': 'VARCHAR', 'industry': 'VARCHAR', 'team': 'VARCHAR', 'year': 'INTEGER',
      'value': 'DOUBLE', 'p025': 'DOUBLE', 'p10': 'DOUBLE', 'p50': 'DOUBLE', 'p90': 'DOUBLE', 'p975': 'DOUBLE',
      'unit': 'VARCHAR'});
  SELECT g.name_en AS region, r.scenario, r.measure, round(r.value) AS value, round(r.p10) AS p10, round(r.p90) AS p90,
         r.evidence
  FROM results r JOIN regions g ON g.code = r.region
  WHERE r.team = 'total' AND r.industry = 'total' AND r.year = \(year)
    AND r.measure IN ('supply', 'demand', 'gap_requirement')
  ORDER BY r.scenario, r.region, r.measure
  LIMIT 12;

  """
}
