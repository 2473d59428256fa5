"""Columns and files: numbers become the text of a canonical delivery, fast and always in the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from zorgdata.synth.calendar import OPEN, Bools, Ints

_OPTIONS = pacsv.WriteOptions(include_header=False, delimiter=";", quoting_style="none", batch_size=65_536)
_LETTERS = ("ZZ", "ZQ", "ZU", "ZY", "ZO", "ZI")
"""Letters no household has: F, I, O, Q, U and Y are left out of Dutch postcodes, ZZ is not given out here."""

Columns = Mapping[str, pa.Array]


def dates(days: Ints) -> pa.Array:
    """Dates; OPEN becomes an empty cell."""
    return pa.array(days.astype(np.int32), pa.date32(), mask=days >= OPEN)


def times(seconds: Ints) -> pa.Array:
    """Times of the day as uu:mm:ss."""
    return pa.array(seconds.astype(np.int32), pa.time32("s"))


def numbers(values: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole numbers."""
    return pa.array(values, pa.int64(), mask=missing)


def decimals(values: Ints, places: int = 1, missing: Bools | None = None) -> pa.Array:
    """Whole numbers of the last decimal place, written with a point (12, 1 place: 1.2)."""
    sign = pc.if_else(pa.array(values < 0), "-", "")
    whole, part = np.divmod(np.abs(values), 10**places)
    rest = pc.utf8_lpad(pa.array(part).cast(pa.string()), places, "0")
    text = pc.binary_join_element_wise(sign, pa.array(whole).cast(pa.string()), "")
    text = pc.binary_join_element_wise(text, rest, ".")
    return text if missing is None else pc.if_else(pa.array(missing), None, text)


def padded(values: Ints, width: int) -> pa.Array:
    """Codes of a fixed width, with their leading zeros."""
    return pc.utf8_lpad(pa.array(values).cast(pa.string()), width, "0")


def pick(values: Sequence[str], index: Ints) -> pa.Array:
    """Text by index; an empty text becomes an empty cell."""
    table = pa.array([v or None for v in values], pa.string())
    return table.take(pa.array(index))


def flags(values: Bools) -> pa.Array:
    """j or n."""
    return pick(("n", "j"), values.astype(np.int64))


def constant(value: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(value or None, pa.string()), count)


def postcodes(pc4: Ints, letters: Ints) -> pa.Array:
    """Six characters without a space."""
    return pc.binary_join_element_wise(padded(pc4, 4), pick(_LETTERS, letters), "")


def text(values: Sequence[str]) -> pa.Array:
    """Text as given; an empty text becomes an empty cell."""
    return pa.array([v or None for v in values], pa.string())


def write_csv(path: Path, columns: Columns, rows: Ints | Bools | None = None) -> int:
    """Write a canonical file: header, ``;``, UTF-8, newline; returns the number of records."""
    table = pa.table(dict(columns))
    if rows is not None:
        table = table.filter(pa.array(rows)) if rows.dtype == np.bool_ else table.take(pa.array(rows))
    with path.open("wb") as sink:
        sink.write((";".join(table.column_names) + "\n").encode())
        pacsv.write_csv(table, sink, _OPTIONS)
    return int(table.num_rows)


def write_groups(
    folder: Path,
    stem: str,
    columns: Columns,
    group: Ints,
    labels: Sequence[str],
    *,
    only: Bools | None = None,
) -> dict[str, int]:
    """One file per group, ``<stem>_<label>.csv``, rows in their order; groups without rows get no file."""
    chosen = np.arange(len(group)) if only is None else np.flatnonzero(only)
    order = chosen[np.argsort(group[chosen], kind="stable")]
    table = pa.table(dict(columns)).take(pa.array(order))
    bounds = np.searchsorted(group[order], np.arange(len(labels) + 1))
    written = {}
    for index, label in enumerate(labels):
        first, last = int(bounds[index]), int(bounds[index + 1])
        if last > first:
            part = table.slice(first, last - first)
            name = f"{stem}_{label}.csv"
            written[name] = write_csv(folder / name, {c: part[c] for c in part.column_names})
    return written
