"""The other reports in a browser: accessible, reflowing, and a site that works from disk and as one file."""

from pathlib import Path
from typing import Any

import pytest
from test_report_kinds import SCHOOL, inputs, monitor
from test_snapshot_browser import violations

from zorgdata.report import KINDS
from zorgdata.report.bundle import single_file
from zorgdata.report.page import load_style

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The monitor on disk, and as one file beside it."""
    folder = tmp_path_factory.mktemp("monitor")
    for name, data in {**monitor(), "one.html": single_file(monitor())["index.html"]}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


PAGES = ["index", "jeugdhulp", "continuiteit", "toegang", "gemeenten/9901", "scholen/99AJ00",
         "definities", "methode", "gegevens", "downloads", "documenten", "toegankelijkheid"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_monitor_is_accessible_and_reflows(page: Any, site: Path, name: str) -> None:
    page.goto((site / f"{name}.html").as_uri())
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("kind", ["school", "quality", "collective", "initiative", "scenario"])
def test_every_sheet_is_accessible_and_reflows(page: Any, tmp_path: Path, kind: str) -> None:
    made = KINDS[kind](inputs(unit=SCHOOL if kind == "school" else None), load_style())
    path = tmp_path / "index.html"
    path.write_bytes(made["index.html"])
    page.emulate_media(reduced_motion="reduce")
    page.goto(path.as_uri())
    assert violations(page) == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    # 320 px is 1280 px at 400 %, 640 px is 200 % (WCAG 1.4.10, 1.4.4).
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_an_english_page_is_accessible_and_reflows(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_bytes(KINDS["snapshot"](inputs(), load_style(language="en"))["index.html"])
    page.goto(path.as_uri())
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_reader_walks_from_region_to_municipality_to_school_and_back(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Eikendam").first.click()
    assert "Scholen in Eikendam" in page.title()
    page.get_by_role("link", name="De Opstap").click()
    assert "De Opstap" in page.title()
    page.get_by_role("link", name="Overzicht").click()
    assert page.url.endswith("/index.html")


def test_in_one_file_a_link_shows_its_part_and_hides_the_front(page: Any, site: Path) -> None:
    page.goto((site / "one.html").as_uri())
    front, part = page.locator(".front"), page.locator("#p-gemeenten-9901")
    assert front.is_visible()
    assert part.is_hidden()
    page.locator("a[href='#p-gemeenten-9901']").first.click()
    assert part.is_visible()
    assert front.is_hidden()
    assert page.locator(".leaf:visible").count() == 1
    assert violations(page) == []
    page.go_back()
    assert front.is_visible()
