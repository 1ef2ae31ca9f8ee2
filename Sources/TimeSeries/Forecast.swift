import Messages

/// Forecasts every series of a group by one method.
///
/// `pdd` pools the group; the other methods take each series alone. A series too short for the method, or
/// one that gives it nothing to fit, gets the method's `fallback` and a note that says so.
/// - Parameter group: comparable series; order is kept.
/// - Returns: one result per series: a forecast, or why the method refuses the series.
/// - Throws: `.optionOutOfRange`, `.unknownParameter`, `.ceilingMissing`: what is wrong with the question rather than with one series.
public func forecast(
  _ group: [Series], method: ForecastMethod, options: ForecastOptions
) throws(SeriesError) -> [Result<SeriesForecast, SeriesError>] {
  try checkOptions(method, options)
  if method == .pdd { return try pooledForecasts(group, options) }
  return group.map { series in
    Result { () throws(SeriesError) in try singleForecast(series, method, options) }
  }
}

/// Said when periods repeat in seasons and the method does not model them.
func seasonNote(_ method: ForecastMethod, period: Int) -> [Bilingual] {
  guard period > 1, method != .ets else { return [] }
  return [
    Bilingual(
      zh: "\(method.rawValue) 不处理周期为 \(period) 的季节性；ets 可以",
      en: "\(method.rawValue) does not model the season of \(period) periods; ets does")
  ]
}

private func checkOptions(_ method: ForecastMethod, _ options: ForecastOptions) throws(SeriesError) {
  guard (1...200).contains(options.horizon) else {
    throw .optionOutOfRange(option: "horizon", value: Double(options.horizon), allowed: "in 1...200")
  }
  guard (1...366).contains(options.period) else {
    throw .optionOutOfRange(option: "period", value: Double(options.period), allowed: "in 1...366")
  }
  if let floor = options.floor, !floor.isFinite {
    throw .optionOutOfRange(option: "floor", value: floor, allowed: "finite")
  }
  if method == .logistic, options.ceiling == nil { throw .ceilingMissing(method: method.rawValue) }
  for (name, value) in options.fixed.sorted(by: { $0.key < $1.key }) {
    guard method.parameterNames.contains(name) else {
      throw .unknownParameter(method: method.rawValue, parameter: name, allowed: method.parameterNames)
    }
    let (fits, allowed): (Bool, String) =
      switch name {
      case "alpha": (value > 0 && value <= 1, "above 0, at most 1")
      case "beta", "phi": ((0...1).contains(value), "in 0...1")
      case "rho": ((0..<1).contains(value), "in 0..<1")
      case "observation": (value >= 0 && value.isFinite, "a variance, ≥ 0")
      case "level" where method == .localLevel: (value >= 0 && value.isFinite, "a variance, ≥ 0")
      default: (value.isFinite, "finite")
      }
    guard fits else { throw .optionOutOfRange(option: name, value: value, allowed: allowed) }
  }
  if method == .localLevel, options.fixed.count == 1 {
    throw .optionOutOfRange(
      option: options.fixed.keys.first ?? "", value: options.fixed.values.first ?? 0,
      allowed: "given together with the other variance (observation, level)")
  }
}

private func pooledForecasts(
  _ group: [Series], _ options: ForecastOptions
) throws(SeriesError) -> [Result<SeriesForecast, SeriesError>] {
  let refusals = group.map { series -> SeriesError? in
    do throws(SeriesError) {
      try series.requirePositive(for: "pdd")
      try series.requireAbove(options.floor)
    } catch { return error }
    return nil
  }
  let usable = zip(group, refusals).filter { $0.1 == nil }.map(\.0)
  if usable.isEmpty { return refusals.compactMap { $0.map { .failure($0) } } }
  let pooled: PooledGrowth
  do throws(SeriesError) {
    pooled = try PooledGrowth(
      usable, damping: options.fixed["phi"] ?? 0.9, autocorrelation: options.fixed["rho"])
  } catch .groupTooShort(let found) {
    let reason = Bilingual(
      zh: "整组只有 \(found) 个年增长率，pdd 至少要 2 个：改用 naive",
      en: "the group has \(found) growth rate\(found == 1 ? "" : "s") in all, pdd needs 2: naive used instead"
    )
    return zip(group, refusals).map { series, refusal in
      refusal.map { .failure($0) }
        ?? .success(
          assembled(series, .naive, naiveFit(series, options.horizon).withFloor(series), [reason])
            .floored(at: options.floor))
    }
  }
  var members = pooled.members.makeIterator()
  return refusals.map { refusal in
    if let refusal { return .failure(refusal) }
    guard let member = members.next() else { preconditionFailure("a member per usable series") }
    return .success(pooledForecast(member, pooled, options))
  }
}

private func pooledForecast(
  _ member: PooledGrowthMember, _ pooled: PooledGrowth, _ options: ForecastOptions
) -> SeriesForecast {
  var notes = seasonNote(.pdd, period: options.period)
  if member.sigma <= leastDeviation { notes.append(floorNote) }
  if member.count < 3 {
    notes.append(
      Bilingual(
        zh: "只有 \(member.count) 个观测：采用组内合并的漂移与方差",
        en:
          "only \(member.count) observation\(member.count == 1 ? "" : "s"): pooled drift and variance of the group"
      ))
  }
  if pooled.members.count == 1 {
    notes.append(
      Bilingual(zh: "组内只有一条序列，无从合并", en: "the group has one series: there is nothing to pool with"))
  }
  return SeriesForecast(
    key: member.key, method: .pdd, form: nil,
    parameters: [
      NamedValue("drift", member.drift), NamedValue("own_drift", member.ownDrift ?? .nan),
      NamedValue("pooled_drift", pooled.pooledDrift), NamedValue("weight", member.weight),
      NamedValue("phi", member.damping), NamedValue("sigma", member.sigma),
      NamedValue("rho", member.autocorrelation), NamedValue("df", member.degreesOfFreedom),
      NamedValue("n", Double(member.count)),
    ].filter { !$0.value.isNaN },
    logLikelihood: nil,
    points: (1...options.horizon).map {
      ForecastPoint(time: member.lastTime + $0, mean: member.point($0), distribution: member.distribution($0))
    }, notes: notes
  ).floored(at: options.floor)
}

/// Fits `method`, or what it falls back to.
private func singleForecast(
  _ series: Series, _ method: ForecastMethod, _ options: ForecastOptions
) throws(SeriesError) -> SeriesForecast {
  var method = method
  var options = options
  var notes: [Bilingual] = []
  if method.needsPositiveValues { try series.requirePositive(for: method.rawValue) }
  try series.requireAbove(options.floor)
  while true {
    // Every parameter given is one less to estimate.
    let needed = max(1, method.minimumCount - options.fixed.count)
    if series.count < needed, let simpler = method.fallback {
      notes.append(
        Bilingual(
          zh: "只有 \(series.count) 个观测，\(method.rawValue) 至少要 \(needed) 个：改用 \(simpler.rawValue)",
          en:
            "\(series.count) observations, \(method.rawValue) needs \(needed): \(simpler.rawValue) used instead"
        ))
      method = simpler
      options.fixed = [:]
      continue
    }
    do throws(SeriesError) {
      return assembled(
        series, method, try fit(series, method, options), notes + seasonNote(method, period: options.period)
      ).floored(at: options.floor)
    } catch {
      guard let simpler = method.fallback, error.isAboutTheFit else { throw error }
      notes.append(
        Bilingual(
          zh: "\(method.rawValue) 无法拟合（数值无变化或可用观测不足）：改用 \(simpler.rawValue)",
          en:
            "\(method.rawValue) has nothing to fit (no variation or too few usable observations): \(simpler.rawValue) used instead"
        ))
      method = simpler
      options.fixed = [:]
    }
  }
}

extension SeriesError {
  /// True when a simpler method may still do.
  var isAboutTheFit: Bool {
    switch self {
    case .noVariation, .tooShort: true
    default: false
    }
  }
}

private func assembled(
  _ series: Series, _ method: ForecastMethod, _ fit: Fit, _ notes: [Bilingual]
) -> SeriesForecast {
  SeriesForecast(
    key: series.key, method: method, form: fit.form, parameters: fit.parameters,
    logLikelihood: fit.logLikelihood,
    points: fit.means.indices.map {
      ForecastPoint(
        time: series.lastTime + $0 + 1, mean: fit.means[$0], distribution: fit.distributions[$0])
    }, notes: notes + fit.notes)
}

/// One method on one series that is long enough; no interval has width zero unless variances were given.
func fit(_ series: Series, _ method: ForecastMethod, _ options: ForecastOptions) throws(SeriesError) -> Fit {
  let fit = try plainFit(series, method, options)
  return method == .localLevel && !options.fixed.isEmpty ? fit : fit.withFloor(series)
}

private func plainFit(
  _ series: Series, _ method: ForecastMethod, _ options: ForecastOptions
) throws(SeriesError) -> Fit {
  let horizon = options.horizon
  switch method {
  case .pdd: preconditionFailure("pdd pools a group")
  case .naive: return naiveFit(series, horizon)
  case .drift: return driftFit(series, horizon)
  case .logDrift: return try logDriftFit(series, horizon)
  case .ses: return smoothingFit(series, .simple, options)
  case .holt: return smoothingFit(series, .holt, options)
  case .dampedHolt: return smoothingFit(series, .damped, options)
  case .theta: return thetaFit(series, options)
  case .gm11: return try greyFit(series, horizon)
  case .localLevel: return try localLevelFit(series, options)
  case .ets: return try etsFit(series, options)
  case .arma: return try armaFit(series, horizon)
  case .ar: return try growthAutoregressionFit(series, horizon)
  case .logLinear: return try logLinearFit(series, horizon)
  case .logistic: return try logisticFit(series, horizon, ceiling: options.ceiling)
  case .median: return medianFit(series, options)
  case .weighted: return weightedFit(series, options)
  }
}
