"""What holds for any scenario: actors add up, transfers move nothing, bands hold their middle."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zorgdata.scenario import (
    ACTORS,
    Band,
    PriceList,
    Quantity,
    Template,
    calculate,
    present_value,
    volume_price_mix,
    volume_price_split,
)
from zorgdata.scenario.budget import allocate
from zorgdata.scenario.present import rounded, rounding_step

AMOUNT = st.floats(0, 1e6)
NAMES = list(ACTORS)


@st.composite
def bands(draw, top: float = 1e4) -> dict[str, float]:
    low, mid, high = sorted(draw(st.tuples(*[st.floats(0, top)] * 3)))
    return {"low": low, "mid": mid, "high": high}


@st.composite
def levers(draw, key: str) -> dict:
    kind = draw(st.sampled_from(["cost", "benefit", "transfer"]))

    def shares() -> dict[str, float]:
        actors = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
        return {actor: 1 / len(actors) for actor in actors}

    return {
        "key": key,
        "label": key,
        "kind": kind,
        "quantity": draw(st.sampled_from(["q0", "q1"])),
        "effect": draw(bands(2)),
        "effect_unit": "number",
        "price": draw(st.sampled_from(["", "p"])),
        "payers": {} if kind == "benefit" else shares(),
        "beneficiaries": {} if kind == "cost" else shares(),
        "start_year": draw(st.integers(0, 3)),
        "ramp": draw(st.lists(st.floats(0, 1), min_size=1, max_size=4)),
        "once": draw(st.booleans()),
        "cashable": draw(st.booleans()),
    }


@st.composite
def scenarios(draw) -> tuple[Template, PriceList, dict[str, Quantity]]:
    count = draw(st.integers(1, 4))
    template = {
        "name": "n",
        "title": "t",
        "summary": "s",
        "null_alternative": "0",
        "horizon": draw(st.integers(1, 8)),
        "rate": draw(st.floats(0, 0.1)),
        "rate_low": 0.0,
        "rate_high": 0.1,
        "quantities": {name: {"label": name, "unit": "u"} for name in ("q0", "q1")},
        "levers": [draw(levers(f"l{i}")) for i in range(count)],
    }
    price = draw(bands(500))
    prices = {
        "version": "v",
        "prices": {
            "p": {
                "label": "p",
                "unit": "u",
                "value": price["mid"],
                "low": price["low"],
                "high": price["high"],
                "price_year": 2024,
                "source": "s",
                "status": "aanname",
            }
        },
    }
    given_ = {}
    for name in draw(st.lists(st.sampled_from(["q0", "q1"]), unique=True)):
        band = draw(bands())
        given_[name] = Quantity(band["mid"], band["low"], band["high"])
    return Template.model_validate(template), PriceList.model_validate(prices), given_


@settings(max_examples=60)
@given(scenarios())
def test_actors_add_up_and_flows_discount_to_the_net_present_value(scenario) -> None:
    template, prices, quantities = scenario
    got = calculate(template, prices, quantities, draws=50)
    total = pytest.approx(got.npv.mid if got.npv else 0, rel=1e-9, abs=1e-6)
    assert sum(actor.present_value for actor in got.actors) == total
    if got.npv is None:
        assert got.flows == ()
        return
    assert present_value([flow.net for flow in got.flows], template.rate) == total
    yearly = pytest.approx(got.yearly.mid, rel=1e-9, abs=1e-6)
    assert sum(actor.yearly for actor in got.actors) == yearly
    cash = pytest.approx(got.cash_two_years, rel=1e-9, abs=1e-6)
    assert sum(actor.cash_two_years for actor in got.actors) == cash
    assert got.npv.low <= got.npv.mid <= got.npv.high
    assert got.simulation.p5 >= got.npv.low - 1e-6 * (1 + abs(got.npv.low))
    assert got.simulation.p95 <= got.npv.high + 1e-6 * (1 + abs(got.npv.high))
    for bar in got.tornado:
        if bar.kind != "rate":
            assert got.npv.low - 1e-6 * (1 + abs(got.npv.low)) <= min(bar.at_low, bar.at_high)
            assert max(bar.at_low, bar.at_high) <= got.npv.high + 1e-6 * (1 + abs(got.npv.high))


@settings(max_examples=40)
@given(scenarios())
def test_transfers_and_undelivered_lines_change_no_total(scenario) -> None:
    template, prices, quantities = scenario
    got = calculate(template, prices, quantities, draws=20)
    kept = [lever for lever in template.levers if lever.kind != "transfer" and lever.quantity in quantities]
    assert len(got.missing) == sum(
        lever.kind != "transfer" and lever.quantity not in quantities for lever in template.levers
    )
    if not kept:
        assert got.npv is None
        return
    alone = calculate(template.model_copy(update={"levers": tuple(kept)}), prices, quantities, draws=20)
    assert got.npv.mid == pytest.approx(alone.npv.mid, rel=1e-9, abs=1e-9)
    assert got.bcr == alone.bcr


@settings(max_examples=40)
@given(scenarios())
def test_break_even_does_break_even(scenario) -> None:
    template, prices, quantities = scenario
    got = calculate(template, prices, quantities, draws=20)
    for item in got.break_even:
        if item.effect_needed is None or not 0 <= item.effect_needed < 1e6:
            continue
        changed = [
            lever.model_copy(
                update={"effect": lever.effect.model_copy(
                    update={"low": 0.0, "mid": item.effect_needed, "high": 1e7})}
            )
            if lever.key == item.lever
            else lever
            for lever in template.levers
        ]  # fmt: skip
        again = calculate(template.model_copy(update={"levers": tuple(changed)}), prices, quantities, draws=5)
        size = sum(abs(line.yearly.mid) for line in again.levers if line.yearly)
        assert again.yearly.mid == pytest.approx(0, abs=1e-9 * (1 + size))


FORM = st.tuples(st.floats(0.1, 1e4), AMOUNT, st.floats(0.1, 1e4), AMOUNT)


@given(FORM)
def test_volume_and_price_leave_no_residual(form) -> None:
    got = volume_price_split(*form)
    assert got.volume + got.price == pytest.approx(got.total, rel=1e-9, abs=1e-6 * (1 + form[1] + form[3]))


@given(st.dictionaries(st.sampled_from("abcd"), FORM, min_size=1))
def test_volume_price_and_mix_leave_no_residual(forms) -> None:
    got = volume_price_mix(forms)
    size = sum(form[1] + form[3] for form in forms.values()) * max(
        1, *(max(form[0] / form[2], form[2] / form[0]) for form in forms.values())
    )
    assert got.volume + got.price + got.mix == pytest.approx(got.total, abs=1e-9 * (1 + size))


@given(st.integers(0, 10**10), st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**6), min_size=1))
def test_allocated_cents_add_up_and_stay_near_their_share(total, weights) -> None:
    if sum(weights.values()) == 0:
        return
    got = allocate(total, weights)
    assert sum(got.values()) == total
    for name, cents in got.items():
        assert abs(cents - total * weights[name] / sum(weights.values())) < 1 + 1e-5
        assert cents >= 0
        assert weights[name] > 0 or cents == 0


@given(st.floats(-1e9, 1e9))
def test_rounding_moves_an_amount_by_half_a_step_at_most(value) -> None:
    assert abs(rounded(value) - value) <= rounding_step(value) / 2 + 1e-6
    assert rounded(-value) == -rounded(value)


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.floats(0, 0.2))
def test_present_value_is_linear(flows, rate) -> None:
    doubled = present_value([2 * flow for flow in flows], rate)
    assert doubled == pytest.approx(2 * present_value(flows, rate), abs=1e-6)


def test_a_band_runs_from_low_to_high() -> None:
    with pytest.raises(ValueError, match="low to high"):
        Band(2, 1, 3)
