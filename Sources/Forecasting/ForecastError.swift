import Messages
import Supply

/// Why a run could not be carried out.
public enum ForecastError: Error, Equatable, Sendable, CustomStringConvertible {
  case noBaseStock(first: Int, base: Int)
  /// A population could not be projected.
  case supply(SupplyError)
  /// A scenario takes more people away from a place than are there in the central run.
  case nobodyLeft(place: Bilingual, year: Int, asked: Double, there: Double, origin: String)
  /// A year was asked for that the model does not forecast.
  case yearOutside(Int, first: Int, last: Int)

  public var message: Bilingual {
    switch self {
    case .noBaseStock(let first, let base):
      Bilingual(
        zh: "存量在 \(first) 年和 \(base) 年须有公布数；请修改模型的 years，或补充数据",
        en:
          "The stock needs a published figure in \(first) and in \(base). Change `years` in the model or add the figures."
      )
    case .supply(let error): error.message
    case .nobodyLeft(let place, let year, let asked, let there, let origin):
      Bilingual(
        zh: "\(place.zh) \(year) 年要迁出 \(whole(asked)) 人，而在场的只有 \(whole(there)) 人；请减小 supply.net_migration"
          + (origin.isEmpty ? "" : "（\(origin)）"),
        en: "\(place.en): \(whole(asked)) people are to leave in \(year), where \(whole(there)) are there. Ask less of supply.net_migration"
          + (origin.isEmpty ? "." : " (\(origin))."))
    case .yearOutside(let year, let first, let last):
      Bilingual(
        zh: "\(year) 年不在预测期内；可用 \(first)—\(last) 年", en: "\(year) is not forecast; years are \(first) to \(last).")
    }
  }

  public var description: String { message.en }
}
