"""How a cell is printed and compared: nothing hidden is ever used."""

import pytest

from zorgdata.disclosure.notation import number, percent
from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import compare, heat_class, sentence_of, tile_of, view_cell
from zorgdata.report.model import Figures
from zorgdata.report.texts import load_texts

TEXTS = load_texts()
SHOWN = Figures.of([])


def cell(value: float | None, display: str = "", status: str = "shown", metric: str = "care_share") -> Cell:
    return Cell(metric, "region", "region", "2024-2025", "2024-10-01", "", "", value, display, status)


def share(value: float, decimals: int = 0) -> Cell:
    return cell(value, percent(value, decimals))


def count(value: float) -> Cell:
    return cell(value, number(value), metric="pupils_with_care")


HIDDEN = cell(None, ".", "suppressed")
SECONDARY = cell(None, ".", "suppressed_secondary")
TOP = cell(0.9, ">\u00a090\u00a0%", "top_coded")


def test_primary_and_secondary_suppression_read_the_same() -> None:
    views = [view_cell(c, SHOWN, TEXTS) for c in (HIDDEN, SECONDARY)]
    assert [(v.text, v.spoken, v.sort) for v in views] == [(".", "niet getoond vanwege privacy", "")] * 2


def test_a_metric_without_input_is_not_available_and_an_impossible_cell_is_blank() -> None:
    absent = Cell("care_share", "region", "region", "2018-2019", "", "", "", None, "", "missing")
    assert view_cell(absent, SHOWN, TEXTS).text == "n.b."
    known = Figures.of([share(0.2)])
    assert view_cell(absent, known, TEXTS).text == ""
    assert view_cell(absent, known, TEXTS).spoken == "niet van toepassing"
    undelivered = cell(None, "niet beschikbaar", "not_applicable")
    assert view_cell(undelivered, known, TEXTS).text == "n.b."


def test_a_top_coded_share_sorts_after_its_bound() -> None:
    assert float(view_cell(TOP, SHOWN, TEXTS).sort) > float(view_cell(share(0.9), SHOWN, TEXTS).sort)


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (0.25, 0.20, "Dat is 5 procentpunt meer dan een jaar eerder (20\u00a0%)."),
        (0.20, 0.25, "Dat is 5 procentpunt minder dan een jaar eerder (25\u00a0%)."),
        (0.21, 0.20, "Dat is iets meer dan een jaar eerder (20\u00a0%)."),
        (0.20, 0.21, "Dat is iets minder dan een jaar eerder (21\u00a0%)."),
        (0.20, 0.20, "Dat is evenveel als een jaar eerder."),
        (0.0, 0.0, "Dat is evenveel als een jaar eerder."),
    ],
)
def test_shares_differ_in_percentage_points(now: float, before: float, text: str) -> None:
    change = compare(share(now), share(before), TEXTS, share=True)
    assert sentence_of(change, TEXTS, provisional=False) == text


def test_a_count_that_moved_one_step_of_the_rounding_moved_slightly() -> None:
    assert compare(count(105), count(100), TEXTS, step=5).slight
    assert not compare(count(110), count(100), TEXTS, step=5).slight
    assert compare(count(110), count(100), TEXTS, step=5).difference == "10"


def test_one_decimal_gives_a_difference_with_one_decimal() -> None:
    change = compare(share(0.125, 1), share(0.119, 1), TEXTS, share=True)
    assert change.difference == "0,6 procentpunt"


@pytest.mark.parametrize("before", [HIDDEN, SECONDARY])
def test_a_hidden_previous_figure_is_not_compared_with(before: Cell) -> None:
    change = compare(share(0.25), before, TEXTS, share=True)
    assert change.direction == "none"
    assert sentence_of(change, TEXTS, provisional=False) == (
        "Het cijfer van een jaar eerder tonen we niet vanwege privacy."
    )
    assert tile_of(change, TEXTS) == "geen vergelijking met een jaar eerder"


def test_nothing_is_compared_with_a_hidden_or_top_coded_figure() -> None:
    assert compare(HIDDEN, share(0.2), TEXTS, share=True).direction == "none"
    assert compare(TOP, share(0.2), TEXTS, share=True).direction == "none"
    after_top = compare(share(0.85), TOP, TEXTS, share=True)
    assert (
        sentence_of(after_top, TEXTS, provisional=False) == "Van een jaar eerder weten we: >\u00a090\u00a0%."
    )


def test_a_fall_in_provisional_figures_is_called_uncertain_and_a_rise_is_not() -> None:
    fall = compare(share(0.20), share(0.25), TEXTS, share=True)
    rise = compare(share(0.25), share(0.20), TEXTS, share=True)
    assert "definitief" in sentence_of(fall, TEXTS, provisional=True)
    assert "definitief" not in sentence_of(fall, TEXTS, provisional=False)
    assert "definitief" not in sentence_of(rise, TEXTS, provisional=True)


def test_overlapping_intervals_are_said_to_be_possibly_chance() -> None:
    change = compare(share(0.25), share(0.20), TEXTS, share=True, chance=True)
    assert "toeval" in sentence_of(change, TEXTS, provisional=False)


@pytest.mark.parametrize(
    ("value", "heat"),
    [(0.0, 1), (0.09, 1), (0.10, 2), (0.29, 2), (0.30, 3), (0.39, 3), (0.40, 4), (0.90, 4), (0.91, 5)],
)
def test_a_lower_bound_belongs_to_its_class(value: float, heat: int) -> None:
    assert heat_class(share(value)) == heat


def test_top_coded_is_the_highest_class_and_hidden_has_none() -> None:
    assert heat_class(TOP) == 5
    assert heat_class(HIDDEN) == 0
