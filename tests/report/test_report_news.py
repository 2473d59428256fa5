"""What is new since the previous snapshot: only what both publications show, with the delivery behind it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import fixture_region
import pytest

from zorgdata.disclosure.table import Cell, certify
from zorgdata.report.model import Arrival, Earlier, Figures, ReportInputs
from zorgdata.report.news import SHORT, News, news
from zorgdata.report.page import Style
from zorgdata.report.reader import Reader
from zorgdata.report.snapshot import render_snapshot

NOW = fixture_region.YEARS[-1]
METRICS = ("pupils_with_care", "care_share", "assigned_hours_week")
ARRIVALS = (Arrival("indications", "9901", 2), Arrival("indications", "9902", 1), Arrival("offers", "", 1))


def earlier(change: Callable[[Cell], Cell | None], arrivals: tuple[Arrival, ...] = ARRIVALS) -> Earlier:
    """The fixture region as it was before ``change`` (None: the cell was not there)."""
    cells = [c for c in map(change, fixture_region.cells()) if c is not None]
    return Earlier("0001_x", date(2024, 9, 1), Figures.of(certify("public", cells)), arrivals)


def inputs(before: Earlier | None) -> ReportInputs:
    return fixture_region.inputs(earlier=before)


def told(before: Earlier | None, style: Style) -> News:
    found = news(Reader(inputs(before), style.texts), METRICS)
    assert found is not None
    return found


def lower(metric: str, period: str, by: float) -> Callable[[Cell], Cell]:
    """The region's figure was this much lower."""

    def change(c: Cell) -> Cell:
        if (c.metric, c.level, c.period) != (metric, "region", period) or c.value is None:
            return c
        return replace(c, value=c.value - by, display=f"{c.value - by:g}".replace(".", ","))

    return change


def texts(found: News) -> list[list[str]]:
    assert found.table is not None
    return [[c.text for c in row] for row in found.table.rows]


def test_without_an_earlier_snapshot_there_is_no_news(style: Style) -> None:
    assert news(Reader(inputs(None), style.texts), METRICS) is None
    assert 'id="nieuw"' not in render_snapshot(inputs(None), style)


def test_a_figure_that_moved_says_by_how_much_and_what_was_delivered(style: Style) -> None:
    found = told(earlier(lower("pupils_with_care", NOW, 40)), style)
    ((label, year, was, now, change, cause),) = texts(found)
    assert (label, year, change) == ("Leerlingen met jeugdhulp", "2024/'25", "40 meer")
    assert int(now.replace(".", "")) - int(was) == 40
    assert cause == "Indicaties (toewijzingen)"
    assert "zijn er" not in found.points[0]
    assert "**één veranderd**" in found.points[0]
    assert "Indicaties (toewijzingen) (Eikendam en Vennermeer; 3 bestanden)" in found.points[-1]


def test_within_a_step_of_rounding_the_size_is_not_told(style: Style) -> None:
    ((*_, change, _),) = texts(told(earlier(lower("pupils_with_care", NOW, 5)), style))
    assert change == "iets meer"


def test_without_a_delivery_the_calculation_is_named(style: Style) -> None:
    found = told(earlier(lower("pupils_with_care", NOW, 40), ()), style)
    ((*_, cause),) = texts(found)
    assert cause == "berekening of instelling"
    assert "niets nieuws geleverd" in found.points[-1]


@pytest.mark.parametrize("hidden_then", [True, False])
def test_a_figure_that_one_side_hides_gets_no_difference(style: Style, *, hidden_then: bool) -> None:
    def hide(c: Cell) -> Cell:
        mine = (c.metric, c.level, c.period) == ("pupils_with_care", "region", NOW)
        return replace(c, value=None, display=".", cell_status="suppressed") if mine else c

    before, now = earlier(lambda c: c), inputs(None)
    if hidden_then:
        before = earlier(hide)
    else:
        now = replace(now, figures=Figures.of(certify("public", [hide(c) for c in fixture_region.cells()])))
    found = news(Reader(replace(now, earlier=before), style.texts), METRICS)
    assert found is not None
    assert found.table is None
    assert "Van de 17 hoofdcijfers die toen ook al getoond werden, is er geen veranderd." in found.points[0]
    told_so = "mochten we toen niet tonen en nu wel" if hidden_then else "mogen we nu niet meer tonen"
    assert found.points[1] == f"Eén hoofdcijfer {told_so}."


def test_the_same_figures_say_so(style: Style) -> None:
    found = told(earlier(lambda c: c), style)
    assert found.table is None
    assert "is er geen veranderd" in found.points[0]
    assert found.points[1].startswith(
        "Van 22 scholen staat het aandeel in beide momentopnamen. Bij geen school"
    )


def test_a_new_school_year_is_named_and_not_compared(style: Style) -> None:
    found = told(earlier(lambda c: None if c.period == NOW else c), style)
    assert found.table is None
    assert any("2024/'25" in p for p in found.points)


def test_many_changes_fold(style: Style) -> None:
    def all_lower(c: Cell) -> Cell:
        return replace(c, value=c.value - 20, display="1") if c.level == "region" and c.value else c

    found = told(earlier(all_lower), style)
    assert found.more is not None
    assert found.table is not None
    assert len(found.table.rows) == SHORT < len(found.more.rows)
    assert found.table.rows[-1][1].text == "2024/'25"


def test_old_figures_on_the_page_carry_no_name_of_a_cell(style: Style) -> None:
    """``data-cell`` names cells of this publication; a page is read back by it."""
    found = told(earlier(lower("pupils_with_care", NOW, 40)), style)
    assert found.table is not None
    was, now = found.table.rows[0][2:4]
    assert not was.name
    assert now.name
