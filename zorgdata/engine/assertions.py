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


def broken(connection: duckdb.DuckDBPyConnection, table: str, header: Header) -> list[str]:
    """The tests of ``header`` that ``table`` breaks, each with the number of rows; never a value."""
    assertions = [parse_assertion(text, header.key) for text in header.tests]
    found: list[str] = []
    rowwise = [assertion for assertion in assertions if assertion.condition]
    if rowwise:
        counts = ", ".join(f"count(*) filter (where {assertion.condition})" for assertion in rowwise)
        row = connection.execute(f"select {counts} from {table}").fetchone() or ()
        found += [f"{a.text}: {n} rows" for a, n in zip(rowwise, row, strict=True) if n]
    if any(not assertion.condition for assertion in assertions):
        key = ", ".join(header.key)
        query = f"select count(*) from (select 1 from {table} group by {key} having count(*) > 1)"
        row = connection.execute(query).fetchone() or (0,)
        if row[0]:
            found.append(f"unique key ({key}): {row[0]} keys occur more than once")
    return found
