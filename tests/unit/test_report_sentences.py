"""Sentences on edge values read as Dutch and give nothing away."""

import pytest

from zorgdata.disclosure.notation import number, percent
from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import Change
from zorgdata.report.sentences import (
    hours_sentence,
    intensive_sentence,
    providers_sentence,
    share_sentence,
    value_sentence,
)
from zorgdata.report.texts import load_texts

TEXTS = load_texts()
NONE = Change("none")


def cell(value: float | None, display: str, status: str = "shown") -> Cell:
    return Cell("m", "school", "9901AA", "2024-2025", "2024-10-01", "", "", value, display, status)


def share(value: float) -> Cell:
    return cell(value, percent(value))


HIDDEN = cell(None, ".", "suppressed_secondary")
TOP = cell(0.9, ">\u00a090\u00a0%", "top_coded")


def test_the_first_sentence_has_number_count_and_comparison() -> None:
    change = Change("up", difference="5 procentpunt", previous="20 %")
    text = share_sentence(
        share(0.25), cell(250, "250"), change, TEXTS, date="1 oktober 2024", provisional=False
    )
    assert text == (
        "Op 1 oktober 2024 heeft **25\u00a0%** van de leerlingen op deze scholen jeugdhulp, "
        "ongeveer 250 leerlingen. Dat is 5 procentpunt meer dan een jaar eerder (20 %)."
    )


def test_a_hidden_count_is_not_mentioned() -> None:
    text = share_sentence(share(0.25), HIDDEN, NONE, TEXTS, date="1 oktober 2024", provisional=False)
    assert text == "Op 1 oktober 2024 heeft **25\u00a0%** van de leerlingen op deze scholen jeugdhulp."


def test_a_hidden_share_says_so_and_keeps_the_count_to_itself() -> None:
    text = share_sentence(HIDDEN, cell(250, "250"), NONE, TEXTS, date="1 oktober 2024", provisional=False)
    assert "250" not in text
    assert "niet vanwege privacy" in text


def test_a_top_coded_share_is_read_in_words() -> None:
    text = share_sentence(TOP, HIDDEN, NONE, TEXTS, date="1 oktober 2024", provisional=False)
    assert "heeft **meer dan 90\u00a0%** van" in text


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.1, 0.2], "Op geen van de 2 scholen heeft 40 % of meer"),
        ([0.1, 0.5], "Op **één van de 2 scholen** heeft"),
        ([0.1, 0.5, 0.6], "Op **twee van de 3 scholen** heeft"),
        ([0.4, 0.5], "Op **beide scholen** heeft"),
        ([0.4, 0.5, 0.6], "Op **alle 3 scholen** heeft"),
    ],
)
def test_counts_of_schools(shares: list[float], expected: str) -> None:
    assert intensive_sentence([share(s) for s in shares], [], TEXTS).startswith(expected)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([0.1, 0.2], "Op geen van de twee scholen waarvan we het aandeel tonen, heeft"),
        ([0.1, 0.5], "Op **één van de twee scholen** waarvan we het aandeel tonen, heeft"),
        ([0.5, 0.5, 0.1], "Op **twee van de drie scholen** waarvan we het aandeel tonen, heeft"),
    ],
)
def test_with_hidden_schools_only_the_shown_ones_are_counted(shares: list[float], expected: str) -> None:
    cells = [*(share(s) for s in shares), HIDDEN]
    assert intensive_sentence(cells, [], TEXTS).startswith(expected)


def test_no_sentence_about_schools_when_none_or_one_is_shown() -> None:
    assert intensive_sentence([HIDDEN, HIDDEN], [], TEXTS) == ""
    assert intensive_sentence([share(0.5), HIDDEN], [], TEXTS) == ""
    assert intensive_sentence([], [], TEXTS) == ""


def test_the_largest_type_is_named_only_when_every_type_is_shown_and_one_is_largest() -> None:
    schools = [share(0.5), share(0.1)]
    named = intensive_sentence(schools, [("Speciaal onderwijs", share(0.7)), ("VO", share(0.1))], TEXTS)
    assert "het grootst in het speciaal onderwijs: 70\u00a0%" in named
    hidden = intensive_sentence(schools, [("Speciaal onderwijs", share(0.7)), ("VO", HIDDEN)], TEXTS)
    tie = intensive_sentence(schools, [("Speciaal onderwijs", share(0.7)), ("VO", share(0.7))], TEXTS)
    assert "grootst" not in hidden + tie


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1], "Op elke school waarvan we het aantal tonen, werkt **één aanbieder**."),
        ([4, 4], "Op elke school waarvan we het aantal tonen, werken **4 aanbieders**."),
        ([1, 3, 34], "Op de ene school werken **1** en op de andere **34** aanbieders; "
                     "ten minste de helft van de scholen heeft er 3 of meer."),
        ([2, 4, 6, 8], "Op de ene school werken **2** en op de andere **8** aanbieders; "
                       "ten minste de helft van de scholen heeft er 6 of meer."),
    ],
)  # fmt: skip
def test_providers(values: list[int], expected: str) -> None:
    assert providers_sentence([cell(v, number(v)) for v in values], TEXTS) == expected


def test_providers_hidden_or_absent() -> None:
    assert "privacy" in providers_sentence([HIDDEN], TEXTS)
    assert providers_sentence([], TEXTS) == ""


def test_hours() -> None:
    assert hours_sentence(cell(2815, "2.815"), NONE, TEXTS, provisional=False) == (
        "Samen gaat het om ongeveer **2.815 uur** jeugdhulp per week."
    )
    assert "privacy" in hours_sentence(HIDDEN, NONE, TEXTS, provisional=False)


def test_a_figure_that_is_not_shown_gets_no_sentence() -> None:
    assert value_sentence("brief.short", HIDDEN, NONE, TEXTS, provisional=False) == ""
    assert value_sentence("brief.short", share(0.62), NONE, TEXTS, provisional=False) == (
        "Van de nieuwe indicaties duurt **62\u00a0%** een half jaar of korter."
    )
