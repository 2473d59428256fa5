"""Nothing is written with a number in it that was not protected, wherever a mistake would put it."""

import io
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.errors import DisclosureError
from zorgdata.pipeline import publication

LEAK = "13.579"
PLACES: Mapping[str, str] = {
    "text": f"<p>Precies {LEAK} leerlingen.</p>",
    "alternative text": f"<img alt='precies {LEAK}'>",
    "place in a drawing": "<svg><circle cx='12.3456' cy='3'/></svg>",
    "title of a drawing": f"<svg><title>{LEAK}</title></svg>",
    "data": '<script type="application/json">{"v": 13579}</script>',
    "attribute": "<p data-value='1357.9'></p>",
}
SENTENCE = "<p>Van 1.234 regels; 365,25 dagen; Basisschool 't Veld 7.</p>"


@pytest.fixture(scope="module")
def published():
    connection, found = duckdb.connect(), region.schools(30, seed=8)
    region.fill(connection, found, region.figures(found))
    protect(connection, "public")
    connection.execute("create table protected.unit as select 'Basisschool ''t Veld 7' as name")
    connection.execute("create schema meta")
    connection.execute(
        "create table meta.file as select 'enrolments' as kind, 'loaded' as status, 1234 as records_read, "
        "1234 as records_accepted, 0 as records_quarantined, 0 as records_blank"
    )
    connection.execute("create table meta.check_result as select 'passed' as status")
    connection.execute(
        "create table meta.publication as select 'p' as publication_id, 'public' as audience, "
        "date '2026-01-01' as created_at, date '2026-01-01' as data_until"
    )
    return connection


class Borrowed:
    """A connection that closing leaves open."""

    def __init__(self, connection):
        self.execute = connection.execute

    def close(self):
        """Stays open for the next test."""


@pytest.fixture
def report(published, monkeypatch, tmp_path):
    """Writes a page as a report through the pipeline."""
    monkeypatch.setattr(publication, "open_published", lambda _: Borrowed(published))
    settings = SimpleNamespace(
        region=SimpleNamespace(name="Regio", municipalities={}),
        report=SimpleNamespace(contact="", stylesheet="", logo="", maker="", language="nl", texts=""),
    )
    workspace = SimpleNamespace(
        settings=settings, published_database=Path("none"), reports=tmp_path / "reports", root=tmp_path
    )
    monkeypatch.setattr(publication, "_style", lambda _: None)
    monkeypatch.setattr(publication, "enrich", lambda *_: None)

    def write(body: str, folder: Path):
        page = f"<!doctype html><html lang='nl'><main>{SENTENCE}{body}</main>"
        monkeypatch.setattr(publication, "render", lambda *_, **__: {"index.html": page.encode()})
        return publication.make_report(workspace, "snapshot", "public", folder=folder)

    write.workspace = workspace
    return write


def test_a_normal_page_is_written(report, tmp_path):
    assert report("", tmp_path / "clean").exists()


@pytest.mark.parametrize("where", PLACES)
def test_a_planted_number_stops_the_report(report, tmp_path, where):
    with pytest.raises(DisclosureError, match=r"index\.html, .*line \d+") as error:
        report(PLACES[where], tmp_path / "bad")
    assert error.value.exit_code == 6
    assert LEAK not in error.value.message
    assert not (tmp_path / "bad").exists()


def test_a_workbook_is_read_back_cell_by_cell(published):
    table = read_protected(published, "public")
    rows = [dict(r) for r in table.rows()]
    files = {"figures.csv": as_csv(rows)}
    publication.require_safe(published, "public", files)
    row = next(r for r in rows if r["cell_status"] == "suppressed")
    row["value"], row["display"] = 3.0, "3"
    with pytest.raises(DisclosureError, match=r"figures\.csv, row \d+"):
        publication.require_safe(published, "public", {"figures.csv": as_csv(rows)})
    publication.require_safe(published, "internal", {"figures.csv": as_csv(rows)})


def test_a_leak_in_a_workbook_is_refused_with_its_table_and_cell(report, published, tmp_path, monkeypatch):
    rows = [dict(r) for r in read_protected(published, "public").rows()]
    hidden, row = next((n, r) for n, r in enumerate(rows) if r["cell_status"] == "suppressed")

    def written(folder):
        report("", tmp_path / f"{folder} page")  # the pages around it are clean
        monkeypatch.setattr(publication, "render", lambda *_, **__: {"figures.xlsx": as_xlsx(rows)})
        return publication.make_report(report.workspace, "snapshot", "public", folder=tmp_path / folder)

    assert written("clean").exists()
    row["value"], row["display"] = 3, "3"
    where = rf"figures\.xlsx\[cijfers\], row {hidden + 2}: not the protected .* of {row['metric']}\|"
    with pytest.raises(DisclosureError, match=where) as error:
        written("leaking")
    assert error.value.exit_code == 6
    assert not (tmp_path / "leaking").exists()


def as_xlsx(rows) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet("cijfers")
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, ["" if v is None else v for v in row.values()])
    return sink.getvalue()


def as_csv(rows) -> bytes:
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    sink = pa.BufferOutputStream()
    pa_csv.write_csv(pa.Table.from_pylist(rows), sink)
    return sink.getvalue().to_pybytes()


def test_the_day_of_the_data_is_no_leak(report, tmp_path):
    day = date(2026, 1, 25).isoformat()
    assert report(f"<dd>{day}_c4f485e25ba1_public</dd>", tmp_path / "dated").exists()
