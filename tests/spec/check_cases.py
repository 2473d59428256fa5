"""A small world for the specs of the checks: an empty warehouse into which a spec puts a few rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from zorgdata import engine
from zorgdata.checks import Status, offending_rows, run_checks
from zorgdata.landing import prepare_raw
from zorgdata.pipeline.models import shipped_models
from zorgdata.store.schema import prepare

MOMENT = datetime(2025, 7, 1, 6, 0)


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """A database with every table, and nothing in it."""
    connection = duckdb.connect(":memory:")
    prepare(connection, "v1:test")
    prepare_raw(connection)
    engine.build(connection, shipped_models())
    return connection


def day(text: str | None) -> date | None:
    """``2024-10-01`` as a date; None stays None."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class World:
    """The warehouse of one spec; what is put into it is gone afterwards."""

    connection: duckdb.DuckDBPyConnection

    def put(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Add rows; columns that are not named stay null."""
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def as_table(self, name: str) -> None:
        """Make an empty table of a view or table, to put rows into it outright."""
        (kind,) = self.connection.execute(
            "select lower(table_type) from information_schema.tables "
            "where table_schema || '.' || table_name = ?",
            [name],
        ).fetchone() or ("table",)
        self.connection.execute(f"create temp table shape as select * from {name} limit 0")
        self.connection.execute(f"drop {'view' if kind == 'view' else 'table'} {name}")
        self.connection.execute(f"create table {name} as from shape")
        self.connection.execute("drop table shape")

    def child(self, child_id: str, birth_month: str = "2012-05-01", key: int | None = None) -> None:
        """A child in core."""
        known = self.connection.execute("select count(*) from core.child").fetchone() or (0,)
        self.put(
            "core.child",
            {"child_id": child_id, "child_key": key or known[0] + 1, "birth_month": day(birth_month)},
        )

    def indication(self, number: str, child: str = "anna", **columns: Any) -> None:
        """An indication in core: municipality 9901, provider 41990001, all of 2024 unless said otherwise."""
        row: dict[str, Any] = {
            "allocation_number": number,
            "child_id": child,
            "municipality_code": "9901",
            "law": "jeugdwet",
            "provider_id": "41990001",
            "product_category": "45",
            "product_code": "45A04",
            "start_date": "2024-01-01",
            "end_date": "2024-12-31",
            "referrer": "02",
            **columns,
        }
        row["start_date"], row["end_date"] = day(row["start_date"]), day(row["end_date"])
        row.setdefault("planned_end_date", row["end_date"])
        row.setdefault("delivered_municipality_code", row["municipality_code"])
        row |= self._days(row["start_date"], row["end_date"])
        row["child_key"] = self._child_key(child)
        self.put("core.indication", row)

    def enrolment(
        self,
        child: str,
        school: str = "99AA00",
        start: str = "2023-08-01",
        end: str | None = None,
        **columns: Any,
    ) -> None:
        """An enrolment in core, open unless ``end`` is given."""
        dates = {"start_date": day(start), "end_date": day(end)}
        days = self._days(dates["start_date"], dates["end_date"])
        key = {"child_id": child, "child_key": self._child_key(child), "school_id": school}
        self.put("core.enrolment", {**key, **dates, **days, **columns})

    def file(self, file_id: int, kind: str = "indications", **columns: Any) -> None:
        """A loaded file of ten records in the ledger, received on the moment of checking."""
        row = {
            "file_id": file_id,
            "sha256": str(file_id),
            "name": f"{file_id}.csv",
            "kind": kind,
            "received_at": MOMENT,
            "records_read": 10,
            "records_accepted": 10,
            "records_quarantined": 0,
            "records_blank": 0,
            "status": "loaded",
            "municipality_code": "9901",
            "bytes": 1,
        }
        self.put("meta.file", row | columns)

    def outcome(self, name: str, **thresholds: float) -> tuple[Status, list[dict[str, Any]]]:
        """Status and rows of a check; ``tolerance=0.3`` changes a parameter, ``limit=2`` the limit."""
        named = {name if key == "limit" else f"{name}.{key}": value for key, value in thresholds.items()}
        (result,) = run_checks(self.connection, select=name, checked_at=MOMENT, thresholds=named)
        if result.status in {Status.ERROR, Status.NOT_APPLICABLE}:
            return result.status, [{"message": result.message}]
        table = offending_rows(self.connection, name, 50, MOMENT, thresholds=named)
        assert table.schema.names == list(declared_columns(name)), "the header describes other columns"
        return result.status, plain(table)

    def _child_key(self, child: str) -> int | None:
        row = self.connection.execute(
            "select child_key from core.child where child_id = ?", [child]
        ).fetchone()
        return row[0] if row else None

    @staticmethod
    def _days(start: date | None, end: date | None) -> dict[str, int]:
        first = (start - date(1970, 1, 1)).days if start else 0
        return {"from_day": first, "until_day": (end - date(1970, 1, 1)).days + 1 if end else 2932896}


def declared_columns(name: str) -> Sequence[str]:
    """The columns that the header of a check describes."""
    from zorgdata.checks import load_checks

    return tuple(load_checks().get(name).columns)


def plain(table: pa.Table) -> list[dict[str, Any]]:
    """Rows with dates as text, easier to read in an expectation."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in table.to_pylist()
    ]
