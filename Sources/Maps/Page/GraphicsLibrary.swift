import Messages

/// D3, as the machine has it: the map page draws, zooms and scales with it. It is installed by `make`,
/// inlined into the page when the page is made, and not part of this repository.
public struct GraphicsLibrary: Sendable, Hashable {
  /// Where Debian's `node-d3` puts it, the first that exists being taken.
  public static let places = ["/usr/share/nodejs/d3/dist/d3.min.js", "/usr/lib/nodejs/d3/dist/d3.min.js"]

  package let script: String
  /// For example `5.16.0`.
  public let version: String

  /// - Parameter bytes: the one-file build `d3.min.js`, version 5 or later.
  /// - Throws: `.badData` when they are something else; a page must not run what it does not know.
  public init(_ bytes: [UInt8], file: String) throws(ProblemReport) {
    let script = String(decoding: bytes, as: UTF8.self)
    let opening = "// https://d3js.org v"
    let version = script.hasPrefix(opening) ? script.dropFirst(opening.count).prefix { !$0.isWhitespace } : ""
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 5, !script.contains("</script") else {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "map.not-d3", file: file,
            message: Bilingual(zh: "这不是 D3 第 5 版或更高版本的 d3.min.js。", en: "This is no d3.min.js of D3 version 5 or later."),
            hint: Bilingual(zh: "安装 Debian 软件包 node-d3（make install）。", en: "Install Debian's package node-d3 (make install)."))
        ])
    }
    (self.script, self.version) = (script, String(version))
  }

  /// What its licence wants to stand with every copy.
  package static let licence = """
    Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
    following conditions are met: (1) Redistributions of source code must retain the above copyright notice, this list
    of conditions and the following disclaimer. (2) Redistributions in binary form must reproduce the above copyright
    notice, this list of conditions and the following disclaimer in the documentation and/or other materials provided
    with the distribution. (3) Neither the name of the author nor the names of contributors may be used to endorse or
    promote products derived from this software without specific prior written permission.
    THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
    INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
    DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
    SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
    SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
    WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
    OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
    """
}
