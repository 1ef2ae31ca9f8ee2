import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import SmallArea
import TestSupport
import Testing

@testable import Facts

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The bundled packages and evidence file, read and solved once.
private let bundled: Result<FactBase, ProblemReport> = {
  do throws(ProblemReport) {
    let spec = try readEvidence(root.appending(path: "Models/evidence.yaml").path)
    return .success(try FactBase(spec, catalogue: try Catalogue(directory: root.appending(path: "Datasets").path)))
  } catch {
    return .failure(error)
  }
}()

@Suite struct FactBaseTests {
  let base: FactBase
  init() throws { base = try bundled.get() }

  @Test func everyRegionalCountIsAFact() throws {
    let own = base.facts.filter { !$0.isPanel }
    #expect(own.count >= 38)
    #expect(Set(own.map(\.indicator)) == ["patent_attorneys_practising", "patent_agencies", "ip_service_employees"])
    let beijing = try #require(own.first { $0.id == "patent_attorneys_practising/110000/2021" })
    #expect(beijing.value == 9742 && beijing.statement.relation == .equal && beijing.statement.sd == 0.005)
    let aggregate = try #require(own.first { $0.place == "CN-4R" })
    #expect(aggregate.statement.relation == .atLeast)
    #expect(aggregate.statement.parts.first?.places.count == 10)
  }

  @Test func publishedCellsAreMet() throws {
    let posterior = base.posterior
    let attorneys = try #require(base.spec.populations.firstIndex { $0.id == "attorneys" })
    for (place, count) in [("110000", 9742.0), ("310000", 1749), ("320000", 2100), ("330000", 1359), ("440000", 3758)] {
      let parts = try #require(base.parts([attorneys], place: RegionCode(place), year: 2021))
      let question = try posterior.question(parts)
      #expect(abs(question.log - log(count)) < 0.02, "\(place)")
      #expect(question.sd < 0.01)
    }
    // The nation is the published number, whatever is known of its places.
    let nation = try #require(base.parts([attorneys], place: base.spec.nation, year: 2021))
    #expect(abs(exp(try posterior.question(nation).log) - 26_840) < 1e-6)
  }

  /// Facts to 2019 only, later ones predicted: the bars that were asked for, and better than allocation by drivers.
  @Test func laterFiguresAreMetAsOftenAsSaid() throws {
    let heldOut = try HeldOut(base, cut: 2019, hiding: [.later])
    let later = heldOut.scores(.later)
    #expect(later.count >= 15)
    #expect(later.medianError <= 0.11)
    #expect((0.7...0.9).contains(later.coverage80))
    #expect(later.crps < heldOut.allocation.crps)
    #expect(later.intervalScore < heldOut.allocation.intervalScore)
    #expect(heldOut.places.count == 5)
    #expect(heldOut.scores(.fact).count == 0)
  }

  @Test(arguments: [(9742.0, 1.0), (284_000, 1000), (86_000, 1000), (7, 1), (500, 100)])
  func printedUnitsAreReadFromZeros(value: Double, unit: Double) {
    #expect(PrintedNumber.unit(value) == unit)
  }

  /// 超 3 300 lies within a printed unit above; of an aggregate of larger areas the sum is at least the figure.
  @Test func boundsAreIntervalsOneUnitWide() {
    let above = PrintedNumber(value: 3300, precision: .above, aggregate: nil)
    #expect(above.value == 3350 && above.relation == .about && abs(above.sd - 100 / 12.0.squareRoot() / 3300) < 1e-15)
    #expect(close(PrintedNumber(value: 2100, precision: .exact, aggregate: nil).sd, 5 / 2100.0))
    #expect(PrintedNumber(value: 700_000, precision: .exact, aggregate: .atLeast).relation == .atLeast)
  }
}
