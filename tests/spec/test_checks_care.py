"""Checks of children, schools and care: what may not be, or hardly can be. Each passes and fails once."""

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
    world = World(warehouse)
    world.child("anna")
    world.child("bram")
    yield world
    warehouse.execute("rollback")


def test_unknown_product_code(world: World) -> None:
    """A product of all municipalities will do, one of another municipality or of later will not."""
    world.put("core.product", product(), product("45A05", valid_from="2024-01-01"))
    world.indication("A1")
    world.indication("A2", product_code="45A05")
    world.indication("A3", product_code=None)
    assert world.outcome("unknown_product_code") == (Status.PASSED, [])

    world.put("core.product", product("45A06", municipality_code="9902"))
    world.indication(
        "A4", product_code="45A05", start_date="2023-12-31", hours_per_week=2.5, budget_cents=100
    )
    world.indication("A5", product_code="45A05", start_date="2023-12-31", hours_per_week=1.0)
    world.indication("A6", product_code="45A06")
    assert world.outcome("unknown_product_code") == (
        Status.FAILED,
        [
            {
                "municipality_code": "9901",
                "product_category": "45",
                "product_code": "45A05",
                "records": 2,
                "hours_per_week": 3.5,
                "budget_cents": 100,
            },
            {
                "municipality_code": "9901",
                "product_category": "45",
                "product_code": "45A06",
                "records": 1,
                "hours_per_week": None,
                "budget_cents": None,
            },
        ],
    )


def test_unknown_product_code_weighs_the_indications(world: World) -> None:
    """One code in a hundred records is 1 %, however many codes there are."""
    world.put("core.product", product())
    for number in range(99):
        world.indication(f"A{number}")
    world.indication("B1", product_code="45X99")
    assert world.outcome("unknown_product_code")[0] is Status.PASSED


def test_unknown_provider(world: World) -> None:
    world.put("raw.providers", {"file_id": 1, "line": 2, "provider_id": "41990001"})
    world.put(
        "core.provider",
        {"provider_id": "41990001", "is_listed": True},
        {"provider_id": "41990009", "is_listed": False},
    )
    world.indication("A1")
    assert world.outcome("unknown_provider") == (Status.PASSED, [])
    world.indication("A2", provider_id="41990009")
    assert world.outcome("unknown_provider") == (
        Status.FAILED,
        [{"provider_id": "41990009", "records": 1}],
    )


def test_unknown_provider_is_not_applicable_without_a_list(world: World) -> None:
    world.indication("A1")
    assert world.outcome("unknown_provider")[0] is Status.NOT_APPLICABLE


def test_unknown_school(world: World) -> None:
    world.put("raw.schools", {"file_id": 1, "line": 2, "school_id": "99AA00"})
    world.put(
        "core.school", {"school_id": "99AA00", "is_listed": True}, {"school_id": "99ZZ00", "is_listed": False}
    )
    world.enrolment("anna")
    assert world.outcome("unknown_school") == (Status.PASSED, [])
    world.enrolment("bram", "99ZZ00")
    assert world.outcome("unknown_school") == (Status.FAILED, [{"school_id": "99ZZ00", "enrolments": 1}])


def test_overlapping_product(world: World) -> None:
    """The day after the end is no overlap; another product, provider or child is none either."""
    world.indication("A1", end_date="2024-06-30")
    world.indication("A2", start_date="2024-07-01")
    world.indication("A3", product_code="45A05")
    world.indication("A4", provider_id="41990002")
    world.indication("A5", child="bram")
    assert world.outcome("overlapping_product") == (Status.PASSED, [])

    world.indication("A6", start_date="2024-12-31", end_date="2025-03-31")
    assert world.outcome("overlapping_product") == (
        Status.FAILED,
        [
            {
                "municipality_code": "9901",
                "allocation_number": "A6",
                "child_id": "anna",
                "provider_id": "41990001",
                "start_date": "2024-12-31",
                "earlier_until": "2024-12-31",
            }
        ],
    )


def test_overlapping_product_sees_a_long_one_before_a_short_one(world: World) -> None:
    """The running end counts, not that of the row before."""
    world.indication("A1")
    world.indication("A2", start_date="2024-02-01", end_date="2024-02-28")
    world.indication("A3", start_date="2024-10-01", end_date="2024-10-31")
    status, rows = world.outcome("overlapping_product")
    assert status is Status.FAILED
    assert [row["allocation_number"] for row in rows] == ["A2", "A3"]


def test_open_ended_weekly(world: World) -> None:
    """An open end is allowed when the volume is not per week."""
    world.indication("A1", frequency="2")
    world.indication("A2", frequency="4", end_date=None)
    assert world.outcome("open_ended_weekly") == (Status.PASSED, [])
    world.indication("A3", frequency="2", end_date="2024-03-01", planned_end_date=None)
    assert world.outcome("open_ended_weekly") == (
        Status.FAILED,
        [{"municipality_code": "9901", "allocation_number": "A3", "start_date": "2024-01-01"}],
    )


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"volume": -1.0}, "negative volume"),
        ({"budget_cents": -1}, "negative budget"),
        ({"hours_per_week": 84.1}, "too many hours"),
    ],
)
def test_implausible_volume(world: World, columns: dict[str, Any], problem: str) -> None:
    """No volume, a volume of 0 and 84 hours a week can be."""
    world.indication("A1", volume=0.0, budget_cents=0, hours_per_week=84.0)
    world.indication("A2")
    assert world.outcome("implausible_volume") == (Status.PASSED, [])

    world.indication("A3", **columns)
    status, rows = world.outcome("implausible_volume")
    assert status is Status.FAILED
    assert [(row["kind"], row["allocation_number"], row["problem"]) for row in rows] == [
        ("indication", "A3", problem)
    ]


def test_implausible_declaration(world: World) -> None:
    world.indication("A1")
    world.put("core.declaration", {"allocation_number": "A1", "volume": 1.0, "amount_cents": -5})
    status, rows = world.outcome("implausible_volume")
    assert status is Status.FAILED
    assert [(row["kind"], row["problem"]) for row in rows] == [("declaration", "negative amount")]


def test_care_after_18(world: World) -> None:
    """A month is left for the day of birth that is not kept."""
    world.child("chris", birth_month="2006-05-01")
    world.indication("A1", child="chris", end_date="2024-05-31")
    assert world.outcome("care_after_18") == (Status.PASSED, [])
    world.indication("A2", child="chris", end_date="2024-06-01")
    assert world.outcome("care_after_18") == (
        Status.FAILED,
        [
            {
                "municipality_code": "9901",
                "allocation_number": "A2",
                "child_id": "chris",
                "start_date": "2024-01-01",
                "end_date": "2024-06-01",
                "eighteen_from": "2024-05-01",
            }
        ],
    )


def test_care_after_18_of_open_ended_care_is_judged_today(world: World) -> None:
    """Checked on 1 July 2025."""
    world.child("chris", birth_month="2007-06-01")
    world.child("daan", birth_month="2007-07-01")
    world.indication("A1", child="daan", end_date=None)
    assert world.outcome("care_after_18") == (Status.PASSED, [])
    world.indication("A2", child="chris", end_date=None)
    status, rows = world.outcome("care_after_18")
    assert status is Status.FAILED
    assert [row["child_id"] for row in rows] == ["chris"]


def test_implausible_age(world: World) -> None:
    """Care from the month of birth on, school from the third birthday on, both to the 24th."""
    world.child("eva", birth_month="2024-01-01")
    world.child("finn", birth_month="2021-08-01")
    world.indication("A1", child="eva")
    world.enrolment("finn", start="2024-08-01")
    assert world.outcome("implausible_age") == (Status.PASSED, [])

    world.child("gijs", birth_month="2024-02-01")
    world.child("hugo", birth_month="1999-12-01")
    world.indication("A2", child="gijs")
    world.indication("A3", child="hugo")
    world.enrolment("eva", start="2026-12-31")
    status, rows = world.outcome("implausible_age")
    assert status is Status.FAILED
    assert [(row["kind"], row["child_id"]) for row in rows] == [
        ("enrolment", "eva"),
        ("indication", "gijs"),
        ("indication", "hugo"),
    ]


def test_child_contradiction(world: World) -> None:
    """What one source leaves open, and x beside m, contradict nothing."""
    base = {"file_id": 1, "line": 1, "child_id": "anna"}
    world.put("raw.indications", {**base, "birth_month": "2012-05-01", "sex": "m"})
    world.put("raw.enrolments", {**base, "birth_month": None, "sex": "x"})
    assert world.outcome("child_contradiction") == (Status.PASSED, [])
    world.put("raw.enrolments", {**base, "birth_month": "2012-06-01", "sex": "f"})
    assert world.outcome("child_contradiction") == (
        Status.FAILED,
        [{"child_id": "anna", "birth_months": 2, "sexes": 2}],
    )


def test_two_schools(world: World) -> None:
    """Out on 31 July and in on 1 August is no overlap, nor is the same school twice."""
    world.enrolment("anna", start="2023-08-01", end="2024-07-31")
    world.enrolment("anna", "99BB00", start="2024-08-01")
    world.enrolment("bram", start="2023-08-01")
    world.enrolment("bram", start="2024-08-01")
    assert world.outcome("two_schools") == (Status.PASSED, [])

    world.enrolment("bram", "99BB00", start="2024-08-01", end="2024-12-31", main_enrolment=False)
    status, rows = world.outcome("two_schools")
    assert status is Status.FAILED
    assert (
        rows
        == [
            {
                "child_id": "bram",
                "school_id": "99BB00",
                "other_school_id": "99AA00",
                "overlap_from": "2024-08-01",
                "overlap_until": "2024-12-31",
                "both_main": False,
            }
        ]
        * 2
    )


def test_pupil_count_difference(world: World) -> None:
    """Counted on 1 October, the first and the last day included; other years do not matter."""
    for number in range(60):
        world.child(f"pupil{number}")
        world.enrolment(f"pupil{number}", start="2023-10-01", end="2024-10-01")
    world.put("core.pupil_count", {"school_id": "99AA00", "year": 2023, "pupils": 66})
    world.put("core.pupil_count", {"school_id": "99AA00", "year": 2022, "pupils": 500})
    world.put("core.pupil_count", {"school_id": "99BB00", "year": 2023, "pupils": 500})
    assert world.outcome("pupil_count_difference") == (Status.PASSED, [])

    world.put("core.pupil_count", {"school_id": "99AA00", "year": 2024, "pupils": 67})
    world.put("core.pupil_count", {"school_id": "99AA00", "year": 2025, "pupils": 40})
    status, rows = world.outcome("pupil_count_difference")
    assert status is Status.FAILED
    assert [(row["year"], row["delivered"], row["counted"]) for row in rows] == [
        (2024, 60, 67),
        (2025, 0, 40),
    ]
    assert world.outcome("pupil_count_difference", tolerance=1)[0] is Status.PASSED


def test_small_school_may_differ_by_five_pupils(world: World) -> None:
    world.enrolment("anna")
    world.put("core.pupil_count", {"school_id": "99AA00", "year": 2024, "pupils": 6})
    assert world.outcome("pupil_count_difference")[0] is Status.PASSED
    assert world.outcome("pupil_count_difference", min_pupils=4)[0] is Status.FAILED


def test_school_without_pupils(world: World) -> None:
    """Only schools in municipalities of the region are expected, and only if they have pupils."""
    world.put("raw.setting", {"name": "region.municipality", "value": "9901"})
    for school, municipality, pupils in [
        ("99AA00", "9901", 100),
        ("99BB00", "9901", 0),
        ("99CC00", "9902", 100),
    ]:
        world.put("core.school", {"school_id": school, "municipality_code": municipality})
        world.put("core.pupil_count", {"school_id": school, "year": 2024, "pupils": pupils})
    world.enrolment("anna")
    assert world.outcome("school_without_pupils") == (Status.PASSED, [])

    world.put("core.school", {"school_id": "99DD00", "municipality_code": "9901"})
    world.put("core.pupil_count", {"school_id": "99DD00", "year": 2023, "pupils": 80})
    world.put("core.pupil_count", {"school_id": "99DD00", "year": 2024, "pupils": 90})
    assert world.outcome("school_without_pupils") == (
        Status.FAILED,
        [{"school_id": "99DD00", "municipality_code": "9901", "pupils": 90}],
    )


def test_low_link_rate(world: World) -> None:
    """16 of 20 is enough, 15 is not; toddlers and older years do not count."""
    world.as_table("staging.span")
    world.put("staging.span", {"first_day": "2020-01-01", "last_day": "2024-12-31"})
    world.child("peuter", birth_month="2022-01-01")
    world.enrolment("anna", start="2024-12-31")
    for number in range(16):
        world.indication(f"A{number}")
    for number in range(4):
        world.indication(f"B{number}", child="bram")
    world.indication("T", child="peuter")
    world.indication("Z", child="bram", start_date="2022-12-30", end_date="2022-12-31")
    assert world.outcome("low_link_rate") == (Status.PASSED, [])

    world.indication("C1", child="bram")
    assert world.outcome("low_link_rate") == (
        Status.FAILED,
        [{"municipality_code": "9901", "records": 21, "linked": 16, "rate": pytest.approx(16 / 21)}],
    )
    assert world.outcome("low_link_rate", min_rate=0.5)[0] is Status.PASSED


def test_low_link_rate_wants_the_enrolment_during_the_care(world: World) -> None:
    world.as_table("staging.span")
    world.put("staging.span", {"first_day": "2020-01-01", "last_day": "2024-12-31"})
    world.enrolment("anna", start="2025-01-01")
    for number in range(20):
        world.indication(f"A{number}")
    assert world.outcome("low_link_rate")[0] is Status.FAILED


def test_core_keys(world: World) -> None:
    world.put("core.school", {"school_id": "99AA00"})
    world.indication("A1")
    world.indication("A1", municipality_code="9902")
    world.indication("A1", law="wmo")
    assert world.outcome("core_keys") == (Status.PASSED, [])

    world.indication("A1")
    world.put("core.school", {"school_id": None})
    assert world.outcome("core_keys") == (
        Status.FAILED,
        [
            {"table_name": "core.indication", "key": "9901 jeugdwet A1", "rows": 2},
            {"table_name": "core.school", "key": None, "rows": 1},
        ],
    )


def test_metrics_null_rules(world: World) -> None:
    """Without care a share is empty and a count is 0."""
    world.as_table("metrics.child_school")
    world.as_table("metrics.school")
    world.put("metrics.child_school", child_school("anna", 0), child_school("bram", 10))
    world.put("metrics.school", school("99AA00", 10), school("99BB00", 0))
    assert world.outcome("metrics_null_rules") == (Status.PASSED, [])

    world.put("metrics.child_school", {**child_school("chris", 0), "upc_t": 0.0})
    world.put("metrics.school", {**school("99CC00", 10), "cr1": None})
    status, rows = world.outcome("metrics_null_rules")
    assert status is Status.FAILED
    assert [(row["table_name"], row["child_id"], row["problem"]) for row in rows] == [
        ("metrics.child_school", "chris", "upc_t is null exactly without care"),
        ("metrics.child_school", "chris", "upc_t lies between 0 and 1"),
        ("metrics.school", None, "cr1 is null exactly without care"),
    ]


def product(code: str = "45A04", **columns: Any) -> dict[str, Any]:
    return {"product_category": "45", "product_code": code, **columns}


def child_school(child: str, care_days: int) -> dict[str, Any]:
    """A row of metrics.child_school for a child with one provider on ``care_days`` of 10 days."""
    filled = 1.0 if care_days else None
    return {
        "period": "2024",
        "school_id": "99AA00",
        "child_id": child,
        "enrolled_days": 10,
        "care_days": care_days,
        "peak_providers": min(care_days, 1),
        "days_ge2": 0,
        "days_ge3": 0,
        "hours": 0.0,
        "upc_t": filled,
        "main_cover": filled,
        "hhi_t": filled,
        "mean_concurrent": filled,
        "pdc_from_start": filled,
    }


def school(school_id: str, care_days: int) -> dict[str, Any]:
    """A row of metrics.school with at most one care pupil."""
    filled = 1.0 if care_days else None
    return {
        "period": "2024",
        "school_id": school_id,
        "pupils_ever": 2,
        "care_pupils": min(care_days, 1),
        "care_days": care_days,
        "timed_care_days": 0,
        "hours": 0.0,
        "school_providers_peak": min(care_days, 1),
        "school_providers_mean": float(min(care_days, 1)),
        "cr1": filled,
        "cr3": filled,
        "hhi": filled,
        "eff_providers": filled,
        "municipality_hhi": filled,
        "child_peak_max": 1 if care_days else None,
        "upc_t_mean": filled,
    }
