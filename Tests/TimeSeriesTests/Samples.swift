@testable import TimeSeries

/// Annual flow of the Nile at Aswan 1871–1970 (10⁸ m³), Durbin & Koopman (2012); sum 91 935.
let nileFlow: [Double] = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
  1140,
  1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050,
  969, 831,
  726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865,
  845,
  944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050,
  918,
  986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]

/// Monthly accidental deaths in the USA 1973–1978 (R `USAccDeaths`, Brockwell & Davis 1991).
let accidentalDeaths: [Double] = [
  9007, 8106, 8928, 9137, 10017, 10826, 11317, 10744, 9713, 9938, 9161, 8927, 7750, 6981, 8038, 8422, 8714,
  9512,
  10120, 9823, 8743, 9129, 8710, 8680, 8162, 7306, 8124, 7870, 9387, 9556, 10093, 9620, 8285, 8466, 8160,
  8034, 7717,
  7461, 7767, 7925, 8623, 8945, 10078, 9179, 8037, 8488, 7874, 8647, 7792, 6957, 7726, 8106, 8890, 9299,
  10625, 9302,
  8314, 8850, 8265, 8796, 7836, 6892, 7791, 8192, 9115, 9434, 10484, 9827, 9110, 9070, 8633, 9240,
]

/// Deng's textbook example of GM(1,1).
let dengSeries: [Double] = [2.874, 3.278, 3.337, 3.390, 3.679]

func annual(_ values: [Double], from start: Int = 1871, key: [String] = ["x"]) throws -> Series {
  try Series(key: key, times: values.indices.map { start + $0 }, values: values)
}

/// The forecast of one series.
func forecastOne(
  _ series: Series, _ method: ForecastMethod, horizon: Int = 3, fixed: [String: Double] = [:],
  period: Int = 1,
  ceiling: Double? = nil
) throws -> SeriesForecast {
  var options = ForecastOptions(horizon: horizon)
  options.fixed = fixed
  options.period = period
  options.ceiling = ceiling
  return try forecast([series], method: method, options: options)[0].get()
}

extension SeriesForecast {
  subscript(name: String) -> Double { parameters.first { $0.name == name }?.value ?? .nan }
  var means: [Double] { points.map(\.mean) }
}
