"""The snapshot as a document: what it says, and what it must never say."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import fixture_region
import pytest
from html_rules import check_page, parse
from syrupy.assertion import SnapshotAssertion

from zorgdata.disclosure.table import Cell, certify
from zorgdata.report.model import Figures, ReportInputs, Unit
from zorgdata.report.page import Style, load_style
from zorgdata.report.snapshot import render_snapshot


def with_cells(cells: list[Cell]) -> ReportInputs:
    """The region with other figures."""
    return fixture_region.inputs(figures=Figures.of(certify("public", cells)))


def only(keep: str) -> ReportInputs:
    """The region with just the cells whose metric starts so."""
    return with_cells([c for c in fixture_region.cells() if c.metric.startswith(keep)])


def all_hidden() -> ReportInputs:
    """The region with every cell suppressed."""
    return with_cells(
        [replace(c, value=None, display=".", cell_status="suppressed") for c in fixture_region.cells()]
    )


CASES: dict[str, Callable[[], ReportInputs]] = {
    "public": lambda: fixture_region.inputs("public"),
    "professional": lambda: fixture_region.inputs("professional"),
    "municipality": lambda: fixture_region.inputs(unit=Unit("school_municipality", "9901", "Eikendam")),
    "school": lambda: fixture_region.inputs("professional", unit=fixture_region.school_units()[9]),
    "earlier year": lambda: fixture_region.inputs(period="2021-2022"),
    "first year": lambda: fixture_region.inputs(period="2019-2020"),
    "all hidden": all_hidden,
    "one metric": lambda: only("care_share"),
    "no figures": lambda: only("none"),
    "no deliveries": lambda: fixture_region.inputs(deliveries=(), checks=()),
}


@pytest.mark.parametrize("case", CASES)
def test_every_page_follows_the_rules(case: str, style: Style) -> None:
    check_page(render_snapshot(CASES[case](), style))


def test_equal_inputs_give_equal_bytes(region_page: str, style: Style) -> None:
    assert render_snapshot(fixture_region.inputs("public"), style) == region_page


def test_the_structure_is_the_agreed_one(region_page: str, snapshot: SnapshotAssertion) -> None:
    assert outline(region_page) == snapshot


def test_every_printed_figure_is_a_published_cell_of_this_audience(region_page: str) -> None:
    published = {c.name: c.display for c in fixture_region.cells()}
    printed = [(n.get("data-cell"), text_of(n)) for n in parse(region_page).xpath("//*[@data-cell]")]
    assert len(printed) > 400
    assert {(name, text) for name, text in printed if published.get(name) != text} == set()


def test_a_hidden_figure_leaves_no_trace(style: Style) -> None:
    """With every cell hidden, the only digits left are years, dates, bounds of classes and deliveries."""
    page = parse(render_snapshot(all_hidden(), style))
    assert page.xpath("//*[@data-sort and number(@data-sort) = number(@data-sort)]") == []
    assert page.xpath("//*[contains(@class, 'chart')]") == []
    assert page.xpath("//*[contains(@class, 'spark-line')]") == []
    assert {text_of(n) for n in page.xpath("//*[@data-cell]")} <= {".", "niet getoond vanwege privacy"}
    sentences = " ".join(text_of(n) for n in page.xpath("//ul[@class='brief']/li"))
    assert not re.search(r"\d", re.sub(r"1 oktober 2024", "", sentences))


def test_a_hidden_cell_is_read_out_and_seen_as_a_point(region_page: str) -> None:
    hidden = parse(region_page).xpath("//td[contains(@class, 'heat-0')]")
    assert hidden
    for cell in hidden:
        assert cell.xpath("span[@aria-hidden='true']")[0].text == "."
        assert cell.xpath("span[@class='vh']")[0].text == "niet getoond vanwege privacy"


def test_primary_and_secondary_suppression_give_the_same_page(style: Style) -> None:
    secondary = [
        replace(c, cell_status="suppressed_secondary") if c.cell_status == "suppressed" else c
        for c in fixture_region.cells()
    ]
    one = render_snapshot(fixture_region.inputs(), style)
    assert render_snapshot(with_cells(secondary), style) == one


def test_the_audience_is_printed_and_a_closed_report_asks_not_to_be_indexed(style: Style) -> None:
    public = render_snapshot(fixture_region.inputs("public"), style)
    closed = render_snapshot(fixture_region.inputs("professional"), style)
    assert "Voor professionals" in closed
    assert "Niet doorsturen" in closed
    assert 'name="robots"' in closed
    assert 'name="robots"' not in public


def test_an_internal_report_does_not_claim_to_be_safe(style: Style) -> None:
    internal = render_snapshot(fixture_region.inputs("internal"), style)
    assert "niet beveiligd" in internal
    assert "sluitende toets" not in internal
    assert "sluitende toets" in render_snapshot(fixture_region.inputs("public"), style)


def test_public_deliveries_are_rounded_and_closed_ones_are_exact(style: Style) -> None:
    public = render_snapshot(fixture_region.inputs("public"), style)
    closed = render_snapshot(fixture_region.inputs("professional"), style)
    assert "9.226" not in public
    assert "9.226" in closed
    read, accepted, aside, blank = (
        sum(getattr(d, f) for d in fixture_region.DELIVERIES)
        for f in ("read", "accepted", "quarantined", "blank")
    )
    assert read == accepted + aside + blank
    assert f"{read:,}".replace(",", ".") in closed


def test_names_from_the_data_are_escaped(style: Style) -> None:
    units = tuple(
        replace(u, name='<img src=x onerror="a()">') if u.name == "De Brug" else u
        for u in fixture_region.units()
    )
    page = render_snapshot(fixture_region.inputs(units=units, contact="<b>x</b>"), style)
    assert "<img" not in page
    assert "<b>" not in page
    check_page(page)


def test_a_logo_and_a_theme_of_the_region(tmp_path: Any) -> None:
    logo, theme = tmp_path / "logo.svg", tmp_path / "own.css"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    theme.write_text(":root { --accent: #113355; }", encoding="utf-8")
    page = render_snapshot(fixture_region.inputs(), load_style(theme=theme, logo=logo, logo_alt="Vennerland"))
    check_page(page)
    assert 'alt="Vennerland"' in page
    assert "#113355" in page.split("</style>")[1], "charts take the colour too"


def test_chart_coordinates_come_from_published_values_only(style: Style) -> None:
    """Figures that differ only below the published rounding cannot exist here: equal cells, equal drawing."""
    shuffled = list(fixture_region.cells())[::-1]
    assert render_snapshot(with_cells(shuffled), style) == render_snapshot(fixture_region.inputs(), style)


def text_of(node: Any) -> str:
    """All text in a node."""
    return "".join(node.itertext()).strip()


def outline(page: str) -> str:
    """Landmarks, headings, captions and summaries in order: the skeleton without the figures."""
    lines = []
    for node in parse(page).iter(
        "header", "nav", "section", "footer", "h1", "h2", "h3", "caption", "summary"
    ):
        if node.tag in ("header", "nav", "section", "footer"):
            lines.append(f"<{node.tag}> {node.get('id') or node.get('aria-label') or ''}".rstrip())
        else:
            lines.append(f"  {node.tag}: {' '.join(text_of(node).split())}")
    return "\n".join(lines)
