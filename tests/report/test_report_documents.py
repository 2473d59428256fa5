"""Every requirement of the source documents has a row, a state and something a reader can do with it."""

import re

import fixture_chapters
import fixture_region
import pytest
from html_rules import check_page, parse

from zorgdata.catalogue import load
from zorgdata.disclosure.table import certify
from zorgdata.report import KINDS
from zorgdata.report.documents import documents, plan
from zorgdata.report.model import Delivery, Figures
from zorgdata.report.page import load_style
from zorgdata.report.reader import Reader

REQUIREMENTS = load().requirements


def reader(audience: str = "public", **changes: object) -> Reader:
    figures = Figures.of(certify(audience, list(fixture_chapters.all_cells())))
    return Reader(fixture_region.inputs(audience, **{"figures": figures, **changes}), load_style().texts)


@pytest.fixture(scope="module")
def rows():
    return {row.number: row for document in documents(reader()) for row in document.rows}


def test_there_is_a_page_for_each_of_the_five() -> None:
    assert [d["number"] for d in plan()] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda r: r.number)
def test_no_requirement_is_without_a_place(rows, requirement) -> None:
    """Fails as soon as a requirement is added that no page answers in any way."""
    row = rows[requirement.number]
    assert row.has_place, requirement.text_nl
    assert row.text == requirement.text_nl
    assert row.state


def test_no_figure_is_without_a_place_even_when_nothing_was_published() -> None:
    bare = Reader(fixture_region.inputs("public"), load_style().texts)
    assert all(row.has_place for document in documents(bare) for row in document.rows)


def test_a_figure_is_the_published_cell_of_the_region(rows) -> None:
    read = reader()
    checked = 0
    for row in rows.values():
        for shown in row.figures:
            if shown.view.name:
                checked += 1
                key = shown.view.name.split("|")
                assert key[1:3] == [read.subject.level, read.subject.unit_id]
                assert shown.view.text in (read.cell(key[0], read.when(key[0])).display, ".")
    assert checked > 50


def test_what_is_missing_names_the_input() -> None:
    """With only indications and pupils delivered, home-sitters ask for absences."""
    kinds = tuple(Delivery(k, "", 1, None, 1, 1, 0, 0) for k in ("indications", "enrolments"))
    bare = Reader(fixture_region.inputs("public", deliveries=kinds), load_style().texts)
    row = next(r for d in documents(bare) for r in d.rows if r.number == "0.8")
    assert any("verzuim en vrijstellingen" in text for text in row.missing)


def test_what_no_table_holds_leads_to_its_sheet() -> None:
    bare = Reader(fixture_region.inputs("public"), load_style().texts)
    row = next(r for d in documents(bare) for r in d.rows if r.number == "0.15")
    assert any("staat op het scenarioblad" in text for text in row.missing)
    row = next(r for d in documents(bare) for r in d.rows if r.number == "2.26")
    assert any("staat op het initiatiefblad" in text for text in row.missing)


def test_the_pages_are_in_the_monitor_and_lead_to_each_other() -> None:
    read = reader()
    files = KINDS["monitor"](read.inputs, load_style())
    listed = parse(files["documenten.html"].decode())
    for document in plan():
        name = f"vraag-{document['key']}.html"
        assert name in listed.xpath("//main//a/@href")
        text = files[name].decode()
        check_page(text, links=True)
        numbers = re.findall(r'id="vraag-(\d)-(\d+)"', text)
        asked = [r.number for r in REQUIREMENTS if r.number.startswith(f"{document['number']}.")]
        assert [".".join(n) for n in numbers] == asked
    check_page(files["documenten.html"].decode(), links=True)
