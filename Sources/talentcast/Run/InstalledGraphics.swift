import Foundation
import Maps
import Messages

/// The graphics library of the map page, where it is installed.
///
/// - Parameter path: a file the user named; it must be one.
/// - Returns: nil when none is installed: the page is then made of still pictures.
func installedGraphics(_ path: String? = nil) throws(ProblemReport) -> GraphicsLibrary? {
  let there = GraphicsLibrary.places.first { FileManager.default.isReadableFile(atPath: $0) }
  guard let file = path ?? there else { return nil }
  return try GraphicsLibrary(try fileBytes(file), file: file)
}

/// Said when the page could only be made of still pictures.
let noGraphicsNotice = Bilingual(
  zh: "未安装图形库 D3：地图页只有静态图和表。执行 make install（Debian 软件包 node-d3）后重新生成。",
  en:
    "The graphics library D3 is not installed: the map page has still pictures and a table only. Run `make install` (Debian package node-d3), then build again."
)
