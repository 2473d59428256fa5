"""Downloads: the same protected cells, no formulas, the same bytes every time."""

import csv
import io
import zipfile
from dataclasses import replace

import fixture_region
import polars as pl
import pytest

from zorgdata.disclosure.table import certify
from zorgdata.report.downloads import COLUMNS, csv_bytes, rows, safe_text, xlsx_bytes
from zorgdata.report.model import Figures, Unit
from zorgdata.report.reader import Reader
from zorgdata.report.texts import load_texts

TEXTS = load_texts()


def reader(**changes: object) -> Reader:
    return Reader(fixture_region.inputs(**changes), TEXTS)


def test_csv_holds_every_cell_once_with_its_display() -> None:
    read = reader()
    lines = list(csv.DictReader(io.StringIO(csv_bytes(rows(read, read.figures.index.values())).decode())))
    assert tuple(lines[0]) == COLUMNS
    published = {c.name: c for c in fixture_region.cells()}
    assert len(lines) == len(published)
    hidden = [line for line in lines if line["cell_status"] == "suppressed"]
    assert hidden
    assert {(line["value"], line["display"]) for line in hidden} == {("", ".")}
    assert {line["provisional"] for line in lines if line["period"] == "2024-2025"} == {"ja"}
    assert {line["provisional"] for line in lines if line["period"] == "2023-2024"} == {"nee"}


def test_primary_and_secondary_suppression_are_not_told_apart() -> None:
    cells = [
        replace(c, cell_status="suppressed_secondary") if c.cell_status == "suppressed" else c
        for c in fixture_region.cells()
    ]
    other = Figures.of(certify("public", cells))
    one, two = reader(), reader(figures=other)
    assert csv_bytes(rows(one, one.figures.index.values())) == csv_bytes(rows(two, other.index.values()))


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("+x", "'+x"), ("-x", "'-x"), ("@x", "'@x"), ("\tx", "'\tx"), (" =x", "' =x"),
     ("De Brug", "De Brug"), ("", ""), ("a=b", "a=b")],
)  # fmt: skip
def test_text_that_looks_like_a_formula_is_disarmed(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_the_workbook_has_notes_figures_and_definitions_and_no_formula() -> None:
    units = tuple(
        Unit(u.level, u.unit_id, "=1+1", u.school_type, u.municipality_code) if u.name == "De Brug" else u
        for u in fixture_region.units()
    )
    read = reader(units=units)
    data = xlsx_bytes(read, list(read.figures.index.values()))
    sheets = pl.read_excel(io.BytesIO(data), sheet_id=0, has_header=False)
    assert next(iter(sheets)) == "Leeswijzer"
    assert list(sheets)[-1] == "Definities"
    assert "B Jeugdhulp op scholen" in sheets
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        content = b"".join(book.read(n) for n in book.namelist() if n.startswith("xl/"))
    assert b"<f>" not in content
    assert b"&#39;=1+1" in content or b"'=1+1" in content


def test_the_workbook_shows_what_the_tables_show() -> None:
    read = reader()
    table = pl.read_excel(
        io.BytesIO(xlsx_bytes(read, list(read.figures.index.values()))), sheet_name="B Jeugdhulp op scholen"
    )
    row = table.filter(
        (pl.col("Cijfer") == "Aandeel leerlingen met jeugdhulp") & (pl.col("Niveau") == "regio")
    )
    cell = read.cell("care_share")
    assert float(row["2024/'25*"][0]) == cell.value


def test_equal_figures_give_equal_bytes() -> None:
    read = reader()
    cells = list(read.figures.index.values())
    assert xlsx_bytes(read, cells) == xlsx_bytes(reader(), cells)
