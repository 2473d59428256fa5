"""A work database in memory with all raw tables, and rows put into them from plain dictionaries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, Protocol

import duckdb

from zorgdata.engine import BuildResult, Models, build
from zorgdata.pipeline.models import shipped_models
from zorgdata.sources.kinds import KINDS

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

_SCHEMAS = ("raw", "seeds", "staging", "core", "metrics", "protected", "checks", "meta")


def warehouse() -> duckdb.DuckDBPyConnection:
    """A connection with the schemas, the empty raw tables and ``meta.raw_state``."""
    connection = duckdb.connect(":memory:", config={"threads": 2})
    for schema in _SCHEMAS:
        connection.execute(f"create schema {schema}")
    for kind in KINDS.values():
        columns = ", ".join(f"{name} {sql_type}" for name, sql_type in kind.stored_columns)
        connection.execute(f"create table raw.{kind.name} (file_id bigint, line bigint, {columns})")
    connection.execute("create table raw.setting (name varchar, value varchar)")
    connection.execute(
        "create table raw.message (file_id bigint, message_name varchar, municipality_code varchar, "
        "provider_id varchar, message_id varchar, dated_on date)"
    )
    connection.execute("create table raw.child_link (child_id varchar, person_id varchar, tier varchar)")
    connection.execute("create table meta.raw_state (table_name varchar primary key, version varchar)")
    return connection


def insert(connection: duckdb.DuckDBPyConnection, kind: str, rows: Iterable[Row], file_id: int = 1) -> None:
    """Put rows into ``raw.<kind>``; lines count from 2, and a row may give its own file_id and line."""
    known = {"file_id", "line", *(name for name, _ in KINDS[kind].stored_columns)}
    values = []
    for line, row in enumerate(rows, 2):
        unknown = row.keys() - known
        assert not unknown, f"raw.{kind} has no column {unknown}"
        full = {"file_id": file_id, "line": line, **row}
        values.append("(" + ", ".join(literal(full.get(name)) for name in sorted(known)) + ")")
    if values:
        names = ", ".join(sorted(known))
        connection.execute(f"insert into raw.{kind} ({names}) values {', '.join(values)}")


def setting(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Add one setting."""
    connection.execute(f"insert into raw.setting values ({literal(name)}, {literal(value)})")


@cache
def models() -> Models:
    """The models of the project, read once."""
    return shipped_models()


class Listener(Protocol):
    """Who wants to know what tests build and read."""

    def built(
        self, connection: duckdb.DuckDBPyConnection, select: str, given: Sequence[str] = ()
    ) -> None: ...

    def read(self, connection: duckdb.DuckDBPyConnection, query: str, rows: Rows) -> Rows: ...


LISTENERS: list[Listener] = []


def build_models(connection: duckdb.DuckDBPyConnection, select: str) -> BuildResult:
    """Build ``select`` (``+metrics.school``) from scratch."""
    result = build(connection, models(), select=select, full=True)
    for listener in LISTENERS:
        listener.built(connection, select)
    return result


def build_alone(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Build one model on the tables that a test put in the place of those it reads."""
    for macro in models().macros:
        connection.execute(macro.sql)
    connection.execute(f"create or replace table {name} as\n{models()[name].body}")
    for listener in LISTENERS:
        listener.built(connection, name, models().upstream(name))


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    for listener in LISTENERS:
        rows = listener.read(connection, query, rows)
    return rows


def literal(value: object) -> str:
    """A Python value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, time):
        return f"time '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"
