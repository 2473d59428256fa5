"""Code lists and the catalogue as tables ``seeds.*``: small, made anew with every build that makes a table.

A list is ``sql/seeds/<name>.csv``; the types of its columns follow from their names (see the README there).
Models read them like any other table. Their content counts in the fingerprint of what reads them.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from zorgdata.catalogue import tables
from zorgdata.engine.parse import literal
from zorgdata.errors import ModelError

SCHEMA = "seeds"
_DATES = frozenset({"valid_from", "valid_to"})
_DECIMALS = frozenset({"hours", "per_day", "weight", "share_from"})
_INTEGERS = frozenset(
    {"rank", "horizon_age", "next_horizon_age", "age_from", "age_to", "months_from", "months_to"}
)


@dataclass(frozen=True)
class Seed:
    """One small table: its columns with their types, and a version that changes with its content."""

    name: str
    columns: Mapping[str, str]
    version: str
    text: str | None = None  # of a CSV; the catalogue gives its own rows

    def rows(self) -> list[tuple[str | int | bool | None, ...]]:
        """The rows; empty cells of a list are null."""
        if self.text is None:
            return [*tables.rows(self.name.partition(".")[2])]
        _, *lines = csv.reader(io.StringIO(self.text))
        return [tuple(cell or None for cell in line) for line in lines]


def load_seeds(root: Path) -> dict[str, Seed]:
    """The lists under ``root/seeds`` and the tables of the catalogue, by qualified name."""
    seeds = [_read(path) for path in sorted((root / "seeds").glob("*.csv"))]
    version = tables.version()
    seeds += [Seed(f"{SCHEMA}.{name}", columns, version) for name, columns in tables.COLUMNS.items()]
    found: dict[str, Seed] = {}
    for seed in seeds:
        if seed.name in found:
            raise ModelError(f"There are two tables {seed.name}.", "Give the list in sql/seeds another name.")
        found[seed.name] = seed
    return found


def write_seeds(connection: duckdb.DuckDBPyConnection, seeds: Mapping[str, Seed]) -> None:
    """Make the tables anew; the current database of ``connection`` gets them."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    for seed in seeds.values():
        named = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in seed.columns.items())
        values = ", ".join(f"({', '.join(_value(cell) for cell in row)})" for row in seed.rows())
        connection.execute(
            f"create or replace table {seed.name} as select {named} "
            f"from (values {values}) as given ({', '.join(seed.columns)})"
        )


def _read(path: Path) -> Seed:
    text = path.read_text(encoding="utf-8")
    header = next(csv.reader(io.StringIO(text)), [])
    columns = {name: _type(name) for name in header}
    return Seed(f"{SCHEMA}.{path.stem}", columns, hashlib.sha256(text.encode()).hexdigest(), text)


def _type(name: str) -> str:
    if name in _DATES:
        return "date"
    if name in _DECIMALS:
        return "double"
    if name in _INTEGERS:
        return "integer"
    return "boolean" if name.startswith(("is_", "in_")) else "varchar"


def _value(cell: str | int | bool | None) -> str:
    if cell is None:
        return "null"
    return literal(cell) if isinstance(cell, str) else str(cell).lower()
