"""Decision support: gates, score, bands, stability; fte, budget and who pays which part."""

from pathlib import Path

import pytest

from zorgdata.errors import UsageError
from zorgdata.scenario import Band
from zorgdata.scenario.budget import (
    allocate,
    allocation,
    collective_budget,
    collective_fte,
    collective_range,
    school_hours,
)
from zorgdata.scenario.collective import (
    Advice,
    SchoolFacts,
    assess,
    gates,
    load_settings,
    order_stability,
    stability,
    weight_variants,
)

SETTINGS = load_settings()
TOP = {
    "care_share": 0.80,
    "hours_at_school": 150.0,
    "effective_providers": 12.0,
    "effective_municipalities": 5.0,
    "switches": 0.5,
    "short_horizon": 0.9,
    "similar_need": 0.8,
}
MIDDLE = {
    "care_share": 0.55,
    "hours_at_school": 85.0,
    "effective_providers": 7.0,
    "effective_municipalities": 3.0,
    "switches": 0.3,
    "short_horizon": 0.6,
    "similar_need": 0.55,
}


def _school(values=None, **changes) -> SchoolFacts:
    facts = {
        "school_id": "99AA00",
        "school_type": "SO",
        "care_pupils": 60,
        "link_rate": 0.98,
        "school_years": 3,
        "values": TOP if values is None else values,
    }
    return SchoolFacts(**{**facts, **changes})


def test_the_numbers_are_a_proposal_and_the_weights_add_up() -> None:
    assert SETTINGS.status == "voorstel"
    assert sum(c.weight for c in SETTINGS.criteria.values()) == pytest.approx(1)
    assert SETTINGS.gates.min_care_pupils == 20
    assert SETTINGS.capacity.productive_hours_per_fte == 1300


def test_the_score_runs_from_0_to_100() -> None:
    assert assess(_school(), SETTINGS).score == pytest.approx(100)
    assert assess(_school(MIDDLE), SETTINGS).score == pytest.approx(50)
    low = {key: criterion.low - 1 for key, criterion in SETTINGS.criteria.items()}
    assert assess(_school(low), SETTINGS).score == 0
    above = dict.fromkeys(SETTINGS.criteria, 1e9)
    assert assess(_school(above), SETTINGS).score == pytest.approx(100)


def test_components_show_where_the_score_comes_from() -> None:
    got = {part.key: part for part in assess(_school(MIDDLE), SETTINGS).components}
    assert got["care_share"].points == pytest.approx(12.5)
    assert got["hours_at_school"].scaled == pytest.approx(0.5)
    assert sum(part.points for part in got.values()) == pytest.approx(50)


def test_bands_and_not_ranks() -> None:
    assert assess(_school(), SETTINGS).advice is Advice.PROMISING
    assert assess(_school(MIDDLE), SETTINGS).advice is Advice.CONSIDER
    weak = {**MIDDLE, "care_share": 0.40, "hours_at_school": 20.0, "effective_providers": 3.0}
    assert assess(_school(weak), SETTINGS).advice is Advice.NOT_NOW


def test_a_band_begins_at_its_threshold() -> None:
    score = assess(_school(MIDDLE), SETTINGS).score
    on_it = SETTINGS.bands.model_copy(update={"promising": score})
    above = SETTINGS.bands.model_copy(update={"promising": score + 1e-9})
    lowest = SETTINGS.bands.model_copy(update={"consider": score})
    for bands, advice in (
        (on_it, Advice.PROMISING),
        (above, Advice.CONSIDER),
        (lowest, Advice.CONSIDER),
    ):
        assert assess(_school(MIDDLE), SETTINGS.model_copy(update={"bands": bands})).advice is advice


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"care_pupils": 19}, "care_pupils"),
        ({"values": {**TOP, "care_share": 0.39}}, "care_share"),
        ({"school_type": "BO"}, "school_type"),
        ({"link_rate": 0.949}, "link_rate"),
        ({"school_years": 1}, "school_years"),
    ],
)
def test_one_failed_gate_is_enough(changes, key) -> None:
    school = _school(**changes)
    assert [gate.key for gate in gates(school, SETTINGS) if not gate.passed] == [key]
    assert assess(school, SETTINGS).advice is Advice.NOT_NOW


@pytest.mark.parametrize(
    "changes",
    [
        {"care_pupils": 20, "link_rate": 0.95, "school_years": 2},
        {"values": {**TOP, "care_share": 0.40}},
        {"school_type": "BO", "ikc": True},
    ],
)
def test_gates_pass_on_their_threshold(changes) -> None:
    assert all(gate.passed for gate in gates(_school(**changes), SETTINGS))


def test_an_unknown_gate_is_not_passed_and_caps_the_advice() -> None:
    got = assess(_school(link_rate=None), SETTINGS)
    assert [gate.passed for gate in got.gates if gate.key == "link_rate"] == [None]
    assert got.advice is Advice.CONSIDER


def test_an_unknown_criterion_is_left_out_and_not_zero() -> None:
    got = assess(_school({**TOP, "switches": None}), SETTINGS)
    assert got.score == pytest.approx(100)
    assert got.weight_known == pytest.approx(0.9)
    assert got.advice is Advice.PROMISING
    thin = assess(_school({"care_share": 0.8, "hours_at_school": 150.0}), SETTINGS)
    assert thin.weight_known == pytest.approx(0.45)
    assert thin.advice is Advice.CONSIDER
    nothing = assess(_school({}), SETTINGS)
    assert (nothing.score, nothing.advice) == (None, Advice.NOT_NOW)


def test_a_misspelt_criterion_is_refused() -> None:
    with pytest.raises(ValueError, match="switch"):
        assess(_school({"switch": 1.0}), SETTINGS)


def test_variants_change_one_weight_by_half_or_leave_one_out() -> None:
    variants = weight_variants(SETTINGS)
    assert len(variants) == 7 * 3
    assert variants[0]["care_share"] == pytest.approx(0.125)
    assert variants[1]["care_share"] == pytest.approx(0.375)
    assert sum("care_share" not in variant for variant in variants) == 1


def test_a_clear_school_is_stable_and_one_on_the_edge_is_not() -> None:
    clear = stability(_school(), SETTINGS)
    assert (clear.stable, clear.same_advice) == (True, 1.0)
    assert clear.lowest == pytest.approx(100)
    edge = {**MIDDLE, "care_share": 0.80, "similar_need": 0.30}
    on_edge = stability(_school(edge), SETTINGS)
    assert not on_edge.stable
    assert on_edge.lowest < 60 < on_edge.highest


def test_a_changed_weight_is_what_a_hand_calculation_gives() -> None:
    only_share = {**{key: c.low for key, c in SETTINGS.criteria.items()}, "care_share": 0.80}
    base = {key: c.weight for key, c in SETTINGS.criteria.items()}
    up = assess(_school(only_share), SETTINGS, {**base, "care_share": 0.375})
    assert up.score == pytest.approx(100 * 0.375 / 1.125)


def test_order_stability_tells_how_much_hangs_on_the_weights() -> None:
    strong, weak = _school(school_id="a"), _school(MIDDLE, school_id="b")
    sure = order_stability([strong, weak], SETTINGS)
    assert (sure.variants, sure.mean_pairs_kept, sure.least_pairs_kept) == (21, 1.0, 1.0)
    # One school is strong in what the other lacks, so some weights turn them round.
    low = {key: c.low for key, c in SETTINGS.criteria.items()}
    left = _school({**low, "care_share": 0.80}, school_id="c")
    right = _school({**low, "hours_at_school": 150.0}, school_id="d")
    turned = order_stability([left, right], SETTINGS)
    assert turned.least_pairs_kept == 0.0
    assert 0 < turned.mean_pairs_kept < 1
    assert order_stability([strong], SETTINGS).mean_pairs_kept is None


def test_own_settings_are_checked(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "zorgdata/scenario/collective.toml"
    own = tmp_path / "own.toml"
    text = source.read_text(encoding="utf-8")
    own.write_text(text.replace("weight = 0.25", "weight = 0.35"), encoding="utf-8")
    with pytest.raises(UsageError, match="add up to 1"):
        load_settings(own)
    own.write_text(text.replace("low = 0.30\nhigh = 0.80", "low = 0.90\nhigh = 0.80"), encoding="utf-8")
    with pytest.raises(UsageError, match="low must lie below high"):
        load_settings(own)
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(tmp_path / "absent.toml")


def test_hours_become_fte() -> None:
    hours = school_hours(65, 0.5, 40)
    assert hours == 1300
    assert collective_fte(hours) == 1.0
    assert collective_fte(650, 1625) == pytest.approx(0.4)
    with pytest.raises(ValueError, match="share"):
        school_hours(65, 1.5, 40)
    with pytest.raises(ValueError, match="productive"):
        collective_fte(1, 0)


def test_the_budget_is_hours_times_tariff_less_efficiency_plus_the_rest() -> None:
    got = collective_budget(
        Band(900, 1000, 1100), Band(50, 60, 70), Band(0, 0.05, 0.10), Band(1000, 2000, 3000)
    )
    assert (got.low, got.mid, got.high) == pytest.approx((900 * 50 * 0.9 + 1000, 59_000, 80_000))
    with pytest.raises(ValueError, match="efficiency"):
        collective_budget(Band(1, 1, 1), Band(1, 1, 1), Band(0, 1, 2), Band(0, 0, 0))


def test_current_and_collective_side_by_side() -> None:
    got = collective_range(60_000, Band(40_000, 55_000, 70_000))
    assert got.difference == Band(-20_000, -5_000, 10_000)
    assert not got.sure
    assert collective_range(90_000, Band(40_000, 55_000, 70_000)).sure
    assert not collective_range(70_000, Band(40_000, 55_000, 70_000)).sure


def test_cents_add_up_whatever_the_weights() -> None:
    assert allocate(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert allocate(1, {"a": 0, "b": 2, "c": 1}) == {"a": 0, "b": 1, "c": 0}
    with pytest.raises(ValueError, match="positive weight"):
        allocate(100, {"a": 0})
    with pytest.raises(ValueError, match="negative"):
        allocate(100, {"a": 2, "b": -1})


def test_the_three_keys_stand_side_by_side_and_nobody_is_dropped() -> None:
    keys = {
        "woonplaats": {"9901": 60, "9902": 40},
        "historisch": {"9901": 50_000.0, "9902": 30_000.0, "9950": 20_000.0},
        "leerlingen": {"9901": 10, "9902": 10},
    }
    got = allocation(1_000_000, keys, frozenset({"9901", "9902"}))
    assert [row.municipality for row in got] == ["9901", "9902", "9950"]
    assert got[0].cents == {"woonplaats": 600_000, "historisch": 500_000, "leerlingen": 500_000}
    assert got[0].spread_cents == 100_000
    assert got[2].shares == {"woonplaats": 0, "historisch": 0.2, "leerlingen": 0}
    assert [row.outside for row in got] == [False, False, True]
    for key in keys:
        assert sum(row.cents[key] for row in got) == 1_000_000
