"""Population, use and fragmentation in SQL against a second implementation that asks every day."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.figures import Figure, Key, unlike
from tests.support.oracle_school import SchoolOracle
from tests.support.school_cases import edges, region
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from zorgdata.catalogue import load

MODELS = (
    "theme_a_school_type",
    "theme_b_mix",
    "theme_b_part",
    "theme_b_school",
    "theme_b_volume",
    "theme_b_collective",
    "theme_b_slice",
    "theme_c_rollup",
    "theme_c_date",
    "theme_c_period",
)
SELECT = " ".join(f"+metrics.{name}" for name in MODELS)
KEY = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
Table = dict[tuple[Any, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        setting(db, "periods.first_year", "2023")
        setting(db, "periods.last_year", "2024")
        yield db


def put(connection: duckdb.DuckDBPyConnection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for kind, found in rows.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, found)
    build_models(connection, SELECT)


def made(connection: duckdb.DuckDBPyConnection) -> Table:
    """The figures of the models at the levels of the catalogue."""
    found: Table = {}
    for name in MODELS:
        for row in rows_of(connection, f"select * from metrics.{name}"):
            if row["level"] in load().metric(row["metric"]).levels:
                key = tuple(row[column] for column in KEY)
                assert key not in found, key
                found[key] = row
    return found


def expected(
    connection: duckdb.DuckDBPyConnection, rows: dict[str, list[dict[str, Any]]]
) -> dict[Key, Figure]:
    periods = [
        (row["kind"], row["period"], row["first"], row["until"] - timedelta(days=1))
        for row in rows_of(
            connection,
            "select kind, period, day_date(from_day) as first, day_date(until_day) as until "
            "from core.event_period",
        )
    ]
    days = [row["reference_date"] for row in rows_of(connection, "select * from core.reference_date")]
    counts = [row["count_day"] for row in rows_of(connection, "select * from core.count_day order by day")]
    horizon = rows_of(connection, "select last_day from core.span")[0]["last_day"]
    oracle = SchoolOracle(rows, periods, days, counts, horizon)
    return {key: figure for key, figure in oracle.figures().items() if key[1] in load().metric(key[0]).levels}


def held(connection: duckdb.DuckDBPyConnection, rows: dict[str, list[dict[str, Any]]]) -> dict[Key, Figure]:
    """Build a region, hold its figures against the oracle, and give what the oracle says."""
    put(connection, rows)
    got, wanted = made(connection), expected(connection, rows)
    wrong = unlike(got, wanted)
    assert not wrong, "\n".join(wrong[:25])
    return wanted


def test_sql_equals_the_words_of_the_catalogue_at_the_edges(connection: duckdb.DuckDBPyConnection) -> None:
    rows, more = region(Random(4), 4), edges()
    held(connection, {kind: found + more[kind] for kind, found in rows.items()})


@settings(
    max_examples=1,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000))
def test_sql_equals_the_words_of_the_catalogue(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    held(connection, region(Random(seed), 16))


def test_every_metric_of_these_themes_is_computed(connection: duckdb.DuckDBPyConnection) -> None:
    """A metric that the catalogue defines and no model makes would be missing without a word."""
    put(connection, region(Random(1), 16))
    plain = ("theme_a_population", "theme_b_use", "theme_c_fragmentation")
    build_models(connection, " ".join(f"+metrics.{name}" for name in plain))
    found: set[str] = set()
    for name in (*MODELS, *plain):
        found |= {row["metric"] for row in rows_of(connection, f"select distinct metric from metrics.{name}")}
    assert found == {metric.key for metric in load().by_key.values() if metric.theme in "ABC"}


def _values(table: Table) -> dict[tuple[Any, ...], Any]:
    return {key: (row["value"], row["n_children"]) for key, row in table.items()}


def test_order_of_delivery_is_irrelevant(connection: duckdb.DuckDBPyConnection) -> None:
    rows = region(Random(5), 12)
    put(connection, rows)
    before = _values(made(connection))
    turned = {kind: [dict(row) for row in reversed(found)] for kind, found in rows.items()}
    put(connection, turned)
    assert _values(made(connection)) == before


def test_a_new_school_changes_no_other_school(connection: duckdb.DuckDBPyConnection) -> None:
    """Figures of a school alone; what holds it against the region may change."""
    rows = region(Random(6), 12)
    # The last day of the data, with the new school and without: what runs is delivered until then.
    late = {"child_id": "late", "school_id": "99ZA00", "start_date": date(2025, 6, 1)}
    rows["enrolments"].append(late)
    put(connection, rows)
    relative = {"intensity_index", "standardised_care_ratio"}
    before = {k: v for k, v in _values(made(connection)).items() if k[1] == "school" and k[0] not in relative}
    more = region(Random(7), 6)
    for kind in ("enrolments", "indications", "arrangements", "domains"):
        for row in more[kind]:
            row["child_id"] = "f" + row["child_id"][1:]
            if kind == "enrolments":
                row |= {"school_id": "99ZE00", "school_type": "SO"}
            if kind == "indications":
                row["allocation_number"] = f"n{row['allocation_number']}"
        known = {(row["child_id"], row.get("start_date")) for row in rows[kind]}
        extra = {(row["child_id"], row["start_date"]): row for row in more[kind]}
        rows[kind] += [row for key, row in extra.items() if key not in known]
    rows["schools"].append(
        {"school_id": "99ZE00", "name": "E", "school_type": "SO", "municipality_code": "9901"}
    )
    put(connection, rows)
    after = {k: v for k, v in _values(made(connection)).items() if k[1] == "school" and k[2] != "99ZE00"}
    assert {k: v for k, v in after.items() if k[0] not in relative} == before


def test_parts_and_totals_agree(connection: duckdb.DuckDBPyConnection) -> None:
    """Types of school cover the pupils; starts of quarters add up to halves and halves to the year."""
    put(connection, region(Random(8), 20))
    got = made(connection)
    for key, row in got.items():
        metric, level, unit, period, *_ = key
        if metric in ("started_trajectories", "ended_trajectories") and len(period) == 4:
            for parts in (("Q1", "Q2", "Q3", "Q4"), ("H1", "H2")):
                keys = [(metric, level, unit, f"{period}-{part}", None, "", "") for part in parts]
                assert sum(got[k]["value"] for k in keys if k in got) == row["value"], key
        if metric in ("light_share", "heavy_share") and row["denominator"]:
            assert 0 <= row["value"] <= 1
        if metric == "provider_hhi_consortium":
            parent = got[("provider_hhi_parent", *key[1:])]
            assert (row["value"] is None) == (parent["value"] is None)
    types: dict[tuple[Any, ...], float] = {}
    for key, row in got.items():
        if key[0] == "pupils_by_school_type":
            types[key[1:5]] = types.get(key[1:5], 0) + row["value"]
    assert types
    assert all(total >= 1 - 1e-9 for total in types.values())
