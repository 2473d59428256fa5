"""Figures for the analyst at the terminal or in a notebook."""

import contextlib
from pathlib import Path

import duckdb
import pyarrow as pa

from zorgdata.assets import asset
from zorgdata.engine import load_models
from zorgdata.errors import UsageError
from zorgdata.store import open_published, open_query
from zorgdata.workspace import Workspace


def run_query(workspace: Workspace, sql: str, *, published: bool = False) -> pa.Table:
    """The rows of one SELECT. UsageError (exit 2) for anything else, and for wrong SQL."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"This is no SQL: {_first_line(error)}") from None
    allowed = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
    if len(statements) != 1 or statements[0].type not in allowed:
        raise UsageError("One SELECT at a time is allowed.", "The databases are read-only here.")
    opened = open_published(workspace.published_database) if published else open_query(workspace, sql)
    with contextlib.closing(opened) as connection:
        try:
            return connection.execute(statements[0]).to_arrow_table()
        except duckdb.Error as error:
            raise UsageError(f"The query failed: {_first_line(error)}", _hint(error)) from None


def metric_values(
    workspace: Workspace, names: list[str], level: str | None, period: str | None, unit: str | None
) -> pa.Table:
    """Rows of ``metrics.value``; every filter that is None or empty leaves its column free."""
    conditions, values = ["true"], []
    if names:
        conditions.append("metric in (select unnest(?))")
        values.append(names)
    for column, value in (("level", level), ("period", period), ("unit_id", unit)):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)  # type: ignore[arg-type]
    asked = f"metrics {' '.join(names)} level={level} period={period} unit={unit}"
    with contextlib.closing(open_query(workspace, asked)) as connection:
        try:
            return connection.execute(
                f"select * from metrics.value where {' and '.join(conditions)} order by all", values
            ).to_arrow_table()
        except duckdb.CatalogException:
            raise UsageError("There are no figures yet.", "Run: zorgdata build") from None


def explain_lineage(name: str) -> list[str]:
    """The tables and columns a table or column is made from, as lines of text."""
    from zorgdata.engine.lineage import lineage_lines

    return lineage_lines(load_models(asset("sql")), name)


def write_reference(folder: Path) -> list[Path]:
    """Dictionary, model pages, graph, metric reference and checks as HTML files in ``folder``."""
    from zorgdata.checks import load_checks
    from zorgdata.engine.docs import write_docs

    return write_docs(load_models(asset("sql")), folder, load_checks())


def _first_line(error: duckdb.Error) -> str:
    """DuckDB's message without the quoted statement. Conversion errors quote values and are only named."""
    if isinstance(
        error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException
    ):
        return f"{type(error).__name__} (a value does not fit its type)"
    return str(error).splitlines()[0]


def _hint(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.CatalogException):
        return "Tables: select table_schema, table_name from information_schema.tables"
    return ""
