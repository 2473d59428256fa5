"""A report that stands there already, and the snapshot that news is told against."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from zorgdata.pipeline import publication
from zorgdata.pipeline.earlier import earlier_snapshot
from zorgdata.report.model import Arrival
from zorgdata.workspace import Workspace

NOTE = ".made.json"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A report of two files, made for stamp ``s``."""
    (tmp_path / "index.html").write_bytes(b"12345")
    (tmp_path / "scholen").mkdir()
    (tmp_path / "scholen" / "a.html").write_bytes(b"1")
    note = {"stamp": "s", "main": "index.html", "files": {"index.html": 5, "scholen/a.html": 1}}
    (tmp_path / NOTE).write_text(json.dumps(note), encoding="utf-8")
    return tmp_path


def test_a_whole_report_for_the_same_stamp_is_left_as_it_is(made: Path) -> None:
    assert publication._made(made, "s") == "index.html"


@pytest.mark.parametrize("damage", ["stamp", "shorter", "gone", "note"])
def test_anything_else_is_made_again(made: Path, damage: str) -> None:
    match damage:
        case "shorter":
            (made / "scholen" / "a.html").write_bytes(b"")
        case "gone":
            (made / "index.html").unlink()
        case "note":
            (made / NOTE).write_text("{", encoding="utf-8")
    assert publication._made(made, "other" if damage == "stamp" else "s") == ""


def _publication(path: Path, publication_id: str, files: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(path)
    connection.execute("create schema meta")
    connection.execute("create schema protected")
    connection.execute(
        "create table meta.publication as select ? as publication_id, 'public' as audience, "
        "date '2026-01-01' as created_at, date '2026-01-01' as data_until, 0 as cells, 0 as cells_shown",
        [publication_id],
    )
    connection.execute(
        "create table meta.file as select range as file_id, 'indications' as kind, "
        "'9901' as municipality_code, 'loaded' as status from range(?)",
        [files],
    )
    connection.execute(
        "create table protected.value (audience varchar, metric varchar, level varchar, unit_id varchar, "
        "period varchar, reference_date date, dimension varchar, dimension_value varchar, value double, "
        "display varchar, cell_status varchar)"
    )
    return connection


def _snapshot(root: Path, name: str, publication_name: str, files: int) -> None:
    folder = root / "snapshots" / name
    folder.mkdir(parents=True)
    _publication(folder / "published.duckdb", publication_name, files).close()
    manifest = {
        "snapshot": name,
        "publication": publication_name,
        "deliveries": [{"file_id": i} for i in range(files)],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def query(tmp_path: Path) -> Any:
    """The present publication: five files, the third of its kind."""
    connection = _publication(tmp_path / "now.duckdb", "2026-03-01_c_public", 5)
    yield lambda sql, parameters=(): pa.table(connection.execute(sql, list(parameters)).to_arrow_table())
    connection.close()


def test_news_is_told_against_the_last_other_publication(tmp_path: Path, query: Any) -> None:
    _snapshot(tmp_path, "0001_a", "2026-01-01_a", 2)
    _snapshot(tmp_path, "0002_b", "2026-02-01_b", 3)
    _snapshot(tmp_path, "0003_c", "2026-03-01_c", 5)
    found = earlier_snapshot(Workspace(tmp_path), query, "public")
    assert found is not None
    assert found.name == "0002_b"
    assert found.arrivals == (Arrival("indications", "9901", 2),)


def test_a_first_publication_and_a_damaged_chain_have_no_news(tmp_path: Path, query: Any) -> None:
    assert earlier_snapshot(Workspace(tmp_path), query, "public") is None
    _snapshot(tmp_path, "0001_a", "2026-01-01_a", 2)
    (tmp_path / "snapshots" / "0001_a" / "manifest.json").write_text("{", encoding="utf-8")
    assert earlier_snapshot(Workspace(tmp_path), query, "public") is None
