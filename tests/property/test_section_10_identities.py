"""What must hold of the tables of METRICS 10 whatever the data: they know of days and of who is active."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.support.care_cases import put
from tests.support.court import Rows, many_regions
from tests.support.warehouse import build_models, models, rows_of, warehouse
from zorgdata.engine import select_models

TABLES = {
    "metrics.child_school": ("period", "child_id", "school_id"),
    "metrics.school": ("period", "school_id"),
    "metrics.point_prevalence": ("reference_date", "school_id"),
}
SELECT = " ".join(f"+{table}" for table in TABLES)
OF_INDICATIONS = ("secon_", "renewal_")
"""Columns of metrics.school that count indications as such."""
Table = dict[tuple[Any, ...], dict[str, Any]]
Figures = dict[str, Table]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Without the reason that meant something else before a date: the rules of today hold on every day."""
    found = many_regions(6)
    for row in found["indications"]:
        if row.get("change_reason") == "01":
            row["change_reason"] = "05"
    return found


@pytest.fixture(scope="module")
def before(rows: Rows) -> Figures:
    return figures(rows)


def figures(rows: Rows, by_days: int = 0) -> Figures:
    """The three tables; with ``by_days`` of periods and reference dates that are moved."""
    with warehouse() as db:
        put(db, rows)
        build_models(db, SELECT)
        if by_days:
            db.execute(f"update staging.period set start_date = start_date + {by_days}")
            db.execute(f"update staging.period set end_date = end_date + {by_days}")
            db.execute("delete from staging.reference_date")
            for day in (date(2023, 10, 1), date(2024, 10, 1)):
                period = f"{day.year}-{day.year + 1}"
                moved = day + timedelta(by_days)
                db.execute(f"insert into staging.reference_date values (date '{moved}', '{period}')")
            later = select_models(models(), SELECT)
            build_models(db, " ".join(name for name in later if not name.startswith("staging.")))
        return {table: _by_key(db, table, key) for table, key in TABLES.items()}


def _by_key(db: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> Table:
    return {
        tuple(row[name] for name in key): {
            name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()
        }
        for row in rows_of(db, f"select * from {table}")
    }


def changed(rows: Rows, change: Callable[[str, dict[str, Any]], Iterator[dict[str, Any]]]) -> Rows:
    """Every row in the place of which ``change`` gives others."""
    return {kind: [other for row in found for other in change(kind, row)] for kind, found in rows.items()}


def test_order_of_rows_is_irrelevant(rows: Rows, before: Figures) -> None:
    """Lines keep their numbers: which of two deliveries is the later one is part of the data."""
    assert figures({kind: found[::-1] for kind, found in reversed(rows.items())}) == before


def test_a_year_of_whole_weeks_later_everything_is_the_same(rows: Rows, before: Figures) -> None:
    """364 days: not a year, so that nothing can hang on months, leap days or names of periods."""
    days = 364

    def move(kind: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield {
            name: value + timedelta(days) if isinstance(value, date) else value for name, value in row.items()
        }

    moved = figures(changed(rows, move), days)
    for table in ("metrics.child_school", "metrics.school"):
        assert moved[table] == before[table]
    dates = {
        (day - timedelta(days), school): {**row, "reference_date": day - timedelta(days)}
        for (day, school), row in moved["metrics.point_prevalence"].items()
    }
    assert dates == before["metrics.point_prevalence"]


def test_a_school_more_changes_no_other(rows: Rows, before: Figures) -> None:
    """New children with care of the same providers, at a school of their own."""

    def twice(kind: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield row
        other = {**row, "child_id": f"x{row['child_id']}", "line": row["line"] + 100_000}
        if "allocation_number" in row:
            other["allocation_number"] = f"x{row['allocation_number']}"
        if kind == "enrolments":
            other["school_id"] = "99ZX00"
        yield other

    after = figures(changed(rows, twice))
    for table, found in after.items():
        assert {key: row for key, row in found.items() if key[-1] != "99ZX00"} == before[table]


def test_an_indication_in_two_halves_changes_counts_of_indications_only(rows: Rows) -> None:
    """Two that adjoin, of one provider. A total (frequency 6) would be given twice, so there is none here."""
    whole = {kind: [dict(row) for row in found] for kind, found in rows.items() if kind != "deliveries"}
    for row in whole["indications"]:
        row.pop("change_reason", None)
        if row.get("frequency") == "6":
            row["frequency"] = "2"

    def cut(kind: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        end = row.get("end_date")
        if kind != "indications" or (end is not None and end <= row["start_date"]):
            yield row
            return
        middle = row["start_date"] + ((end or row["start_date"] + timedelta(40)) - row["start_date"]) // 2
        decided = row.get("decided_on") or row["start_date"]  # both halves are decided when the whole was
        yield {**row, "decided_on": decided, "end_date": middle}
        number, line = f"{row['allocation_number']}-b", row["line"] + 100_000
        second = {"start_date": middle + timedelta(1), "allocation_number": number, "line": line}
        yield {**row, "decided_on": decided, **second}

    # Only numbers with one version: the halves of two versions would not be versions of each other.
    numbers = [row["allocation_number"] for row in whole["indications"]]
    whole["indications"] = [r for r in whole["indications"] if numbers.count(r["allocation_number"]) == 1]
    assert len(whole["indications"]) > 20
    one, two = figures(whole), figures(changed(whole, cut))
    assert two["metrics.child_school"] == one["metrics.child_school"]
    assert two["metrics.point_prevalence"] == one["metrics.point_prevalence"]
    differing = {
        name
        for key, row in one["metrics.school"].items()
        for name, value in row.items()
        if two["metrics.school"][key][name] != value
    }
    assert differing
    assert all(name.startswith(OF_INDICATIONS) for name in differing), differing


def test_schools_are_the_sums_of_their_children(before: Figures) -> None:
    children: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for (period, _, school), row in before["metrics.child_school"].items():
        children.setdefault((period, school), []).append(row)
    assert children.keys() == before["metrics.school"].keys()
    for key, school in before["metrics.school"].items():
        mine = children[key]
        cared = [row for row in mine if row["care_days"]]
        assert school["pupils_ever"] == len(mine)
        assert school["pupil_days"] == sum(row["enrolled_days"] for row in mine)
        assert school["care_pupils"] == len(cared)
        for name in ("care_days", "provider_days", "timed_care_days", "hours"):
            assert school[name] == pytest.approx(sum(row[name] for row in mine), abs=1e-6)
        assert school["child_peak_max"] == max((row["peak_providers"] for row in cared), default=None)
        kinds = ("entry", "replacement", "addition")
        starts = [sum(school[f"starts_{kind}_g{gap}"] for kind in kinds) for gap in (0, 28)]
        assert starts[1] <= starts[0]
        assert all(school[f"renewal_same_g{g}"] <= school[f"renewal_any_g{g}"] for g in (0, 28))
        assert all(school[f"renewal_any_g{g}"] <= school[f"renewal_ended_g{g}"] for g in (0, 28))
        assert school["secon_n_g0"] <= school["secon_n_g28"]
