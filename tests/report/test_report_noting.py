"""What a report counts or subtracts itself is noted; all else is held against the protected table."""

import fixture_region

from zorgdata.catalogue import load
from zorgdata.disclosure.readback import readback
from zorgdata.disclosure.table import Cell, certify
from zorgdata.report.dutch import number, percent
from zorgdata.report.kinds import KINDS
from zorgdata.report.language import in_notation, noting, speaking
from zorgdata.report.page import Style


def pages(style: Style) -> tuple[dict[str, bytes], set[str]]:
    with noting() as numbers:
        return dict(KINDS["snapshot"](fixture_region.inputs("public"), style)), numbers


def own(numbers: set[str]) -> list[str]:
    """What the page has besides: definitions, and fixed texts."""
    definitions = [info.definition_nl for info in load().by_key.values()]
    return [
        *sorted(numbers),
        *definitions,
        "95 %",
        "90 %",
        "40 %",
        "2024",
        "10",
        "28",
        "12",
        "0",
        "30",
        "1",
        "31",
    ]


def test_a_number_of_a_fixed_text_is_noted_and_a_field_is_not(style: Style) -> None:
    with noting() as numbers:
        style.texts("brief.intensive_one", total="24", count="x", known="y")
    assert any("40 %" in text for text in numbers)
    assert not any("24" in text for text in numbers)


def test_numbers_are_noted_within_and_not_outside() -> None:
    number(1)
    with noting() as numbers:
        assert (number(1234), percent(0.125, 1)) == ("1.234", "12,5\u00a0%")
    number(2)
    assert numbers == {"1.234", "12,5\u00a0%"}


def test_a_page_holds_protected_figures_and_what_it_noted(style: Style) -> None:
    files, numbers = pages(style)
    table = certify("public", list(fixture_region.cells()))
    assert readback(files, table, own(numbers)) == []


def test_a_figure_that_was_not_protected_is_found_all_the_same(style: Style) -> None:
    files, numbers = pages(style)
    table = certify("public", list(fixture_region.cells()))
    leaking = {"index.html": files["index.html"].replace(b"</main>", b"<p>Samen 6.473</p></main>")}
    assert [leak.text for leak in readback(leaking, table, own(numbers))] == ["6.473"]


def test_another_notation_changes_displays_and_no_value() -> None:
    cell = Cell("m", "region", "r", "2024-2025", "", "", "", 1234.5, "€\u00a01.234,5", "shown")
    table = certify("public", [cell])
    assert in_notation(table) is table
    with speaking("en"):
        (found,) = in_notation(table)
    assert (found.value, found.display) == (1234.5, "€\u00a01,234.5")
