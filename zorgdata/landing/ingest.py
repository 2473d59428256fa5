"""Bring delivered files into ``raw.*``: every record ends as accepted, quarantined or blank.

Rejecting a file never stops the others. All records of a file are loaded, or none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.errors import SourceError, UsageError
from zorgdata.landing.batch import Batch
from zorgdata.landing.ledger import Ledger, Original, list_files
from zorgdata.landing.result import FileResult, Ingestion, Request
from zorgdata.pseudonym import Pseudonymiser, replace_identity
from zorgdata.settings import Ingest
from zorgdata.sources import read_many
from zorgdata.sources.kinds import KINDS, Type
from zorgdata.sources.reasons import FieldClass, Reason
from zorgdata.sources.records import Chunk, Delivery

_FILES_PER_COMMIT = 2_000


class CodeKeeper(Protocol):
    """Keeps codes for linkage; the landing hands it chunks that still hold identifying values."""

    def add(self, kind: str, file_id: int, records: pa.Table, child_ids: pa.ChunkedArray) -> None:
        """Take over a chunk; the child of a record that is not kept is null."""

    def flush(self) -> None:
        """Write what was added, inside the transaction."""

    def forget(self, file_id: int) -> None:
        """Take back what only this file brought."""

    def discard(self) -> None:
        """Drop what was not written."""


@dataclass(frozen=True)
class _Session:
    """What all files of one call share."""

    ledger: Ledger
    batch: Batch
    pseudonyms: Pseudonymiser
    received_at: datetime
    request: Request
    codes: CodeKeeper | None = None

    def commit(self) -> None:
        """Make what was read so far last."""
        if self.codes and self.batch.is_open:
            self.codes.flush()
        self.batch.commit()

    def rollback(self) -> None:
        """Forget what was read since the last commit."""
        if self.codes:
            self.codes.discard()
        self.batch.rollback()


def ingest(
    connection: duckdb.DuckDBPyConnection,
    paths: Iterable[Path],
    pseudonyms: Pseudonymiser,
    settings: Ingest,
    *,
    received_at: datetime,
    request: Request | None = None,
    codes: CodeKeeper | None = None,
    on_file: Callable[[FileResult, int], None] | None = None,
) -> Ingestion:
    """Load files and folders of files; a folder is read in name order.

    Bytes that were loaded before are a no-op. ``on_file`` is called after every file with its result and the
    number of files in all. With ``dry_run`` everything is read and counted, and nothing is stored.
    ``codes`` sees every chunk before its identifying values are dropped.
    """
    files = list_files(list(paths))
    done = Ingestion()
    session = _Session(
        Ledger(connection, settings.max_file_mb),
        Batch(connection),
        pseudonyms,
        received_at,
        request or Request(),
        codes,
    )
    try:
        for block in _blocks(files):
            for result in _block(session, block):
                done.files.append(result)
                if on_file:
                    on_file(result, len(files))
            session.commit()
    except duckdb.Error as error:
        session.rollback()
        raise _disk_message(error) from None
    except BaseException:
        session.rollback()
        raise
    return done


def _blocks(files: list[Path]) -> Iterator[list[Path]]:
    for start in range(0, len(files), _FILES_PER_COMMIT):
        yield files[start : start + _FILES_PER_COMMIT]


def _block(session: _Session, paths: list[Path]) -> Iterator[FileResult]:
    """The results of some files in their order; those that must be read are read together."""
    inspected = [_inspect(session, path) for path in paths]
    fresh = [item.path for item in inspected if isinstance(item, Original)]
    request = session.request
    deliveries = read_many(
        fresh, request.kind, request.profile, request.municipality, request.profiles, sheet=request.sheet
    )
    for item in inspected:
        if isinstance(item, FileResult):
            yield item
            continue
        _, delivery = next(deliveries)
        file_id = session.ledger.file_id(item.sha256)
        if file_id is not None and request.replay_of is None:  # the same bytes twice in one block
            yield _known(session, item)
        else:
            yield _take(session, item, delivery)


def _inspect(session: _Session, path: Path) -> Original | FileResult:
    try:
        original = session.ledger.inspect(path)
    except SourceError as error:
        return FileResult(path, "refused", message=error.message, hint=error.hint)
    if session.request.replay_of is None and session.ledger.file_id(original.sha256) is not None:
        return _known(session, original)
    return original


def _known(session: _Session, original: Original) -> FileResult:
    if not session.ledger.remembers(original) and not session.request.dry_run:
        session.batch.begin()
        session.batch.add_seen(original)
    return FileResult(original.path, "known", message="same content as a file that came in before")


def _take(session: _Session, original: Original, delivery: Delivery | SourceError) -> FileResult:
    ledger, batch, request = session.ledger, session.batch, session.request
    file_id = request.replay_of or ledger.new_id()
    if request.replay_of is not None and not request.dry_run:
        batch.replace(file_id)
    try:
        if isinstance(delivery, SourceError):
            raise delivery
        result = _load(session, file_id, original, delivery)
        _refuse_growing(original)
    except SourceError as error:
        batch.forget(file_id)
        if session.codes and not request.dry_run:
            session.codes.forget(file_id)
        result = FileResult(original.path, "refused", message=error.message, hint=error.hint)
    if not request.dry_run:
        batch.begin()
        batch.add_file(file_id, original, result, session.received_at)
        if result.status == "loaded":
            ledger.add(original, file_id)
            for kind in result.kinds:
                batch.changed(kind, original.sha256)
    return result


def _load(session: _Session, file_id: int, original: Original, delivery: Delivery) -> FileResult:
    batch, request = session.batch, session.request
    read_, accepted, blank = 0, 0, 0
    rejects: list[dict[str, Any]] = []
    municipality: str | None = request.municipality
    kinds: set[str] = set()
    for chunk in delivery.chunks():
        _refuse_growing(original)  # else a file that somebody keeps writing to would never end
        kinds.add(chunk.kind)
        records, refused, children = _storable(chunk, session.pseudonyms)
        found = [
            {
                "line_first": r.line_first,
                "line_last": r.line_last,
                "column_name": r.column_name,
                "reason_code": str(r.reason_code),
                "reason": r.reason,
                "field_class": str(r.field_class),
            }
            for r in chunk.rejects
        ] + refused
        read_ += chunk.read
        blank += chunk.blank
        accepted += records.num_rows
        rejects += found
        municipality = municipality or _most_frequent(records, "municipality_code")
        if not request.dry_run:
            batch.begin()
            if session.codes and children is not None:
                session.codes.add(chunk.kind, file_id, chunk.records, children)
            batch.add_records(chunk.kind, file_id, records)
    rejects.sort(key=lambda r: (r["line_first"], r["line_last"]))
    if read_ != accepted + len(rejects) + blank:
        raise AssertionError(f"{original.path.name}: {read_} records read do not add up")
    if not request.dry_run:
        batch.add_rejects(file_id, rejects)
    return FileResult(
        original.path,
        "loaded",
        kind=delivery.kind,
        profile=delivery.profile,
        read=read_,
        accepted=accepted,
        quarantined=len(rejects),
        blank=blank,
        encoding=delivery.encoding,
        separator=delivery.separator,
        header=tuple(delivery.header.items()),
        dropped=tuple(delivery.dropped),
        notes=tuple(note.message for note in delivery.notes),
        rejects=tuple(rejects),
        municipality_code=municipality,
        kinds=tuple(sorted(kinds)),
    )


def _refuse_growing(original: Original) -> None:
    if not original.unchanged():
        raise SourceError(
            f"{original.path}: changed while it was read.",
            "Deliver again when it is complete; nothing was stored.",
        )


def _storable(
    chunk: Chunk, pseudonyms: Pseudonymiser
) -> tuple[pa.Table, list[dict[str, Any]], pa.ChunkedArray | None]:
    """The records of a chunk that may be stored, those whose child cannot be told, and all pseudonyms."""
    kind = KINDS[chunk.kind]
    bsn = next((c for c in kind.columns if c.type is Type.BSN), None)
    needs_child = bsn is not None and (bsn.required or any("bsn" in group for group in kind.alternatives))
    replaced = replace_identity(chunk.records, pseudonyms, needs_child=needs_child)
    drop = pc.or_(replaced.bad_number, replaced.nobody)
    refused = [
        *_refusals(chunk.records, replaced.bad_number, Reason.INVALID_IDENTIFIER),
        *_refusals(chunk.records, replaced.nobody, Reason.REQUIRED_MISSING),
    ]
    children = replaced.records["child_id"] if needs_child else None
    kept = replaced.records.filter(pc.invert(drop)) if refused else replaced.records
    return kept, refused, children


def _refusals(records: pa.Table, mask: pa.Array, reason: Reason) -> list[dict[str, Any]]:
    rows = records.select(["line_first", "line_last"]).filter(mask).to_pylist()
    return [
        {
            **row,
            "column_name": "bsn",
            "reason_code": str(reason),
            "reason": reason.explain("bsn"),
            "field_class": str(FieldClass.IDENTIFYING),
        }
        for row in rows
    ]


def _most_frequent(records: pa.Table, column: str) -> str | None:
    if column not in records.column_names or not records.num_rows:
        return None
    mode = pc.value_counts(records[column])
    best = max(mode.to_pylist(), key=lambda entry: entry["counts"])
    value: str | None = best["values"]
    return value


def _disk_message(error: duckdb.Error) -> UsageError:
    text = str(error).lower()
    if "no space left" in text or "could not write" in text or "disk" in text:
        return UsageError("The disk is full; nothing of these files was stored.", "Make room and run again.")
    if "out of memory" in text:
        return UsageError("There is not enough memory.", "Raise [resources] memory_gb or free some memory.")
    # DuckDB's own text may hold a value of a record.
    return UsageError(
        f"Storing failed ({type(error).__name__}); nothing of these files was stored.", "Try: zorgdata doctor"
    )
