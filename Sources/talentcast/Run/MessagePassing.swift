import Forecasting
import Foundation
import Messages

#if MPI
  import CMPI

  /// The processes that `mpirun` started. Lives as long as the process: MPI may be started once only.
  struct MessagePassing: RunTeam {
    let rank: Int
    let size: Int

    private init() {
      var (rank, size): (Int32, Int32) = (0, 1)
      MessagePassing.check(talentcast_mpi_start(&rank, &size), "start")
      self.rank = Int(rank)
      self.size = Int(size)
    }

    static let world = MessagePassing()

    func everybody(_ own: [Double], counts: [Int]) -> [Double] {
      var all = [Double](repeating: 0, count: counts.reduce(0, +))
      let (lengths, starts) = MessagePassing.layout(counts)
      MessagePassing.check(talentcast_mpi_everybody(own, Int32(own.count), &all, lengths, starts), "everybody")
      return all
    }

    func atLeader(_ own: [UInt8]) -> [[UInt8]]? {
      var counts = [Int32](repeating: 0, count: size)
      MessagePassing.check(talentcast_mpi_counts(Int32(own.count), &counts), "counts")
      let (lengths, starts) = MessagePassing.layout(counts.map(Int.init))
      var all = [UInt8](repeating: 0, count: counts.reduce(0) { $0 + Int($1) })
      MessagePassing.check(talentcast_mpi_bytes(own, Int32(own.count), &all, lengths, starts), "bytes")
      guard rank == 0 else { return nil }
      return zip(starts, lengths).map { Array(all[Int($0)..<Int($0 + $1)]) }
    }

    /// Ends the processes together; what a process prints before is its own.
    func finish() { MessagePassing.check(talentcast_mpi_finish(), "finish") }

    private static func layout(_ counts: [Int]) -> (lengths: [Int32], starts: [Int32]) {
      var (starts, sum): ([Int32], Int32) = ([], 0)
      for count in counts {
        starts.append(sum)
        sum += Int32(count)
      }
      return (counts.map(Int32.init), starts)
    }

    private static func check(_ code: Int32, _ what: String) {
      guard code != 0 else { return }
      say("MPI \(what): \(code)")
      _ = talentcast_mpi_abort(70)
      Channels.leave(70)
    }
  }
#endif

/// The processes that carry out this run: those of `mpirun` where the program was built for it, else this one alone.
func startedTeam() -> any RunTeam {
  #if MPI
    return MessagePassing.world
  #else
    return Alone()
  #endif
}

/// To be called once by every process when its part is done.
func finish(_ team: any RunTeam) {
  #if MPI
    MessagePassing.world.finish()
  #endif
}

extension RunTeam {
  var leads: Bool { rank == 0 }

  /// What the leader decides.
  func agreed(_ own: Bool) -> Bool { everybody([own ? 1 : 0], counts: [Int](repeating: 1, count: size))[0] == 1 }
}
