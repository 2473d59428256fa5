"""Rule P5: sums that a few children, a household or a few providers determine."""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.contributions import households
from zorgdata.disclosure.rules import dominance, market_dominated
from zorgdata.limits import PublicRules

RULES = PublicRules()


def test_dominance_meets_its_boundaries():
    largest, two = np.array([50.0, 51, 40, 40, np.nan]), np.array([60.0, 60, 90, 91, 50])
    assert dominance(largest, two, np.full(5, 100.0), RULES).tolist() == [False, True, False, True, True]
    # p %: what is left after the two largest must be at least a tenth of the largest.
    assert dominance(
        np.array([48.0, 48.0]), np.array([90.0, 88.0]), np.array([94.0, 98.0]), RULES
    ).tolist() == [
        True,
        False,
    ]


def test_markets_of_few_providers_or_one_large_one():
    providers, share = np.array([2.0, 3, 3, np.nan, 9]), np.array([0.5, 0.5, 0.51, 0.2, np.nan])
    assert market_dominated(providers, share, RULES).tolist() == [True, False, True, True, True]


def test_two_children_of_one_postcode_count_as_one_household():
    three = (np.array([9.0, 9, 9]), np.array([4.0, 4, 0]), np.array([2.0, 2, 0]))
    one, two = households(*three, np.array([True, False, False]))
    assert one.tolist() == [13, 9, 9]
    assert two.tolist() == [15, 13, 9]


@pytest.fixture(scope="module")
def money():
    """Two schools with 40 children each who cost the same; one school has three providers, the other two."""
    connection = duckdb.connect()
    found = region.schools(2, per_town=2, seed=2)
    rows = []
    for number, school in enumerate(found):
        head = ("school", school.school_id, "2024-2025", None, None, None)
        rows.append(("pupils_ever", *head, 300, None, None, 300, None, None, "final"))
        rows.append(("care_pupils", *head, 40, 40, 300, 40, None, None, "final"))
        rows.append(("care_cost_assigned", *head, 40_000, None, None, 40, None, None, "final"))
        assert number < 2
    region.fill(connection, found, rows)
    connection.execute("create table core.period as select '2024-2025' as period, 1 as period_key")
    connection.execute(
        "create table core.unit_set as select row_number() over (order by school_id) as unit_set_key, "
        "'school' as level, school_id as unit_id from core.school"
    )
    connection.execute(
        "create table core.attendance as select n as attendance_key, n as child_key from range(80) as r (n)"
    )
    connection.execute(
        "create table core.child as select n as child_key, cast(n as varchar) as pc4 from range(80) as r (n)"
    )
    connection.execute(
        "create table metrics.child_cost as select 'assigned' as basis, 1 as period_key, "
        "n as attendance_key, 1 + n // 40 as unit_set_key, 'jeugdwet' as funder, "
        "'9901' as municipality_code, "
        "concat('4199000', n % (3 - n // 40)) as provider_id, null as care_form, null as weight_class, "
        "null as product_category, 100000 as cents from range(80) as r (n)"
    )
    return connection, sorted(s.school_id for s in found)


def test_euros_of_a_school_with_two_providers_are_hidden_and_its_count_is_not(money):
    connection, (three, two) = money
    protect(connection, "public")
    costs = read_protected(connection, "public", metrics=["care_cost_assigned"])
    assert {c.unit_id: c.display for c in costs} == {three: "€\u00a040.000", two: "."}
    counts = read_protected(connection, "public", metrics=["care_pupils"])
    assert {c.display for c in counts} == {"40"}


def test_contributions_that_make_another_sum_are_not_believed(money):
    connection, (three, _) = money
    sums = "update metrics.value set value = value {0} where metric = 'care_cost_assigned'"
    connection.execute(sums.format("+ 100"))
    try:
        protect(connection, "public")
        costs = read_protected(connection, "public", metrics=["care_cost_assigned"])
    finally:
        connection.execute(sums.format("- 100"))
    assert {c.display for c in costs if c.unit_id == three} == {"."}
