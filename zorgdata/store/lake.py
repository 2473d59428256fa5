"""A shared copy for a team: tables in DuckLake, its catalogue on PostgreSQL, its files encrypted Parquet.

Needs the extra ``team``. The copy is replaced in one transaction, so a reader sees the tables of one night or
of the next. What readers may see is decided by the rights on the catalogue and on the folder: the keys of the
files are in the catalogue.

Writing goes through a process of its own (``zorgdata.store.lake_writer``): when the server falls away in the
middle of a transaction DuckDB aborts the process it is in, and that must not be the nightly run.
"""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import duckdb
import pyarrow as pa

from zorgdata.errors import UsageError
from zorgdata.store.connect import connect_alone, quoted

_EXTENSIONS = ("httpfs", "postgres_scanner", "ducklake")
_BATCH = 100_000


@contextmanager
def open_lake(catalogue: str, files: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which the lake is attached as ``lake`` and is the current database.

    ``catalogue``: how PostgreSQL is reached (``dbname=... host=...``); a password belongs in ``PGPASSFILE``.
    Raises UsageError when the extra is missing or the server cannot be reached.
    """
    connection = connect_alone()
    try:
        for name in _EXTENSIONS:
            connection.execute(f"load {quoted(_extension(name))}")
        mode = ", read_only" if read_only else ""
        address = "'ducklake:postgres:" + catalogue.replace("'", "''") + "'"
        connection.execute(f"attach {address} as lake (data_path {quoted(files)}, encrypted{mode})")
        connection.execute("use lake")
        connection.execute("set enable_progress_bar = false")  # the answer goes to the same output
        yield connection
    except duckdb.Error as error:
        raise explained(error) from None
    finally:
        connection.close()


def share(
    source: duckdb.DuckDBPyConnection,
    catalogue: str,
    files: Path,
    schemas: Sequence[str],
    *,
    forget_earlier: bool = False,
) -> dict[str, int]:
    """Copy all tables of ``schemas`` from ``source`` into the lake, in one transaction; rows per table.

    A table that is gone from the source goes from the lake. Earlier states are kept a week for readers that
    are still at them, or with ``forget_earlier`` (after an erasure) not at all.
    """
    tables = {schema: _tables(source, schema) for schema in schemas}
    task = {
        "catalogue": catalogue,
        "files": str(files),
        "tables": tables,
        "forget_earlier": forget_earlier,
    }
    command = [sys.executable, "-m", "zorgdata.store.lake_writer"]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        with suppress(BrokenPipeError):  # the writer stopped; its answer, or its absence, says why
            _send(source, writer.stdin, task)
        answer = writer.stdout.read()
    if not answer:
        raise UsageError(
            "The connection to the team's catalogue was lost while it was written.",
            "What was shared before is still there; run again.",
        )
    told = json.loads(answer)
    if "message" in told:
        raise UsageError(told["message"], told["hint"])
    rows: dict[str, int] = told["rows"]
    return rows


def _send(source: duckdb.DuckDBPyConnection, pipe: IO[bytes], task: dict[str, object]) -> None:
    pipe.write(json.dumps(task).encode() + b"\n")
    tables: dict[str, list[str]] = task["tables"]  # type: ignore[assignment]
    for table in [name for names in tables.values() for name in names]:
        reader = source.execute(f"select * from {table}").to_arrow_reader(_BATCH)
        with pa.ipc.new_stream(pipe, reader.schema) as stream:
            for batch in reader:
                stream.write_batch(batch)
    pipe.close()


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? order by 1",
        [schema],
    ).fetchall()
    return [f"{schema}.{name}" for (name,) in rows]


def _extension(name: str) -> Path:
    try:
        module = importlib.import_module(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        raise UsageError(
            "Sharing with a team needs more than is installed.", "Run: pip install 'zorgdata[team]'"
        ) from None
    folder = Path(str(module.__file__)).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"


def explained(error: duckdb.Error) -> UsageError:
    """DuckDB's message in ours; its own text may hold the address with a password."""
    text = str(error).lower()
    if "conflict" in text:
        return UsageError("Somebody else shared at the same moment.", "Run again; nothing was lost.")
    if any(word in text for word in ("connect", "could not translate", "server closed", "timeout")):
        return UsageError(
            "The team's catalogue (PostgreSQL) cannot be reached.",
            "Check [team] catalogue and the server; what was shared before is still there.",
        )
    if "permission" in text or "read-only" in text:
        return UsageError(
            "No permission to write to the team's catalogue or files.", "Check the rights of this user."
        )
    return UsageError(f"Sharing failed ({type(error).__name__}).", "What was shared before is still there.")
