"""The snapshot as a reader meets it: on a desk, on a phone, on paper, with a keyboard, read aloud."""

from pathlib import Path
from typing import Any

import fixture_region
import pytest

from zorgdata.report.page import Style
from zorgdata.report.snapshot import render_snapshot

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(region_page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The snapshot on disk, opened as a reader does."""
    path = tmp_path_factory.mktemp("snapshot") / "index.html"
    path.write_text(region_page, encoding="utf-8")
    return path.as_uri()


def violations(page: Any) -> list[str]:
    """What axe-core finds, in words. It is injected by the debugger; the page's own policy stays as it is."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", WCAG)
    assert len(result["passes"]) > 20
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result["violations"]]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert violations(page) == []


def test_axe_finds_nothing_in_a_closed_report(page: Any, style: Style, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(render_snapshot(fixture_region.inputs("professional"), style), encoding="utf-8")
    page.goto(path.as_uri())
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 640, 1024])
def test_the_page_reflows(page: Any, address: str, width: int) -> None:
    """320 px is 1280 px at 400 %, 640 px is 200 % (WCAG 1.4.10, 1.4.4)."""
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_larger_text_spacing_cuts_nothing_off(page: Any, address: str) -> None:
    """WCAG 1.4.12: line height 1.5, letters .12em, words .16em."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(address)
    page.evaluate(
        "document.querySelectorAll('main *').forEach(n => { for (const [k, v] of [['line-height', '1.5'], "
        "['letter-spacing', '.12em'], ['word-spacing', '.16em']]) n.style.setProperty(k, v, 'important') })"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_is_fetched_and_nothing_is_stored(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert asked == [address]
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def test_the_keyboard_reaches_skip_link_details_and_tables(page: Any, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"SUMMARY.", "DIV.scroll", "BUTTON.sort", "INPUT."} <= seen
    details = page.locator("details").first
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert details.evaluate("d => d.open")
    outline = details.locator("summary").evaluate("n => getComputedStyle(n).outlineStyle")
    assert outline == "solid"


def test_focus_is_seen_on_a_light_and_on_a_dark_ground(page: Any, address: str) -> None:
    page.goto(address)
    page.locator(".sort").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2


def column(page: Any, index: int) -> list[str]:
    """Sort keys of the shown rows of a column of the table of schools."""
    found: list[str] = page.evaluate(
        "i => [...document.querySelectorAll('#tabel-scholen tbody tr')].filter(r => !r.hidden)"
        ".map(r => r.cells[i].dataset.sort)",
        index,
    )
    return found


def test_sorting_by_number_keeps_hidden_cells_last_and_tells_the_direction(page: Any, address: str) -> None:
    page.goto(address)
    head = page.locator("#tabel-scholen thead th").nth(8)
    for direction in ("ascending", "descending"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == direction
        keys = column(page, 8)
        shown = [float(k) for k in keys if k]
        assert shown == sorted(shown, reverse=direction == "descending")
        assert len(shown) > 15
        assert keys[len(shown) :] == [""] * (len(keys) - len(shown))


def test_filtering_by_name_and_type(page: Any, address: str) -> None:
    page.goto(address)
    tools = page.locator("[data-tools='tabel-scholen']")
    tools.locator("input").fill("eikendam")
    assert tools.locator("output").inner_text() == "8 van 24 scholen"
    tools.locator("select").select_option("VSO")
    assert tools.locator("output").inner_text() == "1 van 24 scholen"
    assert column(page, 0) == ["De Steiger"]


def test_without_script_everything_is_there(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.route("**/*", lambda route: route.continue_())
    session = browser.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(address)
    assert page.locator("#tabel-scholen tbody tr").count() == 24
    assert page.locator(".tools").first.is_hidden()
    page.close()


def test_less_motion_is_respected(page: Any, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(n => parseFloat(getComputedStyle(n).transitionDuration) "
        "|| getComputedStyle(n).animationName !== 'none').length"
    )
    assert moving == 0


def test_it_prints_on_two_to_four_pages(page: Any, address: str, tmp_path: Path) -> None:
    page.goto(address)
    pdf = page.pdf(prefer_css_page_size=True)
    assert 2 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 4


def test_grey_print_keeps_text_readable(page: Any, address: str) -> None:
    """Nothing on paper is white on white: each class keeps its ground, or dark ink."""
    page.emulate_media(media="print")
    page.goto(address)
    colours = page.evaluate(
        "[...document.querySelectorAll('td.heat-5, .rung-count')].map(n => "
        "[getComputedStyle(n).color, getComputedStyle(n).backgroundColor])"
    )
    assert colours
    assert all(text != ground for text, ground in colours)
