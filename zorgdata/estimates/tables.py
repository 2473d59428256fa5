"""Arrow tables as columns of numpy arrays, and rows in groups that do not depend on their order."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]


def floats(rows: pa.Table, name: str) -> Floats:
    """A column as floats; null becomes NaN."""
    values: Floats = rows[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def groups(rows: pa.Table, keys: Sequence[str]) -> Iterator[tuple[dict[str, Any], slice]]:
    """The groups of equal ``keys`` of a table that is sorted by them, each as a slice of its rows.

    Nulls are a value of their own. Use :func:`in_order` first.
    """
    count = rows.num_rows
    if count == 0:
        return
    change = np.zeros(count, dtype=bool)
    change[0] = True
    for name in keys:
        codes = rows[name].combine_chunks().dictionary_encode(null_encoding="encode")
        indices = codes.indices.to_numpy(zero_copy_only=False)
        change[1:] |= indices[1:] != indices[:-1]
    starts = np.flatnonzero(change)
    heads = rows.select(list(keys)).take(pa.array(starts)).to_pylist()
    for head, start, stop in zip(heads, starts, [*starts[1:], count], strict=True):
        yield head, slice(int(start), int(stop))


def in_order(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """The rows sorted by ``keys``."""
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in keys])
    return rows.take(order)


def table(schema: pa.Schema, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as a table of ``schema``; NaN becomes null, so that undefined is null."""
    columns = []
    for field in schema:
        values = [row[field.name] for row in rows]
        if pa.types.is_floating(field.type):
            values = [math.nan if value is None else value for value in values]
        columns.append(pa.array(values, type=field.type, from_pandas=True))
    return pa.table(columns, schema=schema)
