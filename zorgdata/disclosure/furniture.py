"""Numbers that stand on a page whatever the figures of children are: definitions, bookkeeping, intervals.

Everything here is either fixed text, a count of delivered lines, or computed from protected numbers alone.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from zorgdata.disclosure import notation
from zorgdata.disclosure.declare import Entry, Kind, declaration
from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.table import Cell, ProtectedTable
from zorgdata.stats.intervals import wilson

FIXED = ("0", "0 %", "100 %", "95 %", "1.000", "90 %", "100.000", "365", "366", "12", "52")
"""Zero of a scale, the whole, the level of intervals, per so many, days and weeks of a year."""


def furniture(
    connection: Connection, table: ProtectedTable, catalogue: Iterable[Entry], files: Mapping[str, bytes]
) -> list[str]:
    """Texts whose numbers may stand in the files of a release by themselves."""
    entries = list(catalogue)
    names = [str(n) for (n,) in connection.execute("select distinct name from protected.unit").fetchall()]
    texts = [*FIXED, *names, *_definitions(entries), *_bookkeeping(connection), *_sizes(table, files)]
    return [*texts, *_intervals(table, entries)]


def _definitions(entries: Iterable[Entry]) -> Iterator[str]:
    """Every text of the catalogue: labels, definitions, origins."""
    for entry in entries:
        for found in vars(entry).values():
            yield from _texts(found)


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, list | tuple):
        for part in found:
            yield from _texts(part)


def _bookkeeping(connection: Connection) -> Iterator[str]:
    """How many lines and files were delivered, per kind and in all, exact and in fives."""
    sums = "sum(records_read), sum(records_accepted), sum(records_quarantined), sum(records_blank), count(*)"
    rows = connection.execute(
        f"select {sums} from meta.file group by grouping sets ((kind), (kind, status), (status), ())"
    ).fetchall()
    rows += connection.execute("select count(*), count(*) from meta.check_result group by status").fetchall()
    rows += connection.execute("select count(*), count(*) from meta.check_result").fetchall()
    for row in rows:
        for found in row:
            count = int(found or 0)
            yield notation.number(count)
            yield notation.number((count + 2) // 5 * 5)


def _sizes(table: ProtectedTable, files: Mapping[str, bytes]) -> Iterator[str]:
    """How many figures a release has and shows, and how many rows its downloads have."""
    shown = sum(cell.shown for cell in table)
    yield notation.number(len(table))
    yield notation.number(shown)
    if len(table):
        yield notation.percent(shown / len(table))
    for name, data in files.items():
        yield notation.number(round(len(data) / 1000))
        if name.endswith(".csv"):
            rows = sum(1 for _ in csv.reader(io.StringIO(data.decode("utf-8-sig"))))
            yield notation.number(rows - 1)


def _intervals(table: ProtectedTable, entries: Iterable[Entry]) -> Iterator[str]:
    """The 95 % intervals of shown shares, from the published numerator and denominator."""
    declared = {d.metric: d for d in map(declaration, entries)}
    counts = {m for d in declared.values() if d.kind is Kind.SHARE for m in (d.lead, d.population) if m}
    at: dict[tuple[str, ...], Cell] = {c.key: c for c in table if c.metric in counts and c.shown}
    pairs: set[tuple[float, float]] = set()
    for cell in table:
        d = declared.get(cell.metric)
        if d is None or d.kind is not Kind.SHARE or not cell.shown:
            continue
        rest = cell.key[1:]
        x, n = (at.get((metric, *rest)) for metric in (d.lead, d.population))
        if x and n and x.value is not None and n.value and x.value <= n.value:
            pairs.add((x.value, n.value))
    if pairs:
        # Rounded figures: the same few thousand pairs come back in every table.
        tops, bottoms = np.array(sorted(pairs)).T
        found = wilson(tops, bottoms)
        for end in {*found.lower.tolist(), *found.upper.tolist()}:
            yield notation.percent(end, 1)
            yield notation.percent(end)
