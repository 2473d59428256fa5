"""A report in English: the same keys and fields as in Dutch, the same figures in another notation."""

import re
from dataclasses import replace
from datetime import date

import fixture_region
import pytest
from html_rules import check_page
from test_report_kinds import SCHOOL, inputs

from zorgdata.assets import asset
from zorgdata.disclosure.readback import readback
from zorgdata.disclosure.table import certify
from zorgdata.report.dutch import count_word, day, enumeration, number, percent, period, period_phrase
from zorgdata.report.kinds import KINDS
from zorgdata.report.language import in_notation, notation, noting, speaking
from zorgdata.report.model import Earlier, Figures
from zorgdata.report.page import Style, load_style
from zorgdata.report.texts import _flat, fields, load_texts, tomllib


@pytest.fixture(scope="module")
def english() -> Style:
    return load_style(language="en")


def own_texts(language: str) -> dict[str, str | tuple[str, ...]]:
    """What a language's own file has."""
    return _flat(tomllib.loads(asset("templates", "texts", f"{language}.toml").read_text(encoding="utf-8")))


def test_both_languages_have_the_same_texts() -> None:
    assert own_texts("en").keys() == own_texts("nl").keys()


@pytest.mark.parametrize("key", sorted(own_texts("nl")))
def test_a_text_is_filled_with_the_same_fields(key: str) -> None:
    dutch, english = own_texts("nl")[key], own_texts("en").get(key, "")
    assert fields(english) == fields(dutch)
    assert isinstance(english, str) == isinstance(dutch, str)
    bold = [str(text).count("**") % 2 for text in ([english] if isinstance(english, str) else english)]
    assert not any(bold)


def test_numbers_and_dates_are_english_for_the_time_of_the_report() -> None:
    with speaking("en"):
        assert number(1234.5, 1) == "1,234.5"
        assert percent(0.125, 1) == "12.5\u00a0%"
        assert day(date(2024, 10, 1)) == "1 October 2024"
        assert period("2024-2025") == "2024/25"
        assert period_phrase("2024-2025") == "school year 2024/25"
        assert enumeration(["a", "b", "c"]) == "a, b and c"
        assert count_word(3) == "three"
    assert number(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("1.234", "1,234"), ("12,5\u00a0%", "12.5\u00a0%"), ("€\u00a01.234.000", "€\u00a01,234,000"),
        (">\u00a090\u00a0%", ">\u00a090\u00a0%"), (".", "."), ("", ""),
        ("Samen 1.234, of 5.", "Samen 1,234, of 5."),
    ],
)  # fmt: skip
def test_the_notation_of_a_display(dutch: str, english: str) -> None:
    with speaking("en"):
        assert notation(dutch) == english
    assert notation(dutch) == dutch


@pytest.mark.parametrize("kind", ["snapshot", "school", "quality"])
def test_a_page_is_english_and_follows_the_rules(english: Style, kind: str) -> None:
    before = Earlier("0001_x", date(2024, 9, 1), Figures.of(certify("professional", [])))
    subject = inputs(unit=SCHOOL) if kind == "school" else inputs(earlier=before)
    page = KINDS[kind](subject, english)["index.html"].decode()
    check_page(page)
    assert '<html lang="en">' in page
    dutch = re.search(r"Leerlingen met jeugdhulp|een jaar eerder|Schooljaar|Hoe goed|Om over te praten", page)
    assert dutch is None


def test_every_page_of_the_monitor_is_english_but_for_marked_definitions(english: Style) -> None:
    pages = KINDS["monitor"](fixture_region.inputs("public"), english)
    check_page(pages["documenten.html"].decode(), links=True)
    assert "Source documents" in pages["index.html"].decode()
    check_page(pages["toegankelijkheid.html"].decode(), links=True)
    definitions = pages["definities.html"].decode()
    check_page(definitions, links=True)
    assert '<p lang="nl">' in definitions
    assert "Pupils with youth care" in pages["index.html"].decode()


def test_the_figures_are_the_protected_ones(english: Style) -> None:
    with noting() as numbers:
        files = KINDS["snapshot"](fixture_region.inputs("public"), english)
    with speaking("en"):
        table = in_notation(certify("public", list(fixture_region.cells())))
    fixed = ["95 %", "90 %", "40 %", "10", "28", "12", "0", "30", "1", "31", "184", "365,25", "2024"]
    assert [
        leak for leak in readback(files, table, [*numbers, *fixed]) if leak.where.startswith("data")
    ] == []
    cells = [leak for leak in readback(files, table, [*numbers, *fixed]) if "display" in leak.what]
    assert cells == []


@pytest.mark.parametrize("kind", ["collective", "initiative", "scenario"])
def test_sheets_about_the_programme_are_english(english: Style, kind: str) -> None:
    page = KINDS[kind](replace(inputs(), unit=None), english)["index.html"].decode()
    check_page(page)
    assert '<html lang="en">' in page
    assert load_texts("en")(f"{kind}.overline") in page
    assert load_texts("nl")(f"{kind}.overline") not in page
