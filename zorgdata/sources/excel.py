"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as deliveries.

Every cell is read as text. The header may stand under title rows. Rows of totals and cells with an error
(``#N/A``, ``#DIV/0!``) are set aside with their place. One sheet is read; a second one that would do as
well is refused, as leaving it out would lose records silently.
"""

import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.assemble import EXTRA
from zorgdata.sources.convert import texts_of
from zorgdata.sources.csv_file import MAX_COLUMNS
from zorgdata.sources.header_row import MAX_TITLE_ROWS, find_header, hides_records, known_names
from zorgdata.sources.headers import Mapped, Wish, choose, vocabulary
from zorgdata.sources.profiles import Profile
from zorgdata.sources.raw import BadLine, Raw
from zorgdata.sources.reasons import NoteCode, Reason
from zorgdata.sources.records import CHUNK_RECORDS, Delivery, Notebook
from zorgdata.sources.text_delivery import build
from zorgdata.sources.totals import is_total, may_be_total

MAX_ENTRIES = 2_000
MAX_UNPACKED = 500 << 20
MAX_RATIO = 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_FORMULA = re.compile(rb"<f(?:/>| [^>]*/>|(?: [^>]*)?>[^<]*</f>)(?:<v/>|<v></v>)?</c>")


@dataclass(frozen=True)
class Sheet:
    """A sheet as text; row 1 of the sheet is row 0 here.

    Its name may be someone's, so messages go by number; a user may call it by either.
    """

    number: int
    name: str = field(repr=False)
    visible: bool
    cells: pa.Table
    errors: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """The sheet that is read, and what its header means."""

    sheet: Sheet
    header: int
    mapped: Mapped
    confidence: float
    reason: str


def is_workbook(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a workbook (or of another zip archive)."""
    return head.startswith((b"PK\x03\x04", _OLE))


def _check_archive(path: Path) -> None:
    """Refuse what would unpack to something huge, and what is no workbook, before anything is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    hint = "Bewaar alleen het werkblad met de gegevens in een nieuw bestand."
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise SourceError(f"{path.name} is beschadigd.", "Vraag het bestand opnieuw op.") from None
    names = {entry.filename for entry in entries}
    if not names & {"[Content_Types].xml", "mimetype"}:
        raise SourceError(f"{path.name} is een zip-archief.", "Pak het uit en lever de bestanden zelf.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise SourceError(f"{path.name} bestaat uit meer dan {MAX_ENTRIES} delen.", hint)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise SourceError(f"{path.name} wordt bij het uitpakken te groot.", hint)


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook, and how many of its formulas were never calculated."""

    sheets: list[Sheet]
    empty_formulas: int


def open_book(path: Path) -> Book:
    """All sheets of a workbook, read in a child process with limits."""
    _check_archive(path)
    command = [sys.executable, "-m", "zorgdata.sources.excel_child", str(path.resolve())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603
        assert child.stdout is not None
        empty = _empty_formulas(path)  # while the child is busy
        data = child.stdout.read()
    if child.returncode:
        raise SourceError(
            f"{path.name} kan niet worden gelezen: beschadigd, met een wachtwoord beveiligd of te groot.",
            "Open het in een rekenprogramma en bewaar het opnieuw als .xlsx zonder wachtwoord.",
        )
    found: list[Sheet] = []
    reader = pa.BufferReader(data)
    while reader.tell() < len(data):
        with pa.ipc.open_stream(reader) as stream:
            about = json.loads(stream.schema.metadata[b"sheet"])
            errors = frozenset((row, column) for row, column in about["errors"])
            found.append(Sheet(len(found) + 1, about["name"], about["visible"], stream.read_all(), errors))
    return Book(found, empty)


def header_of(path: Path, sheet: Sheet, known: Collection[str]) -> tuple[int, list[str]]:
    """The row of the header among the first fifty, and its cells."""
    first = sheet.cells.slice(0, MAX_TITLE_ROWS)
    texts = [column.to_pylist() for column in first.columns]
    rows = [[column[row] or "" for column in texts] for row in range(first.num_rows)]
    header = find_header(rows, known)
    if hides_records(rows, header):
        raise SourceError(
            f"{path.name}: werkblad {sheet.number} heeft records boven de kopregel (rij {header + 1}).",
            "Zet de kopregel boven alle records.",
        )
    return header, rows[header]


def chosen(path: Path, everything: Sequence[Sheet], name: str | None) -> list[Sheet]:
    """The sheets to consider: visible and filled ones, or the one the user names (by number or name)."""
    if name is None:
        return [sheet for sheet in everything if sheet.visible and sheet.cells.num_rows]
    wanted = name.strip().casefold()
    for sheet in everything:
        if wanted in (sheet.name.strip().casefold(), str(sheet.number)):
            return [sheet]
    raise SourceError(
        f"{path.name} heeft geen werkblad met die naam of dat nummer.",
        f"Er zijn {len(everything)} werkbladen; geef een nummer van 1 tot {len(everything)} of de naam.",
    )


def find(path: Path, everything: Sequence[Sheet], profiles: Sequence[Profile], wish: Wish) -> Found:
    """The one sheet with a header that fits: the one the user names, else a visible one.

    Where several fit, the name that a profile gives decides.
    """
    known = vocabulary(profiles)
    fitting: list[Found] = []
    refusal: tuple[int, SourceError] | None = None
    for sheet in chosen(path, everything, wish.sheet):
        if sheet.cells.num_columns > MAX_COLUMNS:
            raise SourceError(
                f"{path.name}: werkblad {sheet.number} heeft te veel kolommen.", "Verwijder ze."
            )
        hits = 0
        try:
            row, cells = header_of(path, sheet, known)
            hits = known_names(cells, known)
            mapped, confidence, reason = choose(path, cells, profiles, wish)
            fitting.append(Found(sheet, row, mapped, confidence, reason))
        except SourceError as error:
            if refusal is None or hits > refusal[0]:
                refusal = (hits, error)
    named = [f for f in fitting if f.mapped.profile.sheet.casefold() == f.sheet.name.strip().casefold()]
    fitting = named if len(named) == 1 else fitting
    if len(fitting) > 1:
        names = ", ".join(str(found.sheet.number) for found in fitting)
        raise SourceError(
            f"{path.name} heeft meer werkbladen met gegevens: {names}.",
            "Kies er een met --sheet, of lever elk werkblad in een eigen bestand.",
        )
    if fitting:
        return fitting[0]
    if refusal:
        raise refusal[1]
    raise SourceError(f"{path.name} heeft geen zichtbaar werkblad met gegevens.", "Controleer de export.")


def _raws(found: Found, wanted: dict[str, int]) -> Iterator[Raw]:
    """The rows under the header, in chunks."""
    cells = found.sheet.cells.slice(found.header + 1)
    columns = [texts_of(column.combine_chunks()) for column in cells.columns]
    lines = np.arange(found.header + 2, found.header + 2 + cells.num_rows, dtype=np.int64)
    filled = np.zeros(cells.num_rows, bool)
    for column in columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    faulty = _faults(found, wanted, cells.num_rows)
    for row in {row - found.header - 1 for row, _ in found.sheet.errors if row > found.header}:
        filled[row] = True
    good = filled.copy()
    good[list(faulty)] = False

    def totals(line: int) -> bool:
        row = line - found.header - 2
        first = next((text for column in columns if (text := column[row].as_py())), "")
        return may_be_total(first) and is_total([column[row].as_py() or "" for column in columns])

    for start in range(0, cells.num_rows, CHUNK_RECORDS):
        part = slice(start, min(start + CHUNK_RECORDS, cells.num_rows))
        keep = np.flatnonzero(good[part]) + start
        bad = [
            BadLine(int(lines[row]), int(lines[row]), Reason.TOTALS_ROW)
            if totals(int(lines[row]))
            else BadLine(int(lines[row]), int(lines[row]), Reason.ERROR_CELL, *faulty[row])
            for row in (np.flatnonzero(filled[part] & ~good[part]) + start).tolist()
        ]
        taken = pa.array(keep)
        texts = {key: columns[at].take(taken) for key, at in wanted.items()}
        blank = int((~filled[part]).sum())
        yield Raw(texts, lines[keep], lines[keep], bad, blank, is_total=totals)


def _faults(found: Found, wanted: dict[str, int], rows: int) -> dict[int, tuple[str, str]]:
    """Rows with an error in a column that is read; that column and the place of the cell."""
    names = {at: key for key, at in wanted.items() if not key.startswith(EXTRA)}
    return {
        row - found.header - 1: (names[column], place(row, column))
        for row, column in sorted(found.sheet.errors, reverse=True)
        if column in names and 0 <= row - found.header - 1 < rows
    }


def place(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: row 11, column 5 (counted from 0) is ``F12``."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _empty_formulas(path: Path) -> int:
    """Formulas whose result was never calculated; they arrive as empty cells."""
    if not zipfile.is_zipfile(path):
        return 0
    count = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                    with archive.open(name) as part:
                        rest = b""
                        while piece := part.read(1 << 20):
                            text = rest + piece
                            ends = [match.end() for match in _EMPTY_FORMULA.finditer(text)]
                            count += len(ends)
                            rest = text[max(ends[-1] if ends else 0, len(text) - 4096) :]
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        return count  # the child says what is wrong with it
    return count


def deliver_workbook(path: Path, profiles: Sequence[Profile], wish: Wish) -> Delivery:
    """A workbook as a delivery."""
    book = open_book(path)
    everything = book.sheets
    found = find(path, everything, profiles, wish)

    def before(notebook: Notebook) -> None:
        notebook.add(NoteCode.TITLE_ROWS, f"werkblad {found.sheet.number}", found.header)
        notebook.add(NoteCode.FORMULA_WITHOUT_VALUE, "", book.empty_formulas)
        for sheet in everything:
            if not sheet.visible:
                notebook.add(NoteCode.HIDDEN_SHEET, f"werkblad {sheet.number}")
            elif sheet is not found.sheet and sheet.cells.num_rows:
                notebook.add(NoteCode.SHEET_NOT_READ, f"werkblad {sheet.number}")

    return build(
        path,
        found.mapped,
        partial(_raws, found),
        municipality=wish.municipality,
        encoding=path.suffix.lstrip(".").lower() or "xlsx",
        separator="",
        before=before,
    )
