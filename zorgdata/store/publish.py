"""The published database: protected figures and run metadata, nothing else, swapped in whole."""

import os
from pathlib import Path

import duckdb

from zorgdata.errors import UsageError
from zorgdata.store.connect import create_plain

# What a reader of reports may know about the deliveries: counts and times, never a record.
# Of a check the outcome only: how many rows offended may be a small number of children.
_META = {
    "file": "file_id, name, kind, profile, received_at, municipality_code, records_read, records_accepted, "
    "records_quarantined, records_blank, status",
    "check_result": "check_name, severity, status, null::bigint as offending, null::bigint as total, "
    "threshold, message, checked_at",
    "publication": "publication_id, audience, created_at, data_until, cells, cells_shown, verdict",
}


def write_published(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Fill a new database at ``target`` from the ``protected`` schema and the shareable part of ``meta``.

    Everything goes through Arrow: the two files are never attached to one connection, so that a mistake in
    a query cannot copy a table that must stay inside.
    """
    target.unlink(missing_ok=True)
    _log(target).unlink(missing_ok=True)
    published = create_plain(target)
    try:
        published.execute("create schema protected")
        published.execute("create schema meta")
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'protected' order by 1"
        ).fetchall()
        for (name,) in tables:
            _copy(connection, published, f"select * from protected.{name}", f"protected.{name}")
        for name, columns in _META.items():
            newest = (
                " qualify row_number() over (partition by check_name order by checked_at desc) = 1"
                if name == "check_result"
                else ""
            )
            _copy(connection, published, f"select {columns} from meta.{name}{newest}", f"meta.{name}")
        # Closing does this too, but keeps silent when the disk is full: the rows would stay in the log beside
        # the file, and a cut-off file would be published.
        published.execute("checkpoint published")
    finally:
        published.close()
    if _log(target).exists():
        raise UsageError(f"{target} could not be written whole.", "Check the disk and run again.")


def _log(database: Path) -> Path:
    """Where DuckDB keeps what is not yet in the file itself."""
    return database.with_name(f"{database.name}.wal")


def publish(prepared: Path, target: Path) -> None:
    """Swap a prepared database in: readers see the old one or the new one, never a half."""
    with prepared.open("rb") as file:
        os.fsync(file.fileno())
    prepared.replace(target)


def _copy(
    source: duckdb.DuckDBPyConnection, target: duckdb.DuckDBPyConnection, query: str, table: str
) -> None:
    rows = source.execute(query).to_arrow_table()
    target.register("incoming", rows)
    target.execute(f"create table {table} as select * from incoming")
    target.unregister("incoming")
