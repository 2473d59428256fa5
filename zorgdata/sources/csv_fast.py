"""The fast way to read records: pyarrow's reader, for blocks that a cheap scan has proven clean.

Clean means: no NUL, no CR on its own, quotes only around whole cells that begin and end on one line, every
line with as many cells as the header, and every byte known to the encoding. On such a block pyarrow gives
what the careful reader gives, with line numbers that follow from counting. A property test holds them
equal; on any doubt ``read_fast`` returns None and the careful reader takes the block.
"""

import csv
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from zorgdata.sources.csv_careful import Layout
from zorgdata.sources.raw import Raw
from zorgdata.sources.text import UTF8, WINDOWS_1252, Block
from zorgdata.sources.totals import is_total_line

_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")


def quotes_are_simple(data: bytes, separator: str) -> bool:
    """Whether all quotes stand in pairs around whole cells, each pair on one line."""
    octets = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(octets == _QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    mark = ord(separator)
    before = octets[opening - 1]
    if not np.all((opening == 0) | (before == mark) | (before == _LF)):
        return False
    last = len(octets) - 1
    after = octets[np.minimum(closing + 1, last)]
    if not np.all((closing == last) | (after == mark) | (after == _LF) | (after == _CR)):
        return False
    line_ends = np.flatnonzero(octets == _LF)
    return bool(np.array_equal(np.searchsorted(line_ends, opening), np.searchsorted(line_ends, closing)))


def read_fast(block: Block, layout: Layout, repetitive: Collection[str] = ()) -> Raw | None:
    """The records of a clean block, or None. Columns in ``repetitive`` come dictionary-encoded."""
    data = block.data
    if block.too_long or layout.fewest != layout.most or block.lone_cr or b"\0" in data:
        return None
    quoted = b'"' in data
    if quoted and not quotes_are_simple(data, layout.separator):
        return None
    if not data.isascii():
        try:
            if layout.encoding == WINDOWS_1252:
                data = data.decode(WINDOWS_1252).encode(UTF8)
            else:
                data.decode(UTF8)
        except UnicodeDecodeError:
            return None
    table = _parse(data, layout, quoted, repetitive)
    if table is None or table.num_rows != block.lines:
        return None
    lines = np.arange(block.first_line, block.first_line + block.lines, dtype=np.int64)
    columns = {key: table.column(str(i)) for key, i in layout.wanted.items()}
    text = _Lines(data, block.first_line)
    raw = Raw(
        {key: _one(column) for key, column in columns.items()},
        lines,
        lines,
        is_total=lambda line: is_total_line(text.of(line), layout.separator, layout.most),
    )
    return _without_blank(raw, text, layout)


class _Lines:
    """The lines of a block as text, taken apart only when somebody asks for one."""

    def __init__(self, data: bytes, first: int) -> None:
        self._data, self._first = data, first
        self._lines: list[str] | None = None

    def of(self, line: int) -> str:
        if self._lines is None:
            self._lines = self._data.decode(UTF8).replace("\r\n", "\n").split("\n")
        return self._lines[line - self._first]


def _one(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array."""
    return column.unify_dictionaries().combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _parse(data: bytes, layout: Layout, quoted: bool, repetitive: Collection[str]) -> pa.Table | None:
    """pyarrow's own reading; None when it meets a line with another number of cells.

    The error it raises then quotes the line, so it goes no further than here.
    """
    types = {
        str(i): pa.dictionary(pa.int32(), pa.string()) if key in repetitive else pa.string()
        for key, i in layout.wanted.items()
    }
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                column_names=[str(i) for i in range(layout.most)], block_size=len(data) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.separator, quote_char='"' if quoted else False, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types, include_columns=list(types), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _without_blank(raw: Raw, text: _Lines, layout: Layout) -> Raw:
    """Leave out and count records of which every cell is blank, also those that nobody asked for."""
    empty = np.ones(raw.records, bool)
    for column in raw.columns.values():
        if not empty.any():
            return raw
        empty &= _blank(column)
    suspects = np.flatnonzero(empty)
    if not len(suspects):
        return raw
    for i in suspects:
        line = text.of(int(raw.line_first[i]))
        row = next(csv.reader([line], delimiter=layout.separator, skipinitialspace=True), [])
        empty[i] = not any(cell.strip() for cell in row)
    keep = pa.array(~empty)
    return replace(
        raw,
        columns={key: column.filter(keep) for key, column in raw.columns.items()},
        line_first=raw.line_first[~empty],
        line_last=raw.line_last[~empty],
        blank=int(empty.sum()),
    )


def _blank(column: pa.Array) -> np.ndarray:
    """Which cells are empty or white space."""
    values = column.dictionary if pa.types.is_dictionary(column.type) else column
    blank = pc.equal(pc.utf8_trim_whitespace(values), "").to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(column.type):
        return np.asarray(blank[column.indices.to_numpy()], bool)
    return np.asarray(blank, bool)
