"""iJw messages as deliveries, one by one or by the thousand.

Interpreting columns costs milliseconds however few records there are, and most messages hold one to three.
So ``read_bundle`` interprets the records of many messages together: the file's place in the bundle travels in
the high bits of the line numbers.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.assemble import Plan, assemble
from zorgdata.sources.ijw import envelope, rows
from zorgdata.sources.ijw_specs import SPECS, Row, Spec, header_of
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.raw import Raw
from zorgdata.sources.reasons import NoteCode
from zorgdata.sources.records import Bundle, Chunk, Delivery, Message, Notebook, Part
from zorgdata.sources.xml import Document, open_document, parse

_PLACE = 32  # bits of a line number below the place of its file
_LINE = (1 << _PLACE) - 1
_RECORDS = 20_000
_RELEASES = ("3.0", "3.1", "3.2")


def _raw(spec: Spec, found: Sequence[Row]) -> Raw:
    """Rows as columns; the line of a record stands for its whole element."""
    lines = np.array([line for line, _ in found], np.int64)
    texts = zip(*(row for _, row in found), strict=True) if found else [()] * len(spec.columns)
    columns = {name: pa.array(column, pa.string()) for name, column in zip(spec.columns, texts, strict=True)}
    return Raw(columns, lines, lines)


def _plan(spec: Spec, municipality: str | None) -> Plan:
    return Plan(KINDS[spec.kind], headers=header_of(spec), municipality=municipality)


def deliver_message(document: Document, municipality: str | None = None) -> Delivery:
    """One message of any size, read in constant memory."""
    spec, message = envelope(document)
    path = document.path

    def chunks(notebook: Notebook) -> Iterator[Chunk]:
        _note_release(message, notebook)
        found = rows(open_document(path), spec, message)
        while part := _some(found):
            yield assemble(_raw(spec, part), _plan(spec, municipality), notebook)

    return _delivery(path, spec, message, chunks)


def _some(found: Iterator[Row]) -> list[Row]:
    """The next records, few enough to be little memory and many enough to be handled together."""
    with _no_collection():
        return list(islice(found, _RECORDS))


def _note_release(message: Message, notebook: Notebook) -> None:
    """Releases after 3.2 are read by the same names, which may have got another meaning."""
    if message.release not in _RELEASES:
        notebook.add(NoteCode.UNKNOWN_RELEASE)


@cache
def _elements(name: str) -> Mapping[str, str]:
    """Column per element of a message, shared by all messages of that name."""
    return {element: column for column, element in header_of(SPECS[name.casefold()]).items()}


def _nothing(_: Notebook) -> Iterator[Chunk]:
    return iter(())


def _delivery(
    path: Path, spec: Spec, message: Message, source: Callable[[Notebook], Iterator[Chunk]]
) -> Delivery:
    return Delivery(
        path=path,
        kind=spec.kind,
        profile=f"ijw_{message.release}",
        encoding="xml",
        separator="",
        header=_elements(spec.name),
        message=message,
        source=source,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A message of a bundle, and its rows."""

    place: int
    spec: Spec
    delivery: Delivery
    rows: list[Row]


def read_bundle(contents: Iterable[tuple[Path, bytes]], municipality: str | None = None) -> Bundle:
    """Messages of which the content is at hand, their records interpreted together."""
    with _no_collection():
        return _read_together(contents, municipality)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: nothing here is cyclic, and looking at all texts again costs a third."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_together(contents: Iterable[tuple[Path, bytes]], municipality: str | None) -> Bundle:
    files: list[tuple[Path, Delivery | SourceError]] = []
    by_spec: dict[str, list[_Read]] = defaultdict(list)
    for place, (path, content) in enumerate(contents):
        try:
            document = parse(path, content)
            spec, message = envelope(document)
            found = list(rows(document, spec, message))
        except SourceError as error:
            files.append((path, error))
            continue
        delivery = _delivery(path, spec, message, _nothing)
        _note_release(message, delivery.notebook)
        files.append((path, delivery))
        by_spec[spec.name].append(_Read(place, spec, delivery, found))
    return Bundle(tuple(files), tuple(_together(reads, municipality) for reads in by_spec.values()))


def _together(reads: Sequence[_Read], municipality: str | None) -> Part:
    """The records of messages of one sort, interpreted in one go."""
    spec = reads[0].spec
    everything = [((read.place << _PLACE) | line, row) for read in reads for line, row in read.rows]
    notebook = Notebook(keep=len(everything))
    chunk = assemble(_raw(spec, everything), _plan(spec, municipality), notebook)
    _share_notes({read.place: read.delivery.notebook for read in reads}, notebook)
    marked = chunk.records.column("line_first").to_numpy()
    lines = pa.array(marked & _LINE)
    records = chunk.records.set_column(0, "line_first", lines).set_column(1, "line_last", lines)
    rejects = tuple(
        replace(reject, line_first=reject.line_first & _LINE, line_last=reject.line_last & _LINE)
        for reject in chunk.rejects
    )
    whole = replace(chunk, records=records, rejects=rejects)
    return Part(whole, marked >> _PLACE, tuple(reject.line_first >> _PLACE for reject in chunk.rejects))


def _share_notes(notebooks: Mapping[int, Notebook], together: Notebook) -> None:
    """Give every file the notes on its own lines."""
    for note in together.notes():
        lines: dict[int, list[int]] = defaultdict(list)
        for marked in note.lines:
            lines[marked >> _PLACE].append(marked & _LINE)
        for place, own in lines.items():
            notebooks[place].add(note.code, note.column_name, len(own), tuple(own))
