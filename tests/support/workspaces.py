"""Workspaces and deliveries for tests that go through several rooms."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from zorgdata.landing import Ingestion, Request, ingest
from zorgdata.pipeline.session import Session

WHEN = dt.datetime(2026, 1, 2, 3, 4, 5)  # UTC, as the meta tables keep it

# Numbers that pass the eleven-test, from the range reserved for testing.
BSNS = ("999900006", "999900018", "999900031", "999900043", "999900055", "999900067", "999900079")

INDICATIONS = (
    "gemeentecode;bsn;geboortedatum;geslacht;postcode;aanbieder_agb;toewijzingnummer;productcategorie;"
    "productcode;toewijzingsdatum;toewijzingstijd;ingangsdatum;einddatum;reden_wijziging;volume;eenheid;"
    "frequentie;verwijzer"
)


def indication(number: int, bsn: str = BSNS[0], start: str = "2024-01-01", end: str = "2024-06-30") -> str:
    """One line of indicaties.csv."""
    who = f"9901;{bsn};2012-03-17;1;9999ZZ;41990000"
    return f"{who};{number};45;45A01;{start};09:00:00;{start};{end};;120;01;2;01"


def write_lines(path: Path, lines: Sequence[str], encoding: str = "utf-8") -> Path:
    """A text file of lines, the last one closed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def land(session: Session, *paths: Path, request: Request | None = None) -> Ingestion:
    """Ingest with the settings of the workspace and a fixed time."""
    return ingest(
        session.connection,
        list(paths),
        session.pseudonyms,
        session.workspace.settings.ingest,
        received_at=WHEN,
        request=request,
    )


def count(session: Session, table: str) -> int:
    """Rows of a table."""
    row = session.connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])
