"""What a run has read and not yet written: ledger rows, records, quarantine.

Many small files share one transaction (a folder of messages would otherwise cost a commit each); a large
file is written in parts within its transaction. Either all records of a file are there or none.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zorgdata.landing.ledger import Original
from zorgdata.landing.result import FileResult, municipality_of
from zorgdata.landing.schema import touch
from zorgdata.landing.writer import Writer
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.records import Message

_MANY_ROWS = 200_000

_QUARANTINE = pa.schema(
    [
        ("file_id", pa.int64()),
        ("line_first", pa.int64()),
        ("line_last", pa.int64()),
        ("column_name", pa.string()),
        ("reason_code", pa.string()),
        ("reason", pa.string()),
        ("field_class", pa.string()),
    ]
)
_MESSAGE = pa.schema(
    [
        ("file_id", pa.int64()),
        ("message_name", pa.string()),
        ("municipality_code", pa.string()),
        ("provider_id", pa.string()),
        ("message_id", pa.string()),
        ("dated_on", pa.date32()),
    ]
)
FileIds = int | npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Collected:
    rejects: list[dict[str, Any]]
    files: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    seen: list[dict[str, Any]]
    changes: dict[str, list[str]]


@dataclass
class Batch:
    """Collects the parts of one or more files and writes them in one transaction.

    ``beside``: in a thread of its own; the connection is then not to be used by others before :meth:`close`.
    """

    connection: duckdb.DuckDBPyConnection
    _rows: int = 0
    _total: int = 0
    _records: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    _rejects: list[dict[str, Any]] = field(default_factory=list)
    _files: list[dict[str, Any]] = field(default_factory=list)
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    _changes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _written: set[int] = field(default_factory=set)
    _open: bool = False
    _running: bool = False
    beside: bool = False

    def __post_init__(self) -> None:
        self._writer = Writer(beside=self.beside)

    @property
    def rows(self) -> int:
        """How many records the transaction has so far."""
        return self._total

    @property
    def is_open(self) -> bool:
        """Whether a transaction runs."""
        return self._open

    def begin(self) -> None:
        """Start the transaction unless it runs already."""
        if not self._open:
            self._writer.later(self._begin)
            self._open = True

    def _begin(self) -> None:
        self.connection.execute("begin")
        self._running = True

    def add_records(self, kind: str, file_ids: FileIds, records: pa.Table) -> None:
        """Take over storable records, all of one file or each of the file it names."""
        numbers = np.broadcast_to(np.asarray(file_ids, np.int64), records.num_rows)
        self._records[kind].append(_for_storage(kind, numbers, records))
        extra = _extra(numbers, records)
        if extra is not None:
            self._records["extra"].append(extra)
        self._rows += records.num_rows
        self._total += records.num_rows
        if self._rows >= _MANY_ROWS:
            self._write_records()

    def add_rejects(self, file_id: int, rejects: list[dict[str, Any]]) -> None:
        """Take over the records that are set aside."""
        self._rejects += [{"file_id": file_id, **reject} for reject in rejects]

    def add_file(self, file_id: int, original: Original, result: FileResult, received_at: datetime) -> None:
        """Take over the ledger row of a file."""
        refused = result.status == "refused"
        self._files.append(
            {
                "file_id": file_id,
                "sha256": original.sha256,
                "name": original.path.name,
                "kind": result.kind or None,
                "profile": result.profile or None,
                "received_at": received_at,
                "records_read": result.read,
                "records_accepted": result.accepted,
                "records_quarantined": result.quarantined,
                "records_blank": result.blank,
                "status": result.status,
                "municipality_code": result.municipality_code,
                "encoding": result.encoding or None,
                "separator": result.separator or None,
                "notes": [result.message] if refused else list(result.notes),
                "bytes": original.size,
            }
        )
        if not refused:
            self.add_seen(original)

    def add_message(self, file_id: int, message: Message) -> None:
        """Take over what identifies a message, so that its retour can be told to be about it."""
        self._messages.append(
            {
                "file_id": file_id,
                "message_name": message.name,
                "municipality_code": municipality_of(message),
                "provider_id": message.provider_id.zfill(8),
                "message_id": message.message_id,
                "dated_on": _day(message.dated_on),
            }
        )

    def add_seen(self, original: Original) -> None:
        """Keep path, size and time so that an unchanged inbox need not be hashed again every night."""
        path = str(original.path.absolute())
        self._seen[path] = {
            "path": path,
            "bytes": original.size,
            "modified_ns": original.modified_ns,
            "sha256": original.sha256,
        }

    def changed(self, kind: str, sha256: str) -> None:
        """Note that ``raw.<kind>`` gains the records of the file with this hash."""
        self._changes[kind].append(sha256)

    def replace(self, file_id: int) -> None:
        """Make room for another reading of a file that was loaded before."""
        self.begin()
        self._writer.settle()
        for name in KINDS:
            removed = self.connection.execute(
                f"delete from raw.{name} where file_id = ?", [file_id]
            ).fetchone()
            if removed and removed[0]:
                self.changed(name, f"replay {file_id}")
        for table in ("raw.extra", "raw.message", "meta.quarantine", "meta.file"):
            self.connection.execute(f"delete from {table} where file_id = ?", [file_id])

    def forget(self, file_id: int) -> None:
        """Take back what was collected of a file that turned out to be unreadable half-way."""
        for kind, tables in self._records.items():
            self._records[kind] = [t for t in tables if t.num_rows and t["file_id"][0].as_py() != file_id]
        self._rejects = [r for r in self._rejects if r["file_id"] != file_id]
        if file_id in self._written:
            self._writer.settle()
            for name in (*KINDS, "extra"):
                self.connection.execute(f"delete from raw.{name} where file_id = ?", [file_id])

    def commit(self, *, wait: bool = True) -> None:
        """Write what is collected and make it last; without ``wait`` a later call may tell that it failed."""
        if self._open:
            self._write_records()
            self._writer.later(partial(self._finish, self._collected()))
            self._total = 0
            self._open = False
        if wait:
            self._writer.settle()

    def _collected(self) -> _Collected:
        """What goes into the ledger with this commit; collecting begins anew."""
        found = _Collected(
            self._rejects, self._files, self._messages, list(self._seen.values()), dict(self._changes)
        )
        self._rejects, self._files, self._messages = [], [], []
        self._seen.clear()
        self._changes.clear()
        self._written.clear()
        return found

    def _finish(self, found: _Collected) -> None:
        if found.rejects:
            self._insert("meta.quarantine", pa.Table.from_pylist(found.rejects, _QUARANTINE))
        if found.files:
            rows = pa.Table.from_pylist(found.files)
            # A file that was refused before and is read now (or refused again) keeps one row.
            self.connection.register("incoming", rows)
            self.connection.execute(
                "delete from meta.file where status = 'refused' and sha256 in (select sha256 from incoming)"
            )
            self.connection.unregister("incoming")
            self._insert("meta.file", rows)
        if found.messages:
            self._insert("raw.message", pa.Table.from_pylist(found.messages, _MESSAGE))
        if found.seen:
            self._insert("meta.file_seen", pa.Table.from_pylist(found.seen), "or replace ")
        for kind, hashes in found.changes.items():
            touch(self.connection, kind, *hashes)
        self.connection.execute("commit")
        self._running = False

    def close(self) -> None:
        """Forget what was not committed, and let go of the thread that writes."""
        self._writer.close()
        if self._running:
            self._running = False
            with suppress(duckdb.Error):  # a commit that failed has rolled back already
                self.connection.execute("rollback")

    def _write_records(self) -> None:
        for kind, tables in self._records.items():
            if not tables:
                continue
            # In one piece: DuckDB takes a piece at a time, however small.
            rows = pa.concat_tables(tables).combine_chunks()
            self._written.update(rows["file_id"].unique().to_pylist())
            self._writer.later(partial(self._insert, f"raw.{kind}", rows))
        self._records.clear()
        self._rows = 0

    def _insert(self, table: str, rows: pa.Table, mode: str = "") -> None:
        self.connection.register("incoming", rows)
        try:
            self.connection.execute(f"insert {mode}into {table} by name select * from incoming")
        finally:
            self.connection.unregister("incoming")


def _day(text: str) -> date | None:
    """The date of a message; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _for_storage(kind: str, file_ids: npt.NDArray[np.int64], records: pa.Table) -> pa.Table:
    """Exactly the stored columns of the kind, whatever else the records carry."""
    present = set(records.column_names)
    columns: dict[str, Any] = {
        "file_id": pa.array(file_ids),
        "line": records["line_first"],
    }
    for name, _ in KINDS[kind].stored_columns:
        if name in present:
            columns[name] = records[name]
    return pa.table(columns)


def _extra(file_ids: npt.NDArray[np.int64], records: pa.Table) -> pa.Table | None:
    """The unknown columns of the records, one row per filled cell; None when there are none."""
    if "extra" not in records.column_names or records["extra"].null_count == records.num_rows:
        return None
    maps = records["extra"].combine_chunks()
    if isinstance(maps, pa.ChunkedArray):
        maps = pa.concat_arrays(maps.chunks)
    counts = np.diff(np.asarray(maps.offsets))
    lines = np.repeat(np.asarray(records["line_first"]), counts)
    return pa.table(
        {
            "file_id": pa.array(np.repeat(file_ids, counts)),
            "line": pa.array(lines),
            "header": maps.keys,
            "value": maps.items,
        }
    )
