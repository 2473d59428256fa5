"""A scenario small enough to do by hand, and the promises about what is missing, assumed or claimed."""

import pytest

from zorgdata.errors import UsageError
from zorgdata.scenario import Band, PriceList, Quantity, ScenarioResult, Template, calculate, present_value

RATE = 0.0225

TEMPLATE = {
    "name": "toets",
    "title": "Toets",
    "summary": "Toets.",
    "null_alternative": "Niets doen.",
    "horizon": 3,
    "rate": RATE,
    "rate_low": 0.01,
    "rate_high": 0.03,
    "quantities": {
        "pupils": {"label": "Leerlingen", "unit": "leerlingen", "metric": "pupils_enrolled"},
        "classes": {
            "label": "Klassen",
            "unit": "klassen",
            "derive": "classes",
            "inputs": ["pupils"],
            "parameters": {"class_size": 23},
        },
        "hours": {"label": "Uren hulp", "unit": "uren"},
        "sitters": {"label": "Thuiszitters", "unit": "leerlingen"},
        "share": {"label": "Bijdrage", "unit": "euro"},
    },
    "levers": [
        {
            "key": "teachers",
            "label": "Kleinere klassen",
            "kind": "cost",
            "quantity": "classes",
            "effect": {"low": 1, "mid": 1, "high": 1},
            "effect_unit": "number",
            "price": "class",
            "payers": {"schoolbestuur": 0.25, "swv": 0.75},
        },
        {
            "key": "less_care",
            "label": "Minder hulp",
            "kind": "benefit",
            "quantity": "hours",
            "effect": {"low": 0.0, "mid": 0.1, "high": 0.2, "source": "Geschat."},
            "price": "hour",
            "beneficiaries": {"gemeente_jeugd": 1},
            "ramp": [0, 0.5, 1],
        },
        {
            "key": "fewer_sitters",
            "label": "Minder thuiszitters",
            "kind": "benefit",
            "quantity": "sitters",
            "effect": {"low": 0.0, "mid": 0.1, "high": 0.2},
            "price": "sitter",
            "beneficiaries": {"gezin": 1},
        },
        {
            "key": "grant",
            "label": "Bijdrage",
            "kind": "transfer",
            "quantity": "share",
            "effect": {"low": 1, "mid": 1, "high": 1},
            "effect_unit": "number",
            "payers": {"swv": 1},
            "beneficiaries": {"gemeente_jeugd": 0.5, "schoolbestuur": 0.5},
        },
    ],
    "unpriced": [{"key": "joy", "label": "Blije kinderen", "sign": "+"}],
    "claims": [
        {
            "key": "claim",
            "label": "Claim",
            "value": 66910,
            "source": "onbekend",
            "note": "Telt niet mee.",
            "readings": [{"label": "geheel"}, {"label": "per klas", "multiply_by": "classes"}],
            "compare_with": ["jji"],
        }
    ],
}

PRICES = {
    "version": "toets",
    "prices": {
        "class": {
            "label": "Klas",
            "unit": "jaar",
            "value": 1000,
            "price_year": 2022,
            "source": "zelf bedacht",
            "status": "aanname",
        },
        "hour": {
            "label": "Uur",
            "unit": "uur",
            "value": 50,
            "low": 40,
            "high": 60,
            "price_year": 2024,
            "source": "lijst",
            "status": "gepubliceerd",
        },
        "jji": {
            "label": "Plaats",
            "unit": "jaar",
            "value": 199655,
            "price_year": 2014,
            "source": "krant",
            "status": "secundair",
        },
    },
    "unknown": {"sitter": {"label": "Thuiszitter", "note": "Niet gevonden."}},
}

QUANTITIES = {"pupils": Quantity(46), "hours": Quantity(1000, 900, 1100), "share": Quantity(300)}


def _run(quantities=None, template=TEMPLATE, **options) -> ScenarioResult:
    given = QUANTITIES if quantities is None else quantities
    options.setdefault("draws", 500)
    return calculate(Template.model_validate(template), PriceList.model_validate(PRICES), given, **options)


def _actor(result: ScenarioResult, name: str):
    return next(actor for actor in result.actors if actor.actor == name)


def test_the_balance_by_hand() -> None:
    # Costs: 2 classes × 1,000. Benefits at full effect: 1,000 hours × 10 % × 50.
    got = _run()
    assert got.yearly.mid == pytest.approx(5000 - 2000)
    assert [(f.costs, f.benefits) for f in got.flows] == [(2000, 0), (2000, 2500), (2000, 5000), (2000, 5000)]
    assert [f.cumulative for f in got.flows] == [-2000, -1500, 1500, 4500]
    assert got.npv.mid == pytest.approx(present_value([-2000, 500, 3000, 3000], RATE))
    assert got.costs_present == pytest.approx(present_value([2000] * 4, RATE))
    assert got.bcr.mid == pytest.approx(got.benefits_present / got.costs_present)
    assert got.cash_two_years == pytest.approx(-1500)


def test_everything_against_and_everything_in_favour() -> None:
    got = _run()
    assert (got.yearly.low, got.yearly.high) == pytest.approx((-2000, 1100 * 0.2 * 60 - 2000))
    assert got.npv.low == pytest.approx(present_value([-2000] * 4, RATE))
    assert got.bcr.low == 0
    care = next(lever for lever in got.levers if lever.key == "less_care")
    assert (care.yearly.low, care.yearly.high) == pytest.approx((0, 1100 * 0.2 * 60))


def test_actors_add_up_to_the_total_and_transfers_to_nothing() -> None:
    got = _run()
    assert sum(actor.present_value for actor in got.actors) == pytest.approx(got.npv.mid)
    assert sum(actor.yearly for actor in got.actors) == pytest.approx(got.yearly.mid)
    assert sum(actor.cash_two_years for actor in got.actors) == pytest.approx(got.cash_two_years)
    without = _run({**QUANTITIES, "share": None})
    assert without.npv == got.npv
    assert without.yearly == got.yearly
    assert without.complete == got.complete
    assert _actor(without, "swv").yearly == pytest.approx(-1500)
    assert _actor(got, "swv").yearly == pytest.approx(-1800)
    assert _actor(got, "schoolbestuur").yearly == pytest.approx(-500 + 150)
    assert _actor(got, "gemeente_jeugd").yearly == pytest.approx(5000 + 150)


def test_a_missing_quantity_is_not_filled_in_and_said_aloud() -> None:
    got = _run({"pupils": Quantity(46)})
    care = next(lever for lever in got.levers if lever.key == "less_care")
    assert (care.status, care.yearly, care.quantity) == ("not_delivered", None, None)
    assert not got.complete
    assert "Minder hulp: 'Uren hulp' is niet beschikbaar" in got.missing
    assert got.yearly.mid == -2000
    assert all(flow.benefits == 0 for flow in got.flows)


def test_without_any_quantity_there_is_no_outcome() -> None:
    got = _run({})
    assert (got.yearly, got.npv, got.bcr, got.simulation, got.cash_two_years) == (None,) * 5
    assert (got.flows, got.tornado, got.break_even, got.actors) == ((), (), (), ())
    assert len(got.missing) == 3
    assert got.claims[0].computed is None
    assert got.claims[0].needed == ()


def test_a_price_that_is_not_established_makes_the_effect_pm() -> None:
    got = _run({**QUANTITIES, "sitters": Quantity(12)})
    line = next(lever for lever in got.levers if lever.key == "fewer_sitters")
    assert (line.status, line.quantity.value, line.yearly) == ("no_price", 12, None)
    assert [(pm.label, pm.sign) for pm in got.unpriced] == [
        ("Blije kinderen", "+"),
        ("Minder thuiszitters", "+"),
    ]
    assert any("niet vastgesteld" in text for text in got.missing)
    assert got.npv == _run().npv


def test_a_claim_is_tested_and_never_counted() -> None:
    got = _run()
    whole, per_class = got.claims
    assert (whole.target, per_class.target) == (66910, 2 * 66910)
    assert whole.computed == pytest.approx(got.yearly.mid)
    assert whole.equivalents == (("Plaats", pytest.approx(0.335, abs=5e-4)),)
    needed = {item.lever: item for item in whole.needed}
    # 5,000 euros a year belong to an effect of 10 %; 66,910 + 2,000 takes 137.82 %.
    assert needed["less_care"].effect_needed == pytest.approx(68910 / 50000)
    assert not needed["less_care"].reachable
    without = {**TEMPLATE, "claims": []}
    assert _run(template=without).npv == got.npv


def test_a_reading_that_needs_a_missing_quantity_has_no_target() -> None:
    got = _run({"hours": Quantity(1000)})
    assert [claim.target for claim in got.claims] == [66910, None]
    assert got.claims[1].needed == ()


def test_break_even_makes_the_balance_zero() -> None:
    got = {item.lever: item for item in _run().break_even}
    assert got["less_care"].effect_needed == pytest.approx(0.04)
    assert got["less_care"].reachable
    assert got["teachers"].effect_needed == pytest.approx(2.5)
    assert set(got) == {"teachers", "less_care"}
    moved = {**TEMPLATE, "levers": [dict(lever) for lever in TEMPLATE["levers"]]}
    moved["levers"][1] = {**moved["levers"][1], "effect": {"low": 0.0, "mid": 0.04, "high": 0.2}}
    assert _run(template=moved).yearly.mid == pytest.approx(0)


def test_a_one_off_is_no_part_of_the_structural_balance() -> None:
    once = {**TEMPLATE, "levers": [dict(lever) for lever in TEMPLATE["levers"]]}
    once["levers"][0] = {**once["levers"][0], "once": True, "start_year": 1}
    got = _run(template=once)
    assert [flow.costs for flow in got.flows] == [0, 2000, 0, 0]
    assert got.yearly.mid == pytest.approx(5000)
    assert next(b for b in got.break_even if b.lever == "teachers").effect_needed is None


def test_what_is_not_cashable_stays_out_of_the_cash_view() -> None:
    soft = {**TEMPLATE, "levers": [dict(lever) for lever in TEMPLATE["levers"]]}
    soft["levers"][1] = {**soft["levers"][1], "cashable": False}
    got = _run(template=soft)
    assert got.cash_two_years == pytest.approx(-4000)
    assert got.npv == _run().npv


def test_the_tornado_moves_one_thing_at_a_time_and_shows_the_widest_first() -> None:
    got = {bar.key: bar for bar in _run().tornado}
    # Hours, effect, hour price and rate have a range; pupils, class price and the other effects have none.
    assert set(got) == {"quantity:hours", "effect:less_care", "price:hour", "rate:"}
    at_zero = present_value([-2000] * 4, RATE)
    assert got["effect:less_care"].at_low == pytest.approx(at_zero)
    assert got["price:hour"].at_high == pytest.approx(present_value([-2000, 1000, 4000, 4000], RATE))
    assert got["rate:"].at_low == pytest.approx(present_value([-2000, 500, 3000, 3000], 0.01))
    swings = [bar.swing for bar in _run().tornado]
    assert swings == sorted(swings, reverse=True)


def test_the_simulation_is_fixed_by_its_seed_and_centred_where_triangles_are() -> None:
    got = _run(draws=40_000).simulation
    assert got == _run(draws=40_000).simulation
    assert got != _run(draws=40_000, seed=1).simulation
    # Means of the triangles: 1,000 hours, 10 %, 50 euros: all symmetric, so the mean is the middle estimate.
    assert got.mean == pytest.approx(_run().npv.mid, rel=0.02)
    assert _run().npv.low < got.p5 < got.p50 < got.p95 < _run().npv.high
    assert 0 < got.share_positive < 1


def test_derived_quantities_move_with_what_they_derive_from() -> None:
    got = _run({**QUANTITIES, "pupils": Quantity(46, 23, 69)})
    line = got.levers[0]
    assert line.quantity.band == Band(1, 2, 3)
    assert line.yearly == Band(-3000, -2000, -1000)
    assert "quantity:pupils" in {bar.key for bar in got.tornado}


def test_a_number_given_by_hand_goes_before_a_derivation() -> None:
    got = _run({**QUANTITIES, "classes": Quantity(5, origin="opgave school")})
    assert got.levers[0].yearly.mid == -5000
    assert got.claims[1].target == 5 * 66910


def test_assumptions_are_listed_as_such() -> None:
    got = _run()
    listed = {(item.kind, item.label) for item in got.assumptions}
    assert listed == {
        ("effect", "Minder hulp"),
        ("tijdpad", "Minder hulp"),
        ("verdeling", "Kleinere klassen"),
        ("verdeling", "Bijdrage"),
        ("prijs", "Klas"),
        ("discontovoet", "Discontovoet"),
    }
    effect = next(item for item in got.assumptions if item.kind == "effect")
    assert effect.text == "10\u00a0% (laag 0\u00a0%, hoog 20\u00a0%). Geschat."


def test_an_assumed_quantity_is_used_in_the_open_until_one_is_delivered() -> None:
    assumed = {**TEMPLATE, "quantities": dict(TEMPLATE["quantities"])}
    assumed["quantities"]["hours"] = {
        **assumed["quantities"]["hours"],
        "assumed": {"low": 100, "mid": 200, "high": 300, "source": "Geen opgave."},
    }
    got = _run({"pupils": Quantity(46)}, assumed)
    assert got.levers[1].quantity.assumed
    assert any(item.kind == "hoeveelheid" and "200 uren" in item.text for item in got.assumptions)
    delivered = _run(template=assumed)
    assert not delivered.levers[1].quantity.assumed
    assert not any(item.kind == "hoeveelheid" for item in delivered.assumptions)


def test_price_years_of_the_lines_that_count_are_named() -> None:
    assert _run().price_years == (2022, 2024)
    assert _run({"pupils": Quantity(46)}).price_years == (2022,)


def test_unknown_quantities_and_prices_are_a_users_mistake() -> None:
    with pytest.raises(UsageError, match="no quantity pupil"):
        _run({"pupil": Quantity(1)})
    broken = {**TEMPLATE, "levers": [{**TEMPLATE["levers"][0], "price": "klas"}]}
    with pytest.raises(UsageError, match="klas"):
        _run(template=broken)


def test_limits_on_the_wrong_side_are_pulled_to_the_value() -> None:
    assert Quantity(5, 6, 4).band == Band(5, 5, 5)
    assert Quantity(5).band == Band(5, 5, 5)
