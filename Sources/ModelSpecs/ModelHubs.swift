import Dimensions
import Messages

extension SpecReading {
  /// Hubs whose code, id or members stand for something else already: a table, a map or a lever that names one of
  /// them would show or move the other.
  func hubs(_ model: ModelSpec, _ root: SpecFields) {
    let nodes = root.optional("regions")?["hubs"]?.elements ?? []
    guard nodes.count == model.regions.hubs.count else { return }
    var taken: [String: String] = [:]
    for (hub, node) in zip(model.regions.hubs, nodes) {
      let (id, code) = (node["id"] ?? node, node["code"] ?? node)
      if hub.code == model.stock.nation || hub.id == model.stock.nation.text {
        report(
          "spec.hub", at: hub.code == model.stock.nation ? code : id,
          Bilingual(
            zh: "“\(model.stock.nation)”已是全国的代码，不能用于高地", en: "'\(model.stock.nation)' is the code of the nation already, and cannot be a hub's"),
          hint: Bilingual(zh: "为高地另取一个代码，如 NE", en: "give the hub a code of its own, such as NE"))
      } else if hub.members != [hub.code],
        (hub.members + model.regions.separate + [model.regions.cityParent, model.regions.rest.code]).contains(hub.code)
      {
        report(
          "spec.hub", at: code,
          Bilingual(zh: "“\(hub.code)”已是一个地区的代码，而高地还包括别处", en: "'\(hub.code)' is the code of a region, and the hub is made of others"),
          hint: Bilingual(zh: "为高地另取一个代码；只含一个地区的高地才与它同码", en: "give the hub a code of its own; only a hub of one region shares its code"))
      }
      for (name, at) in hub.id == hub.code.text ? [(hub.id, id)] : [(hub.id, id), (hub.code.text, code)] where !name.isEmpty {
        if taken.updateValue(hub.id, forKey: name) != nil {
          report("spec.duplicate", at: at, Bilingual(zh: "“\(name)”已是另一个高地的编号或代码", en: "'\(name)' is another hub's id or code already"))
        }
      }
      members(hub, node["members"])
    }
  }

  private func members(_ hub: ModelSpec.Hub, _ node: SpecNode?) {
    guard let node, case .sequence(let items) = node.content else { return }
    if items.isEmpty {
      report("spec.empty", at: node, Bilingual(zh: "高地 \(hub.id) 没有成员", en: "the hub \(hub.id) has no members"))
    }
    for (at, code) in hub.members.enumerated() where hub.members.firstIndex(of: code) != at {
      report("spec.duplicate", at: items[at], Bilingual(zh: "成员“\(code)”重复", en: "the member '\(code)' appears twice"))
    }
  }
}
