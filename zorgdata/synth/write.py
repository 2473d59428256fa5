"""Columns and files: numbers become the text of a canonical delivery, fast and always in the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from zorgdata.synth.calendar import OPEN, Bools, Ints

_OPTIONS = pacsv.WriteOptions(include_header=False, delimiter=";", quoting_style="none", batch_size=65_536)
LETTERS = ("ZZ", "ZQ", "ZU", "ZY", "ZO", "ZI")
"""Letters no household has: F, I, O, Q, U and Y are left out of Dutch postcodes, ZZ is not given out here."""

Columns = Mapping[str, pa.Array]


def _wrap(values: Ints, type_: pa.DataType, missing: Bools | None = None) -> pa.Array:
    """Numpy's memory as an Arrow array; ``pa.array`` would first import pandas where there is one."""
    kept = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(type_, len(values), [kept, pa.py_buffer(np.ascontiguousarray(values))])


def _one(value: str | None) -> pa.Scalar:
    """A text as a scalar, made the same way for the same reason."""
    encoded = (value or "").encode()
    offsets = np.array([0, len(encoded)], dtype=np.int32)
    kept = pa.py_buffer(bytes([value is not None]))
    return pa.Array.from_buffers(pa.string(), 1, [kept, pa.py_buffer(offsets), pa.py_buffer(encoded)])[0]


def _mask(values: Bools) -> pa.Array:
    return pa.Array.from_buffers(
        pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))]
    )


def dates(days: Ints) -> pa.Array:
    """Dates; OPEN becomes an empty cell."""
    return _wrap(days.astype(np.int32), pa.date32(), days >= OPEN)


def times(seconds: Ints) -> pa.Array:
    """Times of the day as uu:mm:ss."""
    return _wrap(seconds.astype(np.int32), pa.time32("s"))


def numbers(values: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole numbers."""
    return _wrap(values.astype(np.int64), pa.int64(), missing)


def decimals(values: Ints, places: int = 1, missing: Bools | None = None) -> pa.Array:
    """Numbers of 0 and more, given in units of the last decimal place (12 with 1 place is 1.2)."""
    whole, part = np.divmod(values, 10**places)
    text_ = joined(numbers(whole).cast(pa.string()), padded(part, places), between=".")
    return text_ if missing is None else present(text_, ~missing)


def padded(values: Ints, width: int) -> pa.Array:
    """Codes of a fixed width, with their leading zeros."""
    return pc.utf8_lpad(numbers(values).cast(pa.string()), width, "0")


def pick(values: Sequence[str], index: Ints) -> pa.Array:
    """Text by index; an empty text becomes an empty cell."""
    return text(values).take(numbers(index))


def flags(values: Bools) -> pa.Array:
    """j or n."""
    return pick(("n", "j"), values.astype(np.int64))


def constant(value: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(_one(value or None), count)


def postcodes(pc4: Ints, letters: Ints) -> pa.Array:
    """Six characters without a space."""
    return joined(padded(pc4, 4), pick(LETTERS, letters))


def text(values: Sequence[str]) -> pa.Array:
    """Text as given; an empty text becomes an empty cell."""
    encoded = [v.encode() for v in values]
    sizes = np.array([len(v) for v in encoded], dtype=np.int32)
    offsets = np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(sizes, dtype=np.int32)])
    kept = np.packbits(sizes > 0, bitorder="little")
    buffers = [pa.py_buffer(kept), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), buffers)


def joined(*parts: pa.Array | str, between: str = "") -> pa.Array:
    """Texts put together row by row; a part may be the same text everywhere."""
    arrays = [_one(p) if isinstance(p, str) else p for p in parts]
    return pc.binary_join_element_wise(*arrays, _one(between))


def present(values: pa.Array, kept: Bools) -> pa.Array:
    """``values`` where ``kept``, empty cells elsewhere."""
    return pc.if_else(_mask(kept), values, _one(None).cast(values.type))


def write_csv(path: Path, columns: Columns, rows: Ints | Bools | None = None) -> int:
    """Write a canonical file: header, ``;``, UTF-8, newline; returns the number of records."""
    table = pa.table(dict(columns))
    if rows is not None:
        table = table.take(numbers(np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)))
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
    table = pa.table(dict(columns)).take(numbers(order))
    bounds = np.searchsorted(group[order], np.arange(len(labels) + 1))
    written = {}
    for index, label in enumerate(labels):
        first, last = int(bounds[index]), int(bounds[index + 1])
        if last > first:
            part = table.slice(first, last - first)
            name = f"{stem}_{label}.csv"
            written[name] = write_csv(folder / name, {c: part[c] for c in part.column_names})
    return written
