"""Rendered reports, and a browser without a network to look at them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fixture_region
import pytest

from zorgdata.report.page import Style, load_style
from zorgdata.report.snapshot import render_snapshot

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("ZORGDATA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def style() -> Style:
    """The house style."""
    return load_style()


@pytest.fixture(scope="session")
def region_page(style: Style) -> str:
    """The public snapshot of the fixture region."""
    return render_snapshot(fixture_region.inputs("public"), style)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium context; skipped with the reason when it cannot be had, unless the CI demands it."""
    lacking = _lacking()
    if lacking and os.environ.get("ZORGDATA_REQUIRE_BROWSER") == "1":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path=CHROMIUM,
            headless=True,
            args=list(FLAGS),
            bypass_csp=False,
            offline=True,
        )
        yield context
        context.close()


def _lacking() -> str:
    if not CHROMIUM:
        return "no Chromium: install the package chromium, or set ZORGDATA_CHROMIUM"
    if not AXE.is_file():
        return "no axe-core: run `npm ci` in tests/report/node"
    return ""


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page of desktop width that fails the test on an error in the console."""
    found = browser.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    found.set_viewport_size({"width": 1280, "height": 900})
    yield found
    found.close()
    assert errors == []
