"""Figures about the data that come from the ledger, the last protection and older snapshots."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from zorgdata.pipeline import quality
from zorgdata.pipeline.session import Session
from zorgdata.store.schema import prepare
from zorgdata.workspace import Workspace

CELLS = """
    create table protected.value (audience varchar, metric varchar, level varchar, unit_id varchar,
        period varchar, reference_date date, dimension varchar, dimension_value varchar, value double,
        display varchar, cell_status varchar)
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    with warehouse() as db:
        prepare(db, "key")
        insert(db, "enrolments", [{"child_id": "X", "school_id": "99ZA00", "start_date": date(2024, 1, 1)}])
        setting(db, "periods.first_year", "2024")
        setting(db, "periods.last_year", "2024")
        yield Session(workspace, db)


def cell(
    db: duckdb.DuckDBPyConnection, audience: str, metric: str, unit: str, value: str, status: str
) -> None:
    db.execute(
        f"insert into protected.value values ('{audience}', '{metric}', 'school', '{unit}', '2023-2024', "
        f"null, '', '', {value}, '', '{status}')"
    )


def keep(session: Session, number: int, cells: list[tuple[str, str, str]]) -> None:
    """A snapshot as far as figures of revision read it."""
    folder = session.workspace.root / "snapshots" / f"{number:04d}_p"
    folder.mkdir(parents=True)
    Path(folder / "manifest.json").write_text(json.dumps({"snapshot": folder.name}), encoding="utf-8")
    with duckdb.connect(folder / "published.duckdb") as db:
        db.execute("create schema protected")
        db.execute(CELLS)
        for unit, value, status in cells:
            cell(db, "public", "pupils_with_care", unit, value, status)


def figures(session: Session, metric: str, level: str = "region") -> dict[str, tuple[Any, ...]]:
    rows = rows_of(
        session.connection,
        f"select * from metrics.value where metric = '{metric}' and level = '{level}' "
        "and status <> 'not_delivered'",
    )
    return {row["dimension_value"]: (row["value"], row["numerator"], row["denominator"]) for row in rows}


def test_ledger_protection_and_snapshots_become_figures(session: Session) -> None:
    db = session.connection
    assert quality.note(session, date(2024, 3, 11)) == 0  # nothing built: nothing to add to
    build_models(db, "+metrics.value")
    for number, (kind, municipality, day, read) in enumerate(
        [
            ("indications", "'9901'", "10", 60),
            ("indications", "'9902'", "01", 30),
            ("schools", "null", "05", 10),
        ]
    ):
        db.execute(
            f"insert into meta.file values ({number}, '{number}', 'f', '{kind}', 'canonical', "
            f"timestamp '2024-03-{day} 10:00:00', {read}, {read}, 0, 0, 'loaded', {municipality}, null, "
            "null, [], 0)"
        )
    db.execute(
        "insert into meta.quarantine values (0, 2, 2, 'end_date', 'end_before_start', 'r', null), "
        "(0, 3, 3, 'unit', 'unknown_code', 'r', null)"
    )
    db.execute(f"drop table if exists protected.value; {CELLS}")
    cell(db, "public", "pupils_with_care", "A", "null", "suppressed")
    cell(db, "public", "care_share", "A", "null", "suppressed_secondary")
    cell(db, "public", "care_share", "B", "0.5", "shown")
    cell(db, "public", "care_share", "C", "null", "not_applicable")
    cell(db, "internal", "care_share", "A", "0.1", "shown")
    cell(db, "public", "link_rate", "A", "null", "suppressed")  # theme K is not about itself

    assert quality.note(session, date(2024, 3, 11)) == quality.note(session, date(2024, 3, 11))
    assert figures(session, "freshness") == {"indications": (1, 1, None), "schools": (6, 6, None)}
    assert figures(session, "freshness", "responsible_municipality")["indications"][0] in (1, 10)
    assert figures(session, "conflict_share")["negatieve_duur"] == (0.01, 1, 100)
    assert figures(session, "suppressed_share") == {
        "public|B": (pytest.approx(2 / 3), 2, 3),
        "internal|B": (0, 0, 1),
    }
    assert figures(session, "revision_size") == {}

    keep(session, 1, [("A", "100", "shown"), ("B", "20", "shown"), ("C", "50", "shown")])
    keep(
        session,
        2,
        [("A", "90", "shown"), ("B", "30", "shown"), ("C", "null", "suppressed"), ("D", "5", "shown")],
    )
    quality.note(session, date(2024, 3, 11))
    assert figures(session, "revision_size") == {"pupils_with_care": (pytest.approx(20 / 120), 20, 120)}
