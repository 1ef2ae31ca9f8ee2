import Dimensions
import Messages

/// The map page: one file that works from disk, with no request to anywhere.
///
/// Drawn with D3 into SVG. Looked at beside it: Leaflet (tiles and Mercator, where an equal-area map
/// with an inset is wanted; a picture of the view cannot be saved), Vega (0.9 MB; its slider and map
/// cannot share a clicked region without own code), ECharts and MapLibre (1 MB each, one inset of their
/// own making, WebGL).
package struct MapPage: Sendable {
  private static let stored: [MapMeasure] = [.supply, .demand, .gap, .adequacy]
  /// Above this, scenarios other than the first keep the total of all teams only.
  private static let cellLimit = 45_000

  private let build: MapBuild
  /// Every region of the page, those with values first: `known`.
  private let codes, known: [String]
  private let views: [Boundaries.View]

  package init(_ build: MapBuild) {
    self.build = build
    views = build.boundaries.views.filter(\.isNational) + build.boundaries.views.filter { !$0.isNational }
    var codes: [String] = []
    let whole = build.nation.isEmpty ? [] : [build.nation]
    for code in views.flatMap(\.regions).map(\.code) + build.table.hubRegions.values.sorted() + whole
    where !codes.contains(code) { codes.append(code) }
    let known = codes.filter { !build.table.all(.supply, of: [$0]).isEmpty || !build.table.all(.demand, of: [$0]).isEmpty }
    codes.removeAll { known.contains($0) }
    (self.codes, self.known) = (known + codes, known)
  }

  private var nation: String { build.nation }

  /// - Parameter library: what draws the page.
  package func html(_ library: GraphicsLibrary) -> [UInt8] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let scripts = [
      PackageResources.values_js, PackageResources.map_js, PackageResources.zoom_js, PackageResources.panels_js,
      PackageResources.controls_js,
    ]
    let parts = [
      ("TITLE", escaped(title.zh)), ("STYLE", text(PackageResources.page_css)), ("NOSCRIPT", noScript),
      // No text of the data may begin or end anything in the page: not `</script>`, not `<!--<script>`.
      ("DATA", data.text.replacing("<", with: "\\u003c")), ("LICENCE", GraphicsLibrary.licence), ("LIBRARY", library.script),
      ("SCRIPT", scripts.map(text).joined(separator: "\n")),
    ]
    let template = text(PackageResources.page_html)
    var (page, rest) = ("", template[...])
    for (mark, content) in parts {
      guard let place = rest.firstRange(of: mark) else { continue }
      page += rest[..<place.lowerBound] + content
      rest = rest[place.upperBound...]
    }
    return Array((page + rest).utf8)
  }

  var title: Bilingual {
    let subject = build.options.subject
    return Bilingual(zh: "\(subject.zh)供需地图", en: "Map of \(subject.en) supply and demand")
  }

  // MARK: Data

  private var data: JSONValue {
    let plan = teamPlan
    var scenarios: [JSONValue] = [], offset = 0
    for (id, teams) in zip(build.table.scenarios, plan) {
      let label = build.label(id)
      scenarios.append(
        .members([
          "id": .string(id), "zh": .string(label.zh), "en": .string(label.en), "teams": .number(Double(teams)),
          "offset": .number(Double(offset)),
        ]))
      offset += teams * Self.stored.count * known.count * build.table.years.count
    }
    let (columns, notes) = columns(plan)
    return .members([
      "title": bilingual(title), "years": .array(build.table.years.map { .number(Double($0)) }),
      "base": .number(Double(build.table.baseYear)), "scenarios": .array(scenarios),
      "teams": .array(build.table.teams.map { named($0, build.label($0)) }), "measures": .array(MapMeasure.allCases.map(measure)),
      "regions": .array(codes.map(region)), "known": .number(Double(known.count)), "views": .array(views.map(view)), "columns": columns,
      "notes": notes, "words": words(notes),
      "unreviewed": .bool(build.isUnreviewed), "notice": bilingual(build.notice),
      "boundaryNotice": bilingual(MapBuild.boundaryNotice),
    ])
  }

  /// Teams kept for each scenario.
  private var teamPlan: [Int] {
    let one = Self.stored.count * known.count * build.table.years.count
    let all = one * build.table.teams.count * build.table.scenarios.count
    return build.table.scenarios.indices.map { $0 == 0 || all <= Self.cellLimit ? build.table.teams.count : 1 }
  }

  private func bilingual(_ text: Bilingual) -> JSONValue { .members(["zh": .string(text.zh), "en": .string(text.en)]) }
  private func pair(_ text: Bilingual) -> JSONValue { .array([.string(text.zh), .string(text.en)]) }
  private func named(_ id: String, _ label: Bilingual) -> JSONValue {
    .members(["id": .string(id), "zh": .string(label.zh), "en": .string(label.en)])
  }

  private func measure(_ measure: MapMeasure) -> JSONValue {
    let classes = build.classes[measure] ?? Classes(method: Bilingual(zh: "", en: ""), breaks: [], colours: ["#e6eaef"])
    return .members([
      "id": .string(measure.rawValue), "zh": .string(measure.title.zh), "en": .string(measure.title.en),
      "short": pair(measure.shortTitle), "unit": pair(build.unit(measure)), "total": .bool(measure.isTotal),
      "breaks": .array(classes.breaks.map { .number($0) }), "colours": .array(classes.colours.map { .string($0) }),
      "method": pair(classes.method),
    ])
  }

  private func region(_ code: String) -> JSONValue {
    let name = build.regionName(code)
    return .members([
      "code": .string(code), "zh": .string(name.zh), "en": .string(name.en), "area": .optional(build.table.area(code)),
    ])
  }

  /// Outlines in whole units, ten thousand across the frame, each arc as its first position and steps.
  private func view(_ view: Boundaries.View) -> JSONValue {
    let sheet = MapSheet(view, overlays: build.boundaries.overlays, width: 900)
    let metres = max(sheet.frame.width, 1) / 10_000
    func unit(_ p: Point) -> (Int, Int) {
      (nearestWhole((p.x - sheet.frame.west) / metres), nearestWhole((p.y - sheet.frame.south) / metres))
    }
    func steps(_ line: [Point]) -> JSONValue {
      var (list, before) = ([JSONValue](), (0, 0))
      for (i, p) in line.enumerated() {
        let here = unit(p)
        if i > 0, here == before, i < line.count - 1 { continue }
        list += [.number(Double(here.0 - before.0)), .number(Double(here.1 - before.1))]
        before = here
      }
      return .array(list)
    }
    func box(_ box: Box) -> JSONValue {
      let (a, b) = (unit(Point(box.west, box.south)), unit(Point(box.east, box.north)))
      return .array([a.0, a.1, b.0, b.1].map { .number(Double($0)) })
    }
    let label = build.title(view)
    let whole = view.hub.isEmpty ? nation : build.table.hubRegions[view.hub] ?? ""
    return .members([
      "id": .string(view.id), "zh": .string(label.zh), "en": .string(label.en), "national": .bool(view.isNational),
      "data": .bool(build.hasData(view)), "metres": .number(metres), "box": box(sheet.frame),
      "inset": sheet.inset.map(box) ?? .null, "whole": .number(Double(codes.firstIndex(of: whole) ?? -1)),
      "regions": .array(view.regions.map { .number(Double(codes.firstIndex(of: $0.code) ?? -1)) }),
      "labels": .array(sheet.labels.map { p in .array([.number(Double(unit(p).0)), .number(Double(unit(p).1))]) }),
      "arcs": .array(sheet.topology.arcs.map(steps)),
      "shapes": .array(
        sheet.topology.shapes.map { .array($0.joined().map { .array($0.map { .number(Double($0)) }) }) }),
      "overlays": .array(sheet.overlays.map(steps)), "credit": .string(build.credit(view)),
    ])
  }

  /// Values as little-endian 32-bit floats (seven digits), grades as letters, methods and sources by number.
  private func columns(_ plan: [Int]) -> (JSONValue, JSONValue) {
    var columns = [[UInt8]](repeating: [], count: 6)
    var (grades, numbers) = ([UInt8](), [UInt8]())
    var notes: [[String]] = [["", ""]]
    var numbered: [[String]: Int] = [["", ""]: 0]
    for (scenario, teams) in zip(build.table.scenarios, plan) {
      for team in build.table.teams.prefix(teams) {
        for measure in Self.stored {
          for code in known {
            for year in build.table.years {
              let value = build.table.value(measure, code, year: year, scenario: scenario, team: team)
              let list = [value?.value, value?.lowest, value?.low, value?.high, value?.highest, value?.chance]
              for (i, number) in list.enumerated() { append(Float(number ?? .nan).bitPattern, to: &columns[i]) }
              grades.append(value?.grade.rawValue.utf8.first ?? UInt8(ascii: "-"))
              let note = value.map { [$0.method, $0.source] } ?? notes[0]
              let number = numbered[note] ?? notes.count
              if number == notes.count, number < Int(UInt16.max) {
                numbered[note] = number
                notes.append(note)
              }
              numbers += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
            }
          }
        }
      }
    }
    let names = ["value", "p025", "p10", "p90", "p975", "chance"]
    let members =
      zip(names, columns).map { JSONValue.Member($0, .string(base64($1))) }
      + [.init("grade", .string(String(decoding: grades, as: UTF8.self))), .init("note", .string(base64(numbers)))]
    return (.object(members), .array(notes.map { .array($0.map { .string($0) }) }))
  }

  /// What the methods and sources of the notes are called, where that is known; both languages.
  private func words(_ notes: JSONValue) -> JSONValue {
    guard case .array(let rows) = notes else { return .object([]) }
    var known: [String: Bilingual] = [:]
    for case .array(let row) in rows {
      for case .string(let text) in row {
        for part in text.split(separator: ";").map({ $0.trimmingPrefix(while: { $0 == " " }) }).map(String.init) {
          if let word = resultMethods[part] ?? build.options.sources[part] { known[part] = word }
        }
      }
    }
    return .object(known.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, pair($0.value)) })
  }

  private func append(_ bits: UInt32, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  // MARK: Without script

  /// What a reader sees whose browser runs no script.
  private var noScript: String {
    "<noscript><p>此页需要 JavaScript；下表为基准情景。This page needs JavaScript; the table gives the baseline.</p>\(table)</noscript>"
  }

  /// The first scenario as a table: supply now, demand and gap in the last year.
  var table: String {
    guard let scenario = build.table.scenarios.first, let year = build.futureYears.last else { return "" }
    var html = "<table><thead><tr>"
    for head in ["地区 Region", "供给 Supply \(build.table.baseYear)", "需求 Demand \(year)", "缺口 Gap \(year)", "80%", "短缺概率 P(short)"] {
      html += "<th>\(head)</th>"
    }
    html += "</tr></thead><tbody>"
    for view in views where build.hasData(view) {
      for region in view.regions {
        let now = build.table.value(.supply, region.code, year: build.table.baseYear, scenario: scenario)
        let then = build.table.value(.demand, region.code, year: year, scenario: scenario)
        let gap = build.table.value(.gap, region.code, year: year, scenario: scenario)
        func cell(_ value: Double?) -> String { value.map { Figures.text($0, .supply, .en) } ?? "–" }
        html += "<tr><td>\(escaped(region.name.zh)) \(escaped(region.name.en))</td><td>\(cell(now?.value))</td><td>\(cell(then?.value))</td>"
        html += "<td>\(cell(gap?.value))</td><td>\(cell(gap?.low)) … \(cell(gap?.high))</td>"
        html += "<td>\(gap?.chance.map { "\(Int(($0 * 100).rounded()))%" } ?? "–")</td></tr>"
      }
    }
    return html + "</tbody></table><p>\(escaped(build.notice.zh)) \(escaped(build.notice.en))</p>"
  }
}

private func base64(_ bytes: [UInt8]) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var out: [UInt8] = []
  out.reserveCapacity((bytes.count + 2) / 3 * 4)
  for i in stride(from: 0, to: bytes.count, by: 3) {
    let three = (0..<3).map { i + $0 < bytes.count ? UInt32(bytes[i + $0]) : 0 }
    let bits = three[0] << 16 | three[1] << 8 | three[2]
    for j in 0..<4 {
      out.append(i + j > bytes.count ? UInt8(ascii: "=") : letters[Int(bits >> UInt32(18 - 6 * j) & 63)])
    }
  }
  return String(decoding: out, as: UTF8.self)
}
