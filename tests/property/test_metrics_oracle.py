"""Every column of the metrics of section 10, against a second implementation that asks every day."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.care_cases import SCHOOLS, put, regions
from tests.support.contributed import unexplained
from tests.support.examples import few
from tests.support.figures import Figure
from tests.support.oracle import (
    OF_UNITS,
    Oracle,
    Window,
    current_enrolments,
    current_indications,
    differences,
)
from tests.support.oracle_value import PROPORTIONS, by_part, in_period, on_date, wilson
from tests.support.warehouse import build_models, insert, rows_of, warehouse
from zorgdata.catalogue import load as load_catalogue

WINDOWS = [
    Window("2023", date(2023, 1, 1), date(2023, 12, 31)),
    Window("2024", date(2024, 1, 1), date(2024, 12, 31)),
    Window("2023-2024", date(2023, 8, 1), date(2024, 7, 31)),
    Window("2024-2025", date(2024, 8, 1), date(2025, 7, 31)),
]
LEVELS = ("school", "school_type", "board", "swv", "school_municipality", "municipality_type", "region")
MODELS = "+metrics.school +metrics.child_school +metrics.point_prevalence"
STORED_AS = {"worker_id": "professional_id", "pc4": "postcode", "child_id": "bsn"}
PAYER = "responsible_municipality"  # children there are those it pays for, not those of schools
NOT_DELIVERED = {"value": None, "n_children": 0, "lower": None, "upper": None, "status": "not_delivered"}
VALUE_KEY = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        put(db, {})
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


def load(connection: duckdb.DuckDBPyConnection, region: dict[str, Any], select: str = MODELS) -> Oracle:
    """Put a random region in the raw tables, build, and give its oracle."""
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, select)
    return Oracle(
        current_indications(region["indications"], region["deliveries"]),
        current_enrolments(region["enrolments"]),
    )


Key = tuple[Any, ...]
Table = dict[Key, dict[str, Any]]


def table(connection: duckdb.DuckDBPyConnection, name: str, *key: str) -> Table:
    """A table by its key."""
    rows = rows_of(connection, f"select * from {name}")
    found = {tuple(row[column] for column in key): row for row in rows}
    assert len(found) == len(rows), f"{name}: more rows with one key"
    return found


def compare(got: Table, expected: Table) -> list[str]:
    """Rows that are missing or too many, and columns that differ."""
    assert got.keys() == expected.keys()
    return [line for key, row in expected.items() for line in differences(got[key], row, key)]


def child_rows(oracle: Oracle) -> Table:
    return {
        (window.name, child, school["school_id"]): row
        for window in WINDOWS
        for child in oracle.children
        for school in SCHOOLS
        if (row := oracle.child(child, frozenset({school["school_id"]}), window))
    }


def unit_rows(oracle: Oracle, members: dict[tuple[str, str], frozenset[str]]) -> Table:
    found = {}
    for window in WINDOWS:
        for (level, unit), schools in members.items():
            figures = oracle.unit(schools, window)
            if figures:
                own = (
                    {}
                    if level == "school"
                    else {"school_providers_peak": None, "school_providers_mean": None}
                )
                found[window.name, level, unit] = figures | own
    return found


def date_rows(oracle: Oracle, days: list[date], members: dict[tuple[str, str], frozenset[str]]) -> Table:
    return {
        (day, level, unit): row
        for day in days
        for (level, unit), schools in members.items()
        if (row := oracle.on_date(schools, day))
    }


def value_rows(
    oracle: Oracle,
    days: list[date],
    lacking: set[str],
    last: list[date],
    members: dict[tuple[str, str], frozenset[str]],
) -> Table:
    """Rows of metrics.value; a metric that lacks its input says that it was not delivered.

    ``last``: the last day of all data, and that of every municipality that is behind.
    """
    unsure = {window.name: any(window.end > day for day in last) for window in WINDOWS}
    types = {school["school_id"]: school["school_type"] for school in SCHOOLS}
    found: Table = {}

    def told(
        place: Key, metrics: dict[str, Figure], part: tuple[str, str] = ("", ""), provisional: bool = False
    ) -> None:
        for metric, row in metrics.items():
            if metric in lacking:
                if not part[0]:
                    found[metric, *place, *part] = NOT_DELIVERED
                continue
            margin = {}
            if not part[0] and metric in PROPORTIONS:
                margin = dict(zip(("lower", "upper"), wilson(row.numerator, row.denominator), strict=True))
            elif not part[0] and len(oracle.children) < 10:  # from ten on by resampling
                margin = {"lower": None, "upper": None}
            status = "provisional" if provisional else "ok"
            found[metric, *place, *part] = {
                **asdict(row),
                "status": "undefined" if row.value is None else status,
                **margin,
            }

    for (level, unit), schools in members.items():
        for window in WINDOWS:
            place = level, unit, window.name, None
            told(place, in_period(oracle, level, schools, window), provisional=unsure[window.name])
            for part, figures in by_part(oracle, level, schools, window, types).items():
                told(place, figures, part, unsure[window.name])
        for day in days:
            told((level, unit, school_year(day), day), on_date(oracle, schools, day))
    return found | absent_rows(days, lacking)


def behind(region: dict[str, Any], first: date, last: date) -> list[date]:
    """Last days of municipalities that stopped a quarter before ``last``, with five events in a usual one."""
    days: dict[str, list[date]] = {}
    for kind in ("indications", "deliveries"):
        for row in region[kind]:
            for day in (row["start_date"], row.get("decided_on")):
                if day and first <= day <= last and row.get("municipality_code"):
                    days.setdefault(row["municipality_code"], []).append(day)
    found = []
    for events in days.values():
        covered = max((max(events) - min(events)).days + 1, 92)
        if (last - max(events)).days > 92 and len(events) * 92 / covered >= 5:
            found.append(max(events))
    return found


def absent_rows(days: list[date], lacking: set[str]) -> Table:
    """The region says of every metric that lacks its input that it was not delivered, whoever computes it."""
    times: list[tuple[str, date | None, str]]
    times = [(w.name, None, "school_year" if "-" in w.name else "calendar_year") for w in WINDOWS]
    times += [(school_year(day), day, "reference_date") for day in days]
    return {
        (metric, "region", "region", period, day, "", ""): NOT_DELIVERED
        for metric in lacking
        for period, day, kind in times
        if kind in load_catalogue().metric(metric).periods
    }


def lacking_metrics(region: dict[str, Any]) -> set[str]:
    """What cannot be computed from these rows and the schools, according to the catalogue."""
    filled = {
        f"{kind}.{STORED_AS.get(name, name)}"
        for kind, rows in {**region, "schools": SCHOOLS}.items()
        for row in rows
        for name, value in row.items()
        if value is not None
    }
    kinds = {name.partition(".")[0] for name in filled}
    return {metric.key for metric, _ in load_catalogue().not_available(kinds, filled)}


def covered(got: Table, expected: Table, lacking: set[str]) -> Table:
    """Of the rows that were made those that the oracle knows of: other themes have tests of their own."""
    known = {(key[0], key[1] == PAYER, key[5]) for key in expected}
    levels = {key[1] for key in expected}  # it knows units of pupils and payers, not of those who give care
    return {
        key: row
        for key, row in got.items()
        if (key[0], key[1] == PAYER, key[5]) in known
        and key[1] in levels
        and (key[0] not in lacking or key in expected)
    }


def decision_rows(connection: duckdb.DuckDBPyConnection) -> Table:
    """What decision support knows of a school, looked up in the figures themselves as far as delivered."""
    absent: set[str] = set()
    values: dict[Key, float] = {}
    forms: dict[Key, list[float]] = {}
    for row in rows_of(connection, "select * from metrics.value where level in ('school', 'region')"):
        when = row["unit_id"], row["period"], row["reference_date"]
        if row["status"] == "not_delivered":
            absent.add(row["metric"])
        if row["dimension"] == "":
            values[row["metric"], *when] = row["value"]
        elif row["dimension"] == "care_form" and row["dimension_value"] != "onbekend":
            forms.setdefault((row["metric"], *when), []).append(row["value"])
    schools = {school["school_id"]: school["school_type"] for school in SCHOOLS}
    found: Table = {}
    for _, school, period, day in sorted(
        key for key in values if key[0] == "care_share" and key[1] in schools
    ):

        def on(metric: str, school: str = school, period: str = period, day: date | None = day) -> Any:
            return values.get((metric, school, period, day))

        def over(metric: str, school: str = school, period: str = period) -> Any:
            return values.get((metric, school, period, None))

        hours, there = on("assigned_hours_week"), on("in_school_share_hours")
        match = on("horizon_match")
        told = {
            ("reference_date", ""): day,
            ("school_type", ""): schools[school],
            ("care_pupils", "pupils_with_care"): on("pupils_with_care"),
            ("care_share", "care_share"): on("care_share"),
            ("hours_week", "assigned_hours_week"): hours,
            ("hours_at_school", "in_school_share_hours"): None if there is None else hours * there,
            ("effective_providers", "effective_providers"): over("effective_providers"),
            ("effective_municipalities", "effective_municipalities"): over("effective_municipalities"),
            ("switches", "switches_per_careyear_g28"): over("switches_per_careyear_g28"),
            ("short_horizon", "horizon_match"): None if match is None else 1 - match,
            ("similar_need", "care_form_mix"): max(
                forms.get(("care_form_mix", school, period, day), []), default=None
            ),
            ("link_rate", "link_rate"): over("link_rate", "region"),
            ("school_years", ""): 1 + sum(key[1] == school and key[0] < period for key in found),
        }
        found[period, school] = {
            column: value for (column, metric), value in told.items() if metric not in absent
        }
    return found


def school_year(day: date) -> str:
    start = day.year if day.month >= 8 else day.year - 1
    return f"{start}-{start + 1}"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(region=regions())
def test_sql_equals_day_by_day(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    oracle = load(connection, region)
    units_expected = unit_rows(oracle, units())
    wrong = compare(
        table(connection, "metrics.child_school", "period", "child_id", "school_id"), child_rows(oracle)
    )
    wrong += compare(table(connection, "metrics.unit", "period", "level", "unit_id"), units_expected)
    schools = {
        (period, unit): {name: value for name, value in row.items() if name not in OF_UNITS}
        for (period, level, unit), row in units_expected.items()
        if level == "school"
    }
    wrong += compare(table(connection, "metrics.school", "period", "school_id"), schools)

    days = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    dates_expected = date_rows(oracle, days, units())
    wrong += compare(
        table(connection, "metrics.unit_date", "reference_date", "level", "unit_id"), dates_expected
    )
    points: Table = {
        (day, unit): {"care_pupils": row["care_pupils"], "pupils": row["pupils"]}
        for (day, level, unit), row in dates_expected.items()
        if level == "school"
    }
    wrong += compare(table(connection, "metrics.point_prevalence", "reference_date", "school_id"), points)

    assert not wrong, "\n".join(wrong[:20])


@few(3)
@given(region=regions())
def test_long_table_equals_day_by_day(connection: duckdb.DuckDBPyConnection, region: dict[str, Any]) -> None:
    """Few examples: the long table is made from two hundred models."""
    oracle = load(connection, region, "+metrics.value")
    days = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    span = rows_of(connection, "select * from staging.span")[0]
    last = [span["last_day"], *behind(region, span["first_day"], span["last_day"])]
    lacking = lacking_metrics(region)
    values = value_rows(oracle, days, lacking, last, units())
    wrong = compare(covered(table(connection, "metrics.value", *VALUE_KEY), values, lacking), values)
    wrong += compare(
        table(connection, "metrics.school_decision", "period", "school_id"), decision_rows(connection)
    )
    # What disclosure control takes for the contributions to a sum makes that sum.
    wrong += unexplained(connection)[1]
    assert not wrong, "\n".join(wrong[:20])
