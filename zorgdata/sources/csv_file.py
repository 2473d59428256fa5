"""A delimited text file: its dialect, its header, and its records, fast where clean and careful where not."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.csv_careful import Layout, read_carefully
from zorgdata.sources.csv_fast import read_fast
from zorgdata.sources.header_row import MAX_TITLE_ROWS, find_header, hides_records, known_names
from zorgdata.sources.raw import Raw
from zorgdata.sources.records import CHUNK_RECORDS
from zorgdata.sources.text import Block, blocks, content_encoding, decode_lines, detect_encoding

SEPARATORS = ";,\t|"
MAX_COLUMNS = 2_000
MAX_HEADER = 1 << 20
_LARGEST_BLOCK = 8 << 20


@dataclass(frozen=True)
class CsvFile:
    """A text file whose header is known.

    ``body`` is the index of the first line after the header; ``titles`` rows with text stand above it.
    """

    path: Path
    encoding: str
    separator: str
    cells: tuple[str, ...]
    body: int
    blank_before: int
    block_size: int
    titles: int = 0

    def layout(self, wanted: Mapping[str, int]) -> Layout:
        """How the records lie; nameless columns at the end need not be delivered."""
        named = [i for i, cell in enumerate(self.cells) if cell.strip()]
        fewest = (named[-1] + 1) if named else len(self.cells)
        encoding = content_encoding(self.encoding)
        return Layout(self.separator, fewest, len(self.cells), wanted, encoding)

    def raws(self, wanted: Mapping[str, int], repetitive: Collection[str] = ()) -> Iterator[Raw]:
        """The records, block by block, with the columns at the positions ``wanted``."""
        layout = self.layout(wanted)
        following = self._body_blocks()
        blank = self.blank_before
        for block in following:
            raw = read_fast(block, layout, repetitive) or read_carefully(block, layout, following)
            raw.blank += blank
            blank = 0
            yield raw
        if blank:
            nothing = np.zeros(0, np.int64)
            empty = {key: pa.array([], pa.string()) for key in wanted}
            yield Raw(empty, nothing, nothing, blank=blank)

    def _body_blocks(self) -> Iterator[Block]:
        """The blocks of the file without its header lines."""
        skip = self.body
        for block in blocks(self.path, self.encoding, self.block_size):
            if skip == 0 or block.too_long:
                yield block
                skip = max(skip - 1, 0) if block.too_long else skip
                continue
            data = block.data
            line = block.first_line
            start = 0
            while skip and start < len(data):
                start, skip, line = _line_end(data, start), skip - 1, line + 1
            if start < len(data):
                yield Block.of(data[start:], line)


def _line_end(data: bytes, start: int) -> int:
    """Where the line that begins at ``start`` ends."""
    ends = [i for i in (data.find(b"\n", start), data.find(b"\r", start)) if i >= 0]
    if not ends:
        return len(data)
    end = min(ends)
    return end + 2 if data[end : end + 2] == b"\r\n" else end + 1


def open_csv(path: Path, known: Collection[str], encoding: str | None = None) -> CsvFile:
    """Find encoding, separator and header of a text file; ``known`` are header keys to look for."""
    encoding = encoding or detect_encoding(path)
    first = next(blocks(path, encoding, MAX_HEADER), None)
    if first is None:
        raise SourceError(f"{path.name} is leeg.", "Controleer de export.")
    if first.too_long:
        raise SourceError(f"{path.name}: de kopregel is te lang.", "Controleer de export.")
    lines, _, _ = decode_lines(first.data, content_encoding(encoding))
    filled = [i for i, line in enumerate(lines) if not _is_blank(line)]
    separators = SEPARATORS
    start = filled[0] if filled else 0
    if filled and lines[start].strip().casefold().startswith("sep=") and len(lines[start].strip()) == 5:
        separators = lines[start].strip()[4]
        filled = filled[1:]
    if not filled:
        raise SourceError(f"{path.name} bevat geen gegevens.", "Controleer de export.")
    widths = [max(map(lines[i].count, separators)) + 1 for i in filled[:MAX_TITLE_ROWS]]
    if widths[0] > MAX_COLUMNS:
        raise SourceError(
            f"{path.name} heeft {widths[0]} kolommen.", f"Meer dan {MAX_COLUMNS} kan geen levering zijn."
        )
    filled = [i for i, width in zip(filled, widths, strict=False) if width <= MAX_COLUMNS]
    table = max(
        (_Table.of(lines, filled, separator, known) for separator in separators), key=lambda t: t.likeness
    )
    if hides_records(table.rows, table.header):
        raise SourceError(
            f"{path.name}: boven de kopregel (regel {filled[table.header] + 1}) staan records.",
            "Zet de kopregel boven alle records.",
        )
    at, used = filled[table.header], table.used[table.header]
    sample = first.data[: 1 << 18]
    per_line = max(1, len(sample) // max(1, sample.count(b"\n") + sample.count(b"\r\n") * 0))
    size = min(_LARGEST_BLOCK, per_line * CHUNK_RECORDS)
    return CsvFile(
        path,
        encoding,
        table.separator,
        tuple(table.rows[table.header]),
        at + used,
        sum(_is_blank(line) for line in lines[:at]),
        size,
        table.header,
    )


@dataclass(frozen=True)
class _Table:
    """The first rows of a file as one separator divides them, the lines each takes, and the header."""

    separator: str
    rows: list[list[str]]
    used: list[int]
    header: int
    likeness: tuple[int, int]

    @classmethod
    def of(cls, lines: list[str], places: list[int], separator: str, known: Collection[str]) -> "_Table":
        found = [_record(lines, at, separator) for at in places]
        rows = [cells for cells, _ in found]
        header = find_header(rows, known)
        likeness = (known_names(rows[header], known), len(rows[header]))
        return cls(separator, rows, [used for _, used in found], header, likeness)


def _is_blank(line: str) -> bool:
    return not line.strip(" \n\t;,|")


def _record(lines: list[str], at: int, separator: str) -> tuple[list[str], int]:
    """The cells of the record that starts at line ``at``, and how many lines it takes."""
    reader = csv.reader(lines[at : at + 50], delimiter=separator, skipinitialspace=True, strict=True)
    try:
        cells = next(reader)
        return cells, reader.line_num
    except (csv.Error, StopIteration):
        return lines[at].rstrip("\n").split(separator), 1
