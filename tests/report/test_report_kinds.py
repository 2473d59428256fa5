"""Every kind of report: a page that follows the rules, or a refusal with a reason."""

import posixpath
import re
import zlib
from dataclasses import replace
from datetime import date
from functools import lru_cache

import fixture_chapters
import fixture_region
import pytest
from html_rules import check_page, parse
from syrupy.assertion import SnapshotAssertion

from zorgdata.disclosure.table import certify
from zorgdata.errors import UsageError
from zorgdata.report import KINDS
from zorgdata.report.bundle import single_file, to_pdf
from zorgdata.report.model import Figures, Initiative, Milestone, ReportInputs
from zorgdata.report.page import load_style

SCHOOL = fixture_region.school_units()[9]
MILESTONES = (
    Milestone("Regiovisie vastgesteld", "Samen", "1", "visie", date(2024, 6, 1), None, date(2024, 6, 20)),
    Milestone("Eén consortium per school", "Samen", "3", "plan", date(2024, 9, 1), date(2025, 3, 1), None),
    Milestone("Afspraken over geld", "Samen", "2", "afspraak", date(2025, 1, 15), date(2025, 3, 1), None),
    Milestone("Plan voor leerlingen van elders", "", "4", "plan", date(2025, 6, 1), None, None),
)
INITIATIVES = (
    Initiative("i1", "Vaste hulp op De Lichtbaak", "collectief", "pilot", date(2023, 8, 1), None, 1),
    Initiative("i2", "Generalisten op basisscholen", "ozg", "uitvoering", date(2022, 8, 1), None, 6),
)


@lru_cache(maxsize=2)
def figures(audience: str) -> Figures:
    """The figures of every chapter."""
    return Figures.of(certify(audience, list(fixture_chapters.all_cells())))


def inputs(audience: str = "professional", **changes: object) -> ReportInputs:
    """The whole region, with a programme register."""
    found = fixture_region.inputs(
        audience, figures=figures(audience), milestones=MILESTONES, initiatives=INITIATIVES
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def bare(audience: str = "professional", **changes: object) -> ReportInputs:
    """A publication with hardly anything in it."""
    return fixture_region.inputs(audience, deliveries=(), checks=(), **changes)


@lru_cache(maxsize=1)
def monitor() -> dict[str, bytes]:
    """The public monitor."""
    return dict(KINDS["monitor"](inputs("public"), load_style()))


def pages(files: dict[str, bytes]) -> dict[str, str]:
    """The pages among the files."""
    return {name: data.decode() for name, data in files.items() if name.endswith(".html")}


def test_the_kinds_are_those_of_the_contract() -> None:
    assert set(KINDS) == {
        "snapshot", "monitor", "school", "collective", "scenario", "initiative", "quality"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["school", "collective", "initiative", "quality", "scenario"])
def test_every_sheet_follows_the_rules_full_and_bare(kind: str) -> None:
    style = load_style()
    unit = SCHOOL if kind == "school" else None
    for made in (inputs(unit=unit), bare(unit=unit)):
        check_page(KINDS[kind](made, style)["index.html"].decode())


def test_a_sheet_says_plainly_what_is_not_there() -> None:
    style = load_style()
    assert "Er zijn geen initiatieven geleverd" in KINDS["initiative"](bare(), style)["index.html"].decode()
    assert "Nog geen scenario doorgerekend" in KINDS["scenario"](bare(), style)["index.html"].decode()
    assert "De raming ontbreekt" in KINDS["collective"](bare(), style)["index.html"].decode()


def test_the_school_sheet_is_not_for_the_public_and_needs_a_school() -> None:
    with pytest.raises(UsageError, match="professionals"):
        KINDS["school"](inputs("public", unit=SCHOOL), load_style())
    with pytest.raises(UsageError, match="school"):
        KINDS["school"](inputs(), load_style())


def test_the_monitor_has_its_pages_and_every_page_follows_the_rules() -> None:
    found = pages(monitor())
    assert sum(n.startswith("scholen/") for n in found) == 24
    assert sum(n.startswith("gemeenten/") for n in found) == 4
    for name in ("index", "jeugdhulp", "continuiteit", "definities", "methode", "gegevens", "downloads"):
        assert f"{name}.html" in found
    for page in found.values():
        check_page(page, links=True)


def test_readers_are_told_how_children_are_protected() -> None:
    page = pages(monitor())["methode.html"]
    for text in (
        "Verborgen blijft verborgen",
        "twee volledige, verschillende tabellen",
        "alleen van een groep",
    ):
        assert text in page


def test_every_link_of_the_monitor_leads_to_a_file_and_an_anchor_that_exist() -> None:
    files = monitor()
    anchors = {name: set(parse(text).xpath("//@id")) for name, text in pages(files).items()}
    for name, text in pages(files).items():
        for href in parse(text).xpath("//a/@href"):
            path, _, anchor = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in files, (name, href)
            assert not anchor or anchor in anchors[target], (name, href)


def test_every_figure_of_the_monitor_is_a_published_cell() -> None:
    published = {c.name: c.display for c in fixture_chapters.all_cells()}
    wrong = {
        (node.get("data-cell"), "".join(node.itertext()).strip())
        for text in pages(monitor()).values()
        for node in parse(text).xpath("//*[@data-cell]")
        if published.get(node.get("data-cell")) not in ("".join(node.itertext()).strip(), ".")
    }
    assert wrong == set()


def test_the_chapters_are_the_agreed_ones(snapshot: SnapshotAssertion) -> None:
    page = parse(monitor()["index.html"].decode())
    cards = [
        # Without the number of figures: that grows with the catalogue.
        " | ".join(" ".join("".join(n.itertext()).split()) for n in card if n.get("class") != "card-count")
        for card in page.xpath("//li[@class='card']")
    ]
    assert cards == snapshot


@pytest.mark.parametrize("name", ["jeugdhulp", "aanbieders", "continuiteit", "toegang", "kosten"])
def test_the_figures_of_a_chapter_are_the_agreed_ones(name: str, snapshot: SnapshotAssertion) -> None:
    page = parse(monitor()[f"{name}.html"].decode())
    titles = [" ".join("".join(n.itertext()).split()) for n in page.xpath("//h3[@class='figure-title']")]
    assert titles == snapshot


def test_one_file_holds_every_page_and_its_links_stay_inside() -> None:
    files = single_file(monitor())
    assert set(files) == {"index.html"}
    text = files["index.html"].decode()
    check_page(text)
    tree = parse(text)
    assert len(tree.xpath("//section[@class='leaf']")) == len(pages(monitor())) - 2
    assert "De Brug" in {n.get("aria-label") for n in tree.xpath("//section[@class='leaf']")}


def test_a_single_page_stays_as_it_is_in_one_file() -> None:
    files = KINDS["quality"](inputs(), load_style())
    assert single_file(files) == files


def test_a_pdf_is_tagged_and_always_the_same() -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed")
    page = KINDS["quality"](inputs(), load_style())["index.html"]
    pdf = to_pdf(page)
    assert pdf.startswith(b"%PDF-")
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, flags=re.S)
    assert any(b"/StructTreeRoot" in zlib.decompressobj().decompress(s) for s in streams if s[:1] == b"x")
    assert to_pdf(page) == pdf


def test_what_public_sees_of_checks_and_deliveries_holds_no_exact_counts() -> None:
    public = KINDS["quality"](inputs("public"), load_style())["index.html"].decode()
    closed = KINDS["quality"](inputs("professional"), load_style())["index.html"].decode()
    assert "1.822" in closed
    assert "1.822" not in public
