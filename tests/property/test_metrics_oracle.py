"""Every column of the metrics of section 10, against a second implementation that asks every day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.care_cases import SCHOOLS, regions
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications, differences
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse

WINDOWS = [
    Window("2023", date(2023, 1, 1), date(2023, 12, 31)),
    Window("2024", date(2024, 1, 1), date(2024, 12, 31)),
    Window("2023-2024", date(2023, 8, 1), date(2024, 7, 31)),
    Window("2024-2025", date(2024, 8, 1), date(2025, 7, 31)),
]
LEVELS = ("school", "school_type", "board", "swv", "school_municipality", "municipality_type", "region")
MODELS = "+metrics.unit metrics.school metrics.child_school +metrics.point_prevalence"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        insert(db, "schools", SCHOOLS)
        setting(db, "periods.first_year", "2023")
        setting(db, "periods.last_year", "2024")
        yield db


def units() -> dict[tuple[str, str], frozenset[str]]:
    """Every unit and its schools."""
    found: dict[tuple[str, str], set[str]] = {}
    for school in SCHOOLS:
        values = {
            "school": school["school_id"],
            "school_type": school["school_type"],
            "board": school["board"],
            "swv": school["swv"],
            "school_municipality": school["municipality_code"],
            "municipality_type": f"{school['municipality_code']}|{school['school_type']}",
            "region": "region",
        }
        for level, unit in values.items():
            if unit is not None:
                found.setdefault((level, unit), set()).add(school["school_id"])
    return {key: frozenset(schools) for key, schools in found.items()}


def load(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> Oracle:
    """Put a random region in the raw tables, build, and give its oracle."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, MODELS)
    return Oracle(
        current_indications(region["indications"], region["deliveries"]),
        current_enrolments(region["enrolments"]),
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(region=regions())
def test_sql_equals_day_by_day(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    oracle = load(connection, region)
    wrong: list[str] = []

    got_children = {
        (row["period"], row["child_id"], row["school_id"]): row
        for row in rows_of(connection, "select * from metrics.child_school")
    }
    expected_children = {
        (window.name, child, school["school_id"]): row
        for window in WINDOWS
        for child in oracle.children
        for school in SCHOOLS
        if (row := oracle.child(child, frozenset({school["school_id"]}), window))
    }
    assert got_children.keys() == expected_children.keys()
    for key, row in expected_children.items():
        wrong += differences(got_children[key], row, f"child {key}")

    got_units = {
        (row["period"], row["level"], row["unit_id"]): row
        for row in rows_of(connection, "select * from metrics.unit")
    }
    expected_units = {}
    for window in WINDOWS:
        for (level, unit), schools in units().items():
            figures = oracle.unit(schools, window)
            if figures:
                if level != "school":
                    figures |= {"school_providers_peak": None, "school_providers_mean": None}
                expected_units[window.name, level, unit] = figures
    assert got_units.keys() == expected_units.keys()
    for key, row in expected_units.items():
        wrong += differences(got_units[key], row, f"unit {key}")

    got_schools = {
        (row["period"], "school", row["school_id"]): row
        for row in rows_of(connection, "select * from metrics.school")
    }
    for key, row in got_schools.items():
        wrong += differences(row, expected_units[key], f"school {key}")
    assert not wrong, "\n".join(wrong[:20])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(region=regions())
def test_reference_dates_equal_day_by_day(
    connection: duckdb.DuckDBPyConnection, region: dict[str, Any]
) -> None:
    oracle = load(connection, region)
    days = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    got = {
        (row["reference_date"], row["level"], row["unit_id"]): row
        for row in rows_of(connection, "select * from metrics.unit_date")
    }
    expected = {
        (day, level, unit): figures
        for day in days
        for (level, unit), schools in units().items()
        if (figures := oracle.on_date(schools, day))
    }
    assert got.keys() == expected.keys()
    wrong: list[str] = []
    for key, row in expected.items():
        wrong += differences(got[key], row, key)
    schools_got = {
        (row["reference_date"], row["school_id"]): (row["care_pupils"], row["pupils"])
        for row in rows_of(connection, "select * from metrics.point_prevalence")
    }
    assert schools_got == {
        (day, unit): (row["care_pupils"], row["pupils"])
        for (day, level, unit), row in expected.items()
        if level == "school"
    }
    assert not wrong, "\n".join(wrong[:20])
