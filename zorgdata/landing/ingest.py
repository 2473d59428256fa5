"""Bring delivered files into ``raw.*``: every record ends as accepted, quarantined or blank.

Rejecting a file never stops the others. All records of a file are loaded, or none.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.errors import SourceError, UsageError
from zorgdata.landing.batch import Batch
from zorgdata.landing.bundle import take_bundle
from zorgdata.landing.intake import CodeKeeper, Intake
from zorgdata.landing.ledger import Ledger, Original, list_files
from zorgdata.landing.result import FileResult, Ingestion, Request, municipality_of, refused
from zorgdata.landing.storable import set_aside, storable
from zorgdata.pseudonym import Pseudonymiser
from zorgdata.settings import Ingest
from zorgdata.sources import read_many
from zorgdata.sources.records import Bundle, Delivery

_FILES_PER_COMMIT = 10_000
_ROWS_PER_COMMIT = 250_000
_FILES_PER_GROUP = 2_000
_BYTES_PER_GROUP = 32 << 20


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
    intake = Intake(
        Ledger(connection, settings.max_file_mb),
        # Whoever keeps codes uses the connection too.
        Batch(connection, beside=codes is None),
        pseudonyms,
        received_at,
        request or Request(),
        codes,
    )
    try:
        with pseudonyms.remembering():
            files_read = 0
            for group in _groups(intake, files):
                for result in _results(intake, group):
                    done.files.append(result)
                    if on_file:
                        on_file(result, len(files))
                files_read += len(group)
                if files_read >= _FILES_PER_COMMIT or intake.batch.rows >= _ROWS_PER_COMMIT:
                    intake.commit(wait=False)
                    files_read = 0
            intake.commit()
    except duckdb.Error as error:
        raise _disk_message(error) from None
    finally:
        intake.close()
    return done


def _groups(intake: Intake, files: list[Path]) -> Iterator[list[Original | FileResult]]:
    """Files as they are on disk, some thousands at a time: small messages are in memory meanwhile, and
    between two groups what was read may be committed."""
    group: list[Original | FileResult] = []
    size = 0
    for path in files:
        item = _inspect(intake, path)
        group.append(item)
        size += item.size if isinstance(item, Original) else 0
        if len(group) >= _FILES_PER_GROUP or size >= _BYTES_PER_GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _results(intake: Intake, group: list[Original | FileResult]) -> Iterator[FileResult]:
    """The results of some files in their order; those that must be read are read together."""
    taken = _taken(intake, [item for item in group if isinstance(item, Original)])
    for item in group:
        yield item if isinstance(item, FileResult) else next(taken)


def _taken(intake: Intake, originals: list[Original]) -> Iterator[FileResult]:
    """The results of files that must be read, in their order."""
    request = intake.request
    waiting = iter(originals)
    for read in read_many(
        [original.path for original in originals],
        request.kind,
        request.profile,
        request.municipality,
        request.profiles,
        sheet=request.sheet,
        contents={original.path: original.content for original in originals if original.content},
    ):
        if isinstance(read, Bundle):
            yield from take_bundle(intake, list(islice(waiting, len(read.files))), read)
        else:
            yield _take(intake, next(waiting), read[1])


def _inspect(intake: Intake, path: Path) -> Original | FileResult:
    try:
        original = intake.ledger.inspect(path)
    except SourceError as error:
        return refused(path, error)
    return intake.known(original) if intake.is_known(original) else original


def _take(intake: Intake, original: Original, delivery: Delivery | SourceError) -> FileResult:
    if intake.is_known(original):  # the same bytes twice in one block
        return intake.known(original)
    file_id = intake.number()
    try:
        if isinstance(delivery, SourceError):
            raise delivery
        result = _load(intake, file_id, original, delivery)
        original.refuse_growing()
    except SourceError as error:
        result = refused(original.path, error)
        if not isinstance(delivery, SourceError):
            intake.forget(file_id)
    message = delivery.message if isinstance(delivery, Delivery) else None
    intake.settle(file_id, original, result, message)
    return result


def _load(intake: Intake, file_id: int, original: Original, delivery: Delivery) -> FileResult:
    batch, request = intake.batch, intake.request
    read_, accepted, blank = 0, 0, 0
    rejects: list[dict[str, Any]] = []
    municipality: str | None = request.municipality or municipality_of(delivery.message)
    kinds: set[str] = set()
    for chunk in delivery.chunks():
        original.refuse_growing()  # else a file that somebody keeps writing to would never end
        kinds.add(chunk.kind)
        stored = storable(chunk, intake.pseudonyms)
        read_ += chunk.read
        blank += chunk.blank
        accepted += stored.records.num_rows
        rejects += map(set_aside, chunk.rejects)
        rejects += (refusal for _, refusal in stored.refused)
        municipality = municipality or _most_frequent(stored.records, "municipality_code")
        if not request.dry_run:
            batch.begin()
            if intake.codes and stored.children is not None:
                intake.codes.add(chunk.kind, file_id, chunk.records, stored.children)
            batch.add_records(chunk.kind, file_id, stored.records)
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
