import Messages
import Supply

/// Why a run could not be carried out.
public enum ForecastError: Error, Equatable, Sendable, CustomStringConvertible {
  case noBaseStock(first: Int, base: Int)
  /// A population could not be projected.
  case supply(SupplyError)
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
    case .yearOutside(let year, let first, let last):
      Bilingual(
        zh: "\(year) 年不在预测期内；可用 \(first)—\(last) 年", en: "\(year) is not forecast; years are \(first) to \(last).")
    }
  }

  public var description: String { message.en }
}
