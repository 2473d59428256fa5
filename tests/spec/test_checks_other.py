"""Checks of the other kinds of input: surveys, population, places, and who and where they are about."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from check_cases import World, empty_warehouse

from zorgdata.checks import Status


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


@pytest.fixture
def world(warehouse: duckdb.DuckDBPyConnection) -> Iterator[World]:
    warehouse.execute("begin")
    yield World(warehouse)
    warehouse.execute("rollback")


CHILD_TABLES = ("absence", "arrangement", "light_support", "domain", "outcome", "transport", "leaver")
SCHOOL_TABLES = (
    *("absence", "arrangement", "light_support", "collective_supply", "transport"),
    *("leaver", "offer", "initiative", "survey"),
)


def fill(world: World, table: str, **columns: Any) -> None:
    """A row in a core table; columns that may not be empty get something."""
    world.put(f"core.{table}", columns)


@pytest.mark.parametrize("table", CHILD_TABLES)
def test_unknown_child(world: World, table: str) -> None:
    """Pupils and children with an indication are known; whom nobody names is not."""
    for name in ("anna", "bram"):
        world.child(name)
    world.enrolment("anna")
    world.indication("A1", child="bram")
    fill(world, table, child_id="anna")
    fill(world, table, child_id="bram")
    assert world.outcome("unknown_child") == (Status.PASSED, [])
    fill(world, table, child_id="cas")
    status, rows = world.outcome("unknown_child")
    assert (status, [row["child_id"] for row in rows]) == (Status.FAILED, ["cas"])
    assert world.outcome("unknown_child", limit=0.4)[0] is Status.PASSED


@pytest.mark.parametrize("table", SCHOOL_TABLES)
def test_unknown_school_elsewhere(world: World, table: str) -> None:
    """A school must be in a list, not only have pupils."""
    world.put(
        "core.school", {"school_id": "99AA00", "is_listed": True}, {"school_id": "99BB00", "is_listed": False}
    )
    fill(world, table, school_id="99AA00")
    fill(world, table, source_line=1)
    assert world.outcome("unknown_school_elsewhere") == (Status.PASSED, [])
    fill(world, table, school_id="99BB00")
    status, rows = world.outcome("unknown_school_elsewhere")
    assert (status, [(row["school_id"], row["records"]) for row in rows]) == (Status.FAILED, [("99BB00", 1)])


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ({"score": 10.0, "scale_max": 10.0}, {"score": 10.5, "scale_max": 10.0}, "score"),
        ({"score": 0.0}, {"score": -0.5}, "score"),
        ({"responded": 5, "invited": 5}, {"responded": 6, "invited": 5}, "responded"),
        ({"satisfied": 3, "answers": 3}, {"satisfied": 4, "answers": 3}, "satisfied"),
    ],
)
def test_implausible_score(world: World, right: dict[str, Any], wrong: dict[str, Any], problem: str) -> None:
    fill(world, "survey", **right)
    assert world.outcome("implausible_score") == (Status.PASSED, [])
    fill(world, "survey", source_file_id=1, source_line=7, **wrong)
    assert world.outcome("implausible_score") == (
        Status.FAILED,
        [{"problem": problem, "source_file_id": 1, "source_line": 7}],
    )


def test_implausible_usefulness(world: World) -> None:
    """1 and 10 are marks; 0 and 11 are none."""
    for mark in (1.0, 10.0, None):
        fill(world, "outcome", usefulness=mark)
    assert world.outcome("implausible_usefulness") == (Status.PASSED, [])
    for mark in (0.0, 10.5):
        fill(world, "outcome", usefulness=mark)
    status, rows = world.outcome("implausible_usefulness")
    assert (status, len(rows)) == (Status.FAILED, 2)


def test_population_gaps(world: World) -> None:
    """All ages from 0 to 17 must have a number; older ones need not be there."""
    for age in range(18):
        row = {"municipality_code": "9901", "year": 2024, "age": age, "inhabitants": 10}
        world.put("core.population", row)
        world.put("core.population", {**row, "year": 2025, "inhabitants": None if age == 17 else 10})
    world.put("raw.setting", {"name": "region.municipality", "value": "9901"})
    assert world.outcome("population_gaps") == (
        Status.FAILED,
        [{"municipality_code": "9901", "year": 2025, "ages": 17}],
    )
    world.connection.execute("delete from core.population where year = 2025")
    assert world.outcome("population_gaps") == (Status.PASSED, [])
    world.put("raw.setting", {"name": "region.municipality", "value": "9902"})
    assert world.outcome("population_gaps") == (
        Status.FAILED,
        [{"municipality_code": "9902", "year": None, "ages": 0}],
    )


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ({"x": 52.1, "y": 5.1}, "coordinates"),
        ({"x": 463000.0, "y": 155000.0}, "coordinates"),
        ({"x": 155000.0, "y": 625001.0}, "coordinates"),
        ({"x": -1.0, "y": 463000.0}, "coordinates"),
        ({"x": 155000.0}, "coordinates"),
    ],
    ids=["degrees", "swapped", "north of the country", "west of it", "half"],
)
def test_implausible_place(world: World, place: dict[str, Any], problem: str) -> None:
    world.put("core.place", {"pc4": "9999", "municipality_code": "9901", "x": 155000.0, "y": 463000.0})
    world.put("core.place", {"pc4": "9998", "municipality_code": "9901"})
    assert world.outcome("implausible_place") == (Status.PASSED, [])
    world.put("core.place", {"pc4": "9997", "municipality_code": "9901", **place})
    assert world.outcome("implausible_place") == (Status.FAILED, [{"pc4": "9997", "problem": problem}])


def test_a_postcode_in_two_municipalities(world: World) -> None:
    world.put("core.place", {"pc4": "9999", "municipality_code": "9901"})
    world.put("core.place", {"pc4": "9999", "municipality_code": "9902"})
    assert world.outcome("implausible_place") == (
        Status.FAILED,
        [{"pc4": "9999", "problem": "municipalities"}],
    )
