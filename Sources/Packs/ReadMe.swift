import Messages
import Reports

/// The pack's own README: what is in it, how to load it, what the signs mean.
func readMe(_ input: ReportInput, _ tables: PackTables) -> String {
  let edition = input.edition
  let list = tables.all.map { table in
    "| `\(table.path)` | \(table.title.zh) · \(table.title.en) | \(table.rows.count) |"
  }
  let withheld = input.cells.count(where: \.isWithheld)
  return """
    # \(edition.title.zh)：数据包

    \(edition.title.en): data package

    \(Document.standing.zh)。\(Document.standing.en).

    情景 \(edition.scenarioName.zh)，抽样 \(edition.draws) 次，种子 \(edition.seed)。Scenario: \(edition.scenarioName.en), \(edition.draws) draws, seed \(edition.seed).

    | 文件 · file | 内容 · content | 行 · rows |
    |---|---|---|
    \(list.joined(separator: "\n"))
    | `\(SDMXMessage.dataPath)` | SDMX-CSV 2.0 | \(input.cells.count) |
    | `\(SDMXMessage.structurePath)` | SDMX-JSON 2.0：代码表、概念、数据结构、数据流 · codelists, concepts, structure, dataflow | |

    ## 读取 · Load

    ```sh
    Rscript loaders/load.R                # R
    python3 loaders/load.py               # Python, pandas
    duckdb < loaders/load.sql             # DuckDB
    stata -b do loaders/load.do           # Stata
    sha256sum -c SHA256SUMS               # 校验 · checksums
    ```

    ## 说明 · Notes

    - 代码是文本（`110000` 不是数）；缺失为空；小数点为“.”；UTF-8 无 BOM。Codes are text; missing is empty; UTF-8 without BOM.
    - 缺口＝需求－供给，正值为短缺。Gap = demand − supply; positive is a shortage.
    - `p10`～`p90` 为80%区间，`p025`～`p975` 为95%区间；分位数不可相加。80 % and 95 % intervals; quantiles do not add up.
    - 证据等级 A 观测、B 估计、C 分摊、D 假定。Grades: A observed, B estimated, C allocated, D assumed.
    - 因保密不公布的单元：`obs_status` = Q，`conf_status` = C，本包 \(withheld) 个。Withheld cells in this pack: \(withheld).
    - 引用时请注明：\(edition.title.zh)。Please cite: \(edition.title.en).

    """
}
