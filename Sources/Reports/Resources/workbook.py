"""Writes a workbook from sheets of cells, or reads its cells back.

Usage: python workbook.py write BOOK.json OUTPUT.xlsx     (XlsxWriter)
       python workbook.py read BOOK.xlsx OUTPUT.json      (openpyxl)
Knows nothing of what the cells mean. Exit status 3: the file is no workbook that can be read; 4: it is larger than is read.
The only date in a workbook is SOURCE_DATE_EPOCH, else 1 January 1980: the same cells give the same bytes.
"""

import datetime
import io
import json
import os
import sys
import zipfile

ROWS = 20000
COLUMNS = 200
# What a workbook may be before it is opened: bytes, parts, bytes unpacked, and how many times a part may grow.
BYTES = 32 * 2**20
PARTS = 2000
UNPACKED = 256 * 2**20
GROWTH = 200
# Cells and characters that are taken from it.
CELLS = 2_000_000
CHARACTERS = 32 * 2**20
# Memory of the process that reads.
MEMORY = 3 * 2**30
# How Excel keeps the first half of a line break pasted from elsewhere.
RETURN = "_x000D_"


def moment():
    epoch = max(315532800, int(os.environ.get("SOURCE_DATE_EPOCH") or 0))
    return datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).replace(tzinfo=None)


def dated(archive):
    """The same entries with one fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, moment().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            target.writestr(entry, source.read(item.filename))
    return out.getvalue()


def write(source, target):
    import xlsxwriter

    with open(source, encoding="utf-8") as file:
        sheets = json.load(file)["sheets"]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": "TalentCast", "created": moment()})
    face = {"font_name": "等线", "font_size": 10.5, "valign": "top"}
    head = book.add_format({**face, "bold": True, "bottom": 1, "bg_color": "#E8EDF3"})
    words = book.add_format({**face, "text_wrap": True, "num_format": "@"})
    plain = book.add_format(face)
    share = book.add_format({**face, "num_format": "0.0###%"})
    for sheet in sheets:
        page = book.add_worksheet(sheet["name"])
        page.freeze_panes(1, 1)
        for c, column in enumerate(sheet["columns"]):
            style = share if column.get("isShare") else plain
            page.set_column(c, c, column["width"], style)
            if column["note"]:
                page.write_comment(0, c, column["note"], {"author": "TalentCast", "x_scale": 1.4, "y_scale": 0.6})
            choices = column.get("choices")
            if choices:
                listed = choices[0] if choices[0].startswith("=") else choices
                page.data_validation(1, c, 2000, c, {"validate": "list", "source": listed, "error_type": "warning"})
        for r, row in enumerate(sheet["rows"]):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                column = sheet["columns"][c]
                if "text" in cell:
                    if page.write_string(r, c, cell["text"], head if r == 0 else words) != 0:
                        raise ValueError(f"{sheet['name']}: the text in row {r + 1} cannot be written")
                elif "number" in cell:
                    page.write_number(r, c, cell["number"], share if column.get("isShare") else plain)
                else:
                    page.write_boolean(r, c, cell["flag"], plain)
        if sheet["locked"]:
            page.protect()
    book.close()
    with open(target, "wb") as file:
        file.write(dated(stream.getvalue()))


class TooLarge(Exception):
    """A workbook beyond the limits."""


def bounded(source):
    """Refuses a workbook that would unpack to more than it may, before anything of it is unpacked."""
    size = os.path.getsize(source)
    if size > BYTES:
        raise TooLarge(f"{size} bytes, at most {BYTES} are read")
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        if len(parts) > PARTS:
            raise TooLarge(f"{len(parts)} parts, at most {PARTS} are read")
        total = sum(part.file_size for part in parts)
        if total > UNPACKED:
            raise TooLarge(f"{total} bytes unpacked, at most {UNPACKED} are read")
        for part in parts:
            if part.file_size > 2**20 and part.file_size > GROWTH * max(1, part.compress_size):
                raise TooLarge(f"{part.filename} grows {part.file_size // max(1, part.compress_size)} times, at most {GROWTH}")


def value(cell, formula):
    """One cell: its value, the result of its formula, or why it cannot be used."""
    if cell is None:
        return {"unusable": formula} if isinstance(formula, str) and formula.startswith("=") else None
    if isinstance(cell, bool):
        return {"flag": cell}
    if isinstance(cell, (int, float)):
        return {"number": cell}
    if isinstance(cell, str):
        return {"text": cell.replace(RETURN, "")} if cell else None
    return {"unusable": str(cell)}


def read(source, target):
    import resource

    import openpyxl

    bounded(source)
    # Sizes in an archive are claims; this is not.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sheets = []
    cells_read = characters = 0
    # Results of formulas in one reading, the formulas themselves in the other.
    results = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(source, read_only=True, keep_links=False)
    for page in results.worksheets:
        rows, cut = [], False
        # A sheet may claim any size: what stands in it counts.
        page.reset_dimensions()
        other = formulas[page.title]
        other.reset_dimensions()
        for line, same in zip(page.iter_rows(max_col=COLUMNS), other.iter_rows(max_col=COLUMNS)):
            if len(rows) >= ROWS:
                cut = True
                break
            cells = []
            for result, formula in zip(line, same):
                if result.data_type == "e":
                    cells.append({"unusable": str(result.value)})
                else:
                    is_formula = formula.data_type == "f"
                    cells.append(value(result.value, str(formula.value) if is_formula else None))
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(cells)
            cells_read += len(cells)
            characters += sum(len(cell.get("text", "")) for cell in cells if cell)
            if cells_read > CELLS or characters > CHARACTERS:
                raise TooLarge(f"more than {CELLS} cells or {CHARACTERS} characters")
        while rows and not rows[-1]:
            rows.pop()
        sheets.append({"name": page.title, "rows": rows, "columns": [], "locked": False, "isCut": cut})
    with open(target, "w", encoding="utf-8") as file:
        json.dump({"sheets": sheets}, file, ensure_ascii=False, allow_nan=False)


def main():
    verb, source, target = sys.argv[1:4]
    if verb == "write":
        return write(source, target)
    try:
        read(source, target)
    except ImportError:
        raise
    except TooLarge as error:
        print(error)
        sys.exit(4)
    except Exception as error:  # whatever a broken file makes the library say
        print(f"{type(error).__name__}: {error}".splitlines()[0])
        sys.exit(3)


if __name__ == "__main__":
    main()
