import Datasets
import Dimensions
import Messages
import ModelSpecs

/// The places a run speaks of: leaves that are forecast, and nodes that are sums of leaves.
///
/// Leaves: the mainland's provinces (one of them by its cities and a rest), then the regions with
/// statistical systems of their own. The nation is the sum of the mainland leaves only.
public struct Geography: Sendable {
  /// A place that is forecast by itself; all others are sums of such places.
  public struct Leaf: Sendable {
    public let code: RegionCode
    public let name: Bilingual
    /// The province whose total this leaf is part of; nil outside the national total.
    public let province: Int?
    public let hub: String
  }

  /// A place that results are given for: a leaf or a sum of leaves.
  public struct Node: Sendable {
    /// What a place is; `separate` stands for the special administrative regions, `rest` for what no city covers.
    public enum Kind: String, Sendable { case nation, province, hub, city, rest, separate }
    public let code: RegionCode
    public let name: Bilingual
    public let kind: Kind
    public let hub: String
    /// Indices into `leaves`.
    public let members: [Int]
  }

  public let provinces: [RegionCode]
  /// Index of the province shown by its cities. Where the model divides none it is the first, of which
  /// the only part is itself.
  public let divided: Int
  public let cities: [RegionCode]
  public let separate: [RegionCode]
  public let leaves: [Leaf]
  public let nodes: [Node]

  init(
    provinces: [RegionCode], divided: Int, cities: [RegionCode], separate: [RegionCode], leaves: [Leaf], nodes: [Node]
  ) {
    self.provinces = provinces
    self.divided = divided
    self.cities = cities
    self.separate = separate
    self.leaves = leaves
    self.nodes = nodes
  }

  /// - Throws: `ProblemReport(.badConfiguration)` naming every code of the model that the classification lacks.
  public init(model: ModelSpec, regions: [Region]) throws(ProblemReport) {
    var problems: [Problem] = []
    let byCode = Dictionary(regions.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    func name(_ code: RegionCode) -> Bilingual {
      if let region = byCode[code] { return region.name }
      problems.append(
        Problem(
          "model.unknown-region", path: "regions",
          message: Bilingual(zh: "区划代码表中没有 \(code)", en: "no region has the code \(code)"),
          hint: nearest(code.text, among: byCode.keys.map(\.text).sorted()).map {
            Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)")
          }))
      return Bilingual(zh: code.text, en: code.text)
    }
    func hub(_ code: RegionCode) -> String { model.regions.hubs.first { $0.members.contains(code) }?.id ?? "" }

    let separate = model.regions.separate
    let isWhole = model.regions.provinceLevel.isEmpty
    let provinces =
      isWhole
      ? [model.stock.nation]
      : regions.filter {
        $0.level == model.regions.provinceLevel && !model.regions.without.contains($0.code) && !separate.contains($0.code)
      }.map(\.code).sorted()
    let parent = model.regions.cityParent
    let cities =
      parent.text.isEmpty
      ? [] : model.regions.hubs.flatMap(\.members).filter { byCode[$0]?.parent == parent && $0 != parent }.sorted()
    let divided = parent.text.isEmpty ? provinces.indices.first : provinces.firstIndex(of: parent)
    if provinces.isEmpty {
      problems.append(
        Problem(
          "model.no-provinces", path: "regions.provinces.level",
          message: Bilingual(
            zh: "没有级别为“\(model.regions.provinceLevel)”的地区", en: "no region has the level '\(model.regions.provinceLevel)'")))
    } else if divided == nil {
      problems.append(
        Problem(
          "model.unknown-region", path: "regions.cities.parent",
          message: Bilingual(zh: "\(parent) 不是省级地区", en: "\(parent) is not one of the provinces")))
    }

    var leaves: [Leaf] = []
    for (index, code) in provinces.enumerated() {
      if code == parent {
        leaves += cities.map { Leaf(code: $0, name: name($0), province: index, hub: hub($0)) }
        leaves.append(Leaf(code: model.regions.rest.code, name: model.regions.rest.name, province: index, hub: ""))
      } else {
        leaves.append(
          Leaf(code: code, name: isWhole ? model.stock.name : name(code), province: index, hub: hub(code)))
      }
    }
    leaves += separate.map { Leaf(code: $0, name: name($0), province: nil, hub: hub($0)) }

    func indices(_ keep: (Leaf) -> Bool) -> [Int] { leaves.indices.filter { keep(leaves[$0]) } }
    var nodes = [
      Node(
        code: model.stock.nation, name: model.stock.name, kind: .nation, hub: "",
        members: indices { $0.province != nil })
    ]
    let places = Set(leaves.map(\.code) + provinces + separate + [model.stock.nation])
    for member in model.regions.hubs {
      problems += Geography.problems(member, places, leaves, parent: parent, cities: cities, regions: byCode)
      guard !provinces.contains(member.code) else { continue }
      let members = indices { member.members.contains($0.code) }
      nodes.append(Node(code: member.code, name: member.name, kind: .hub, hub: member.id, members: members))
    }
    for (index, code) in provinces.enumerated() where code != model.stock.nation {
      nodes.append(
        Node(code: code, name: name(code), kind: .province, hub: hub(code), members: indices { $0.province == index }))
    }
    for (index, leaf) in leaves.enumerated() where leaf.code != provinces[safe: leaf.province] {
      let kind: Node.Kind =
        leaf.province == nil ? .separate : leaf.code == model.regions.rest.code ? .rest : .city
      nodes.append(Node(code: leaf.code, name: leaf.name, kind: kind, hub: leaf.hub, members: [index]))
    }
    guard problems.isEmpty, let divided else { throw ProblemReport(.badConfiguration, problems) }
    self.provinces = provinces
    self.divided = divided
    self.cities = cities
    self.separate = separate
    self.leaves = leaves
    self.nodes = nodes
  }
}

extension Geography {
  /// What is wrong with a hub among the places of a run: a code that shows another place, members that are none.
  private static func problems(
    _ hub: ModelSpec.Hub, _ places: Set<RegionCode>, _ leaves: [Leaf], parent: RegionCode, cities: [RegionCode],
    regions: [RegionCode: Region]
  ) -> [Problem] {
    func problem(_ code: String, _ message: Bilingual, _ hint: Bilingual?) -> Problem {
      Problem(
        code, file: hub.place?.file, line: hub.place?.line, column: hub.place?.column, path: "regions.hubs.\(hub.id)",
        message: message, hint: hint)
    }
    var problems: [Problem] = []
    if places.contains(hub.code), hub.members != [hub.code] {
      problems.append(
        problem(
          "model.hub-code",
          Bilingual(
            zh: "高地 \(hub.id) 的代码 \(hub.code) 是另一个地区的，表和图会显示那个地区",
            en: "the code \(hub.code) of the hub \(hub.id) is another region's, which tables and maps would show"),
          Bilingual(zh: "为高地另取一个代码，如 NE", en: "give the hub a code of its own, such as NE")))
    }
    for code in hub.members where !leaves.contains(where: { $0.code == code }) {
      guard regions[code] != nil else {
        let near = nearest(code.text, among: leaves.map(\.code.text).sorted())
        problems.append(
          problem(
            "model.unknown-region", Bilingual(zh: "区划代码表中没有 \(code)", en: "no region has the code \(code)"),
            near.map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }))
        continue
      }
      let parts =
        code == parent ? leaves.filter { $0.code != code && (cities.contains($0.code) || $0.hub.isEmpty && $0.code.text.hasPrefix(code.text)) } : []
      problems.append(
        problem(
          "model.hub-member",
          Bilingual(
            zh: "高地 \(hub.id) 的成员 \(code) 不是模型单独预测的地区，会被漏计",
            en: "\(code), a member of the hub \(hub.id), is no place that the model forecasts by itself: it would not be counted"),
          parts.isEmpty
            ? nil
            : Bilingual(
              zh: "\(code) 已分为城市，请写：\(parts.map(\.code.text).joined(separator: "、"))",
              en: "\(code) is divided; write \(parts.map(\.code.text).joined(separator: ", "))")))
    }
    return problems
  }
}

extension Geography {
  /// The node of a code, of a hub's id or of a name in either language, also one that only begins so
  /// when no other does; nil when there is none.
  public func node(called text: String) -> Node? {
    guard !text.isEmpty else { return nil }
    if let exact = nodes.first(where: { $0.code.text == text })
      ?? nodes.first(where: { $0.hub == text && ($0.kind == .hub || $0.kind == .province) })
      ?? nodes.first(where: { $0.name.zh == text || $0.name.en == text })
    {
      return exact
    }
    if ["CN", "nation", "total"].contains(text) { return nodes.first { $0.kind == .nation } }
    let begun = nodes.filter { $0.name.zh.hasPrefix(text) || $0.name.en.lowercased().hasPrefix(text.lowercased()) }
    return begun.count == 1 ? begun[0] : nil
  }
}

extension Array {
  fileprivate subscript(safe index: Int?) -> Element? {
    guard let index, indices.contains(index) else { return nil }
    return self[index]
  }
}

extension Geography {
  /// The provinces a node is made of, if it is made of whole provinces only; else none.
  public func wholeProvinces(_ node: Node) -> [Int] {
    let members = Set(node.members)
    let homes = members.map { leaves[$0].province }
    let provinces = Set(homes.compactMap(\.self))
    guard !homes.contains(nil),
      leaves.indices.allSatisfy({ leaf in leaves[leaf].province.map { !provinces.contains($0) || members.contains(leaf) } ?? true })
    else { return [] }
    return provinces.sorted()
  }
}
