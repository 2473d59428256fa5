"""What is printed beside a figure that may have moved without care having changed, and when data are late."""

import re
from dataclasses import replace
from datetime import date

import fixture_region
import pytest
from fixture_region import YEARS
from html_rules import parse

from zorgdata.report import KINDS
from zorgdata.report.cautions import (
    late_notes,
    merger_notes,
    registration_note,
    registration_table_note,
)
from zorgdata.report.dutch import day
from zorgdata.report.model import Merger, RegistrationWarning, ReportInputs
from zorgdata.report.page import load_style
from zorgdata.report.reader import Reader
from zorgdata.report.texts import load_texts

STARTED = RegistrationWarning("collective_started", date(2024, 3, 1), 2)
KEY = ("region", "region", YEARS[-1])


def inputs(audience: str = "public", **changes: object) -> ReportInputs:
    return fixture_region.inputs(audience, **changes)


def reader(language: str = "nl", **changes: object) -> Reader:
    return Reader(inputs(**changes), load_texts(language))


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", "".join(parse(html.decode()).xpath("//body")[0].itertext()))


def test_a_fall_in_a_warned_period_is_explained() -> None:
    """The number of switches falls every year, also in the last."""
    note = registration_note(reader(warnings={KEY: (STARTED,)}), "switches_per_careyear_g28")
    assert note.startswith(
        "Let op: op 2 scholen is hulp collectief geregeld, de laatste keer vanaf 1 maart 2024."
    )


def test_a_rise_needs_no_such_explanation() -> None:
    assert registration_note(reader(warnings={KEY: (STARTED,)}), "renewal_share_any_g28") == ""


def test_a_fall_in_a_period_without_a_warning_is_left_alone() -> None:
    assert registration_note(reader(), "switches_per_careyear_g28") == ""


def test_a_figure_that_collective_supply_cannot_move_is_left_alone() -> None:
    """Pupils are counted from school lists."""
    assert registration_note(reader(warnings={KEY: (STARTED,)}), "pupils_enrolled") == ""


@pytest.mark.parametrize(
    ("warning", "told"),
    [
        (
            RegistrationWarning("collective_since", date(2022, 8, 1), 1),
            "op één school is hulp vanaf 1 augustus 2022",
        ),
        (RegistrationWarning("collective_unknown"), "we weten niet op welke scholen"),
    ],
)
def test_one_school_and_unknown_supply_have_words_of_their_own(
    warning: RegistrationWarning, told: str
) -> None:
    assert told in registration_note(reader(warnings={KEY: (warning,)}), "switches_per_careyear_g28")


def test_purchasing_is_named_with_switches_in_any_direction() -> None:
    warned = {KEY: (RegistrationWarning("january"),)}
    note = registration_note(reader(warnings=warned), "switches_per_careyear_g28")
    assert "in 2024/'25 een groot deel van de wisselingen op 1 januari" in note
    assert registration_note(reader(warnings=warned), "short_indication_share") == ""


def test_the_warning_is_on_figures_sentences_and_tables() -> None:
    found = inputs(warnings={KEY: (STARTED,)})
    page = words(KINDS["snapshot"](found, load_style())["index.html"])
    assert "Een daling kan ook komen doordat hulp nu collectief is geregeld" in page
    assert "kan door de registratie komen" in page
    assert "Een daling in deze tabel kan daardoor komen." in page
    chapter = words(KINDS["monitor"](found, load_style())["continuiteit.html"])
    assert chapter.count("Let op: op 2 scholen") >= 2


def test_a_table_without_such_figures_has_no_note() -> None:
    read = reader(warnings={KEY: (STARTED,)})
    assert registration_table_note(read, ["pupils_enrolled"]) == ""
    assert registration_table_note(read, ["pupils_enrolled", "switches_per_careyear_g28"]) != ""


def late(*codes: str) -> ReportInputs:
    *before, last = fixture_region.periods()
    return inputs(periods=(*before, replace(last, late=codes)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_report_names_municipalities_that_are_late(kind: str) -> None:
    found = late("9904", "9902")
    if kind == "school":
        found = replace(found, audience="professional", unit=fixture_region.school_units()[9])
    for page in (data for name, data in KINDS[kind](found, load_style()).items() if name.endswith(".html")):
        told = words(page)
        assert "Hoogland aan Zee en Vennermeer hebben over schooljaar 2024/'25 nog niet alle gegevens" in told
        assert "Voorlopige cijfers." in told


def test_one_late_municipality_and_none() -> None:
    assert late_notes(Reader(late("9904"), load_texts())) == [
        "**Voorlopige cijfers.** Hoogland aan Zee heeft over schooljaar 2024/'25 nog niet alle gegevens "
        "geleverd. "
        "De cijfers over schooljaar 2024/'25 kunnen nog veranderen, ook die van de regio."
    ]
    assert late_notes(reader()) == []


def test_a_merged_municipality_is_named_when_it_merged_in_the_years_shown() -> None:
    first = fixture_region.periods()[0].start
    known, unknown = Merger("9911", "Oud", "9904", first), Merger("9912", "", "9904", first)
    before = Merger("9913", "Ouder", "9904", date(first.year - 30, 1, 1))
    read = reader(mergers=(known, unknown, before))
    assert merger_notes(read) == [
        f"**Gemeenten zoals ze nu zijn.** {old} hoort sinds {day(first)} bij Hoogland aan Zee. "
        "In dit rapport tellen ze in alle jaren samen, onder de naam Hoogland aan Zee."
        for old in ("Oud", "gemeente 9912")
    ]
    page = words(KINDS["snapshot"](inputs(mergers=(known,)), load_style())["index.html"])
    assert "Oud hoort sinds" in page


def test_late_municipalities_are_named_in_english() -> None:
    page = words(KINDS["snapshot"](late("9904"), load_style(language="en"))["index.html"])
    assert "Hoogland aan Zee has not delivered all data for school year 2024/25 yet." in page


def test_a_municipality_without_a_name_is_called_one() -> None:
    assert "gemeente 9951" in late_notes(Reader(late("9951"), load_texts()))[0]
