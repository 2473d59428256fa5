"""Costs worked out by hand: how a price becomes a day, who pays, and why a total changes.

One child X at school 99ZA00 (municipality 9901) unless something else is said; money in euros.
"""

from typing import Any

import pytest

from tests.support.region import Region

SCHOOLS = """
school | name | type | municipality
99ZA00 | A    | SO   | 9901
"""
ENROLLED = """
child | school | from       | to
X     | 99ZA00 | 2022-01-01 | 2024-12-31
"""
HOURLY = """
category | product | tariff_cents | tariff_unit | setting
45      | A       | 6000         | uur         | school
"""
BUILT: set[str] = set()  # models of the test that runs; a build is what takes time here


@pytest.fixture
def region(shared: Region) -> Region:
    BUILT.clear()
    return shared.fresh((2023, 2024), schools=SCHOOLS)


def figures(region: Region, metric: str, period: str = "2024", level: str = "region") -> dict[str, Any]:
    """Values of a metric by part; the total is called ''."""
    table = "budget" if "budget" in metric else "costs"
    if table not in BUILT:
        region.build(f"+metrics.theme_h_{table}")
        BUILT.add(table)
    rows = region.rows(
        f"select * from metrics.theme_h_{table} where metric = '{metric}' and period = '{period}' "
        f"and level = '{level}'"
    )
    return {row["dimension_value"]: row["value"] for row in rows}


def test_a_price_of_the_day_and_an_end_cut_at_the_period(region: Region) -> None:
    """An hour a day without end, 60 euros until 30 June 2024, 72 after: 182 and 184 days in 2024."""
    region.given("enrolments", ENROLLED)
    region.given(
        "products",
        """
        category | product | tariff_cents | tariff_unit | valid_from | valid_to
        45      | A       | 6000         | uur         |            | 2024-06-30
        45      | A       | 7200         | uur         | 2024-07-01 |
        """,
    )
    region.given(
        "indications",
        """
        child | category | product | from       | to | volume | unit | frequency
        X     | 45      | A       | 2024-01-01 |    | 60     | 01  | 1
        """,
    )
    assert figures(region, "care_cost_assigned")[""] == pytest.approx(182 * 60 + 184 * 72)


# volume, unit, frequency, price in eurocents, per; and what it makes in euros a day
FITTING = [
    (120, "01", "2", 6000, "uur", 120 / 60 * 60 / 7),
    (2, "16", "2", 7000, "dagdeel", 2 * 70 / 7),
    (2, "04", "4", 8000, "dagdeel", 2 * 12 / 365.25 * 80 / 4),  # a half-day is four hours
    (1, "14", "1", 9000, "etmaal", 90),
    (2, "82", "4", 50000, "stuks", 2 * 12 / 365.25 * 500),
    (73200, "83", "6", 100, "euro", 732 / 366),  # a volume in euros is eurocents already
    (1, "14", "1", 6000, "uur", None),  # a day has no hours
    (1, "84", "1", 6000, "uur", None),
    (2, "04", "2", 6000, "", None),  # a price of an unknown unit is no price
    ("", "", "", 6000, "uur", None),
]


def test_units_and_prices_that_fit(region: Region) -> None:
    """One school, one child and one product per case."""
    cases = list(enumerate(FITTING))
    region.given(
        "enrolments", "child|school|from|to\n" + "\n".join(f"C{n}|99ZB0{n}|2024-01-01|" for n, _ in cases)
    )
    region.given(
        "products",
        "category|product|tariff_cents|tariff_unit\n"
        + "\n".join(f"45|P{n}|{case[3]}|{case[4]}" for n, case in cases),
    )
    region.given(
        "indications",
        "child|category|product|from|to|volume|unit|frequency\n"
        + "\n".join(f"C{n}|45|P{n}|2024-01-01|2024-12-31|{c[0]}|{c[1]}|{c[2]}" for n, c in cases),
    )
    region.build("+metrics.theme_h_costs")
    rows = region.rows(
        "select unit_id, metric, value from metrics.theme_h_costs where level = 'school' "
        "and period = '2024' and dimension = '' and metric in ('care_cost_assigned', 'priced_share_assigned')"
    )
    got = {(row["unit_id"], row["metric"]): row["value"] for row in rows}
    for n, case in cases:
        expected = None if case[5] is None else pytest.approx(366 * case[5])
        assert got[f"99ZB0{n}", "care_cost_assigned"] == expected, case
        assert got[f"99ZB0{n}", "priced_share_assigned"] == (0 if expected is None else 1), case


def test_a_budget_goes_before_a_volume_and_needs_an_end(region: Region) -> None:
    """1,000 euros over 100 planned days, of which care took 60; without an end it cannot be divided."""
    region.given("enrolments", ENROLLED)
    region.given("products", HOURLY)
    region.given(
        "indications",
        """
        child | number | category | product | from | to | budget_cents | volume | unit | frequency
        X | 1 | 45 | A | 2024-01-01 | 2024-04-09 | 100000 | 9 | 04 | 1
        X | 2 | 45 | A | 2024-06-01 |  | 100000 | 9 | 04 | 1
        """,
    )
    region.given(
        "deliveries",
        """
        child | number | category | product | from       | to         | end_reason
        X     | 1      | 45      | A       | 2024-01-01 | 2024-02-29 | 31
        """,
    )
    assert figures(region, "care_cost_assigned")[""] == pytest.approx(600)
    assert figures(region, "priced_share_assigned")[""] == pytest.approx(60 / (60 + 214))


def test_no_care_costs_nothing_but_care_without_a_price_costs_an_unknown_amount(region: Region) -> None:
    region.given("enrolments", ENROLLED)
    region.given("indications", "child | from | to\nX | 2024-01-01 | 2024-12-31")
    assert figures(region, "care_cost_assigned", "2023") == {"": 0, "individueel": 0}
    assert figures(region, "care_cost_assigned", "2024")[""] is None
    assert figures(region, "cost_per_client_assigned", "2023")[""] is None


def test_declared_lines_are_netted_and_spread_and_an_incomplete_year_is_unknown(region: Region) -> None:
    """310 euros over January, 31 taken back; enrolled from 11 January on: 21 of 31 days."""
    region.given("enrolments", "child | school | from | to\nX | 99ZA00 | 2024-01-11 | 2024-12-31")
    region.given(
        "declarations",
        """
        child|declaration_number|reference_number|category|from|to|volume|unit|amount_cents|debit_credit
        X | D1 | R1 | 45 | 2024-01-01 | 2024-01-31 | 1 | 04 | 31000 | D
        X | D2 | R2 | 45 | 2024-01-01 | 2024-01-31 | 1 | 04 | 3100 | C
        """,
    )
    assert figures(region, "care_cost_declared")[""] == pytest.approx(279 * 21 / 31)
    assert figures(region, "care_cost_declared", "2023") == {}


def test_volume_and_price_by_the_midpoint(region: Region) -> None:
    """Volume 100 -> 120, price 10 -> 11, cost 1,000 -> 1,320: volume 210, price 110, no mix and no rest.

    Here 100 and 120 children with one day of care each, at 10 and 11 euros a day.
    """
    rows = [(n, 2023, 1000) for n in range(100)] + [(n, 2024, 1100) for n in range(120)]
    region.given(
        "enrolments",
        "child | school | from | to\n"
        + "\n".join(f"C{n:03d} | 99ZA00 | 2022-01-01 | 2024-12-31" for n in range(120)),
    )
    region.given(
        "indications",
        "child | number | category | from | to | budget_cents\n"
        + "C000 | 998 | 45 | 2022-01-01 | 2022-01-01 | 0\n"
        + "C000 | 999 | 45 | 2025-01-01 | 2025-01-01 | 0\n"
        + "\n".join(f"C{n:03d} | {y}{n:03d} | 45 | {y}-03-01 | {y}-03-01 | {c}" for n, y, c in rows),
    )
    parts = figures(region, "volume_price_split_assigned")
    assert {k: parts[k] for k in ("totaal", "volume", "prijs", "mix")} == {
        "totaal": pytest.approx(320),
        "volume": pytest.approx(210),
        "prijs": pytest.approx(110),
        "mix": pytest.approx(0),
    }
    assert parts["ambulant"] == pytest.approx(320)
    assert figures(region, "care_cost_assigned")[""] == pytest.approx(1320)
    assert figures(region, "cost_per_client_assigned")[""] == pytest.approx(11)
    assert figures(region, "cost_top10_share_assigned")[""] == pytest.approx(12 / 120)


def test_a_shift_to_a_dearer_form_is_mix_and_not_price(region: Region) -> None:
    """Ten days ambulant at 10 euros become ten days of day help at 30: all 200 euros are mix."""
    region.given("enrolments", ENROLLED)
    region.given(
        "indications",
        """
        child | number | category | from       | to         | budget_cents
        X     | 0      | 45      | 2022-01-01 | 2022-01-01 | 0
        X     | 9      | 45      | 2025-01-01 | 2025-01-01 | 0
        X     | 1      | 45      | 2023-03-01 | 2023-03-10 | 10000
        X     | 2      | 41      | 2024-03-01 | 2024-03-10 | 30000
        """,
    )
    parts = figures(region, "volume_price_split_assigned")
    assert (parts["volume"], parts["prijs"], parts["mix"]) == (0, 0, pytest.approx(200))
    assert (parts["ambulant"], parts["daghulp"]) == (pytest.approx(-100), pytest.approx(300))


def test_who_pays_individual_and_collective_help(region: Region) -> None:
    """9902 pays 300 of individual help; a team of 36,525 euros a year for 100 days, paid by 9903."""
    region.given("enrolments", ENROLLED)
    region.given(
        "indications",
        """
        child | number | municipality | category | from       | to         | budget_cents
        X     | 1      | 9902         | 45      | 2024-03-01 | 2024-03-10 | 30000
        """,
    )
    region.given(
        "collective_supply",
        """
        school | from       | to         | amount_cents | reach | municipality
        99ZA00 | 2024-01-01 | 2024-04-09 | 3652500      | 40    | 9903
        99ZA00 | 2024-05-01 | 2024-05-01 | 36525        | 40    |
        """,
    )
    parts = figures(region, "cost_by_municipality_assigned")
    assert parts == {
        "": pytest.approx(10301),
        "individueel": pytest.approx(300),
        "collectief": pytest.approx(10001),
        "9902": pytest.approx(300),
        "9903": pytest.approx(10000),
        "9901": pytest.approx(1),  # nobody said who pays: the municipality of the school
    }
    shares = figures(region, "cost_municipality_share_assigned")
    assert sum(shares.values()) == pytest.approx(1)
    assert figures(region, "care_cost_assigned")["collectief"] == pytest.approx(10001)
    assert figures(region, "care_cost_assigned")[""] == pytest.approx(300)


def test_other_payers_stand_beside_the_total(region: Region) -> None:
    """Arrangement and transport over their own time, the Wmo by its law; the total is the Jeugdwet alone."""
    region.given("enrolments", "child | school | from | to\nX | 99ZA00 | 2024-01-01 | 2024-01-05")
    region.given(
        "indications",
        """
        child | number | category | from       | to         | budget_cents | law
        X     | 1      | 45      | 2024-01-01 | 2024-01-10 | 1000         | jeugdwet
        X     | 2      | 45      | 2024-01-01 | 2024-01-10 | 3000         | wmo
        """,
    )
    region.given(
        "arrangements", "swv | child | from | to | amount_cents\nPO1 | X | 2024-01-01 | 2024-01-10 | 5000"
    )
    region.given("transport", "child | from | to | amount_cents\nX | 2024-01-01 | 2024-01-10 | 7000")
    parts = figures(region, "care_cost_assigned")
    assert {name: parts[name] for name in ("", "jeugdwet", "wmo", "swv", "vervoer")} == {
        "": pytest.approx(5),
        "jeugdwet": pytest.approx(5),
        "wmo": pytest.approx(15),
        "swv": pytest.approx(25),
        "vervoer": pytest.approx(35),
    }


def test_collective_budget_and_its_three_keys(region: Region) -> None:
    """Of what help at school costs 40 of 52.18 weeks are school weeks; a team saves 0, 10, 20 % of it."""
    region.given(
        "enrolments",
        """
        child | school | from       | to         | pc4
        X     | 99ZA00 | 2023-08-01 | 2024-07-31 | 1000
        Y     | 99ZA00 | 2023-08-01 | 2024-07-31 | 1000
        Z     | 99ZA00 | 2023-08-01 | 2024-07-31 | 2000
        """,
    )
    region.given("places", "pc4 | municipality\n1000 | 9901\n2000 | 9902")
    region.given("products", HOURLY)
    region.given(
        "indications",
        """
        child | number | municipality | category | product | from | to | volume | unit | frequency
        X | 1 | 9901 | 45 | A | 2023-08-01 | 2024-07-31 | 1 | 04 | 2
        Z | 2 | 9902 | 45 | A | 2023-08-01 | 2024-07-31 | 3 | 04 | 2
        """,
    )
    whole = 4 * 60 * 366 / 7
    school = whole * 40 * 7 / 365.25
    parts = figures(region, "collective_budget", "2023-2024")
    assert parts["hoog"] == parts["huidig"] == pytest.approx(whole)
    assert parts["midden"] == parts[""] == pytest.approx(whole - 0.1 * school)
    assert parts["laag"] == pytest.approx(whole - 0.2 * school)
    middle = parts["midden"]
    assert {name: value / middle for name, value in parts.items() if "|" in name} == {
        "woonplaats|9901": pytest.approx(2 / 3),
        "woonplaats|9902": pytest.approx(1 / 3),
        "historisch|9901": pytest.approx(1 / 4),
        "historisch|9902": pytest.approx(3 / 4),
        "leerlingen|9901": pytest.approx(1 / 2),
        "leerlingen|9902": pytest.approx(1 / 2),
    }


def test_budget_realisation_leaves_out_what_is_not_known_yet(region: Region) -> None:
    region.given("enrolments", ENROLLED)
    region.given(
        "budgets",
        """
        initiative_id | item | actor    | year | budgeted_cents | realised_cents
        I1            | p    | gemeente | 2024 | 10000          | 9000
        I1            | q    | swv      | 2024 | 10000          |
        I1            | r    | swv      | 2023 | 0              | 100
        """,
    )
    assert figures(region, "budget_realisation") == {"": pytest.approx(0.9), "gemeente": pytest.approx(0.9)}
    assert figures(region, "budget_realisation", "2023") == {"": None, "swv": None}
