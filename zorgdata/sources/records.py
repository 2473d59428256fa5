"""What a reader hands to the landing: deliveries, chunks of typed records, and what was set aside.

A chunk still holds identifying values (``bsn``, ``birth_date``, ``postcode``, names): it lives in memory
only, between here and the pseudonyms. Rejects and notes hold no values at all, only places and reasons.

The schema of ``Chunk.records`` is the same for every file of a kind, see ``record_schema``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.kinds import KINDS, Kind, Type
from zorgdata.sources.reasons import FieldClass, NoteCode, Reason

CHUNK_RECORDS = 100_000

_ARROW_TYPES = {
    Type.BIRTH_DATE: pa.date32(),
    Type.DATE: pa.date32(),
    Type.END_DATE: pa.date32(),
    Type.TIME: pa.time64("us"),
    Type.INTEGER: pa.int64(),
    Type.DECIMAL: pa.float64(),
    Type.CENTS: pa.int64(),
    Type.FLAG: pa.bool_(),
}


def arrow_type(type_: Type) -> pa.DataType:
    """The Arrow type of a column's values in a chunk; codes and identifiers are text."""
    return _ARROW_TYPES.get(type_, pa.string())


def record_schema(kind: str | Kind) -> pa.Schema:
    """The columns of ``Chunk.records``: ``line_first``, ``line_last``, the kind's columns, ``extra``.

    - ``line_first`` and ``line_last`` are physical lines (the header is line 1); rows of a worksheet;
      for XML the line on which the record's element starts, twice.
    - ``brin`` and ``branch`` are already joined into ``school_id`` (BRIN6) and not in the table.
    - A kind with ``birth_date`` has ``birth_date_exact`` beside it: false when only month and year are
      known (the date is then the first of that month). A birth date of which the month is unknown is null.
    - ``extra`` (map of text to text, null when empty) holds unknown columns that identify no one.
    - A column that was not delivered is null throughout.
    """
    kind = KINDS[kind] if isinstance(kind, str) else kind
    fields = [pa.field("line_first", pa.int64()), pa.field("line_last", pa.int64())]
    for column in kind.columns:
        if column.type is Type.SCHOOL_PART:
            continue
        fields.append(pa.field(column.name, arrow_type(column.type)))
        if column.type is Type.BIRTH_DATE:
            fields.append(pa.field(column.name + "_exact", pa.bool_()))
    fields.append(pa.field("extra", pa.map_(pa.string(), pa.string())))
    return pa.schema(fields)


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was set aside: where and why, never what it said."""

    line_first: int
    line_last: int
    column_name: str
    reason_code: Reason
    reason: str
    field_class: FieldClass


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was mended or left out without loss of a record: how often, and the first lines."""

    code: NoteCode
    column_name: str
    count: int
    lines: tuple[int, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Message:
    """Envelope of an iJw message: between whom, and how the receiver refers to it.

    ``answers`` is the name of the message a retour answers; its ``message_id`` and ``dated_on`` are those of
    that message. Dates are as delivered.
    """

    code: str
    name: str
    release: str
    municipality_code: str
    provider_id: str
    message_id: str
    dated_on: str
    answers: str = ""


@dataclass(frozen=True)
class Chunk:
    """Up to about 100,000 records of one file; ``read == len(records) + len(rejects) + blank``."""

    kind: str
    records: pa.Table = field(repr=False)  # its representation would show values
    rejects: tuple[Reject, ...]
    read: int
    blank: int


@dataclass
class Notebook:
    """Collects notes while a file is read; counts add up over chunks, of the lines the first are kept."""

    keep: int = 5
    _counts: dict[tuple[NoteCode, str], int] = field(default_factory=dict)
    _lines: dict[tuple[NoteCode, str], list[int]] = field(default_factory=dict)

    def add(self, code: NoteCode, column_name: str = "", count: int = 1, lines: tuple[int, ...] = ()) -> None:
        """Note ``count`` cases of ``code`` on these lines."""
        if count <= 0:
            return
        key = (code, column_name)
        self._counts[key] = self._counts.get(key, 0) + count
        kept = self._lines.setdefault(key, [])
        kept.extend(lines[: self.keep - len(kept)])

    def clear(self) -> None:
        """Forget everything: the file is read again from its start."""
        self._counts.clear()
        self._lines.clear()

    def notes(self) -> tuple[Note, ...]:
        """Everything noted so far."""
        return tuple(
            Note(code, column, count, tuple(self._lines[code, column]), code.explain(column, count))
            for (code, column), count in self._counts.items()
        )


@dataclass(frozen=True)
class Delivery:
    """A recognised file, ready to be read.

    ``header`` maps delivered headers to column names; ``kept`` are unknown columns that travel in
    ``extra``; ``dropped`` are columns left out because they could identify someone or have no meaning here.
    ``notes`` is complete once ``chunks()`` is exhausted. ``chunks()`` may be called again and then reads the
    file from its start. ``message`` is set for iJw messages.
    """

    path: Path
    kind: str
    profile: str
    encoding: str
    separator: str
    header: Mapping[str, str]
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    message: Message | None = None
    source: Callable[[Notebook], Iterator[Chunk]] = field(
        default=lambda _: iter(()), repr=False, compare=False
    )
    notebook: Notebook = field(default_factory=Notebook, repr=False, compare=False)

    def chunks(self) -> Iterator[Chunk]:
        """Read the file. Raises SourceError when it breaks its contract as a whole half-way."""
        self.notebook.clear()
        yield from self.source(self.notebook)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was mended or left out; complete after ``chunks()``."""
        return self.notebook.notes()


@dataclass(frozen=True)
class Part:
    """Records of many small files of one sort: ``places`` and ``reject_places`` say of which, row by row.

    A place is an index in ``Bundle.files``. Rows are in the order of the files.
    """

    chunk: Chunk
    places: npt.NDArray[np.int64]
    reject_places: tuple[int, ...]


@dataclass(frozen=True)
class Bundle:
    """Small files that were read together, in order: what each is (or why it is refused), and all records.

    Handling columns costs the same for one record as for a thousand, so whoever takes records over should do
    so by part. Of these deliveries ``chunks()`` gives nothing; their notes are complete.
    """

    files: tuple[tuple[Path, Delivery | SourceError], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a file seems to be, how sure (0..1), and on what ground."""

    kind: str
    profile: str
    confidence: float
    reason: str
