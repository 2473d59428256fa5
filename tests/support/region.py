"""A region for specs: small tables in, SQL models built, small tables out."""

from typing import Any

import duckdb
import pytest

from tests.support.tables import Rows, table
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from zorgdata.sources.kinds import KINDS

_NAMES = {
    "child": "child_id",
    "provider": "provider_id",
    "school": "school_id",
    "municipality": "municipality_code",
    "number": "allocation_number",
    "category": "product_category",
    "product": "product_code",
    "from": "start_date",
    "to": "end_date",
    "decided": "decided_on",
    "time": "decided_time",
    "reason": "change_reason",
    "type": "school_type",
}
_TEXT = frozenset(
    name for kind in KINDS.values() for name, sql_type in kind.stored_columns if sql_type == "varchar"
)


class Region:
    """Raw rows by kind; what a row leaves out gets an ordinary value."""

    def __init__(self) -> None:
        self.connection: duckdb.DuckDBPyConnection = warehouse()
        self._numbers = 0

    def clear(self) -> None:
        """Take all raw rows away."""
        for kind in KINDS:
            self.connection.execute(f"delete from raw.{kind}")
        self.connection.execute("delete from raw.setting")

    def fresh(self, years: tuple[int, int] | None = None, municipality: str = "", **tables: str) -> "Region":
        """Take all rows away and begin again: first and last year, a municipality of the region, tables."""
        self.clear()
        for kind, text in tables.items():
            self.given(kind, text)
        for name, year in zip(("first", "last"), years or (), strict=False):
            self.setting(f"periods.{name}_year", str(year))
        if municipality:
            self.setting("region.municipality", municipality)
        return self

    def given(self, kind: str, text: str, file_id: int = 1) -> None:
        """Put a small table into ``raw.<kind>``, as delivered in file ``file_id``."""
        rows = table(text, _NAMES, _TEXT)
        known = {name for name, _ in KINDS[kind].stored_columns}
        for row in rows:
            if "municipality_code" in known and kind not in {"schools", "products"}:
                row.setdefault("municipality_code", "9901")
            if "provider_id" in known:
                row.setdefault("provider_id", "A")
            if kind == "indications" and "allocation_number" not in row:
                self._numbers += 1
                row["allocation_number"] = str(self._numbers)
        insert(self.connection, kind, rows, file_id)

    def setting(self, name: str, value: str) -> None:
        """Set one setting."""
        setting(self.connection, name, value)

    def build(self, select: str) -> None:
        """Build the models of ``select``."""
        build_models(self.connection, select)

    def rows(self, query: str) -> Rows:
        """The rows of a query."""
        return rows_of(self.connection, query)

    def school(self, school: str = "99ZA00", period: str = "2024") -> dict[str, Any]:
        """The row of ``metrics.school``, after building it."""
        self.build("+metrics.school")
        found = self.rows(
            f"select * from metrics.school where school_id = '{school}' and period = '{period}'"
        )
        assert len(found) == 1, f"{len(found)} rows for {school} in {period}"
        return found[0]

    def expect(self, query: str, text: str) -> None:
        """The rows of ``query`` are those of the table, in that order, in the columns that it names."""
        expected = table(text)
        got = [{name: row[name] for name in expected[0]} for row in self.rows(query)]
        assert len(got) == len(expected), got
        for row, other in zip(got, expected, strict=True):
            assert row == {
                name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
                for name, value in other.items()
            }
