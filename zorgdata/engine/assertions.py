"""The ``tests`` of a header: what must hold of every row after a build, whatever the data.

Three forms: ``unique key``; ``not null a, b``; and any SQL condition (``0 <= upc_t and upc_t <= 1``), which
no row may make false. A null makes a condition neither true nor false and passes: undefined is not wrong.
"""

from dataclasses import dataclass

import duckdb

from zorgdata.engine.header import Header


@dataclass(frozen=True)
class Assertion:
    """``condition`` counts the rows that break it; ``columns`` are those it names outright."""

    text: str
    condition: str
    columns: tuple[str, ...] = ()


def parse_assertion(text: str, key: tuple[str, ...]) -> Assertion:
    """Read one entry of ``tests``."""
    words = text.strip()
    if words == "unique key":
        return Assertion(text, "", key)
    if words.startswith("not null "):
        columns = tuple(name.strip() for name in words.removeprefix("not null ").split(","))
        return Assertion(text, " or ".join(f"{name} is null" for name in columns), columns)
    return Assertion(text, f"not ({words})")


@dataclass(frozen=True)
class Looked:
    """What one pass over a table tells. ``content`` is equal for equal rows, in whatever order."""

    rows: int
    content: str
    broken: tuple[str, ...]


def look_at(connection: duckdb.DuckDBPyConnection, table: str, header: Header) -> Looked:
    """Count and hash the rows of ``table``, and hold them to the tests of ``header``.

    A broken test is told with the number of rows, never with a value. Keys are compared by a 64-bit hash;
    only when one comes back are the keys themselves looked at.
    """
    assertions = [parse_assertion(text, header.key) for text in header.tests]
    rowwise = [assertion for assertion in assertions if assertion.condition]
    has_key = any(not assertion.condition for assertion in assertions)
    key = ", ".join(header.key)
    columns = ", ".join(header.columns)
    wanted = ["count(*)", f"coalesce(sum(hash({columns})), 0)"]
    wanted.append(f"count(distinct hash({key}))" if has_key else "count(*)")
    wanted += [f"count(*) filter (where {assertion.condition})" for assertion in rowwise]
    row = connection.execute(f"select {', '.join(wanted)} from {table}").fetchone() or ()
    rows, total, different, *counts = row
    found = [f"{a.text}: {n} rows" for a, n in zip(rowwise, counts, strict=True) if n]
    if different < rows:
        query = f"select count(*) from (select 1 from {table} group by {key} having count(*) > 1)"
        (repeated,) = connection.execute(query).fetchone() or (0,)
        if repeated:
            found.append(f"unique key ({key}): {repeated} keys occur more than once")
    return Looked(int(rows), f"{rows}-{total:x}", tuple(found))
