internal import CLAPACKE

/// BLAS threads, controlled in one place. Results of BLAS are bit-equal only at one fixed thread
/// count, so everything that must reproduce runs at one thread and is parallel outside.
public enum BLASThreads {
  public static func set(_ count: Int) { openblas_set_num_threads(Int32(count)) }
  public static var count: Int { Int(openblas_get_num_threads()) }
  /// Build configuration of the library that really runs.
  public static var configuration: String {
    guard let text = openblas_get_config() else { return "unknown" }
    return String(cString: text)
  }
}
