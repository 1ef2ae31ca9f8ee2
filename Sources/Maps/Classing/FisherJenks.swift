/// Fisher's exact grouping of numbers on a line: the split of sorted values into `k` runs with the least
/// sum of squared distances to the run means.
///
/// Divide and conquer over the split point, which never moves left as the end moves right:
/// O(k·n·log n) time for n distinct values.
///
/// - Parameters:
///   - values: any order; non-finite ones are left out.
///   - count: runs wanted, ≥ 1; fewer come back when there are fewer distinct values.
/// - Returns: the largest value of each run, ascending.
/// - Source: Fisher, W. D. (1958), "On grouping for maximum homogeneity", JASA 53; Jenks (1977).
package func fisherJenks(_ values: [Double], count: Int) -> [Double] {
  let sorted = values.filter(\.isFinite).sorted()
  var (distinct, weights) = ([Double](), [Double]())
  for value in sorted {
    if value == distinct.last {
      weights[weights.count - 1] += 1
    } else {
      distinct.append(value)
      weights.append(1)
    }
  }
  let (n, k) = (distinct.count, min(max(count, 1), distinct.count))
  guard n > 0 else { return [] }
  let sums = RunSums(distinct, weights)
  var best = (0..<n).map { sums.spread(0, $0) }
  var splits = [[Int]](repeating: [Int](repeating: 0, count: n), count: k)
  for run in 1..<max(k, 1) {
    let before = best
    best = [Double](repeating: .infinity, count: n)
    fill(&best, &splits[run], run...n - 1, run...n - 1) { start, end in
      before[start - 1] + sums.spread(start, end)
    }
  }
  var (ends, end) = ([Double](), n - 1)
  for run in stride(from: k - 1, through: 0, by: -1) {
    ends.append(distinct[end])
    end = splits[run][end] - 1
  }
  return ends.reversed()
}

private func fill(
  _ best: inout [Double], _ splits: inout [Int], _ ends: ClosedRange<Int>, _ starts: ClosedRange<Int>,
  _ cost: (Int, Int) -> Double
) {
  let middle = (ends.lowerBound + ends.upperBound) / 2
  var at = starts.lowerBound
  for start in starts.lowerBound...max(starts.lowerBound, min(starts.upperBound, middle)) {
    let here = cost(start, middle)
    if here < best[middle] { (best[middle], at) = (here, start) }
  }
  splits[middle] = at
  if ends.lowerBound < middle {
    fill(&best, &splits, ends.lowerBound...middle - 1, starts.lowerBound...at, cost)
  }
  if middle < ends.upperBound {
    fill(&best, &splits, middle + 1...ends.upperBound, at...starts.upperBound, cost)
  }
}

/// Weighted sums from the left, taken about the middle value so that few digits cancel.
private struct RunSums {
  private var weight = [0.0], first = [0.0], second = [0.0]

  init(_ values: [Double], _ weights: [Double]) {
    let centre = values[values.count / 2]
    for (value, w) in zip(values, weights) {
      let d = value - centre
      weight.append(weight[weight.count - 1] + w)
      first.append(first[first.count - 1] + w * d)
      second.append(second[second.count - 1] + w * d * d)
    }
  }

  /// Sum of squared distances to the mean of positions start...end.
  func spread(_ start: Int, _ end: Int) -> Double {
    let w = weight[end + 1] - weight[start]
    let s = first[end + 1] - first[start]
    return max(0, second[end + 1] - second[start] - s * s / w)
  }
}
