/// The candidate nearest to a misspelt word, or nil when none is near enough to be a slip of the hand.
///
/// Optimal string alignment distance (a swap of neighbours counts once); at most a third of the
/// word's length may differ, nothing but case in a single letter. Ties go to the first candidate.
public func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
  // One letter for another is no slip of the hand: any short code would be near any other.
  let limit = word.count < 2 ? 0 : max(1, word.count / 3)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates where abs(candidate.count - word.count) <= limit {
    let distance = editDistance(Array(word.lowercased()), Array(candidate.lowercased()))
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var before = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let change = a[i - 1] == b[j - 1] ? 0 : 1
      current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        current[j] = min(current[j], before[j - 2] + 1)
      }
    }
    (before, previous) = (previous, current)
  }
  return previous[b.count]
}
