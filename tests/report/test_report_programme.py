"""Decision support, scenarios and effects in reports: from published figures, with every caution in print."""

from dataclasses import replace
from datetime import date
from typing import Any

import fixture_region
import pyarrow as pa
import pytest
from html_rules import check_page, parse

from zorgdata.disclosure.table import certify
from zorgdata.pipeline import insight
from zorgdata.report import KINDS
from zorgdata.report.model import Delivery, Figures, Initiative, ReportInputs
from zorgdata.report.page import load_style

YEARS = fixture_region.YEARS
SO = [u for u in fixture_region.school_units() if u.school_type in ("SO", "SO/VSO", "VSO")]
INITIATIVES = (
    Initiative("I1", "Vaste hulp op school", "ozg", "uitvoering", date(2022, 8, 1), None, 1),
    Initiative("I2", "Nog te bedenken", "overig", "idee", date(2024, 8, 1), None, 1),
)
TABLES: dict[str, list[dict[str, Any]]] = {
    "initiative_school": [
        {
            "initiative_id": "I1", "school_id": SO[4].unit_id, "start_date": date(2022, 8, 1),
            "end_date": None, "phase": "uitvoering", "target_metric": "waiting_time",
            "target_value": 42.0, "owner_role": "x",
        }
    ],
    "collective_supply": [
        {
            "school_id": SO[4].unit_id, "start_date": date(2022, 8, 1), "end_date": None,
            "hours_per_week": 28.0,
        }
    ],
    "school_trait": [{"school_id": u.unit_id, "ikc": False} for u in fixture_region.school_units()],
    "offer": [
        {"school_id": SO[0].unit_id, "offer": "vaste partner", "is_required": True, "is_present": True},
        {"school_id": SO[1].unit_id, "offer": "vaste partner", "is_required": True, "is_present": False},
        {"school_id": SO[1].unit_id, "offer": "extra", "is_required": False, "is_present": True},
    ],
}  # fmt: skip


def query(sql: str, parameters: Any = ()) -> pa.Table:
    """As much of a publication as the extra tables need."""
    if "information_schema" in sql:
        return pa.Table.from_pylist(
            [{"1": 1}] if parameters[0] in TABLES else [], pa.schema([("1", pa.int64())])
        )
    name = sql.split("protected.")[1].split(maxsplit=1)[0]
    return pa.Table.from_pylist(TABLES[name])


def made(kind: str, audience: str = "professional", **changes: object) -> tuple[ReportInputs, str]:
    """The report of a kind on the fixture region, enriched as the pipeline does."""
    found = fixture_region.inputs(audience, initiatives=INITIATIVES)
    found = replace(found, **changes)
    found = insight.enrich(kind, query, ("9901", "9902", "9903", "9904"))(found)
    text = KINDS[kind](found, load_style())["index.html"].decode()
    check_page(text)
    body = parse(text).xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    return found, " ".join(" ".join(body).split())


def test_the_public_sheet_on_collective_provision_names_no_school() -> None:
    _, public = made("collective", "public")
    _, closed = made("collective", "professional")
    for school in SO:
        assert school.name in closed
        assert school.name not in public
    assert "Geen oordeel en geen ranglijst" in public


def test_a_hidden_share_is_an_unknown_gate() -> None:
    found, text = made("collective")
    hidden = {
        c.unit_id
        for c in found.figures.index.values()
        if c.metric == "care_share" and c.level == "school" and c.period == found.period and c.hidden
    }
    assert hidden
    for school in hidden:
        gates = {g.key: g.passed for g in found.decision.assessments[school].gates}
        assert gates["care_share"] is None
    assert "onbekend" in text


def test_schools_stand_in_the_order_of_type_and_name_not_of_score() -> None:
    found, _ = made("collective")
    page = KINDS["collective"](found, load_style())["index.html"].decode()
    table = parse(page).xpath("//*[@id='figuur-voorwaarden']//tbody//th")
    shown = ["".join(cell.itertext()) for cell in table]
    by_name = [u.name for u in found.of_level("school")]
    assert set(shown) == set(by_name)
    scores = {u.name: found.decision.assessments[u.unit_id].score or -1 for u in found.of_level("school")}
    ranked = sorted(by_name, key=lambda n: -scores[n])
    assert shown not in (ranked, ranked[::-1])


def test_one_school_shows_values_limits_and_what_a_team_would_take() -> None:
    unit = SO[0]
    _, text = made("collective", unit=unit)
    assert "Bij" in text
    assert "Met een vast team" in text
    assert "blijft de groep van deze school dezelfde" in text


def test_the_study_of_an_initiative_prints_its_cautions_word_for_word() -> None:
    found, text = made("initiative")
    assert [e.initiative.initiative_id for e in found.effects] == ["I1"], "an idea has no effect yet"
    effect = found.effects[0]
    assert (effect.metric, effect.asked) == ("care_share", "waiting_time")
    assert effect.study is not None
    assert "te weinig scholen voor een toets" in text
    assert "daling kan registratie zijn" in text, "collective supply is reported at the school"
    assert "indicatief" in text
    assert "Geen uitspraak." in text


def test_an_effect_stands_on_shown_cells_only() -> None:
    found, _ = made("initiative")
    cells = {(c.unit_id, c.period): c for c in found.figures.index.values() if c.metric == "care_share"}
    study = found.effects[0].study
    for index, year in enumerate(study.periods):
        for school, values in study.per_school.items():
            cell = cells[school, year]
            assert cell.shown
            assert values[index] == cell.value


def test_a_school_with_one_hidden_year_is_left_out_and_counted() -> None:
    found = fixture_region.inputs("professional", initiatives=INITIATIVES)
    school = SO[4].unit_id
    target = ("care_share", school, YEARS[1])
    cells = [
        replace(c, value=None, display=".", cell_status="suppressed")
        if (c.metric, c.unit_id, c.period) == target
        else c
        for c in found.figures.index.values()
    ]
    figures = Figures.of(certify("professional", cells))
    enriched, text = made("initiative", figures=figures)
    assert enriched.effects[0].study is None
    assert "Er valt niets te vergelijken" in text


def test_gaps_in_the_offer_are_counted_for_all_and_named_for_professionals() -> None:
    _, public = made("initiative", "public")
    _, closed = made("initiative", "professional")
    assert "Vaste partner 2 1 1" in public
    assert "Aanbod per school" not in public
    assert f"{SO[1].name} ontbreekt" in closed
    assert "Extra" not in closed, "what nobody needs is no gap"


def test_scenarios_come_from_published_figures() -> None:
    found, text = made("scenario")
    assert {r.name for r in found.scenarios} == {"zon", "ozg", "collectief"}
    assert "In één oogopslag" in text
    zon = next(r for r in found.scenarios if r.name == "zon")
    pupils = next(
        c
        for c in found.figures.index.values()
        if (c.metric, c.level, c.unit_id, c.period) == ("pupils_enrolled", "school_type", "BO", YEARS[-1])
    )
    assert (
        next(lv for lv in zon.levers if lv.key == "jeugdhulpverlener").quantity.value
        == -(-pupils.value // 23) / 2
    )
    assert "66.910" in text
    assert "telt nergens in mee" not in text or not any(
        r.yearly and r.yearly.mid == 66_910 for r in found.scenarios
    )


@pytest.mark.parametrize("delivered", [True, False])
def test_supply_that_was_never_delivered_leaves_the_doubt(delivered: bool) -> None:
    kinds = (Delivery("collective_supply", "", 1, date(2025, 1, 1), 1, 1, 0, 0),) if delivered else ()
    without = dict(TABLES, collective_supply=[])
    found = fixture_region.inputs("professional", initiatives=INITIATIVES, deliveries=kinds)

    def none(sql: str, parameters: Any = ()) -> pa.Table:
        if "from protected.collective_supply" in sql:
            return pa.table({"school_id": [], "start_date": [], "end_date": [], "hours_per_week": []})
        assert without
        return query(sql, parameters)

    study = insight.effects(found, none)[0].study
    assert study is not None
    assert study.registration.possible is not delivered


def test_half_a_balance_is_not_shown() -> None:
    """Without a figure that any benefit works on, the generalist is cost alone."""
    found = fixture_region.inputs("professional", initiatives=INITIATIVES)
    cells = [c for c in found.figures.index.values() if c.metric == "pupils_enrolled"]
    enriched, text = made("scenario", figures=Figures.of(certify("professional", cells)))
    ozg = next(r for r in enriched.scenarios if r.name == "ozg")
    assert ozg.one_sided
    assert "Een saldo zou misleiden" in text
    assert "geen saldo te geven" in text


def test_every_pillar_has_its_figures_or_says_that_they_are_not_there() -> None:
    found, text = made("initiative")
    linked = found.catalogue.metric("pillar_progress").parameters["pillar_metrics"]
    assert set(linked) == {"1", "2", "3", "4"}
    for number, metrics in linked.items():
        assert f"Pijler {number}:" in text
        for metric in metrics:
            base = found.catalogue.metric(metric)
            labels = {base.label_nl, *(m.label_nl for m in found.catalogue.family(base.base_key))}
            assert any(label in text for label in labels), metric
