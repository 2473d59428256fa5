"""iJw messages as deliveries, one by one or by the thousand.

Interpreting columns costs milliseconds however few records there are, and most messages hold one to three.
So ``deliver_many`` interprets the records of many messages together and cuts the result up again: the file's
place in the batch travels in the high bits of the line numbers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.assemble import Plan, assemble
from zorgdata.sources.ijw import Row, Spec, envelope, header_of, rows
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.raw import Raw
from zorgdata.sources.reasons import NoteCode
from zorgdata.sources.records import CHUNK_RECORDS, Chunk, Delivery, Message, Notebook, Reject
from zorgdata.sources.xml import Document, open_document, parse

_PLACE = 32  # bits of a line number below the place of its file
_LINE = (1 << _PLACE) - 1
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
        while part := list(islice(found, CHUNK_RECORDS)):
            yield assemble(_raw(spec, part), _plan(spec, municipality), notebook)

    return _delivery(path, spec, message, chunks)


def _note_release(message: Message, notebook: Notebook) -> None:
    """Releases after 3.2 are read by the same names, which may have got another meaning."""
    if message.release not in _RELEASES:
        notebook.add(NoteCode.UNKNOWN_RELEASE)


def _delivery(
    path: Path, spec: Spec, message: Message, source: Callable[[Notebook], Iterator[Chunk]]
) -> Delivery:
    return Delivery(
        path=path,
        kind=spec.kind,
        profile=f"ijw_{message.release}",
        encoding="xml",
        separator="",
        header={element: name for name, element in header_of(spec).items()},
        message=message,
        source=source,
    )


@dataclass
class _Read:
    """A message of a batch that was read, and its rows."""

    place: int
    path: Path
    spec: Spec
    message: Message
    rows: list[Row]


def deliver_many(
    files: Iterable[tuple[Path, bytes]], municipality: str | None = None
) -> Iterator[tuple[Path, Delivery | SourceError]]:
    """One delivery per message, in order, their records interpreted together."""
    found: list[_Read | tuple[Path, SourceError]] = []
    for place, (path, content) in enumerate(files):
        try:
            document = parse(path, content)
            spec, message = envelope(document)
            found.append(_Read(place, path, spec, message, list(rows(document, spec, message))))
        except SourceError as error:
            found.append((path, error))
    parts: dict[int, _Part] = {}
    by_spec: dict[str, list[_Read]] = defaultdict(list)
    for item in found:
        if isinstance(item, _Read):
            by_spec[item.spec.name].append(item)
    for reads in by_spec.values():
        parts |= _together(reads, municipality)
    for item in found:
        if isinstance(item, _Read):
            yield (
                item.path,
                _delivery(
                    item.path,
                    item.spec,
                    item.message,
                    partial(parts[item.place].chunks, item.spec.kind, item.message),
                ),
            )
        else:
            yield item


@dataclass(frozen=True)
class _Part:
    """What is one file's of a batch."""

    records: pa.Table
    start: int
    stop: int
    rejects: tuple[Reject, ...]
    notes: Mapping[tuple[NoteCode, str], Sequence[int]]

    def chunks(self, kind: str, message: Message, notebook: Notebook) -> Iterator[Chunk]:
        _note_release(message, notebook)
        for (code, column), lines in self.notes.items():
            notebook.add(code, column, len(lines), tuple(lines))
        records = self.records.slice(self.start, self.stop - self.start)
        read = records.num_rows + len(self.rejects)
        if read:
            yield Chunk(kind, records, self.rejects, read, 0)


def _together(reads: Sequence[_Read], municipality: str | None) -> dict[int, _Part]:
    """The records of messages of one sort, interpreted in one go and cut up by file."""
    spec = reads[0].spec
    everything = [((read.place << _PLACE) | line, row) for read in reads for line, row in read.rows]
    notebook = Notebook(keep=len(everything))
    chunk = assemble(_raw(spec, everything), _plan(spec, municipality), notebook)
    marked = chunk.records.column("line_first").to_numpy()
    lines = pa.array(marked & _LINE)
    records = chunk.records.set_column(0, "line_first", lines).set_column(1, "line_last", lines)
    rejects: dict[int, list[Reject]] = defaultdict(list)
    for reject in chunk.rejects:
        line = reject.line_first & _LINE
        rejects[reject.line_first >> _PLACE].append(replace(reject, line_first=line, line_last=line))
    notes: dict[int, dict[tuple[NoteCode, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for note in notebook.notes():
        for marked_line in note.lines:
            notes[marked_line >> _PLACE][note.code, note.column_name].append(marked_line & _LINE)
    places = np.array([read.place for read in reads])
    starts = np.searchsorted(marked >> _PLACE, places, side="left").tolist()
    stops = np.searchsorted(marked >> _PLACE, places, side="right").tolist()
    return {
        read.place: _Part(records, start, stop, tuple(rejects[read.place]), notes[read.place])
        for read, start, stop in zip(reads, starts, stops, strict=True)
    }
