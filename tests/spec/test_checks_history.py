"""What earlier runs of the checks found is kept, and limits come from the settings."""

from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest
from check_cases import World, empty_warehouse

from zorgdata.checks import history, run_checks
from zorgdata.errors import UsageError
from zorgdata.settings import Settings


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with empty_warehouse() as connection:
        yield World(connection)


@pytest.fixture
def connection(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    world.connection.execute("begin")
    yield world.connection
    world.connection.execute("rollback")


def test_outcomes_of_earlier_runs_newest_first(world: World, connection: duckdb.DuckDBPyConnection) -> None:
    world.child("anna")
    run_checks(connection, "eerste", "unknown_referrer accounting", datetime(2025, 1, 1))
    world.indication("A1")
    run_checks(connection, "tweede", "unknown_referrer", datetime(2025, 1, 2))
    world.indication("A2", referrer=None)
    run_checks(connection, "derde", "unknown_referrer", datetime(2025, 1, 3))
    found = history(connection, "unknown_referrer").to_pylist()
    assert [(row["run_id"], row["status"], row["offending"], row["change"]) for row in found] == [
        ("derde", "failed", 1, 1),
        ("tweede", "passed", 0, None),
        ("eerste", "not_applicable", None, None),
    ]
    assert history(connection, "unknown_referrer", runs=1).num_rows == 1
    assert {row["check"] for row in history(connection).to_pylist()} == {"accounting", "unknown_referrer"}


def test_an_unknown_check_has_no_history(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match="unknown_referer"):
        history(connection, "unknown_referer")


def test_limits_and_parameters_come_from_the_settings() -> None:
    settings = Settings.model_validate(
        {"checks": {"unknown_referrer": 0.4, "record_change": {"tolerance": 0.25, "limit": 2}}}
    )
    assert settings.check_thresholds() == {
        "unknown_referrer": 0.4,
        "record_change.tolerance": 0.25,
        "record_change": 2,
    }
