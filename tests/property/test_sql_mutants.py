"""Would the tests notice a slip of the pen in the SQL? One fault at a time, checked against the oracle.

Slow: some six hundred builds. A survivor is a fault that no figure of the sample shows; each of those that
are left is listed with the reason why it is no fault.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings

from tests.property.test_metrics_oracle import (
    VALUE_KEY,
    WINDOWS,
    Table,
    compare,
    covered,
    date_rows,
    lacking_metrics,
    table,
    unit_rows,
    units,
    value_rows,
)
from tests.spec.test_metrics_boundaries import CASES
from tests.support.care_cases import SCHOOLS, regions
from tests.support.mutants import Mutant, mutants
from tests.support.oracle import Oracle, current_enrolments, current_indications
from tests.support.warehouse import insert, models, rows_of, setting, warehouse
from zorgdata.engine import ModelFailedError, build
from zorgdata.errors import ModelError

pytestmark = pytest.mark.slow

MUTATED = (
    "staging.indication_version",
    "staging.indication",
    "staging.enrolment",
    "core.municipality_spell",
    "core.provider_spell",
    "core.provider_start",
    "core.indication_start",
    "core.indication_end",
    "core.school_set",
    "core.attendance_spell",
    "core.attended_care",
    "core.attended_segment",
    "metrics.child_provider",
    "metrics.child_care",
    "metrics.school_provider_day",
    "metrics.unit_date",
    "metrics.unit_date_provider",
    "metrics.unit_date_municipality",
    "metrics.unit_event",
    "metrics.indication_place",
    "metrics.theme_d_indication",
    "metrics.unit_municipality",
    "metrics.unit",
)
CHECKED = "+metrics.value +metrics.child_school +metrics.unit_date"


KEYS = {
    "metrics.child_school": ("period", "child_id", "school_id"),
    "metrics.unit": ("period", "level", "unit_id"),
    "metrics.unit_date": ("reference_date", "level", "unit_id"),
    "metrics.value": VALUE_KEY,
}


@dataclass
class Sample:
    """A database with the sample, and what the oracle says of it."""

    connection: duckdb.DuckDBPyConnection
    lacking: set[str]
    expected: dict[str, Table]

    def wrong(self) -> list[str]:
        """Figures that differ from the oracle, of the first table that has any."""
        for name, key in KEYS.items():
            try:
                got = table(self.connection, name, *key)
                if name == "metrics.value":
                    got = covered(got, self.expected[name], self.lacking)
                found = compare(got, self.expected[name])
            except AssertionError:
                return [f"{name}: other rows"]
            if found:
                return found
        return []


def _random_regions(number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    @settings(derandomize=True, max_examples=number, phases=[Phase.generate], database=None, deadline=None)
    @given(region=regions())
    def collect(region: dict[str, Any]) -> None:
        found.append(region)

    collect()
    return found


def _sample_rows() -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {"indications": [], "enrolments": [], "deliveries": []}
    for n, region in enumerate(_random_regions(25)):
        for kind, found in region.items():
            for row in found:
                own = {"child_id": f"r{n:02}{row['child_id'][-2:]}"}
                if "allocation_number" in row:
                    own["allocation_number"] = f"{n}-{row['allocation_number']}"
                rows[kind].append({**row, **own, "line": len(rows[kind]) + 2})
    for n, case in enumerate(CASES):
        for start, end in case.enrolled:
            rows["enrolments"].append(
                {
                    "child_id": f"c{n:02}",
                    "school_id": f"99YA{n:02}",
                    "start_date": date.fromisoformat(start),
                    "end_date": date.fromisoformat(end),
                    "line": len(rows["enrolments"]) + 2,
                }
            )
        for i, (provider, start, end) in enumerate(case.indications):
            rows["indications"].append(
                {
                    "child_id": f"c{n:02}",
                    "provider_id": provider,
                    "municipality_code": "9901",
                    "allocation_number": f"c{n}-{i}",
                    "start_date": date.fromisoformat(start),
                    "end_date": date.fromisoformat(end) if end else None,
                    "volume": 1.0,
                    "unit": "04",
                    "frequency": "1",
                    "line": len(rows["indications"]) + 2,
                }
            )
    return rows


def _reject_one(db: duckdb.DuckDBPyConnection) -> None:
    """An award of a message that was rejected; the oracle never hears of it."""
    parties = {"municipality_code": "9901", "provider_id": "41990001"}
    award = {"child_id": "c00", "allocation_number": "rejected", "start_date": date(2023, 9, 1)}
    insert(db, "indications", [{**parties, **award}], file_id=900)
    insert(
        db,
        "retours",
        [{**parties, "message_name": "JW301", "message_id": "m1", "return_code": "0001"}],
        file_id=901,
    )
    db.execute("insert into raw.message values (900, 'JW301', '9901', '41990001', 'm1', null)")


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    rows = _sample_rows()
    with warehouse() as db:
        insert(db, "schools", SCHOOLS)
        setting(db, "periods.first_year", "2023")
        setting(db, "periods.last_year", "2024")
        for kind, found in rows.items():
            insert(db, kind, found)
        _reject_one(db)
        build(db, models(), select=CHECKED, full=True)
        oracle = Oracle(
            current_indications(rows["indications"], rows["deliveries"]),
            current_enrolments(rows["enrolments"]),
        )
        schools = sorted({row["school_id"] for row in rows["enrolments"]})
        members = units() | {("school", school): frozenset({school}) for school in schools}
        members["region", "region"] = frozenset(schools)
        days = [row["reference_date"] for row in rows_of(db, "select * from core.reference_date")]
        last = rows_of(db, "select last_day from staging.span")[0]["last_day"]
        lacking = lacking_metrics(rows)
        children = {
            (window.name, child, school): row
            for window in WINDOWS
            for child in oracle.children
            for school in schools
            if (row := oracle.child(child, frozenset({school}), window))
        }
        made = Sample(
            db,
            lacking,
            {
                "metrics.child_school": children,
                "metrics.unit": unit_rows(oracle, members),
                "metrics.unit_date": date_rows(oracle, days, members),
                "metrics.value": value_rows(oracle, days, lacking, last, members),
            },
        )
        assert made.wrong() == []
        yield made


def _survives(sample: Sample, mutant: Mutant) -> bool:
    """Whether every figure is right in spite of the fault; the database is put back in order."""
    connection = sample.connection
    changed = mutant.of(models())
    try:
        build(connection, changed, select=f"{mutant.model}+", full=True)
        survived = not sample.wrong()
    except (ModelFailedError, ModelError):
        return False
    build(connection, models(), select=f"{mutant.model}+", full=True)
    return survived


@pytest.mark.parametrize("name", MUTATED)
def test_faults_show(sample: Sample, name: str) -> None:
    survivors = {mutant.fault for mutant in mutants(models()[name]) if _survives(sample, mutant)}
    assert survivors == set()
