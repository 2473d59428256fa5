"""Population, use and fragmentation in SQL against a second implementation that asks every day."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.oracle import differences
from tests.support.oracle_school import SchoolOracle
from tests.support.school_cases import region
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse
from zorgdata.catalogue import load

MODELS = (
    "theme_a_school_type",
    "theme_b_mix",
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


def expected(connection: duckdb.DuckDBPyConnection, rows: dict[str, list[dict[str, Any]]]) -> Table:
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
    return {
        key: {
            "value": figure.value,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "n_children": figure.n_children,
        }
        for key, figure in oracle.figures().items()
        if key[1] in load().metric(key[0]).levels
    }


@settings(
    max_examples=3,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10_000))
def test_sql_equals_the_words_of_the_catalogue(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    rows = region(Random(seed), 16)
    put(connection, rows)
    got, wanted = made(connection), expected(connection, rows)
    wrong = [f"missing {key}" for key in wanted.keys() - got.keys()]
    wrong += [f"too many {key}" for key in got.keys() - wanted.keys()]
    for key in wanted.keys() & got.keys():
        wrong += differences(got[key], wanted[key], key)
    assert not wrong, "\n".join(sorted(wrong)[:25])
