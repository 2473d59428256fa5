"""What goes back to a deliverer: which lines were set aside, why, and what was expected. Never a value."""

import csv
import re
from pathlib import Path

import duckdb

from zorgdata.errors import UsageError
from zorgdata.sources.reasons import NOT_MEANT_TO_COME_IN

_HEADERS = ("bestand", "regel_van", "regel_tot", "kolom", "reden")


def write_feedback(
    connection: duckdb.DuckDBPyConnection, folder: Path, file_id: int | None = None
) -> dict[Path, int]:
    """One CSV per delivered file with faults (of ``file_id`` only, when given); paths and numbers of lines.

    Rows of totals and what a profile leaves out need no mending and are not in it. UsageError when
    ``file_id`` is not in the ledger, or a file would be overwritten.
    """
    known = connection.execute(
        "select file_id, name from meta.file where ? is null or file_id = ? order by file_id",
        [file_id, file_id],
    ).fetchall()
    if file_id is not None and not known:
        raise UsageError(f"There is no file {file_id}.", "See: zorgdata quarantine list")
    written: dict[Path, int] = {}
    for number, name in known:
        rows = connection.execute(
            "select line_first, line_last, coalesce(column_name, ''), reason from meta.quarantine "
            "where file_id = ? and reason_code not in (select unnest(?)) order by all",
            [number, sorted(map(str, NOT_MEANT_TO_COME_IN))],
        ).fetchall()
        if rows:
            path = folder / f"{number:06}_{re.sub(r'[^0-9A-Za-z._-]', '_', name)[:100]}_terugkoppeling.csv"
            _write(path, [(_safe(name), *row) for row in rows])
            written[path] = len(rows)
    return written


def _write(path: Path, rows: list[tuple[object, ...]]) -> None:
    if path.exists():
        raise UsageError(f"{path} exists already.", "Choose an empty folder.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
        writer.writerow(_HEADERS)
        writer.writerows(rows)


def _safe(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@\t\r" else name
