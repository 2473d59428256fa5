"""Decision support from figures: what a school's facts are, what a team would cost, who would pay."""

import pytest

from zorgdata.scenario import load_prices, load_settings
from zorgdata.scenario.collective import Advice
from zorgdata.scenario.decision import REST, Figures, Row, SchoolTrait, decide, keys, school_facts

YEAR = "2024-2025"
SETTINGS = load_settings()
TARIFF = load_prices().prices["ambulant_uur"]


def row(metric: str, value: float | None, unit: str = "99AA00", level: str = "school", part: str = "") -> Row:
    dimension, _, code = part.partition("=")
    return Row(metric, level, unit, YEAR, dimension, code, value)


SCHOOL = [
    row("pupils_enrolled", 100),
    row("pupils_with_care", 60),
    row("care_share", 0.6),
    Row("care_share", "school", "99AA00", "2023-2024", "", "", 0.55),
    row("assigned_hours_week", 200),
    row("in_school_share_hours", 0.5),
    row("effective_providers", 12),
    row("effective_municipalities", 5),
    row("switches_per_careyear_g28", 0.5),
    row("horizon_match", 0.1),
    row("care_form_mix", 0.3, part="care_form=a"),
    row("care_form_mix", 0.8, part="care_form=b"),
    row("care_form_mix", 0.9, part="care_form=onbekend"),
    row("care_cost_assigned", 500_000),
    row("providers_per_school", 14),
    row("municipalities_per_school", 6),
    row("out_of_region_share", 0.2),
    row("link_rate", 0.97, "region", "region"),
]
TRAITS = [SchoolTrait("99AA00", "SO")]


def test_facts_follow_the_criteria() -> None:
    facts = school_facts(Figures(SCHOOL, YEAR), TRAITS[0])
    assert facts.values == pytest.approx(
        {
            "care_share": 0.6,
            "effective_providers": 12,
            "effective_municipalities": 5,
            "switches": 0.5,
            "hours_at_school": 100,
            "short_horizon": 0.9,
            "similar_need": 0.8,
        }
    )
    assert (facts.care_pupils, facts.link_rate, facts.school_years) == (60, 0.97, 2)


def test_what_is_hidden_is_unknown() -> None:
    """A suppressed cell has no value: the criterion is unknown, its gate neither passed nor failed."""
    hidden = [r if r.metric != "pupils_with_care" else row("pupils_with_care", None) for r in SCHOOL]
    found = decide(hidden, TRAITS, SETTINGS, TARIFF, period=YEAR).assessments["99AA00"]
    assert {g.key: g.passed for g in found.gates}["care_pupils"] is None
    assert found.advice is Advice.CONSIDER, "unknown is at most worth a closer look"
    assert (
        decide(SCHOOL, TRAITS, SETTINGS, TARIFF, period=YEAR).assessments["99AA00"].advice is Advice.PROMISING
    )


def test_another_year_is_not_looked_at() -> None:
    assert school_facts(Figures(SCHOOL, "2023-2024"), TRAITS[0]).values["care_share"] == 0.55
    assert school_facts(Figures(SCHOOL, "2023-2024"), TRAITS[0]).school_years == 1


def test_now_beside_collective_by_hand() -> None:
    """100 of 200 hours a week at school: 4,000 a year in school weeks, 3.08 fte.

    Half of the cost in 40 of 52.18 weeks makes way: € 500,000 × (1 − 0.5 × 280/365.25) stays. On top come
    4,000 hours: middle € 78 less 10 %, low € 51 less 20 %, high € 78.
    """
    now = decide(SCHOOL, TRAITS, SETTINGS, TARIFF, period=YEAR).now["99AA00"]
    assert now.hours_year == 4000
    assert now.fte == pytest.approx(4000 / 1300)
    assert now.costs is not None
    assert now.costs.current == 500_000
    stays = 500_000 * (1 - 0.5 * 280 / 365.25)
    assert now.costs.collective.mid == pytest.approx(stays + 280_800)
    assert now.costs.collective.low == pytest.approx(stays + 163_200)
    assert now.costs.collective.high == pytest.approx(stays + 312_000)
    assert not now.costs.sure
    assert (now.providers, now.municipalities, now.outside_share) == (14, 6, 0.2)


def test_without_the_place_of_care_there_is_no_estimate() -> None:
    known = [r for r in SCHOOL if r.metric != "in_school_share_hours"]
    now = decide(known, TRAITS, SETTINGS, TARIFF, period=YEAR).now["99AA00"]
    assert (now.hours_week, now.hours_year, now.fte, now.costs) == (200, None, None, None)


REGION = [
    row("assigned_hours_week", 200, "region", "region"),
    row("in_school_share_hours", 0.5, "region", "region"),
    row("care_cost_assigned", 500_000, "region", "region"),
    row("pupils_with_care", 60, "region", "region"),
    row("pupils_with_care", 30, "9901", "responsible_municipality"),
    row("pupils_with_care", 20, "9951", "responsible_municipality"),
    row("pupils_with_care", None, "9902", "responsible_municipality"),
    row("care_cost_assigned", 400_000, "9901", "responsible_municipality"),
    row("care_cost_assigned", 100_000, "9902", "responsible_municipality"),
]


def test_three_keys_beside_each_other_and_nothing_left_over() -> None:
    """By pupils 30, 20 and 10 hidden; by cost 400 and 100; by residence nothing is known."""
    found = decide(REGION, [], SETTINGS, TARIFF, period=YEAR, members=frozenset({"9901", "9902"}))
    assert found.allocation_missing == ("woonplaats",)
    rows = {r.municipality: r for r in found.allocation}
    assert set(rows) == {"9901", "9902", "9951", REST}
    assert rows["9901"].shares == pytest.approx({"historisch": 0.8, "leerlingen": 0.5})
    assert rows[REST].shares == pytest.approx({"historisch": 0.0, "leerlingen": 1 / 6})
    assert [r.municipality for r in found.allocation if r.outside] == ["9951"]
    costs = found.now["region"].costs
    assert costs is not None
    for key in ("historisch", "leerlingen"):
        assert sum(r.cents[key] for r in found.allocation) == round(costs.collective.mid * 100)


def test_shown_parts_that_round_above_the_whole_leave_no_rest() -> None:
    more = [*REGION, row("pupils_with_care", 15, "9903", "responsible_municipality")]
    weights, _ = keys(Figures(more, YEAR))
    assert REST not in weights["leerlingen"]


def test_the_collective_budget_goes_before_the_price_list() -> None:
    """Budget € 480,000 of € 500,000 is 10 % off a part of € 200,000: from € 460,000 to € 500,000."""
    known = [*SCHOOL, row("collective_budget", 480_000)]
    now = decide(known, TRAITS, SETTINGS, TARIFF, period=YEAR).now["99AA00"]
    costs = now.costs
    assert now.own_tariffs
    assert costs is not None
    assert costs.collective.low == pytest.approx(460_000)
    assert costs.collective.mid == pytest.approx(480_000)
    assert costs.collective.high == pytest.approx(500_000)
    assert not costs.sure


def test_published_keys_go_before_own_ones_and_the_hidden_rest_is_named() -> None:
    budget = [
        row("collective_budget", 100_000, "region", "region"),
        row("collective_budget", 70_000, "region", "region", "allocation_key=leerlingen|9901"),
        row("collective_budget", None, "region", "region", "allocation_key=leerlingen|9902"),
    ]
    weights, missing = keys(Figures([*REGION, *budget], YEAR))
    assert weights["leerlingen"] == {"9901": 70_000, REST: 30_000}
    assert "historisch" in weights
    assert missing == ("woonplaats",)
