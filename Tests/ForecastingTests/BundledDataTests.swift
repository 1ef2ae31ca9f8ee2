import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Simulation
import Testing

@testable import Forecasting

/// The bundled data packages under the baseline model, loaded once for all tests.
private enum Bundled {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let loaded: Result<(ModelSpec, Catalogue, ForecastAssembly, [ResultCell]), any Error> = Result {
    let model = try readModel(root.appending(path: "Models/baseline.yaml").path)
    let catalogue = try Catalogue(directory: root.appending(path: "Datasets").path)
    let assembly = try ForecastAssembly(model: model, catalogue: catalogue)
    let results = try forecast(
      assembly.inputs, RunOptions(scenario: "baseline", draws: 20, seed: 1, jobs: 2))
    return (model, catalogue, assembly, results.cells)
  }
}

@Suite struct BundledDataTests {
  @Test func publishedNationalStocksAreKeptWithGradeA() throws {
    let cells = try Bundled.loaded.get().3
    for (year, persons) in [(2020, 690_000.0), (2023, 860_000)] {
      let cell = try #require(
        cells.first {
          $0.region == "100000" && $0.measure == .supply && $0.year == year && $0.team == "total"
        })
      #expect(cell.value == persons && cell.evidence == .observed)
    }
  }

  @Test func everyPlaceTeamAndIndustryOfTheModelHasCells() throws {
    let (model, _, assembly, cells) = try Bundled.loaded.get()
    let regions = Set(cells.map(\.region))
    #expect(assembly.inputs.geography.provinces.count == 31)
    #expect(regions.isSuperset(of: assembly.inputs.geography.provinces))
    #expect(regions.isSuperset(of: model.regions.hubs.flatMap(\.members)))
    #expect(regions.contains("GBA") && regions.contains("100000"))
    #expect(Set(cells.map(\.team)) == Set(model.teams.map(\.id) + ["total"]))
    #expect(Set(cells.map(\.industry)) == Set(model.industries.map(\.id) + ["total"]))
    #expect(Set(cells.map(\.year)) == Set(2020...2035))
    #expect(cells.allSatisfy { !$0.source.isEmpty && !$0.method.isEmpty && !$0.concept.isEmpty })
  }

  @Test func everyMethodIsCalledSomethingInBothLanguages() throws {
    for method in Set(try Bundled.loaded.get().3.map(\.method)) {
      let name = try #require(resultMethods[method], "\(method)")
      #expect(!name.zh.isEmpty && !name.en.isEmpty)
    }
  }

  /// The nation's shares weighted by the quotients of a place are the place's shares: they add up to 1.
  @Test(arguments: ["110000", "GBA", "440300"]) func quotientsTurnTheNationsSharesIntoThePlaces(_ place: RegionCode) throws {
    let cells = try Bundled.loaded.get().3.filter { $0.year == 2030 }
    func value(_ measure: Measure, _ region: RegionCode, industry: String = "total", team: String = "total") throws -> Double {
      try #require(
        cells.first { $0.measure == measure && $0.region == region && $0.industry == industry && $0.team == team }
      ).value
    }
    let (model, _, _, _) = try Bundled.loaded.get()
    let (nation, here) = (try value(.demand, "100000"), try value(.demand, place))
    var sum = 0.0
    for industry in model.industries {
      let quotient = try value(.locationQuotient, place, industry: industry.id)
      let share = try value(.demand, "100000", industry: industry.id) / nation
      sum += quotient * share
      let own = try value(.demand, place, industry: industry.id) / here
      #expect(abs(quotient * share - own) < 1e-6)
    }
    #expect(abs(sum - 1) < 1e-5)
    #expect(!cells.contains { $0.measure == .locationQuotient && $0.region == "100000" })
  }

  /// 860,000 persons in 2023 over the year's full-time equivalents, as published; none for a part of a province.
  @Test func densityStandsOnThePublishedLabourSeries() throws {
    let (model, catalogue, _, cells) = try Bundled.loaded.get()
    let panel = try catalogue.panel(model.demand.proxy)
    func density(_ region: RegionCode) -> ResultCell? {
      cells.first { $0.measure == .density && $0.region == region && $0.year == 2023 }
    }
    let beijing = try #require(density("110000"))
    let supply = try #require(cells.first { $0.measure == .supply && $0.region == "110000" && $0.year == 2023 && $0.team == "total" })
    let staff = try #require(panel["110000", 2023]).value
    #expect(abs(beijing.value - supply.value / staff * 10_000) < 1e-3 && beijing.unit == "人/万人年" && beijing.evidence == .allocated)
    let nation = try #require(density("100000"))
    #expect(nation.p10 == nation.p90 && nation.evidence == .observed)
    #expect(density("GBA") == nil && density("440300") == nil)
    #expect(!cells.contains { $0.measure == .density && $0.year > 2023 })
  }

  @Test func everyIndustryStandsBesideThePublishedClasses() throws {
    let (model, catalogue, _, _) = try Bundled.loaded.get()
    let crosswalk = try IndustryCrosswalk(model, catalogue: catalogue)
    #expect(crosswalk.rows.count == 12 && crosswalk.classifications.map(\.id) == ["gbt4754", "patent_intensive"])
    // Each of the seven patent-intensive classes is one group, and no group has two.
    let intensive = crosswalk.rows.flatMap { $0.classes[1].map(\.code) }
    #expect(intensive.sorted() == ["01", "02", "03", "04", "05", "06", "07"])
    #expect(crosswalk.rows.first { $0.industry.id == "ict-manufacturing" }?.classes[0].first?.name.zh == "计算机、通信和其他电子设备制造业")
  }

  @Test func aClassThatDoesNotExistIsNamed() throws {
    let (_, catalogue, _, _) = try Bundled.loaded.get()
    let text = try String(contentsOf: Bundled.root.appending(path: "Models/baseline.yaml"), encoding: .utf8)
    let model = try parseModel(text.replacing("gbt4754: [\"39\"]", with: "gbt4754: [\"3 9\", \"C39\"]"), file: "m.yaml")
    let report = #expect(throws: ProblemReport.self) { try IndustryCrosswalk(model, catalogue: catalogue) }
    #expect(report?.problems.map(\.code) == ["model.unknown-class", "model.unknown-class"])
    #expect(report?.problems.allSatisfy { $0.hint?.zh.contains("39") == true } == true)
  }

  /// Draws with the same chances: a scenario equal to its base differs by nothing, and a difference is surer than the figures.
  @Test func differencesAreDrawnWithTheSameChances() throws {
    let (model, catalogue, assembly, cells) = try Bundled.loaded.get()
    let node = try #require(assembly.inputs.geography.nodes.first { $0.kind == .nation })
    let question = FigureQuestion(measure: .gapRequirement, node: node, year: 2030)
    let options = RunOptions(scenario: "", draws: 100, seed: 20_260_601, jobs: 1)
    let same = try #require(try question.difference(assembly.inputs, assembly.inputs, options))
    #expect(same == Fan(exact: 0))
    let library = ScenarioLibrary(folder: Bundled.root.appending(path: "Models").path)
    let other = try assembly.inputs(under: library.resolve("training-expansion"), model: model, catalogue: catalogue)
    let fan = try #require(try question.difference(assembly.inputs, other, options))
    let own = try #require(try question.runs(assembly.inputs, options))
    let spread = quantile(Array(own.dropFirst()), at: 0.9) - quantile(Array(own.dropFirst()), at: 0.1)
    #expect(fan.value < 0 && fan.p90 < 0 && fan.p90 - fan.p10 < spread / 2)
    // The same figure as the run's own cell.
    let cell = try #require(cells.first { $0.measure == .gapRequirement && $0.region == node.code && $0.year == 2030 && $0.team == "total" })
    let twenty = try #require(
      try question.cell(assembly.inputs, RunOptions(scenario: "baseline", draws: 20, seed: 1, jobs: 1)))
    #expect(twenty == cell)
    let asked = try #require(try question.cell(assembly.inputs, options))
    #expect(abs(own.dropFirst().reduce(0, +) / 100 - asked.value) < 1e-4)
    #expect(try FigureQuestion(measure: .pressure, node: node, year: 2030).runs(assembly.inputs, options) == nil)
  }

  /// Newly practising attorneys and the other channels are the entrants; regions add up to the nation.
  @Test func licensedEntrantsAreToldApart() throws {
    let (model, catalogue, assembly, _) = try Bundled.loaded.get()
    let options = RunOptions(scenario: "baseline", draws: 20, seed: 1, jobs: 2)
    let outlook = try LicenceOutlook(model, catalogue: catalogue)
    let licences = try #require(
      LicenceEntrants(outlook, model: model, name: Bilingual(zh: "执业专利代理师", en: "Practising patent attorneys")))
    func channels(_ node: Geography.Node) throws -> [SupplyExplanation.Bar] {
      let answer = try SupplyExplanation(assembly.inputs, options, node: node, from: 2023, to: 2026, licences: licences)
      let sum = answer.bars.reduce(answer.waterfall.start) { $0 + $1.change }
      #expect(abs(sum - answer.waterfall.end) < 1e-6 * answer.waterfall.end)
      return answer.bars.filter { if case .entrants = $0.cause { true } else { false } }
    }
    let nodes = assembly.inputs.geography.nodes
    let nation = try channels(try #require(nodes.first { $0.kind == .nation }))
    #expect(nation.count == 2)
    let drawn = (0..<3).reduce(0.0) { sum, t in
      let path = outlook.future.newlyPractising[t]
      return sum + (0..<20).reduce(0) { $0 + path[$1 % path.count] } / 20
    }
    #expect(abs(nation[0].change - drawn) < 1e-6 * drawn)
    let provinces = try nodes.filter { $0.kind == .province }.map { try channels($0)[0].change }
    #expect(abs(provinces.reduce(0, +) - nation[0].change) < 1e-6 * nation[0].change)
    // Hong Kong licenses by itself: its entrants are not told apart.
    #expect(try channels(try #require(nodes.first { $0.code == "810000" })).count == 1)
  }

  /// Hong Kong and Macao add to the Greater Bay Area and never to the national total.
  @Test func separateSystemsStayOutOfTheNation() throws {
    let cells = try Bundled.loaded.get().3.filter { $0.measure == .supply && $0.year == 2023 && $0.team == "total" }
    let value = Dictionary(cells.map { ($0.region, $0.value) }, uniquingKeysWith: { first, _ in first })
    func total(_ codes: [RegionCode]) -> Double { codes.reduce(0.0) { $0 + (value[$1] ?? Double.nan) } }
    let provinces = total(try Bundled.loaded.get().2.inputs.geography.provinces)
    #expect(abs(provinces - 860_000) < 1e-3)
    let hub = total(["GBA"])
    let members = total(try Bundled.loaded.get().0.regions.hubs[2].members)
    #expect(abs(hub - members) < 1e-3)
    let withAllOfGuangdong = total(["440000", "810000", "820000"])
    #expect(hub < withAllOfGuangdong)
  }

  /// Published head counts of the roles stay what they are: 30,000 enforcement staff, 34,396 attorneys.
  @Test func rolesKeepTheirPublishedCounts() throws {
    let (model, _, assembly, _) = try Bundled.loaded.get()
    func count(_ indicator: String) -> Double? {
      model.roles.firstIndex { $0.count == .published(indicator: indicator, less: nil) }.map { assembly.roleCounts[$0] }
    }
    #expect(count("ip_admin_enforcement_staff") == 30_000)
    #expect(count("patent_attorneys_practising") == 34_396)
    #expect(abs(assembly.roleCounts.reduce(0, +) - 860_000) < 1e-6)
  }

  /// A forecast made from data up to 2018 holds the practising attorneys of 2019–2023 in its 80 % band.
  @Test func attorneysOfThePastLieInTheirBands() throws {
    let (model, catalogue, assembly, _) = try Bundled.loaded.get()
    let accuracy = try Accuracy(assembly, model: model, catalogue: catalogue)
    #expect(accuracy.practitioners.map(\.actual) == [20_192, 23_193, 26_840, 31_347, 34_396])
    for point in accuracy.practitioners {
      #expect(point.inner.low <= point.actual && point.actual <= point.inner.high, "\(point.year)")
      #expect(point.outer.low < point.inner.low && point.inner.high < point.outer.high)
    }
  }

  /// At least 250 regional series: better than the naive forecast at every horizon, and 80 % bands that
  /// hold what they promise within seven points.
  @Test func theDefaultForecasterIsHonestOnTheRegionalPanels() throws {
    let (model, catalogue, assembly, _) = try Bundled.loaded.get()
    let test = try Accuracy(assembly, model: model, catalogue: catalogue).all
    #expect(test.seriesCount >= 250)
    for horizon in 1...5 {
      let own = try #require(test.score(.method(.pdd), horizon))
      let naive = try #require(test.score(.method(.naive), horizon))
      let (error, benchmark) = (own.medianAbsolutePercentageError, naive.medianAbsolutePercentageError)
      #expect(try #require(error) < #require(benchmark))
      let coverage = try #require(own.levels.first { $0.level == 0.8 }).coverage
      #expect((0.73...0.87).contains(coverage), "\(horizon) years ahead: \(coverage)")
    }
  }

  /// Making the nation and its provinces agree costs neither level accuracy.
  @Test func reconciliationIsScoredAtEveryLevel() throws {
    let (model, catalogue, assembly, _) = try Bundled.loaded.get()
    let levels = try Accuracy(assembly, model: model, catalogue: catalogue).reconciliation
    #expect(levels.map(\.nodeCount) == [1, 31])
    for level in levels {
      #expect(level.meanAbsoluteAfter < 1.1 * level.meanAbsoluteBefore)
      #expect(level.meanAbsoluteAfter != level.meanAbsoluteBefore)
    }
  }

  /// From what was known in 2018: 20 192, 23 193, 26 840, 31 347, 34 396 lie in the bands, the median is off
  /// by less than a tenth every year.
  @Test func theLicencePipelineIsTestedAgainstWhatCame() throws {
    let (model, catalogue, _, _) = try Bundled.loaded.get()
    let outlook = try LicenceOutlook(model, catalogue: catalogue, draws: 300)
    #expect(outlook.past.origin == 2018 && outlook.past.years.map(\.year) == Array(2019...2023))
    #expect(outlook.past.years.map(\.actual) == [20_192, 23_193, 26_840, 31_347, 34_396])
    for year in outlook.past.years {
      let actual = try #require(year.actual)
      #expect(year.inner.low <= actual && actual <= year.inner.high, "\(year.year)")
      #expect(abs(year.forecast / actual - 1) < 0.2, "\(year.year)")
    }
    #expect(outlook.future.origin == 2023 && outlook.future.years.last?.year == model.years.last)
    #expect(outlook.passYears == Array(2018...2022))
  }

  /// One question, one answer: the plan monitor shows the pipeline's figure, because it was nearer in the past.
  @Test func thePlanMonitorAndTheLicencePipelineAgree() throws {
    let (model, catalogue, _, _) = try Bundled.loaded.get()
    let outlook = try LicenceOutlook(model, catalogue: catalogue)
    let held = try #require(outlook.heldOut)
    #expect(held.pipeline <= held.trend && held.forecasts >= 10)
    let monitor = try PlanMonitor(plan: "plan-14fyp", catalogue: catalogue, damping: model.damping, licences: outlook)
    let row = try #require(monitor.rows.first { $0.id == "M2" })
    let year = try #require(outlook.future.years.first { $0.year == row.targetYear })
    #expect(row.p50 == year.forecast && row.p10 == year.inner.low && row.p90 == year.inner.high)
    #expect(row.outlook?.method == LicenceOutlook.method)
    let alone = try PlanMonitor(plan: "plan-14fyp", catalogue: catalogue, damping: model.damping)
    #expect(alone.rows.first { $0.id == "M2" }?.p50 == year.trend)
  }

  /// The past forecast is the same when nothing after its origin is there to be seen.
  @Test func thePastForecastKnowsNothingLater() throws {
    let (model, catalogue, _, _) = try Bundled.loaded.get()
    let early = try LicenceOutlook(model, catalogue: catalogue, origin: 2018, draws: 100)
    // Passers of 2018–2022 were not known in 2018: the mean of the years known then is assumed.
    #expect(early.past.passes.years == [2015, 2016])
    #expect(early.future.passes.years == Array(2018...2022))
  }

  /// Every shipped scenario against the baseline: lever parts add up to the difference of the run itself.
  @Test func shippedScenariosAreAttributedToTheirLevers() throws {
    let (model, catalogue, assembly, _) = try Bundled.loaded.get()
    let library = ScenarioLibrary(folder: Bundled.root.appending(path: "Models").path)
    let base = ScenarioSpec(model: model)
    let nation = try #require(assembly.inputs.geography.nodes.first)
    let question = FigureQuestion(measure: .gapRequirement, node: nation, year: 2030)
    let options = RunOptions(scenario: "", draws: 2, seed: 1, jobs: 2)
    for name in ["combined-push", "ai-productivity"] {
      let other = try library.resolve(name)
      let result = try ScenarioComparison(base, other) { scenario in
        try #require(try question.cell(try assembly.inputs(under: scenario, model: model, catalogue: catalogue), options)).value
      }
      let sum = result.parts.reduce(0) { $0 + $1.change }
      #expect(abs(sum - (result.after - result.before)) < 1e-6 && result.after != result.before)
      let run = try ForecastAssembly(model: model, catalogue: catalogue, scenario: other).inputs
      #expect(try question.cell(run, options)?.value == result.after)
    }
  }

  /// What is split by place, team or industry adds up to the figure, for every node that has parts.
  @Test func figuresAreTheSumsOfTheirParts() throws {
    let inputs = try Bundled.loaded.get().2.inputs
    for node in inputs.geography.nodes {
      for axis in FigureQuestion.Axis.allCases {
        let whole = FigureQuestion(measure: .demand, node: node, year: 2030)
        let parts = whole.parts(by: axis, inputs)
        if node.members.count == 1, axis == .region { #expect(parts.isEmpty) }
        guard !parts.isEmpty else { continue }
        let values = try FigureQuestion.cells(
          [whole] + parts.map(\.question), inputs, RunOptions(scenario: "", draws: 1, seed: 1, jobs: 2)
        ).map { try #require($0).value }
        #expect(abs(values[1...].reduce(0, +) - values[0]) < 1e-6 * values[0], "\(node.code) \(axis)")
      }
    }
    let nation = try #require(inputs.geography.nodes.first)
    #expect(inputs.geography.parts(of: nation).count == 31)
    let hub = try #require(inputs.geography.nodes.first { $0.kind == .hub })
    #expect(inputs.geography.parts(of: hub).count == hub.members.count)
  }

  @Test func planIndicatorsAreJudgedByWhatIsPublished() throws {
    let (model, catalogue, _, _) = try Bundled.loaded.get()
    let monitor = try PlanMonitor(plan: #require(model.plan), catalogue: catalogue, damping: model.damping)
    let status = Dictionary(monitor.rows.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
    #expect(monitor.rows.count >= 12)
    #expect(status["M3"] == .tooImprecise && status["M4"] == .notAvailable && status["Q8"] == .reached)
    let attorneys = try #require(monitor.rows.first { $0.id == "M2" })
    #expect(abs(try #require(attorneys.requiredPace) - ((40_000.0 / 34_396).squareRoot() - 1)) < 1e-12)
    #expect(attorneys.p10.map { $0 < 41_972 } == true && attorneys.p90.map { $0 > 41_972 } == true)
  }

  @Test func aModelThatNamesWhatIsNotThereIsToldEverythingAtOnce() throws {
    let text = try String(contentsOf: Bundled.root.appending(path: "Models/baseline.yaml"), encoding: .utf8)
      .replacing("proxy: rd_personnel_fte", with: "proxy: rd_personel_fte")
      .replacing("follow: university_graduates", with: "follow: university_graduats")
    let model = try parseModel(text, file: "m.yaml")
    do throws(ProblemReport) {
      _ = try ForecastAssembly(model: model, catalogue: try Bundled.catalogue())
      Issue.record("a model with unknown series ran")
    } catch {
      let text = error.problems.map { $0.text(in: .en) }.joined(separator: "\n")
      #expect(text.contains("rd_personel_fte") && text.contains("university_graduats"))
      #expect(text.contains("rd_personnel_fte") && text.contains("university_graduates"))
    }
  }
}

extension Bundled {
  static func catalogue() throws(ProblemReport) -> Catalogue {
    switch loaded {
    case .success(let loaded): loaded.1
    case .failure(let error): throw error as? ProblemReport ?? ProblemReport(.failure, [])
    }
  }
}
