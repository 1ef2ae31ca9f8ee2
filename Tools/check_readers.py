"""Reads a run's report and pack as their users would; prints one line a reader, exits 1 on the first fault."""
import contextlib
import csv
import importlib.util
import io
import json
import os
import re
import runpy
import sys

HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
run, pack = sys.argv[1], sys.argv[2]


def need(module, label, check):
    if importlib.util.find_spec(module) is None:
        print(f"skip {label}: the Python package {module} is not installed")
        return
    print(f"ok   {label}: {check()}")


def report(language, extension):
    return f"{run}/report/report.{language}.{extension}"


def docx():
    import docx as reader

    counts = []
    for language in ("zh", "en"):
        book = reader.Document(report(language, "docx"))
        captions = [p for p in book.paragraphs if p.style.name == "Caption" or "题" in p.style.name]
        fields = book.element.xml.count("SEQ ")
        assert len(book.tables) > 20, f"{language}: {len(book.tables)} tables"
        assert len(captions) > 20, f"{language}: {len(captions)} captions"
        assert fields >= len(book.tables) // 2, f"{language}: {fields} caption fields"
        for table in book.tables:
            assert any(cell.text.strip() for cell in table.rows[0].cells), "a table without a heading"
        assert language == "zh" or not HAN.search("".join(book.element.itertext())), "Chinese in the English edition"
        counts.append((len(book.tables), len(captions)))
    assert counts[0] == counts[1], f"the languages differ: {counts}"
    return f"{counts[0][0]} tables, {counts[0][1]} captions in each language"


def xlsx():
    import openpyxl

    sheets = []
    for language in ("zh", "en"):
        book = openpyxl.load_workbook(report(language, "xlsx"))
        for sheet in book.worksheets:
            assert sheet.max_row > 1 and sheet.max_column >= 1, f"empty sheet {sheet.title}"
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    assert not (isinstance(value, str) and value.strip().lower() in ("nan", "inf", "none")), sheet.title
                    assert language == "zh" or not (isinstance(value, str) and HAN.search(value)), f"{sheet.title}: {value}"
        sheets.append(len(book.worksheets))
    assert sheets[0] == sheets[1] > 20, f"sheets: {sheets}"
    return f"{sheets[0]} sheets in each language"


def pdf():
    import pikepdf

    pages = []
    for language in ("zh", "en"):
        with pikepdf.open(report(language, "pdf")) as book:
            assert "/StructTreeRoot" in book.Root, "the PDF is not tagged"
            assert book.Root.get("/MarkInfo", {}).get("/Marked"), "the PDF is not marked"
            assert str(book.Root.get("/Lang", "")), "the PDF has no language"
            with book.open_metadata() as metadata:
                part = metadata.get("pdfaid:part")
                assert part == "2", f"PDF/A part {part}"
            for page in book.pages:
                fonts = page.get("/Resources", {}).get("/Font", {})
                for font in fonts.values():
                    for child in font.get("/DescendantFonts", [font]):
                        descriptor = child.get("/FontDescriptor", {})
                        assert any(k in descriptor for k in ("/FontFile", "/FontFile2", "/FontFile3")), "a font is not embedded"
            pages.append(len(book.pages))
    return f"tagged PDF/A-2, fonts embedded, {pages[0]} and {pages[1]} pages"


def data_package():
    from frictionless import Package

    found = Package(f"{pack}/datapackage.json").validate()
    assert found.valid, found.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    return f"{len(found.tasks)} resources valid"


def sdmx():
    from pysdmx.io import get_datasets, read_sdmx

    structure = read_sdmx(f"{pack}/sdmx/structure.json", validate=True)
    data = get_datasets(f"{pack}/sdmx/TALENT_RESULTS.csv", f"{pack}/sdmx/structure.json")[0]
    with open(f"{pack}/data/results.csv", encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    assert len(data.data) == rows, f"{len(data.data)} SDMX rows, {rows} results"
    codes = {c.id: {x.id for x in c.items} for c in structure.get_codelists()}
    for column, codelist in (("REF_AREA", "CL_REF_AREA"), ("MEASURE", "CL_MEASURE"), ("ACTIVITY", "CL_ACTIVITY"),
                             ("IP_TEAM", "CL_IP_TEAM"), ("OBS_STATUS", "CL_OBS_STATUS")):
        unknown = set(data.data[column]) - codes[codelist]
        assert not unknown, f"{column}: {sorted(unknown)[:5]}"
    return f"{rows} observations, {len(codes)} codelists"


def duck():
    import duckdb

    base = duckdb.connect()
    os.chdir(pack)
    for statement in open("loaders/load.sql", encoding="utf-8").read().split(";"):
        if statement.strip():
            last = base.execute(statement)
    rows = last.fetchall()
    assert rows, "the loader's query is empty"
    return f"{base.execute('SELECT count(*) FROM results').fetchone()[0]} rows loaded"


def pandas_loader():
    os.chdir(pack)
    with contextlib.redirect_stdout(io.StringIO()):
        results = runpy.run_path("loaders/load.py")["results"]
    assert results["year"].dtype.kind == "i" and results["value"].dtype.kind == "f"
    return f"{len(results)} rows loaded"


def same_numbers():
    """The first table of both Markdown files has the same digits, apart from how they are grouped."""
    shown = []
    for language in ("zh", "en"):
        with open(report(language, "html"), encoding="utf-8") as file:
            text = file.read()
        shown.append([part.split('"', 1)[0] for part in text.split('data-ref="')[1:]])
    assert shown[0] == shown[1] and len(shown[0]) > 500, "the languages print different cells"
    with open(f"{pack}/datapackage.json", encoding="utf-8") as file:
        json.load(file)
    return f"{len(shown[0])} cells, the same in both languages"


need("json", "HTML", same_numbers)
need("docx", "python-docx", docx)
need("openpyxl", "openpyxl", xlsx)
need("pikepdf", "pikepdf", pdf)
need("frictionless", "frictionless", data_package)
need("pysdmx", "pysdmx", sdmx)
need("duckdb", "DuckDB loader", duck)
need("pandas", "pandas loader", pandas_loader)
