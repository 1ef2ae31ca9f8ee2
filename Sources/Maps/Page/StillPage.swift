import Messages

extension MapPage {
  /// The page of a machine without the graphics library: the pictures beside it and the table.
  func stillHTML(pictures: [String]) -> [UInt8] {
    let missing = Bilingual(
      zh: "未安装图形库 D3，此页只有静态图和表。执行 make install（Debian 软件包 node-d3）后重新生成，即可切换年份、指标和情景。",
      en:
        "The graphics library D3 is not installed, so this page has still pictures and a table only. Run `make install` (Debian package node-d3) and build again to switch years, measures and scenarios."
    )
    var html = "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>\(escaped(title.zh))</title>\n<style>\n"
    html += String(decoding: PackageResources.page_css, as: UTF8.self)
    html += "\nimg { max-width: 100%; border: 1px solid var(--line); }\n</style>\n</head>\n<body>\n"
    html += "<header><div><h1>\(escaped(title.zh))</h1><p>\(escaped(title.en))</p></div></header>\n"
    html += "<section><p><b>\(escaped(missing.zh))</b></p><p>\(escaped(missing.en))</p>\n"
    for picture in pictures { html += "<p><img src=\"\(escaped(picture))\" alt=\"\(escaped(picture))\"></p>\n" }
    html += table + "</section>\n</body>\n</html>\n"
    return Array(html.utf8)
  }
}
