// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 language mode, warnings are errors.
let ours: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A library target and the targets it may import. These arrows are the architecture:
/// `ArchitectureTests` fails when a source file imports anything that is not listed here.
func library(
  _ name: String, _ imports: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: imports, resources: resources, swiftSettings: ours)
}

func tests(_ name: String, _ imports: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + imports, exclude: exclude,
    swiftSettings: ours)
}

let package = Package(
  name: "TalentCast",
  products: [
    .executable(name: "talentcast", targets: ["talentcast"]),
    .library(
      name: "TalentCast",
      targets: [
        "Balancing", "Datasets", "Demand", "DesignMatrices", "Dimensions", "Disclosure", "Facts", "Forecasting",
        "Gaps",
        "LinearAlgebra", "Maps", "Messages", "ModelSpecs", "Packs", "Planning", "Probability", "Reconciliation",
        "Regression", "Reports", "Simulation", "SmallArea", "Supply", "Tables", "TimeSeries",
      ]),
  ],
  // `swift build --traits MPI`: one run by many processes, on one machine or a cluster; needs libopenmpi-dev.
  traits: ["MPI"],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev", "openmpi-bin"])]),
    .systemLibrary(name: "CGEOS", pkgConfig: "geos", providers: [.apt(["libgeos-dev"])]),
    .systemLibrary(name: "CClp", providers: [.apt(["coinor-libclp-dev"])]),

    // Words, tables, axes: what everything else speaks.
    library("Messages"),
    library("Tables", ["Messages"]),
    library("Dimensions", ["Messages"]),

    // Numbers.
    library("LinearAlgebra", ["CLAPACKE"]),
    library("Probability"),
    library("Simulation", ["Probability"]),
    library("TimeSeries", ["LinearAlgebra", "Messages", "Probability", "Tables"]),
    library("DesignMatrices", ["LinearAlgebra", "Messages", "Tables"]),
    library("Regression", ["LinearAlgebra", "Messages", "Probability"]),
    library("SmallArea", ["LinearAlgebra", "Messages", "Probability", "Simulation"]),
    library("Balancing", ["Dimensions", "Messages"]),
    library("Reconciliation", ["Dimensions", "LinearAlgebra", "Messages"]),

    // Files people write.
    library("Datasets", ["Dimensions", "Messages", "Tables"]),
    library("ModelSpecs", ["Dimensions", "Messages", yams]),

    // The line from data to gap.
    library(
      "Demand",
      [
        "Balancing", "Datasets", "DesignMatrices", "Dimensions", "LinearAlgebra", "Regression",
        "Simulation", "TimeSeries",
      ]),
    library("Supply", ["Balancing", "Dimensions", "LinearAlgebra", "Messages", "Simulation", "Tables"]),
    library(
      "Facts",
      ["Datasets", "Dimensions", "LinearAlgebra", "Messages", "ModelSpecs", "Probability", "Simulation", "SmallArea"]),
    library("Gaps", ["Dimensions", "Messages"]),
    library(
      "Forecasting",
      [
        "Balancing", "Datasets", "Demand", "Dimensions", "Facts", "Gaps", "LinearAlgebra", "Messages",
        "ModelSpecs", "Probability", "Reconciliation", "Simulation", "SmallArea", "Supply", "Tables", "TimeSeries",
      ]),

    // What intake, or which lever, makes a target true.
    library("Planning", ["CClp", "Dimensions", "Forecasting", "Messages", "ModelSpecs", "Supply"]),

    // What people read.
    library("Disclosure", ["Dimensions"]),
    library(
      "Maps", ["CGEOS", "CSQLite", "Dimensions", "Messages"],
      resources: ["page.html", "page.css", "values.js", "map.js", "zoom.js", "panels.js", "controls.js"]
        .map { .embedInCode("Page/\($0)") }),
    library(
      "Reports", ["Dimensions", "Maps", "Messages"],
      resources: [.embedInCode("Resources/render_report.py"), .embedInCode("Resources/workbook.py")]),
    library("Packs", ["Dimensions", "Disclosure", "Messages", "Reports", "Tables"]),

    .executableTarget(
      name: "talentcast",
      dependencies: [
        "Balancing", "Datasets", "Demand", "DesignMatrices", "Dimensions", "Disclosure", "Facts", "Forecasting",
        "Gaps",
        "LinearAlgebra", "Maps", "Messages", "ModelSpecs", "Packs", "Planning", "Reconciliation", "Regression",
        "Reports", "Simulation", "SmallArea", "Supply", "Tables", "TimeSeries", argumentParser,
        .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ],
      swiftSettings: ours),

    // Our speed beside our peers': `make bench`.
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "Balancing", "Datasets", "Dimensions", "Forecasting", "LinearAlgebra", "Maps", "ModelSpecs", "Reconciliation",
        "Regression", "Simulation", "Supply", "Tables",
      ],
      path: "Benchmarks/Sources",
      swiftSettings: ours),

    .target(name: "TestSupport", swiftSettings: ours),
    tests("Messages"),
    tests("Tables", ["Messages"]),
    tests("Dimensions", ["Messages"]),
    tests("LinearAlgebra"),
    tests("Probability"),
    tests("Simulation", ["Probability"]),
    tests("TimeSeries", ["Messages", "Probability", "Tables"]),
    tests("DesignMatrices", ["LinearAlgebra", "Messages", "Tables"]),
    tests("Regression", ["DesignMatrices", "LinearAlgebra", "Messages", "Probability", "Tables"]),
    tests("SmallArea", ["LinearAlgebra", "Messages", "Simulation"]),
    tests("Balancing", ["Dimensions", "Messages"]),
    tests("Reconciliation", ["Dimensions", "LinearAlgebra", "Messages"]),
    tests("Datasets", ["Dimensions", "Messages", "Tables"]),
    tests("ModelSpecs", ["Dimensions", "Messages"], exclude: ["Corpus"]),
    tests("Demand", ["Datasets", "Dimensions"]),
    tests("Supply", ["Dimensions", "LinearAlgebra", "Messages", "Simulation", "Tables"]),
    tests("Facts", ["Datasets", "Dimensions", "Messages", "ModelSpecs", "SmallArea"]),
    tests("Gaps", ["Dimensions", "Messages"]),
    tests(
      "Forecasting", ["Datasets", "Dimensions", "Gaps", "Messages", "ModelSpecs", "Simulation", "TimeSeries"], exclude: ["Cases"]),
    tests("Maps", ["Dimensions", "Messages"], exclude: ["Cases"]),
    tests("Reports", ["Dimensions", "Maps", "Messages"]),
    tests("Disclosure", ["Dimensions"]),
    tests("Planning", ["Datasets", "Dimensions", "Forecasting", "Messages", "ModelSpecs"]),
    tests("Packs", ["Dimensions", "Messages", "Reports"]),
    tests(
      "talentcast", ["Messages", "ModelSpecs", "Planning", "Reports", "Simulation"], exclude: ["FitCases"]),
    .testTarget(name: "ArchitectureTests", swiftSettings: ours),
  ]
)

// `make fuzz` alone builds this: the fuzzer brings the program's entry point with it.
if Context.environment["TALENTCAST_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: ["Datasets", "DesignMatrices", "Dimensions", "Maps", "ModelSpecs", "Tables"],
      path: "Tests/Fuzzing"))
}
