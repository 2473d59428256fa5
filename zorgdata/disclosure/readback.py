"""Reads a written release back from its files: every figure in them must be one that was protected.

HTML (text, attributes, embedded JSON, SVG, alternative texts, embedded downloads), CSV, XLSX, Parquet and
JSON. A figure that names its cell (``data-cell``, or the key columns of a table) must be that cell's own
display or value. Any other number must be a protected display or value, or furniture: numbers the page would
carry whatever the figures are (dates, codes, numbers in definitions).
"""

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from zorgdata.disclosure.table import KEY, Cell, ProtectedTable
from zorgdata.errors import DisclosureError

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<![\w.,])[\u2212-]?\d[\d.,]*(?<![.,])(?:\s*%)?")
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}(T[\d:.]+Z?|_[0-9a-f]{6,}(_[a-z]+)?)?\b|\b(19|20)\d{2}(\s*[/–-]\s*['’]?\d{2,4})?\b"
    r"|\b\d{1,2}\s+(jan|feb|m(aa)?rt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?(\s+\d{4})?"
)
_CODE = re.compile(r"\b(?=[0-9]*[A-Za-z])[A-Za-z0-9_]{2,}\b|\b[0-9a-f]{12,}\b")
_GEOMETRY = frozenset(
    (
        *("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"),
        *("points", "transform", "viewbox", "style", "class", "id", "href", "for", "role", "lang", "charset"),
        *("stroke", "stroke-width", "stroke-dasharray", "stroke-miterlimit", "stroke-opacity", "fill"),
        *("fill-opacity", "opacity", "offset", "font-size", "font-weight", "font-family", "text-anchor"),
        *("colspan", "rowspan", "tabindex", "scope", "headers", "type", "name", "rel", "version", "xmlns"),
        *("preserveaspectratio", "aria-labelledby", "aria-describedby", "aria-controls", "http-equiv"),
        *("data-cell", "integrity", "nonce"),
    )
)
"""Attributes that place, style or link; the data in them are positions of protected values."""
_MARKS = "*\u2020 \u00a0\n\t"


@dataclass(frozen=True)
class Leak:
    """A number in a file that is not protected: file, place in it, the text found and what is wrong."""

    path: str
    where: str
    text: str
    what: str


@dataclass(frozen=True)
class _Known:
    cells: Mapping[str, Cell]
    numbers: frozenset[str]
    loose: bool = False

    def stray(self, text: str) -> list[str]:
        """Numbers in a text that are neither protected nor furniture."""
        if self.loose or not _DIGIT.search(text):
            return []
        bare = _CODE.sub(" ", _DATE.sub(" ", text))
        return [n for n in _NUMBER.findall(bare) if _plain(n) not in self.numbers and not _round_sum(n)]


def _round_sum(number: str) -> bool:
    """A round number of a thousand or more: sums of delivered lines. A shown count like it is no news."""
    plain = _plain(number)
    return plain.isdigit() and int(plain) >= 1000 and int(plain) % 5 == 0


def readback(
    files: Iterable[Path] | Mapping[str, bytes],
    table: ProtectedTable,
    furniture: Collection[str] = (),
    *,
    estimates: bool | Collection[str] = False,
) -> list[Leak]:
    """Every unprotected number in these files (folders are searched); empty when there is none.

    ``files``: paths, or contents by name that are about to be written. ``furniture``: texts whose numbers may
    stand on a page by themselves (definitions, labels, fixed sentences). ``estimates``: all files, or those
    of these names, hold numbers computed from assumptions; only figures that name their cell, data and
    drawings are held to it.
    """
    strict = _known(table, furniture)
    loose = replace(strict, loose=True)
    contents = files.items() if isinstance(files, Mapping) else _contents(files)

    def known(name: str) -> _Known:
        return loose if estimates is True or (estimates and name in estimates) else strict

    return [
        leak for name, data in contents for leak in _read(Path(name).suffix.lower(), data, name, known(name))
    ]


def _known(table: ProtectedTable, furniture: Collection[str]) -> _Known:
    # Hundreds of thousands of cells, some thousands of different texts and values.
    numbers = {_plain(n) for display in table.displays() for n in _NUMBER.findall(display)}
    units = {c.unit_id for c in table}
    numbers |= {_plain(n) for unit in units for n in _NUMBER.findall(unit.replace("|", " "))}
    values = {c.value for c in table if c.value is not None}
    numbers |= {_plain(f"{value:.12g}".replace(".", ",")) for value in values}
    for text in set(furniture):
        numbers |= {_plain(n) for n in _NUMBER.findall(_CODE.sub(" ", text))}
    return _Known({c.name: c for c in table}, frozenset(numbers))


def require_clean(
    files: Iterable[Path] | Mapping[str, bytes],
    table: ProtectedTable,
    furniture: Collection[str] = (),
    *,
    estimates: bool | Collection[str] = False,
) -> None:
    """Raises :class:`DisclosureError` naming the first unprotected number in the files, if there is one."""
    leaks = readback(files, table, furniture, estimates=estimates)
    if leaks:
        first = leaks[0]
        more = f" {len(leaks) - 1} more like it." if len(leaks) > 1 else ""
        raise DisclosureError(
            f"{first.path}, {first.where}: {first.what}.{more}",
            "The files were not published; every number in them must come from the protected table.",
        )


def _contents(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        yield from ((str(p), p.read_bytes()) for p in found)


def _read(kind: str, data: bytes, path: str, known: _Known) -> list[Leak]:
    match kind:
        case ".html" | ".htm" | ".svg":
            return _html(data, path, known)
        case ".csv":
            text = data.decode("utf-8-sig")
            head = text.partition("\n")[0]
            delimiter = ";" if head.count(";") > head.count(",") else ","
            return _rows(list(csv.reader(io.StringIO(text), delimiter=delimiter)), path, known)
        case ".parquet":
            import pyarrow.parquet as pq

            found = pq.read_table(io.BytesIO(data))
            body = [["" if v is None else str(v) for v in row.values()] for row in found.to_pylist()]
            return _rows([found.column_names, *body], path, known)
        case ".xlsx":
            return _xlsx(data, path, known)
        case ".json":
            return _json(json.loads(data), path, known)
        case ".txt" | ".md" | ".xml":
            return _stray(data.decode("utf-8-sig"), path, "text", known)
        case _:
            return []


def _rows(rows: Sequence[Sequence[str]], path: str, known: _Known) -> list[Leak]:
    """A table with the key columns is held cell by cell; another one may only hold known numbers."""
    if not rows:
        return []
    header = [h.strip() for h in rows[0]]
    if set(KEY) <= set(header):
        return _keyed(header, rows, path, known)
    leaks = []
    for number, row in enumerate(rows[1:], 2):
        for name, text in zip(header, row, strict=False):
            if name in ("unit_id", "municipality_code", "school_id", "brin6", "line"):
                continue
            leaks += [
                Leak(path, f"row {number}, {name}", n, "a number that was not protected")
                for n in known.stray(text.replace(".", ",") if _is_float(text) else text)
            ]
    return leaks


def _keyed(header: Sequence[str], rows: Sequence[Sequence[str]], path: str, known: _Known) -> list[Leak]:
    """Rows that name their cell. Hundreds of thousands of them: the columns are looked up once."""
    places = [header.index(key) for key in KEY]
    day = header.index("reference_date")
    display, value = (header.index(name) if name in header else -1 for name in ("display", "value"))
    leaks = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) < len(header):
            leaks.append(Leak(path, f"row {number}", "", "a row that is cut short"))
            continue
        name = "|".join([row[at].split(" ")[0] if at == day else row[at] for at in places])
        cell = known.cells.get(name)
        if cell is None:
            leaks.append(Leak(path, f"row {number}", name, "a cell that is not in the protected table"))
            continue
        if display >= 0 and row[display] != cell.display:
            leaks.append(Leak(path, f"row {number}", row[display], f"not the protected display of {name}"))
        told = row[value] if value >= 0 else ""
        if told and not _is_value(told, cell.value):
            leaks.append(Leak(path, f"row {number}", told, f"not the protected value of {name}"))
    return leaks


def _is_value(told: str, value: float | None) -> bool:
    try:
        return value is not None and abs(float(told) - value) <= 1e-9 * max(1, abs(value))
    except ValueError:
        return False


def _xlsx(data: bytes, path: str, known: _Known) -> list[Leak]:
    import fastexcel

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        extra = [n for n in archive.namelist() if "comment" in n.lower() or "embedding" in n.lower()]
    what = "comments and embedded objects do not belong in a release"
    leaks = [Leak(path, part, "", what) for part in extra]
    book = fastexcel.read_excel(data)
    for name in book.sheet_names:
        sheet = book.load_sheet(name, header_row=None, dtypes="string").to_arrow().to_pylist()
        rows = [["" if v is None else str(v) for v in row.values()] for row in sheet]
        leaks += _rows(rows, f"{path}[{name}]", known)
    return leaks


def _json(found: Any, path: str, known: _Known, where: str = "") -> list[Leak]:
    if isinstance(found, Mapping):
        skip = ("hash", "bytes", "sha256", "version", "created_with")
        parts = [_json(v, path, known, f"{where}.{k}") for k, v in found.items() if k not in skip]
        return [leak for part in parts for leak in part]
    if isinstance(found, list):
        return [leak for k, v in enumerate(found) for leak in _json(v, path, known, f"{where}[{k}]")]
    if isinstance(found, bool) or found is None:
        return []
    text = f"{found:.12g}".replace(".", ",") if isinstance(found, int | float) else str(found)
    return [Leak(path, where, n, "a number that was not protected") for n in known.stray(text)]


def _html(data: bytes, path: str, known: _Known) -> list[Leak]:
    from lxml import html

    parser = html.HTMLParser(huge_tree=False, no_network=True, encoding="utf-8")
    root = html.document_fromstring(data, parser=parser)
    leaks: list[Leak] = []
    for element in root.iter():
        tag = element.tag
        if callable(tag):  # a comment or processing instruction
            leaks += _stray(element.text, path, "comment", known) + _stray(element.tail, path, "text", known)
            continue
        if element.attrib:
            leaks += _attributes(element, path, known)
        if tag == "svg":
            leaks += _drawing(element, path)
        name = element.get("data-cell")
        if name is not None:
            leaks += _cell(element, name, path, known)
        elif tag == "script" and "json" in (element.get("type") or ""):
            leaks += _json(json.loads(element.text or "null"), path, known, _place(element))
        elif tag not in ("script", "style") and element.text:
            found = _stray(element.text, path, element, known)
            # An axis has round numbers of its own.
            leaks += [k for k in found if tag not in ("text", "tspan") or not _is_tick(k.text)]
        if element.tail:
            leaks += _stray(element.tail, path, element, known)
    return leaks


def _place(element: Any) -> str:
    return f"<{element.tag}> line {element.sourceline}"


def _stray(text: str | None, path: str, where: Any, known: _Known, more: str = "") -> list[Leak]:
    """Stray numbers of a text; ``where`` is words or the element, whose place is told only when asked for."""
    found = known.stray(text) if text else ()
    if not found:
        return []
    place = where if isinstance(where, str) else _place(where)
    return [Leak(path, f"{place}{more}", n, "a number that was not protected") for n in found]


def _cell(element: Any, name: str, path: str, known: _Known) -> list[Leak]:
    cell = known.cells.get(name)
    text = " ".join("".join(element.itertext()).split()).strip(_MARKS)
    if cell is None:
        return [Leak(path, _place(element), text, f"a cell that is not in the protected table: {name}")]
    same = text == " ".join(cell.display.split()).strip(_MARKS)
    # A hidden cell may be spoken in words; it may not hold a digit.
    spoken = cell.value is None and not any(c.isdigit() for c in text)
    if same or spoken:
        return []
    return [Leak(path, _place(element), text, f"not the protected display of {name}")]


def _attributes(element: Any, path: str, known: _Known) -> list[Leak]:
    leaks: list[Leak] = []
    for name, value in element.attrib.items():
        low = str(name).lower()
        if low == "href" and value.startswith("data:"):
            leaks += _embedded(value, path, _place(element), known)
        if low in _GEOMETRY or (low == "content" and element.get("http-equiv")):
            continue
        if _DIGIT.search(value):
            text = value.replace(".", ",") if _is_float(value) else value
            leaks += _stray(text, path, element, known, f" {name}")
    return leaks


_PLACES = frozenset(
    (
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "points",
        "transform",
    )
)
_FINE = re.compile(r"\d\.\d{2,}")


def _drawing(svg: Any, path: str) -> list[Leak]:
    """Places in a drawing are given to a tenth of a unit: finer ones carry more than the rounded figure."""
    return [
        Leak(
            path, f"<{e.tag}> line {e.sourceline} {name}", value, "a place finer than a rounded figure needs"
        )
        for e in svg.iter()
        if not callable(e.tag)
        for name, value in e.attrib.items()
        if str(name).lower() in _PLACES and _FINE.search(value)
    ]


_TYPES = {"text/csv": ".csv", "application/json": ".json", "image/svg+xml": ".svg"}


def _embedded(value: str, path: str, where: str, known: _Known) -> list[Leak]:
    head, _, body = value.partition(",")
    data = base64.b64decode(body) if head.endswith("base64") else body.encode()
    kind = head.removeprefix("data:").split(";")[0]
    suffix = ".xlsx" if "spreadsheet" in kind else _TYPES.get(kind, "")
    return _read(suffix, data, f"{path} {where}", known)


def _is_tick(number: str) -> bool:
    bare = _plain(number).rstrip("%")
    return bare.isdigit() and int(bare) % 5 == 0


def _is_float(text: str) -> bool:
    return re.fullmatch(r"-?\d+\.\d+", text.strip()) is not None


@lru_cache(maxsize=100_000)
def _plain(number: str) -> str:
    """One notation per number: ``1.235,0`` is ``1235``; a ``%`` stays."""
    percent = "%" if number.endswith("%") else ""
    text = number.rstrip("% \u00a0").replace(".", "").replace("\u2212", "-")
    whole, _, decimals = text.partition(",")
    decimals = decimals.rstrip("0")
    sign = "-" if whole.startswith("-") else ""
    whole = whole.lstrip("-").lstrip("0") or "0"
    return sign + whole + (f",{decimals}" if decimals else "") + percent
