import Foundation

/// A growing run of bytes with readable zeros after its end.
final class ByteBuffer {
  /// Bytes that may be read past the end.
  static let margin = 64
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    start = .allocate(capacity: capacity + ByteBuffer.margin)
    start.initialize(repeating: 0, count: capacity + ByteBuffer.margin)
  }

  deinit { start.deallocate() }

  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + ByteBuffer.margin)
    larger.initialize(repeating: 0, count: wanted + ByteBuffer.margin)
    larger.update(from: start, count: count)
    start.deallocate()
    (start, capacity) = (larger, wanted)
  }

  func clearMargin() { (start + count).update(repeating: 0, count: ByteBuffer.margin) }
}

/// Hands out delimited text in blocks that end where a record ends.
///
/// In well-formed text a line break ends a record exactly when an even number of quotes stands before
/// it. In malformed text the blocks may be cut wrongly; the parser of the block with the first flaw
/// then meets that flaw itself.
final class BlockSource {
  private enum Origin {
    case descriptor(Int32)
    case bytes([UInt8])
  }

  private let origin: Origin
  private let blockSize: Int
  private var offset = 0
  private var rest: [UInt8] = []
  private var ended = false
  /// Set when the system could not read on.
  private(set) var readError: Int32?
  let size: Int
  /// Whether the last block handed out was the last there is.
  var isExhausted: Bool { offset >= size && rest.isEmpty }

  init(bytes: [UInt8], blockSize: Int) {
    origin = .bytes(bytes)
    size = bytes.count
    self.blockSize = blockSize
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  /// - Parameter descriptor: of a regular file; stays open and is the caller's to close.
  init(descriptor: Int32, size: Int, blockSize: Int) {
    origin = .descriptor(descriptor)
    self.size = size
    self.blockSize = blockSize
    var mark: [UInt8] = [0, 0, 0]
    if pread(descriptor, &mark, 3, 0) == 3, mark == [0xEF, 0xBB, 0xBF] { offset = 3 }
  }

  /// Fills the buffer with the next records; false at the end of the text.
  func next(into buffer: ByteBuffer) -> Bool {
    buffer.count = 0
    buffer.reserve(rest.count + blockSize)
    rest.withUnsafeBufferPointer { rest in
      if let base = rest.baseAddress { buffer.start.update(from: base, count: rest.count) }
    }
    buffer.count = rest.count
    var quotes = countBytes(UInt8(ascii: "\""), buffer.start, buffer.count)
    rest.removeAll(keepingCapacity: true)
    while !ended {
      buffer.reserve(buffer.count + max(blockSize, buffer.count))
      let fresh = buffer.start + buffer.count
      let got = read(into: fresh, atMost: buffer.capacity - buffer.count)
      if got == 0 {
        ended = true
        break
      }
      quotes += countBytes(UInt8(ascii: "\""), fresh, got)
      buffer.count += got
      if let cut = lastRecordEnd(buffer, quotes: quotes) {
        rest.append(contentsOf: UnsafeBufferPointer(start: buffer.start + cut, count: buffer.count - cut))
        buffer.count = cut
        buffer.clearMargin()
        return true
      }
    }
    guard buffer.count > 0 else { return false }
    let last = buffer.start[buffer.count - 1]
    if last != 0x0A, last != 0x0D {
      buffer.reserve(buffer.count + 1)
      buffer.start[buffer.count] = 0x0A
      buffer.count += 1
    }
    buffer.clearMargin()
    return true
  }

  private func lastRecordEnd(_ buffer: ByteBuffer, quotes: Int) -> Int? {
    var inside = quotes & 1 == 1
    var at = buffer.count - 1
    if buffer.start[at] == 0x0D { at -= 1 }  // its line feed may be the next byte
    while at >= 0 {
      let byte = buffer.start[at]
      if byte == UInt8(ascii: "\"") {
        inside.toggle()
      } else if !inside, byte == 0x0A || byte == 0x0D {
        return at + 1
      }
      at -= 1
    }
    return nil
  }

  private func read(into place: UnsafeMutablePointer<UInt8>, atMost limit: Int) -> Int {
    switch origin {
    case .bytes(let bytes):
      let count = min(limit, bytes.count - offset)
      bytes.withUnsafeBufferPointer { all in
        if let base = all.baseAddress, count > 0 { place.update(from: base + offset, count: count) }
      }
      offset += count
      return count
    case .descriptor(let descriptor):
      var got = pread(descriptor, place, limit, off_t(offset))
      while got < 0, errno == EINTR { got = pread(descriptor, place, limit, off_t(offset)) }
      if got < 0 { readError = errno }
      offset += max(0, got)
      return max(0, got)
    }
  }
}

/// How often a byte occurs, eight bytes at a time.
func countBytes(_ byte: UInt8, _ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
  let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
  let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  var total = 0
  var at = 0
  while at &+ 8 <= count {
    var lanes: UInt64 = 0
    let end = min(count &- 7, at &+ 8 &* 255)
    while at < end {
      let x = UnsafeRawPointer(start + at).loadUnaligned(as: UInt64.self) ^ pattern
      lanes &+= ~(((x & low) &+ low) | x | low) >> 7
      at &+= 8
    }
    let pairs = (lanes & 0x00FF_00FF_00FF_00FF) &+ ((lanes >> 8) & 0x00FF_00FF_00FF_00FF)
    total &+= Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) >> 48)
  }
  while at < count {
    if start[at] == byte { total += 1 }
    at += 1
  }
  return total
}
