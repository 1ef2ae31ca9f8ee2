/// Distinct byte strings numbered in order of first appearance.
///
/// Open addressing over the first eight bytes and the length, so that short cells are compared in a
/// single step. Memory is owned by hand: `make` and `free` come in pairs.
struct TextDictionary {
  struct Entry {
    let bytes: UnsafePointer<UInt8>
    let length: Int
    let hash: UInt64
  }

  private struct Slot {
    var head: UInt64
    /// The low 32 bits: enough to tell most lengths apart.
    var length: UInt32
    /// −1 when the slot is empty.
    var code: Int32
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  private(set) var count = 0
  private var entries: UnsafeMutablePointer<Entry>
  private var entryCapacity: Int
  private var pages: [UnsafeMutablePointer<UInt8>] = []
  private var pageRoom = 0
  private var pageEnd: UnsafeMutablePointer<UInt8>?

  /// An empty dictionary; it owns nothing before its first entry.
  init() {
    mask = 0
    slots = TextDictionary.noSlots.slots
    entryCapacity = 0
    entries = .allocate(capacity: 0)
  }

  func free() {
    if mask > 0 { slots.deallocate() }
    entries.deallocate()
    for page in pages { page.deallocate() }
  }

  subscript(code: Int) -> Entry { entries[code] }

  /// The code of the `length` bytes at `bytes`, new or old. Eight bytes must be readable there.
  @inline(__always)
  mutating func code(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    let head = TextDictionary.head(bytes, length)
    let hash = TextDictionary.hash(bytes, length, head: head)
    var at = Int(truncatingIfNeeded: hash) & mask
    while slots[at].code >= 0 {
      let slot = slots[at]
      if slot.head == head, slot.length == UInt32(truncatingIfNeeded: length),
        length <= 8 || isEntry(Int(slot.code), bytes, length)
      {
        return slot.code
      }
      at = (at &+ 1) & mask
    }
    return insert(bytes, length, head: head, hash: hash)
  }

  /// The code of an entry of another dictionary.
  mutating func code(_ entry: Entry) -> Int32 { code(entry.bytes, entry.length) }

  @inline(never)
  private mutating func insert(
    _ bytes: UnsafePointer<UInt8>, _ length: Int, head: UInt64, hash: UInt64
  ) -> Int32 {
    if (count + 1) * 2 > mask + 1 { grow() }
    if count == entryCapacity {
      entryCapacity = max(4, entryCapacity * 2)
      let larger = UnsafeMutablePointer<Entry>.allocate(capacity: entryCapacity)
      larger.moveInitialize(from: entries, count: count)
      entries.deallocate()
      entries = larger
    }
    let code = Int32(count)
    entries.advanced(by: count).initialize(to: Entry(bytes: keep(bytes, length), length: length, hash: hash))
    count += 1
    place(Slot(head: head, length: UInt32(truncatingIfNeeded: length), code: code), hash)
    return code
  }

  @inline(__always)
  private func isEntry(_ code: Int, _ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let entry = entries[code]
    return entry.length == length && TextDictionary.same(entry.bytes, bytes, length)
  }

  private func place(_ slot: Slot, _ hash: UInt64) {
    var at = Int(truncatingIfNeeded: hash) & mask
    while slots[at].code >= 0 { at = (at + 1) & mask }
    slots[at] = slot
  }

  private mutating func grow() {
    if mask > 0 { slots.deallocate() }
    mask = mask == 0 ? 7 : mask < 1 << 16 ? mask * 4 + 3 : mask * 2 + 1
    slots = TextDictionary.emptySlots(mask + 1)
    for code in 0..<count {
      let entry = entries[code]
      let head = TextDictionary.head(entry.bytes, entry.length)
      place(Slot(head: head, length: UInt32(truncatingIfNeeded: entry.length), code: Int32(code)), entry.hash)
    }
  }

  /// Copies the bytes to memory of the dictionary's own, followed by eight readable bytes.
  private mutating func keep(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UnsafePointer<UInt8> {
    if pageRoom < length + 8 || pageEnd == nil {
      let size = max(length + 8, min(1 << 16, 64 << min(10, pages.count)))
      let page = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
      page.initialize(repeating: 0, count: size)
      pages.append(page)
      (pageEnd, pageRoom) = (page, size)
    }
    guard let place = pageEnd else { preconditionFailure("a page was just made") }
    place.update(from: bytes, count: length)
    pageEnd = place + length
    pageRoom -= length
    return UnsafePointer(place)
  }

  /// One empty slot, shared by every dictionary without entries.
  private struct NoSlots: @unchecked Sendable {
    let slots = TextDictionary.emptySlots(1)
  }
  private static let noSlots = NoSlots()

  private static func emptySlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
    slots.initialize(repeating: Slot(head: 0, length: 0, code: -1), count: count)
    return slots
  }

  @inline(__always)
  private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func head(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let first = word(bytes)
    return length >= 8 ? first : first & (1 &<< UInt64(truncatingIfNeeded: length &* 8) &- 1)
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int, head: UInt64) -> UInt64 {
    var h = (head ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
    if length > 8 {
      var at = 8
      while at &+ 8 < length {
        h = mix(h ^ word(bytes + at))
        at &+= 8
      }
      h = mix(h ^ word(bytes + (length &- 8)))
    }
    return h ^ (h >> 32)
  }

  @inline(__always)
  private static func mix(_ h: UInt64) -> UInt64 { (h ^ (h >> 29)) &* 0xBF58_476D_1CE4_E5B9 }

  @inline(__always)
  private static func same(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    var at = 8
    while at &+ 8 < length {
      if word(a + at) != word(b + at) { return false }
      at &+= 8
    }
    return word(a + (length &- 8)) == word(b + (length &- 8))
  }
}
