"""Shipped scenarios and price lists hold together; a user's mistake is named."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from zorgdata.errors import UsageError
from zorgdata.scenario import (
    Band,
    PriceList,
    Quantity,
    Template,
    calculate,
    load_prices,
    load_quantities,
    load_template,
    quantities_from_rows,
    template_names,
)
from zorgdata.scenario.derive import classes, extra_classes, per_pupils, product, youth_worker_fte
from zorgdata.scenario.load import check_prices

NAMES = template_names()


def test_the_three_scenarios_are_shipped() -> None:
    assert NAMES == ("collectief", "ozg", "zon")


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_whole(name: str) -> None:
    template, prices = load_template(name), load_prices()
    assert template.name == name
    assert template.rate == 0.0225
    assert template.status == "voorstel"
    check_prices(template, prices)
    assert template.unpriced
    for lever in template.levers:
        assert lever.seed
        assert lever.effect.status == "aanname"
    empty = calculate(template, prices, {}, draws=10)
    assert empty.npv is None
    assert not empty.complete


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_runs_with_every_quantity_and_actors_add_up(name: str) -> None:
    template = load_template(name)
    given = {
        key: Quantity(400.0, 350.0, 450.0)
        for key, spec in template.quantities.items()
        if not spec.derive and spec.assumed is None
    }
    if "aandeel_op_school" in given:
        given["aandeel_op_school"] = Quantity(0.5, 0.4, 0.6)
    got = calculate(template, load_prices(), given, draws=200)
    assert got.npv.low <= got.npv.mid <= got.npv.high
    assert sum(actor.present_value for actor in got.actors) == pytest.approx(got.npv.mid)
    assert got.assumptions
    assert {line.status for line in got.levers} <= {"ok", "no_price"}
    for line in got.levers:
        assert (line.yearly is None) == (line.status != "ok")


def test_every_price_says_year_source_and_status() -> None:
    prices = load_prices()
    for price in prices.prices.values():
        assert price.source
        assert 2010 <= price.price_year <= 2025
        assert price.band.low <= price.value <= price.band.high
    # What was not found has no number.
    assert {"so_plaats", "thuiszitter_jaar"} <= set(prices.unknown)
    assert prices.prices["leerlingenvervoer_jaar"].status == "gepubliceerd"
    assert all(
        "aangenomen" in p.source.lower() or "maal" in p.source
        for p in prices.prices.values()
        if p.status == "aanname"
    )


def test_the_claim_is_stored_as_a_claim() -> None:
    template = load_template("zon")
    (claim,) = template.claims
    assert claim.value == 66910
    assert "niet openbaar gevonden" in claim.note
    assert all(price.value != 66910 for price in load_prices().prices.values())
    got = calculate(template, load_prices(), {}, draws=10)
    equal = dict(got.claims[0].equivalents)
    # 66,910 is a third of a year in youth detention, 1.1 year of a family home or 17 years of transport.
    assert list(equal.values()) == pytest.approx([0.335, 1.12, 16.8], rel=0.005)


def test_zon_counts_classes_and_youth_workers() -> None:
    assert (classes(46, 23), classes(47, 23), classes(0, 23)) == (2, 3, 0)
    assert extra_classes(230, 25, 23) == 0
    assert extra_classes(2300, 25, 23) == 8
    assert extra_classes(2300, 20, 23) == 0
    assert youth_worker_fte(2300, 23) == 50
    assert per_pupils(1250, 500) == 2.5
    assert product(1000, 0.25) == 250
    with pytest.raises(ValueError, match="pupil"):
        classes(10, 0)
    with pytest.raises(ValueError, match="positive"):
        per_pupils(10, 0)


def test_quantities_come_from_the_metrics_with_interval_and_period() -> None:
    template = load_template("zon")
    rows = [
        {"metric": "pupils_enrolled", "level": "school_type", "unit_id": "BO",
         "period": "2023-2024", "reference_date": "2023-10-01", "value": 2000.0},
        {"metric": "pupils_enrolled", "level": "school_type", "unit_id": "BO",
         "period": "2024-2025", "reference_date": "2024-10-01", "value": 2100.0},
        {"metric": "pupils_enrolled", "level": "school_type", "unit_id": "SO",
         "reference_date": "2024-10-01", "value": 99.0},
        {"metric": "special_referral_rate", "level": "region", "dimension": "destination",
         "dimension_value": "so", "period": "2023-2024", "value": 0.01, "numerator": 20, "denominator": 2000,
         "lower": 0.006, "upper": 0.015},
        {"metric": "special_referral_rate", "level": "region", "dimension": "destination",
         "dimension_value": "detentie", "period": "2023-2024", "value": None, "numerator": None,
         "status": "not_delivered"},
        {"metric": "home_sitters", "level": "region", "period": "2023-2024", "value": 14.0, "lower": 8.0,
         "upper": 23.0},
        {"metric": "home_sitters", "level": "region", "period": "2024", "value": 99.0},
        {"metric": "assigned_hours_week", "level": "school_type", "unit_id": "BO",
         "reference_date": "2024-10-01", "value": 100.0},
    ]  # fmt: skip
    got = quantities_from_rows(template, rows)
    assert got["leerlingen"] == Quantity(2100, period="2024-10-01", origin="pupils_enrolled")
    assert got["naar_so"].band == Band(12, 20, 30)
    assert got["naar_detentie"] is None
    assert got["vervoer"] is None
    assert got["thuiszitters"] == Quantity(14, 8, 23, "2023-2024", "home_sitters")
    assert got["uren_ambulant"].value == pytest.approx(100 * 365.25 / 7, rel=1e-5)
    assert "uren_diagnostiek" not in got
    chosen = quantities_from_rows(template, rows, period="2023-10-01")
    assert chosen["leerlingen"].value == 2000
    calculate(template, load_prices(), got, draws=10)


def test_limits_of_a_rate_that_is_not_numerator_over_denominator_are_not_used() -> None:
    template = load_template("zon")
    row = {"metric": "step_up_rate", "level": "region", "period": "2023-2024", "value": 0.5, "numerator": 30,
           "denominator": 20.0, "lower": 0.4, "upper": 0.6}  # fmt: skip
    assert quantities_from_rows(template, [row])["opschalingen"].band == Band(30, 30, 30)


def test_two_units_at_once_are_refused() -> None:
    template = load_template("zon")
    row = {"metric": "home_sitters", "level": "region", "period": "2023-2024", "value": 1.0}
    with pytest.raises(ValueError, match="2 rows"):
        quantities_from_rows(template, [{**row, "unit_id": "a"}, {**row, "unit_id": "b"}])
    assert quantities_from_rows(template, [{**row, "unit_id": "a"}, {**row, "unit_id": "b"}], "b")


def test_a_school_can_be_calculated_instead_of_the_region() -> None:
    row = {
        "metric": "care_cost_assigned",
        "level": "school",
        "unit_id": "99AA00",
        "period": "2023-2024",
        "value": 5e4,
    }
    template = load_template("collectief")
    assert quantities_from_rows(template, [row])["kosten_nu"] is None
    assert quantities_from_rows(template, [row], "99AA00", level="school")["kosten_nu"].value == 5e4


def test_quantities_by_hand_come_from_a_file(tmp_path: Path) -> None:
    own = tmp_path / "eigen.toml"
    own.write_text(
        '[quantities.klasgrootte_nu]\nvalue = 26\nlower = 25\nupper = 27\nsource = "opgave scholen"\n'
    )
    got = load_quantities(own)
    assert got == {"klasgrootte_nu": Quantity(26, 25, 27, "", "opgave scholen")}
    result = calculate(load_template("zon"), load_prices(), {**got, "leerlingen": Quantity(2300)}, draws=10)
    assert not any(item.kind == "hoeveelheid" for item in result.assumptions)
    own.write_text("[quantities.klasgrootte_nu]\nvalue = 26\n")
    with pytest.raises(UsageError, match="source"):
        load_quantities(own)


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="No scenario 'zno'") as caught:
        load_template("zno")
    assert "zon" in caught.value.hint
    with pytest.raises(UsageError, match="No price list"):
        load_prices("1999")


def test_a_file_of_your_own_is_read_and_its_mistake_named(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text('version = "eigen"\n[prices.uur]\nlabel = "Uur"\nunit = "uur"\nvalue = "veel"\n')
    with pytest.raises(UsageError, match=r"prices\.toml: prices\.uur\.value"):
        load_prices(path=own)
    own.write_text("version = ")
    with pytest.raises(UsageError, match="no valid TOML"):
        load_prices(path=own)
    with pytest.raises(UsageError, match="cannot be read"):
        load_template(path=tmp_path / "absent.toml")
    own.write_text('version = "eigen"\n')
    assert load_prices(path=own) != load_prices()


def _lever(**changes) -> dict:
    lever = {
        "key": "x",
        "label": "X",
        "kind": "cost",
        "quantity": "q",
        "effect": {"low": 0, "mid": 0.5, "high": 1},
        "payers": {"swv": 1},
    }
    return {**lever, **changes}


def _template(levers: list[dict], quantities: dict | None = None) -> dict:
    return {
        "name": "n",
        "title": "t",
        "summary": "s",
        "null_alternative": "0",
        "horizon": 2,
        "quantities": quantities or {"q": {"label": "Q", "unit": "u"}},
        "levers": levers,
    }


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (_template([_lever(payers={"swv": 0.6})]), "add up to 1"),
        (_template([_lever(payers={"school": 1})]), "unknown actor"),
        (_template([_lever(payers={})]), "a cost has payers"),
        (_template([_lever(kind="benefit")]), "a cost has payers"),
        (_template([_lever(beneficiaries={"swv": 1})]), "a cost has payers"),
        (_template([_lever(effect={"low": 1, "mid": 0.5, "high": 1})]), "low to high"),
        (_template([_lever(), _lever()]), "same key"),
        (_template([_lever(quantity="r")]), "not described"),
        (_template([_lever(ramp=[])]), "at least one year"),
        (_template([_lever(colour="red")]), "Extra inputs"),
        (_template([]), "at least 1 item"),
        (
            _template(
                [_lever()],
                {
                    "q": {"label": "Q", "unit": "u", "derive": "classes", "inputs": ["r"]},
                    "r": {"label": "R", "unit": "u", "derive": "classes", "inputs": ["s"]},
                    "s": {"label": "S", "unit": "u"},
                },
            ),
            "derives from a derived",
        ),
    ],
)
def test_a_template_that_contradicts_itself_is_refused(data: dict, match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        Template.model_validate(data)


def test_a_function_that_does_not_exist_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = Path(__file__).parents[2] / "zorgdata/scenario/templates/zon.toml"
    own.write_text(
        text.read_text(encoding="utf-8").replace('"extra_classes"', '"more_classes"'), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="no function 'more_classes'"):
        load_template(path=own)


def test_a_price_range_must_hold_the_price() -> None:
    price = {
        "label": "P",
        "unit": "u",
        "value": 5,
        "low": 6,
        "price_year": 2024,
        "source": "s",
        "status": "aanname",
    }
    with pytest.raises(ValidationError, match="low to high"):
        PriceList.model_validate({"version": "v", "prices": {"p": price}})
