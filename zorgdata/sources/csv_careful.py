"""The careful way to read records: on the stdlib ``csv`` module, one physical line at a time.

A quote that never closes costs the line it is on and nothing more: the record is set aside and reading goes
on with the next line. General readers lose hundreds of records there, silently (see ``bench/bench_csv.py``).
"""

import csv
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zorgdata.sources.raw import BadLine, Raw
from zorgdata.sources.reasons import NoteCode, Reason
from zorgdata.sources.text import Block, decode_lines
from zorgdata.sources.totals import is_total

MAX_RECORD_LINES = 1_000
MAX_RECORD_CHARACTERS = 8 << 20

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Layout:
    """How the records of a file are laid out.

    A record has ``fewest`` to ``most`` cells (they differ when the header ends in nameless columns) and may
    have more as long as those are empty. ``wanted`` are the positions to read, by key.
    """

    separator: str
    fewest: int
    most: int
    wanted: Mapping[str, int]
    encoding: str


class _RecordTooLongError(Exception):
    """The record in progress goes on for too long to be one."""


class _Feeder:
    """Feeds lines to a csv reader and remembers where the record in progress began."""

    def __init__(self, lines: list[str], start: int, more: Callable[[], list[str]]) -> None:
        self.lines = lines
        self.next = self.record = start
        self._more = more
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next > self.record:  # a record that goes on
            self._size += len(self.lines[self.next - 1])
            if self.next - self.record >= MAX_RECORD_LINES or self._size > MAX_RECORD_CHARACTERS:
                raise _RecordTooLongError
            if self.next >= len(self.lines):
                self.lines += self._more()
        if self.next >= len(self.lines):
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]

    def begin(self) -> None:
        """The record is complete; the next line opens another."""
        self.record, self._size = self.next, 0


def swallows(lines: list[str], cells: int, layout: Layout) -> bool:
    """True when a record over several lines is really a quote that never closed.

    The lines of a genuine cell with line breaks do not each look like a record. A swallowed record either has
    the wrong number of cells, or its first line and a later one each have a full set of separators.
    """
    if not layout.fewest <= cells <= layout.most:
        return True
    if layout.most < 3:
        return False
    full = range(layout.fewest - 1, layout.most)
    return lines[0].count(layout.separator) in full and any(
        line.count(layout.separator) in full for line in lines[1:]
    )


def read_carefully(block: Block, layout: Layout, following: Iterator[Block]) -> Raw:
    """The records of ``block``; of ``following`` only what a record begun in ``block`` needs.

    When a record runs on into the next block, that whole block is read here as well.
    """
    found = _Found([], [], [], [], {}, 0)
    if block.too_long:
        found.bad.append(BadLine(block.first_line, block.first_line, Reason.LINE_TOO_LONG))
        return found.raw(layout)

    def decode(data: bytes, first: int) -> list[str]:
        lines, odd, lost = decode_lines(data, layout.encoding)
        found.note(NoteCode.LINE_READ_AS_WINDOWS_1252, [first + i for i in odd])
        found.note(NoteCode.UNDECODABLE_CHARACTER, [first + i for i in lost])
        return lines

    lines = decode(block.data, block.first_line)
    ended = False

    def more() -> list[str]:
        nonlocal ended
        extra = None if ended else next(following, None)
        if extra is None or extra.too_long:  # nothing goes on beyond a line that was skipped
            ended = True
            if extra is not None:
                found.bad.append(BadLine(extra.first_line, extra.first_line, Reason.LINE_TOO_LONG))
            return []
        return decode(extra.data, extra.first_line)

    start = 0
    while start < len(lines):
        feeder = _Feeder(lines, start, more)
        start = _read_until_broken(feeder, block.first_line, layout, found)
    return found.raw(layout)


@dataclass
class _Found:
    """What the careful reader has gathered."""

    rows: list[list[str]]
    first: list[int]
    last: list[int]
    bad: list[BadLine]
    notes: dict[NoteCode, list[int]]
    blank: int

    def note(self, code: NoteCode, lines: list[int]) -> None:
        if lines:
            self.notes.setdefault(code, []).extend(lines)

    def raw(self, layout: Layout) -> Raw:
        columns = {
            key: pa.array([row[i] if i < len(row) else "" for row in self.rows], pa.string())
            for key, i in layout.wanted.items()
        }
        return Raw(
            columns,
            np.array(self.first, np.int64),
            np.array(self.last, np.int64),
            self.bad,
            self.blank,
            self.notes,
            lambda line: is_total(self._row_on(line), layout.most),
        )

    def _row_on(self, line: int) -> list[str]:
        """The cells of the record that begins on a line."""
        return self.rows[bisect_left(self.first, line)]


def _read_until_broken(feeder: _Feeder, offset: int, layout: Layout, found: _Found) -> int:
    """Read records until one is broken or the lines end; returns where to go on."""
    lines = feeder.lines
    reader = csv.reader(feeder, delimiter=layout.separator, skipinitialspace=True, strict=True)
    fewest, most = layout.fewest, layout.most
    while True:
        begun = feeder.record
        try:
            row = next(reader)
        except StopIteration:
            return feeder.next
        except (csv.Error, _RecordTooLongError):
            several = feeder.next - begun > 1 or lines[begun].count('"') % 2 == 1
            reason = Reason.UNCLOSED_QUOTE if several else Reason.MALFORMED_QUOTE
            found.bad.append(BadLine(offset + begun, offset + begun, reason))
            return begun + 1
        if feeder.next - begun > 1 and swallows(lines[begun : feeder.next], len(row), layout):
            found.bad.append(BadLine(offset + begun, offset + begun, Reason.UNCLOSED_QUOTE))
            return begun + 1
        line_first, line_last = offset + begun, offset + feeder.next - 1
        feeder.begin()
        cells = len(row)
        if (
            fewest <= cells <= most
            and row[0].strip()
            and line_first == line_last
            and "\0" not in lines[begun]
        ):
            found.rows.append(row)
            found.first.append(line_first)
            found.last.append(line_last)
            continue
        if not any(cell.strip() for cell in row):
            found.blank += 1
        elif any("\0" in cell for cell in row):
            found.bad.append(BadLine(line_first, line_last, Reason.NUL_BYTE))
        elif not fewest <= cells <= most and is_total(row, most):
            found.bad.append(BadLine(line_first, line_last, Reason.TOTALS_ROW))
        elif cells < fewest:
            found.bad.append(BadLine(line_first, line_last, Reason.TOO_FEW_FIELDS))
        elif cells > most and any(cell.strip() for cell in row[most:]):
            found.bad.append(BadLine(line_first, line_last, Reason.TOO_MANY_FIELDS))
        else:
            if cells > most:
                found.note(NoteCode.CELLS_ADDED, [line_first])
            found.rows.append(row)
            found.first.append(line_first)
            found.last.append(line_last)
