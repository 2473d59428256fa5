"""Which worksheet is read, and where a faulty cell stands."""

from pathlib import Path

import pytest
import xlsxwriter

from zorgdata.assets import asset
from zorgdata.errors import SourceError
from zorgdata.sources import read
from zorgdata.sources.excel import place

HEADER = ["bsn", "brin", "vestiging", "begindatum", "einddatum", "bedrag"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two visible sheets that would do, and a hidden one."""
    path = tmp_path / "vervoer.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        for number, name in enumerate(("Noord", "Zuid", "Oud"), 1):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ["999940004", "99ZA", "00", "2024-01-01", "", number])
            if name == "Oud":
                sheet.hide()
    return path


def amounts(path: Path, **wishes: object) -> list[int]:
    chunks = read(path, **wishes).chunks()  # type: ignore[arg-type]
    return [value for chunk in chunks for value in chunk.records.column("amount_cents").to_pylist()]


def test_two_sheets_that_would_do_are_refused_without_their_names(book: Path) -> None:
    with pytest.raises(SourceError, match="1, 2") as refusal:
        read(book)
    assert "--sheet" in refusal.value.hint
    assert "Noord" not in refusal.value.message + refusal.value.hint


@pytest.mark.parametrize(("sheet", "amount"), [("2", 2), ("noord", 1), (" Zuid ", 2), ("Oud", 3)])
def test_a_sheet_is_chosen_by_number_or_name(book: Path, sheet: str, amount: int) -> None:
    assert amounts(book, sheet=sheet) == [amount]


def test_a_sheet_that_is_not_there_is_told(book: Path) -> None:
    with pytest.raises(SourceError, match="geen werkblad") as refusal:
        read(book, sheet="West")
    assert "3 werkbladen" in refusal.value.hint


def test_a_profile_names_its_sheet(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "profiles"
    own.mkdir()
    text = 'name = "rit"\nkind = "transport"\nsheet = "Zuid"\nrecognise = ["bedrag"]\n'
    (own / "rit.toml").write_text(text, encoding="utf-8")
    assert amounts(book, profiles=own) == [2]


def test_an_error_of_the_spreadsheet_is_named_by_its_place() -> None:
    chunks = read(asset("sample_data", "standards", "vervoer.xlsx")).chunks()
    (reason,) = [r.reason for c in chunks for r in c.rejects if r.reason_code == "error_cell"]
    assert reason.endswith("9.)")
    assert "(Cel " in reason


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (11, 5, "F12"), (0, 25, "Z1"), (1, 26, "AA2"), (8, 701, "ZZ9")]
)
def test_places_as_a_spreadsheet_names_them(row: int, column: int, name: str) -> None:
    assert place(row, column) == name
