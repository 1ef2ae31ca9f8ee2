"""Sets a talentcast/document@1 as PDF (typst), DOCX (python-docx) or XLSX (XlsxWriter).

Usage: python render_report.py FORMAT DOCUMENT.json FIGURES_DIR OUTPUT
Writes nothing but OUTPUT. Words and numbers are printed as the document gives them. The only date is
the document's own, so that the same document gives the same bytes.
"""

import datetime
import functools
import io
import json
import re
import sys
import unicodedata
import zipfile

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def is_zh(doc):
    return doc["language"] == "zh"


def caption(doc, block):
    word = {"table": ("表", "Table "), "figure": ("图", "Figure ")}[block["type"]]
    gap = "　" if is_zh(doc) else ". "
    return (word[0] if is_zh(doc) else word[1]) + block["number"] + gap + block["title"]


def unit_line(doc, block):
    if not block.get("unit"):
        return None
    return ("单位：" if is_zh(doc) else "Unit: ") + block["unit"]


def below(block):
    return block.get("notes", []) + ([block["source"]] if block.get("source") else [])


def moment(doc):
    date = doc.get("date") or "1980-01-01"
    return datetime.datetime.fromisoformat(date[:10])


# --- PDF -------------------------------------------------------------------------------------------


def literal(text):
    """A typst string: markup characters inside it mean nothing."""
    out = []
    for c in text:
        if c in '\\"':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif ord(c) < 32:
            out.append(" ")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def short_title(doc):
    """The title without its list of places: it stands on one line at the foot of every page."""
    return doc["title"].split("（")[0].split(": ")[0]


def title_lines(doc):
    """The cover's title: what stands in brackets begins a line of its own."""
    head, bracket, tail = doc["title"].partition("（")
    return f"#{literal(head)}" + (f" #linebreak() #{literal(bracket + tail)}" if bracket else "")


def typst_runs(runs, printed):
    out = []
    for run in runs:
        if run.get("target") in printed:
            out.append(f"#link(label({literal(run['target'])}), {literal(run['text'])})")
        else:
            out.append("#" + literal(run["text"]))
    return "".join(out)


def typst_head(columns):
    """One head row, or two when columns stand in groups."""
    if not any(c.get("group") for c in columns):
        return [f"[#{literal(c['head'])}]" for c in columns], 1
    upper, lower, i = [], [], 0
    while i < len(columns):
        group = columns[i].get("group")
        if not group:
            upper.append(f"table.cell(rowspan: 2, align: bottom)[#{literal(columns[i]['head'])}]")
            i += 1
            continue
        j = i
        while j < len(columns) and columns[j].get("group") == group:
            lower.append(f"[#{literal(columns[j]['head'])}]")
            j += 1
        upper.append(f"table.cell(colspan: {j - i}, align: center)[#{literal(group)}]")
        i = j
    return upper + lower, 2


def unbroken(cell):
    """A number and its interval stay on one line."""
    return cell["text"].replace(" ", "\u00a0") if cell["kind"] in ("number", "interval", "grade") else cell["text"]


@functools.cache
def ems(text):
    """Breadth of a text in the sans face, in em; a little more than it takes."""
    wide = "WFA"
    return sum(
        1.0 if unicodedata.east_asian_width(c) in wide else 0.32 if c in " ,.:;()[]'|\u00a0" else 0.6 for c in text
    )


def is_latin(text):
    return all(ord(c) < 0x2E80 for c in text)


def unbreakable(text):
    """The pieces between which a line may break: at blanks and after dashes."""
    return re.split(r"\s+|(?<=[–—])", text.strip())


UPRIGHT, ON_ITS_SIDE = 458.0, 705.0


def is_broad(block):
    """Too broad to be read on an upright page."""
    return tracks(block, UPRIGHT)[0] < 5.7


def tracks(block, room):
    """Size of type, inset and breadth of columns (pt) such that no number breaks or runs into the next column."""
    known = block.setdefault("tracks", {})
    if room not in known:
        known[room] = laid_out(block, room)
    return known[room]


def laid_out(block, room):
    columns, rows = block["columns"], block["rows"]
    fixed, longest, head, word = [], [], [], []
    for i, column in enumerate(columns):
        cells = [
            (r["cells"][i], ems(r["cells"][i]["text"]) * (1.07 if r["total"] else 1) + r["indent"] * (i == 0))
            for r in rows
        ]
        fixed.append(max([b for c, b in cells if c["kind"] in ("number", "interval", "grade")] + [2.2]))
        longest.append(max([b for _, b in cells] + [2.2]))
        head.append(ems(column["head"]))
        texts = [c["text"] for c, _ in cells if c["kind"] not in ("number", "interval", "grade")]
        pieces = [(p, 3.2) for p in unbreakable(column["head"])] + [(p, 6.1) for t in texts for p in unbreakable(t)]
        # A short Chinese word stays whole; a longer one breaks anywhere.
        word.append(max([ems(p) if is_latin(p) or ems(p) <= whole else 3.2 for p, whole in pieces] + [2]))
    count = len(columns)
    for size in (9, 8, 7.4, 6.8, 6.2, 5.7, 5.2):
        inset = 5 if size >= 8 else 3.2 if size >= 6.8 else 2.4
        pad = 2 * inset + 1
        # A column of sentences is no column of words.
        sentence = 11 if count <= 8 else 0
        least_text = [sentence if not columns[i]["numeric"] and longest[i] > 24 else 0 for i in range(count)]
        need = [max(fixed[i], min(word[i], 9), least_text[i]) * size + pad for i in range(count)]
        roomy = [max(longest[i], min(head[i], 6)) * size + pad for i in range(count)]
        text = [i for i in range(count) if not columns[i]["numeric"]]
        least = sum(need) + sum(max(0.0, min(roomy[i], (6 if count <= 8 else 4) * size + pad) - need[i]) for i in text)
        if count > 6 and size > 8 or count > 8 and size > 7.4:
            continue
        if least <= room:
            break
    breadth = [min(n, r) if columns[i]["numeric"] else n for i, (n, r) in enumerate(zip(need, roomy))]
    breadth = [max(b, n) for b, n in zip(breadth, need)]
    wish = [max(0.0, r - b) for r, b in zip(roomy, breadth)]
    spare = room - sum(breadth)
    if spare > 0 and sum(wish) > 0:
        part = min(1.0, spare / sum(wish))
        breadth = [b + w * part for b, w in zip(breadth, wish)]
        spare = room - sum(breadth)
    if spare > 0:
        breadth[0] += spare if count < 5 else spare * 0.4
        breadth = [b + (spare * 0.6 / (count - 1) if count >= 5 and i else 0) for i, b in enumerate(breadth)]
    return size, inset, breadth


def typst_table(doc, block):
    columns = block["columns"]
    count = len(columns)
    size, inset, breadth = tracks(block, ON_ITS_SIDE if is_broad(block) else UPRIGHT)
    align = ["right" if c["numeric"] else "left" for c in columns]
    head, rows = typst_head(columns)
    # A short table stays on one page, unless its rows are as tall as those of broad tables.
    whole = "false" if len(block["rows"]) <= 18 and not is_broad(block) else "true"
    lines = [
        f"#block(breakable: {whole}, width: 100%, above: 1.4em, below: 1.6em)[",
        f"#show figure: set block(breakable: {whole})",
        f"#figure(kind: table, caption: [#{literal(caption(doc, block))}], supplement: none, numbering: none)[",
        f"#set text(size: {size}pt, font: ({literal(SANS)},))",
    ]
    unit = unit_line(doc, block)
    if unit:
        lines.append(f"#align(right, text(size: {size - 0.6}pt)[#{literal(unit)}])")
        lines.append("#v(-0.6em)")
    lines.append(
        f"#table(columns: ({', '.join(f'{b:.1f}pt' for b in breadth)},), align: ({', '.join(align)},), stroke: none, "
        f"inset: (x: {inset}pt, y: 3.2pt), table.hline(stroke: 1.1pt),"
    )
    lines.append("table.header(" + ", ".join(head) + ", table.hline(stroke: 0.5pt)),")
    for row in block["rows"]:
        cells = []
        for i, cell in enumerate(row["cells"]):
            body = "#" + literal(("　" * row["indent"] if i == 0 else "") + unbroken(cell))
            if row["total"]:
                body = f"#strong[{body}]"
            fill = "fill: luma(244), " if cell.get("forecast") else ""
            cells.append(f"table.cell({fill})[{body}]")
        lines.append(", ".join(cells) + ",")
    lines.append("table.hline(stroke: 1.1pt))")
    for note in below(block):
        lines.append(f"#align(left, text(size: {min(size, 8)}pt)[#{literal(note)}])")
        lines.append("#v(-0.75em)")
    lines.append(f"] #label({literal(block['anchor'])})")
    lines.append("]")
    return "\n".join(lines)


def typst_figure(doc, block, figures):
    lines = [
        "#block(breakable: false, width: 100%, above: 1.4em, below: 1.6em)[",
        "#set par(first-line-indent: 0em, leading: 0.6em)",
        f"#figure(kind: image, caption: [#{literal(caption(doc, block))}], supplement: none, numbering: none)[",
        f"#image({literal('/' + block['picture'])}, width: 100%, alt: {literal(block['alternative'])})",
        f"] #label({literal(block['anchor'])})",
    ]
    for note in below(block):
        lines.append(f"#text(size: 8pt, font: ({literal(SANS)},))[#{literal(note)}]\n")
        lines.append("#v(-0.6em)")
    lines.append("]")
    return "\n".join(lines)


def typst_source(doc, figures):
    zh = is_zh(doc)
    printed = {b["anchor"] for c in doc["chapters"] for b in c["blocks"] if b["type"] in ("table", "figure")}
    standing = ("　" if zh else " · ").join(doc["standing"])
    date = moment(doc)
    lang = 'lang: "zh", region: "cn"' if zh else 'lang: "en"'
    fonts = f"({literal(SERIF)},)" if zh else f'("Libertinus Serif", {literal(SERIF)})'
    out = [
        f"#set document(title: {literal(doc['title'])}, description: {literal(standing)}, "
        f"date: datetime(year: {date.year}, month: {date.month}, day: {date.day}))",
        f"#set text(font: {fonts}, {lang}, size: 10.5pt)",
        "#set par(justify: true, leading: 0.85em, spacing: 1.1em"
        + (", first-line-indent: (amount: 2em, all: true)" if zh else "") + ")",
        "#set page(paper: \"a4\", margin: (top: 30mm, bottom: 25mm, left: 25mm, right: 23mm), "
        f"header: context if counter(page).get().first() > 1 [#set text(size: 8pt, font: ({literal(SANS)},), fill: luma(90))\n"
        f"#set par(first-line-indent: 0em)\n#h(1fr) #{literal(standing)}\n#v(-0.7em)#line(length: 100%, stroke: 0.4pt)], "
        f"footer: context if counter(page).get().first() > 1 [#set text(size: 8pt, font: ({literal(SANS)},), fill: luma(90))\n#set par(first-line-indent: 0em)\n#{literal(short_title(doc))} #h(1fr) #counter(page).display()])",
        f"#show heading: set text(font: ({literal(SANS)},))",
        "#show heading: set par(first-line-indent: 0em, justify: false)",
        "#show heading.where(level: 1): it => block(above: 2em, below: 1.2em, text(size: 17pt, fill: rgb(\"#12436D\"), it.body))",
        "#show heading.where(level: 2): it => block(above: 1.5em, below: 0.9em, text(size: 12.5pt, it.body))",
        "#show figure.where(kind: table): set figure.caption(position: top)",
        "#show figure.where(kind: table): set block(breakable: true)",
        f"#show figure.caption: set text(font: ({literal(SANS)},), size: 10pt, weight: \"bold\")",
        "#show figure: set par(first-line-indent: 0em, justify: false, leading: 0.6em)",
        "#set table.cell(breakable: false)",
        f"#show outline: set par(first-line-indent: 0em)",
        "#v(6cm)",
        f"#block(stroke: (top: 5pt + rgb(\"#12436D\")), width: 100%, inset: (top: 18pt))[#set par(first-line-indent: 0em, justify: false)",
        f"#text(size: 25pt, weight: \"bold\", font: ({literal(SANS)},), fill: rgb(\"#12436D\"))[{title_lines(doc)}]",
        "#v(1.2em)",
    ]
    for line in doc["standing"]:
        out.append(f"#text(size: 12pt, weight: \"bold\", font: ({literal(SANS)},), fill: rgb(\"#8a2d06\"))[#{literal(line)}]\n")
    out.append("#v(2em)")
    for fact in doc["facts"]:
        out.append(f"#text(font: ({literal(SANS)},), size: 10pt)[#{literal(fact['name'])}#h(1em)#{literal(fact['value'])}]\n")
    out.append("]\n#pagebreak()")
    out.append(f"#outline(title: [#{literal('目录' if zh else 'Contents')}], depth: 1)")
    out.append("#pagebreak()")
    out.append(f"#outline(title: [#{literal('表目录' if zh else 'Tables')}], target: figure.where(kind: table))")
    out.append(f"#outline(title: [#{literal('图目录' if zh else 'Figures')}], target: figure.where(kind: image))")
    for chapter in doc["chapters"]:
        out += typst_chapter(doc, chapter, printed, figures)
    return "\n".join(out) + "\n"


def stretches(chapter):
    """The chapter's blocks by pages that stand upright or lie on their side: tables too broad to read upright lie, with
    the words that lead to them."""
    # Each: whether it lies, whether it holds more than words, its blocks.
    runs = [[False, False, []]]
    for block in chapter["blocks"]:
        is_picture = block["type"] in ("table", "figure")
        lies = block["type"] == "table" and is_broad(block)
        if lies and not runs[-1][0] and not runs[-1][1]:
            runs[-1][0] = True
        elif lies != runs[-1][0] and (is_picture or len(runs) > 1 or runs[-1][1]):
            runs.append([lies, False, []])
        runs[-1][1] = runs[-1][1] or is_picture
        runs[-1][2].append(block)
    if len(runs) > 1 and not runs[-1][1]:
        last = runs.pop()
        runs[-1][2] += last[2]
    return [(lies, blocks) for lies, _, blocks in runs]


def typst_chapter(doc, chapter, printed, figures):
    has_pictures = any(b["type"] in ("table", "figure") for b in chapter["blocks"])
    heading = f"#heading(level: 1)[#{literal(chapter['heading'])}] #label({literal('c-' + chapter['anchor'])})"
    # A chapter of words only follows on the same page.
    pages = ["#pagebreak(weak: true)"] if has_pictures else []
    for at, (lies, blocks) in enumerate(stretches(chapter)):
        parts = ([] if at else [heading]) + [typst_block(doc, block, printed, figures) for block in blocks]
        body = "\n".join(parts)
        pages.append(f"#page(flipped: true)[\n{body}\n]" if lies else body)
    return pages


def typst_block(doc, block, printed, figures):
    kind = block["type"]
    if kind == "section":
        return f"#heading(level: 2)[#{literal(block['title'])}]"
    if kind == "paragraph":
        return "\n" + typst_runs(block["paragraphs"][0], printed) + "\n"
    if kind == "list":
        return "\n".join(f"#list([{typst_runs(runs, printed)}])" for runs in block["paragraphs"])
    if kind == "box":
        body = "\n\n".join(typst_runs(runs, printed) for runs in block["paragraphs"])
        return (
            f"#block(breakable: {'false' if len(body) < 1500 else 'true'}, fill: rgb(\"#f2f4f7\"), stroke: (left: 3pt + rgb(\"#12436D\")), inset: 10pt, width: 100%)["
            f"#set par(first-line-indent: 0em)\n#text(weight: \"bold\", font: ({literal(SANS)},))[#{literal(block['title'])}]\n\n{body}]"
        )
    return typst_table(doc, block) if kind == "table" else typst_figure(doc, block, figures)


def pdf(doc, figures):
    import os

    import typst

    source = os.path.join(figures, f"report.{doc['language']}.typ")
    with open(source, "w", encoding="utf-8") as file:
        file.write(typst_source(doc, figures))
    return typst.compile(source, root=figures, format="pdf", pdf_standards=["a-2a"], timestamp=0)


# --- DOCX ------------------------------------------------------------------------------------------


def pictures(figures, blocks):
    """PNG of every figure: Word's oldest readers know no SVG."""
    import os

    import typst

    if not blocks:
        return {}
    source = os.path.join(figures, "pictures.typ")
    with open(source, "w", encoding="utf-8") as file:
        file.write("#set page(width: 15.6cm, height: auto, margin: 0pt)\n")
        file.write(
            "#pagebreak()\n".join(
                f"#image({literal('/' + b['picture'])}, width: 100%, alt: \"\")\n" for b in blocks
            )
        )
    pages = typst.compile(source, root=figures, format="png", ppi=200, timestamp=0)
    pages = pages if isinstance(pages, list) else [pages]
    return {block["anchor"]: page for block, page in zip(blocks, pages, strict=True)}


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Breadth of the lines of an upright and of a lying page, in pt.
STANDING, TURNED = 442.0, 688.0
# Height of a picture that leaves room for its caption and notes on the page, in EMU.
TALLEST = 6_840_000


def word_text(text):
    """Text of an element: markup escaped, control characters blank."""
    plain = "".join(c if ord(c) >= 32 and c not in "\ufffe\uffff" else " " for c in text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def word_table(block, room, style):
    """A table as WordprocessingML: columns as broad as their numbers, head rows on every page."""
    columns, rows = block["columns"], block["rows"]
    size, inset, breadth = tracks(block, room)
    points = round(size * 2)
    twips = [round(b * 20) for b in breadth]
    top = 2 if any(c.get("group") for c in columns) else 1
    # A short table stays on one page with its caption.
    kept = len(rows) <= 18
    last = top + len(rows) - 1

    def cell(text, at, row, bold, align=None, span=1, merge=None, edges=(), fill=False, low=False):
        align = align or ("right" if columns[at]["numeric"] else None)
        own = f'<w:tcW w:w="{sum(twips[at : at + span])}" w:type="dxa"/>'
        own += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        own += {"head": '<w:vMerge w:val="restart"/>', "tail": "<w:vMerge/>"}.get(merge, "")
        lines = "".join(f'<w:{side} w:val="single" w:sz="{breadth}" w:space="0" w:color="1C1C1C"/>' for side, breadth in edges)
        own += f"<w:tcBorders>{lines}</w:tcBorders>" if lines else ""
        own += '<w:shd w:val="clear" w:color="auto" w:fill="F2F4F7"/>' if fill else ""
        own += '<w:vAlign w:val="bottom"/>' if low else ""
        keep = "<w:keepNext/>" if kept and row < last else ""
        side = f'<w:jc w:val="{align}"/>' if align else ""
        face = ("<w:b/>" if bold else "") + f'<w:sz w:val="{points}"/>'
        run = f'<w:r><w:rPr>{face}</w:rPr><w:t xml:space="preserve">{word_text(text)}</w:t></w:r>' if text else ""
        return f'<w:tc><w:tcPr>{own}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{side}</w:pPr>{run}</w:p></w:tc>'

    def line(cells, row):
        head = "<w:tblHeader/>" if row < top else ""
        return f'<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{"".join(cells)}</w:tr>'

    upper, lower, i = [], [], 0
    while i < len(columns):
        name, group = columns[i]["head"], columns[i].get("group")
        if top == 1:
            upper.append(cell(name, i, 0, True, edges=[("top", 12), ("bottom", 6)]))
        elif not group:
            upper.append(cell(name, i, 0, True, merge="head", edges=[("top", 12)], low=True))
            lower.append(cell("", i, 1, True, merge="tail", edges=[("bottom", 6)]))
        else:
            j = i
            while j < len(columns) and columns[j].get("group") == group:
                lower.append(cell(columns[j]["head"], j, 1, True, edges=[("bottom", 6)]))
                j += 1
            upper.append(cell(group, i, 0, True, align="center", span=j - i, edges=[("top", 12), ("bottom", 4)]))
            i = j - 1
        i += 1
    lines = [line(upper, 0)] + ([line(lower, 1)] if top == 2 else [])
    for r, row in enumerate(rows, top):
        cells = []
        for i, one in enumerate(row["cells"]):
            text = ("　" * row["indent"] if i == 0 else "") + unbroken(one)
            edges = [("bottom", 12)] if r == last else []
            cells.append(cell(text, i, r, row["total"], edges=edges, fill=one.get("forecast")))
        lines.append(line(cells, r))
    margins = "".join(f'<w:{side} w:w="{round(inset * 20)}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in twips)
    return (
        f'<w:tbl xmlns:w="{WORD}"><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid>{grid}</w:tblGrid>{"".join(lines)}</w:tbl>'
    )


def docx(doc, figures):
    from docx import Document
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor, Twips

    zh = is_zh(doc)
    out = Document()
    section = out.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Twips(2098), Twips(1984)
    section.left_margin, section.right_margin = Twips(1588), Twips(1474)

    def fonts(style, east, west, size, bold=None, colour=None):
        style.font.name, style.font.size = west, Pt(size)
        if bold is not None:
            style.font.bold = bold
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)
        pr = style.element.get_or_add_rPr()
        rf = pr.find(qn("w:rFonts"))
        if rf is None:
            rf = OxmlElement("w:rFonts")
            pr.append(rf)
        for name in list(rf.attrib):
            del rf.attrib[name]
        for name, value in (("ascii", west), ("hAnsi", west), ("cs", west), ("eastAsia", east)):
            rf.set(qn("w:" + name), value)
        lang = pr.find(qn("w:lang"))
        if lang is None:
            lang = OxmlElement("w:lang")
            pr.append(lang)
        lang.set(qn("w:val"), "en-US")
        lang.set(qn("w:eastAsia"), "zh-CN")

    styles = out.styles
    body, head = ("宋体", "黑体") if zh else ("宋体", "黑体")
    fonts(styles["Normal"], body, "Times New Roman", 11)
    fonts(styles["Title"], head, "Arial", 24, True, "12436D")
    fonts(styles["Heading 1"], head, "Arial", 17, True, "12436D")
    fonts(styles["Heading 2"], head, "Arial", 13, True, "1C1C1C")
    styles["Heading 1"].paragraph_format.page_break_before = True

    def style(name, size, east, west, bold=False, align=None, keep=False, before=0, after=0):
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        made.quick_style = True
        fonts(made, east, west, size, bold)
        form = made.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = keep
        if align is not None:
            form.alignment = align
        return made

    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    style("表题", 10.5, head, "Arial", True, centre, True, 12, 3)
    style("图题", 10.5, head, "Arial", True, centre, False, 3, 6)
    style("图", 10.5, body, "Arial", False, centre, True, 8, 0)
    style("单位行", 9, body, "Arial", False, right, True)
    style("表内", 9, body, "Arial")
    style("表注", 9, body, "Arial", before=1)
    style("资料来源", 9, body, "Arial", before=1, after=8)
    style("声明", 12, head, "Arial", True)
    styles["声明"].font.color.rgb = RGBColor.from_string("8A2D06")
    text = style("正文段", 11, body, "Times New Roman", after=4)
    text.paragraph_format.line_spacing = 1.5
    if zh:
        text.paragraph_format.first_line_indent = Pt(22)
    boxed = style("专栏", 10.5, body, "Times New Roman")
    boxed.paragraph_format.line_spacing = 1.4
    boxed.paragraph_format.left_indent = boxed.paragraph_format.right_indent = Pt(8)
    ground = OxmlElement("w:shd")
    ground.set(qn("w:val"), "clear")
    ground.set(qn("w:fill"), "F2F4F7")
    boxed.element.get_or_add_pPr().append(ground)

    def field(paragraph, code, cached):
        for kind, content in (("begin", None), (None, code), ("separate", None), ("text", cached), ("end", None)):
            run = paragraph.add_run()
            if kind == "text":
                run.text = content
            elif kind is None:
                instr = OxmlElement("w:instrText")
                instr.set(qn("xml:space"), "preserve")
                instr.text = f" {content} "
                run._r.append(instr)
            else:
                char = OxmlElement("w:fldChar")
                char.set(qn("w:fldCharType"), kind)
                run._r.append(char)

    ids = {made.name: made.style_id for made in styles}

    def paragraph_in(style_name, words=""):
        """A new paragraph; python-docx looks through every style for each that is named."""
        made = out.add_paragraph(words)
        made._p.get_or_add_pPr().style = ids[style_name]
        return made

    marks = {}

    def bookmark(anchor):
        if anchor not in marks:
            marks[anchor] = len(marks) + 1
        return f"_tc{marks[anchor]:04d}"

    def marked(paragraph, anchor, work):
        name = bookmark(anchor)
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(marks[anchor]))
        start.set(qn("w:name"), name)
        paragraph._p.append(start)
        work()
        paragraph._p.append(end)

    def captioned(block, style_name):
        paragraph = paragraph_in(style_name)
        table = block["type"] == "table"
        label = ("表" if table else "图") if zh else ("Table " if table else "Figure ")
        prefix, counter = block["number"].rsplit("-", 1)

        def number():
            paragraph.add_run(f"{label}{prefix}-")
            restart = " \\r 1" if counter == "1" else ""
            field(paragraph, f"SEQ {label.strip()} \\* ARABIC{restart}", counter)

        marked(paragraph, block["anchor"], number)
        paragraph.add_run(("　" if zh else ". ") + block["title"])

    def flow(paragraph, runs):
        for run in runs:
            if run.get("target"):
                field(paragraph, f"REF {bookmark(run['target'])} \\h", run["text"])
            else:
                paragraph.add_run(run["text"])

    def contents(title, code, entries):
        paragraph_in("声明", title).runs[0].font.color.rgb = RGBColor.from_string("12436D")
        first = paragraph_in("表内")
        for kind, content in (("begin", None), (None, code), ("separate", None)):
            run = first.add_run()
            if kind:
                char = OxmlElement("w:fldChar")
                char.set(qn("w:fldCharType"), kind)
                run._r.append(char)
            else:
                instr = OxmlElement("w:instrText")
                instr.set(qn("xml:space"), "preserve")
                instr.text = f" {content} "
                run._r.append(instr)
        paragraph = first
        for i, entry in enumerate(entries):
            if i:
                paragraph = paragraph_in("表内")
            paragraph.add_run(entry)
        char = OxmlElement("w:fldChar")
        char.set(qn("w:fldCharType"), "end")
        paragraph.add_run()._r.append(char)

    def add_table(block, room):
        captioned(block, "表题")
        unit = unit_line(doc, block)
        if unit:
            paragraph_in("单位行", unit)
        # The whole table at once: python-docx looks through the grid for every cell that is asked for.
        element = parse_xml(word_table(block, room, ids["表内"]))
        out.element.body._insert_tbl(element)
        for note in block.get("notes", []):
            paragraph_in("表注", note)
        paragraph_in("资料来源", block.get("source") or "")

    def turn(lies):
        """What follows begins on a page that stands upright or lies on its side."""
        new = out.add_section(WD_SECTION.NEW_PAGE)
        new.different_first_page_header_footer = False
        new.orientation = WD_ORIENT.LANDSCAPE if lies else WD_ORIENT.PORTRAIT
        new.page_width, new.page_height = (Cm(29.7), Cm(21)) if lies else (Cm(21), Cm(29.7))
        # The break stands in the paragraph before it, not in an empty one that might begin a page.
        carrier = out.element.body[-2]
        before = carrier.getprevious()
        if before is not None and before.tag == qn("w:p"):
            before.get_or_add_pPr().append(carrier.pPr.sectPr)
            out.element.body.remove(carrier)

    blocks = [b for c in doc["chapters"] for b in c["blocks"]]
    images = pictures(figures, [b for b in blocks if b["type"] == "figure"])

    def add_figure(block):
        paragraph = paragraph_in("图")
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(images[block["anchor"]]), width=Cm(15.4))
        if shape.height > TALLEST:
            shape.width, shape.height = round(shape.width * TALLEST / shape.height), TALLEST
        shape._inline.docPr.set("descr", block["alternative"])
        shape._inline.docPr.set("title", block["title"])
        captioned(block, "图题")
        for note in below(block):
            paragraph_in("表注", note)

    def add_block(block, room):
        kind = block["type"]
        if kind == "section":
            out.add_heading(block["title"], 2)
        elif kind in ("paragraph", "list", "box"):
            if kind == "box":
                paragraph_in("专栏").add_run(block["title"]).bold = True
            wanted = {"list": "List Bullet", "box": "专栏", "paragraph": "正文段"}[kind]
            for runs in block["paragraphs"]:
                flow(paragraph_in(wanted), runs)
        elif kind == "table":
            add_table(block, room)
        else:
            add_figure(block)

    header = section.header.paragraphs[0]
    header.text = ("　" if zh else " · ").join(doc["standing"])
    header.style = styles["表注"]
    footer = section.footer.paragraphs[0]
    footer.alignment = centre
    field(footer, "PAGE", "1")
    section.different_first_page_header_footer = True

    paragraph_in("Title", doc["title"])
    for line in doc["standing"]:
        paragraph_in("声明", line)
    for fact in doc["facts"]:
        paragraph_in("表内", ("：" if zh else ": ").join((fact["name"], fact["value"])))
    out.add_page_break()
    contents("目录" if zh else "Contents", 'TOC \\o "1-2" \\h \\z', [c["heading"] for c in doc["chapters"]])
    for kind, title, word in (("table", "表目录", "Tables"), ("figure", "图目录", "Figures")):
        label = {"table": "表", "figure": "图"}[kind] if zh else {"table": "Table", "figure": "Figure"}[kind]
        entries = [caption(doc, b) for b in blocks if b["type"] == kind]
        if entries:
            contents(title if zh else word, f'TOC \\h \\z \\c "{label}"', entries)
    lying = False
    for chapter in doc["chapters"]:
        for at, (lies, parts) in enumerate(stretches(chapter)):
            if lies != lying:
                turn(lies)
                lying = lies
            if at == 0:
                out.add_heading(chapter["heading"], 1)
            for block in parts:
                add_block(block, TURNED if lies else STANDING)

    # Page numbers of the contents are computed by the reader's program.
    refresh = OxmlElement("w:updateFields")
    refresh.set(qn("w:val"), "true")
    out.settings.element.append(refresh)
    core = out.core_properties
    # A core property holds 255 characters at most; the title page has the whole title.
    core.title, core.language = short(doc["title"]), "zh-CN" if zh else "en"
    core.author, core.comments, core.last_modified_by = "TalentCast", short(doc["standing"][0]), ""
    core.created = core.modified = moment(doc)
    core.revision = 1
    stream = io.BytesIO()
    out.save(stream)
    return dated(stream.getvalue())


def short(text, most=255):
    return text if len(text) <= most else text[: most - 1] + "…"


def dated(archive):
    """The same entries with one fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            target.writestr(entry, source.read(item.filename))
    return out.getvalue()


# --- XLSX ------------------------------------------------------------------------------------------


def xlsx(doc, figures):
    import xlsxwriter

    zh = is_zh(doc)

    def word(a, b):
        return a if zh else b

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False})
    book.set_properties(
        {"title": short(doc["title"]), "comments": " ".join(doc["standing"]), "author": "TalentCast", "created": moment(doc)}
    )
    face = {"font_name": "等线" if zh else "Arial", "font_size": 10.5, "valign": "vcenter"}
    plain = book.add_format(face)
    wrap = book.add_format({**face, "text_wrap": True, "valign": "top"})
    title = book.add_format({**face, "font_size": 14, "bold": True, "font_color": "#12436D"})
    warn = book.add_format({**face, "bold": True, "font_color": "#8A2D06"})
    head = book.add_format({**face, "bold": True, "text_wrap": True, "top": 2, "bottom": 1, "valign": "vcenter"})
    link = book.add_format({**face, "font_color": "#12436D", "underline": 1})
    note = book.add_format({**face, "font_size": 9, "font_color": "#43484F"})
    text = book.add_format({**face, "num_format": "@"})
    numbers = {}

    def number(places, forecast, bold):
        key = (places, bool(forecast), bold)
        if key not in numbers:
            pattern = "#,##0" if places == 0 else "#,##0." + "0" * places
            form = {**face, "num_format": pattern if not zh else pattern.replace("#,##0", "0"), "bold": bold}
            if forecast:
                form["bg_color"] = "#F2F4F7"
            numbers[key] = book.add_format(form)
        return numbers[key]

    year = book.add_format({**face, "num_format": "0"})
    blocks = [b for c in doc["chapters"] for b in c["blocks"] if b["type"] in ("table", "figure")]

    def sheet_name(block):
        return word({"table": "表", "figure": "图"}[block["type"]], {"table": "T", "figure": "F"}[block["type"]]) + block["number"]

    def setup(sheet):
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    cover = book.add_worksheet(word("封面", "Cover"))
    setup(cover)
    cover.set_column(0, 0, 100)
    cover.write_string(0, 0, doc["title"], title)
    line = 2
    for entry in doc["standing"]:
        cover.write_string(line, 0, entry, warn)
        line += 1
    for fact in doc["facts"]:
        cover.write_string(line + 1, 0, word("：", ": ").join((fact["name"], fact["value"])), plain)
        line += 1

    index = book.add_worksheet(word("目录", "Contents"))
    setup(index)
    index.set_column(0, 0, 14)
    index.set_column(1, 1, 90)
    index.write_string(0, 0, word("目录", "Contents"), title)
    index.write_string(2, 0, word("工作表", "Sheet"), head)
    index.write_string(2, 1, word("标题", "Title"), head)
    for i, block in enumerate(blocks, 3):
        name = sheet_name(block)
        index.write_url(i, 0, f"internal:'{name}'!A1", link, name)
        index.write_string(i, 1, caption(doc, block), plain)
    index.freeze_panes(3, 0)

    notes = book.add_worksheet(word("说明", "Notes"))
    setup(notes)
    notes.set_column(0, 0, 110)
    remarks = doc["standing"] + [
        word("[x] 无数据或未公布；— 不适用；* 因保密不公布。", "[x] not available; — not applicable; * withheld."),
        word("证据等级：A 观测，B 估计，C 分摊，D 假定。", "Grades: A observed, B estimated, C allocated, D assumed."),
        word("灰底单元格为预测；区间列为80%区间的下限与上限，数值未经取舍。", "Grey cells are forecasts; interval columns give the ends of the 80% interval, not rounded."),
        word("每张工作表一张表；代码为文本。", "One table a sheet; codes are text."),
    ]
    for i, remark in enumerate(remarks):
        notes.write_string(i, 0, remark, wrap)

    register = book.add_worksheet(word("元数据", "Metadata"))
    setup(register)
    for i, (name, breadth) in enumerate(
        ((word("编号", "Id"), 12), (word("标题", "Title"), 70), (word("单位", "Unit"), 16), (word("锚点", "Anchor"), 24), (word("来源", "Source"), 60))
    ):
        register.set_column(i, i, breadth)
        register.write_string(0, i, name, head)
    for i, block in enumerate(blocks, 1):
        for j, value in enumerate((sheet_name(block), block["title"], block.get("unit") or "", block["anchor"], block.get("source") or "")):
            register.write_string(i, j, value, plain)
    register.freeze_panes(1, 0)

    for block in blocks:
        sheet = book.add_worksheet(sheet_name(block))
        setup(sheet)
        sheet.write_string(0, 0, caption(doc, block), title)
        unit = unit_line(doc, block)
        sheet.write_string(1, 0, unit or "", note)
        heads, grid, kinds = (table_grid if block["type"] == "table" else figure_grid)(block, word)
        top = 3
        for c, name in enumerate(heads):
            longest = max([width(name) / 2] + [width(str(r[c].get("text", ""))) for r in grid if r[c] is not None] + [6])
            sheet.set_column(c, c, min(longest + 3, 60))
        if grid:
            sheet.add_table(
                top, 0, top + len(grid), len(heads) - 1,
                {
                    "name": ("T_" if block["type"] == "table" else "F_") + block["number"].replace("-", "_"),
                    "style": None, "autofilter": False, "columns": [{"header": h, "header_format": head} for h in heads],
                },
            )
        for r, row in enumerate(grid, top + 1):
            for c, cell in enumerate(row):
                if cell is None:
                    sheet.write_blank(r, c, None, plain)
                elif cell.get("value") is not None:
                    form = year if cell.get("year") else number(cell.get("places") or 0, cell.get("forecast"), cell.get("bold", False))
                    sheet.write_number(r, c, cell["value"], form)
                else:
                    sheet.write_string(r, c, cell["text"], text)
        sheet.freeze_panes(top + 1, 1)
        for i, remark in enumerate(below(block)):
            sheet.write_string(top + len(grid) + 2 + i, 0, remark, note)
    book.close()
    return dated(stream.getvalue())


def distinct(names):
    seen, out = {}, []
    for name in names:
        seen[name.lower()] = seen.get(name.lower(), 0) + 1
        out.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return out


def table_grid(block, word):
    """Interval columns become two numeric columns; everything else one."""
    heads, plan = [], []
    for i, column in enumerate(block["columns"]):
        name = (column["group"] + " " if column.get("group") else "") + column["head"]
        if any(r["cells"][i]["kind"] == "interval" for r in block["rows"]):
            heads += [name + word(" 下限", ", low"), name + word(" 上限", ", high")]
            plan += [(i, "low"), (i, "high")]
        else:
            heads.append(name)
            plan.append((i, "value"))
    grid = []
    for row in block["rows"]:
        line = []
        for i, key in plan:
            cell = row["cells"][i]
            if cell["kind"] == "interval":
                line.append({"value": cell[key], "text": cell["text"][:10], "places": cell["places"], "forecast": cell.get("forecast"), "bold": row["total"]})
            elif cell["kind"] == "number":
                line.append({**cell, "year": cell.get("reference") is None, "bold": row["total"]})
            else:
                lead = "　" * row["indent"] if i == 0 else ""
                line.append({"text": lead + cell["text"]})
        grid.append(line)
    return distinct(heads), grid, plan


def figure_grid(block, word):
    heads = [
        word("序列", "Series"), word("项目", "Item"), word("数值", "Value"), "P10", "P90", "P2.5", "P97.5",
        word("证据等级", "Grade"), word("出处", "Reference"),
    ]
    grid = []
    for datum in block.get("data", []):
        line = [{"text": datum["series"]}, {"text": datum["label"]}]
        for key in ("value", "p10", "p90", "p025", "p975"):
            value = datum.get(key)
            line.append(None if value is None else {"value": value, "text": f"{value:.4g}", "places": 0 if abs(value) >= 100 else 4})
        line += [{"text": datum["grade"]}, {"text": datum["reference"]}]
        grid.append(line)
    return heads, grid, None


def main():
    form, source, figures, target = sys.argv[1:5]
    with open(source, encoding="utf-8") as file:
        doc = json.load(file)
    made = {"pdf": pdf, "docx": docx, "xlsx": xlsx}[form](doc, figures)
    with open(target, "wb") as file:
        file.write(made)


if __name__ == "__main__":
    main()
