"""The monitor about a part of the region: its own figures, its own schools, no page about others."""

import csv
import io
from functools import cache

import fixture_region
import pytest
from fixture_region import MUNICIPALITIES
from html_rules import check_page, parse

from zorgdata.report import KINDS
from zorgdata.report.model import Unit
from zorgdata.report.page import load_style

PLACE = Unit("school_municipality", "9902", MUNICIPALITIES["9902"])
SCHOOL = fixture_region.school_units()[9]
TYPE = Unit("school_type", "SBO", "SBO")


@cache
def monitor(unit: Unit) -> dict[str, bytes]:
    return dict(KINDS["monitor"](fixture_region.inputs("public", unit=unit), load_style()))


def schools_of(unit: Unit) -> set[str]:
    return {
        s.unit_id
        for s in fixture_region.school_units()
        if unit.unit_id in (s.unit_id, s.municipality_code, s.school_type)
    }


@pytest.mark.parametrize("unit", [PLACE, TYPE, SCHOOL], ids=lambda u: u.level)
def test_only_the_schools_of_the_unit_have_a_page(unit: Unit) -> None:
    pages = monitor(unit)
    made = {
        name.removeprefix("scholen/").removesuffix(".html") for name in pages if name.startswith("scholen/")
    }
    assert made == schools_of(unit)
    assert not [name for name in pages if name.startswith("gemeenten/")]


@pytest.mark.parametrize("unit", [PLACE, TYPE, SCHOOL], ids=lambda u: u.level)
def test_every_page_holds_and_every_link_leads_somewhere(unit: Unit) -> None:
    pages = monitor(unit)
    for name, data in pages.items():
        if not name.endswith(".html"):
            continue
        check_page(data.decode(), links=True)
        folder = name.rpartition("/")[0]
        for target in parse(data.decode()).xpath("//a/@href"):
            path = target.partition("#")[0]
            if path:
                reached = (
                    path.removeprefix("../") if path.startswith("../") else f"{folder}/{path}".lstrip("/")
                )
                assert reached in pages, (name, target)


def test_the_first_page_is_about_the_unit() -> None:
    front = parse(monitor(PLACE)["index.html"].decode())
    assert front.findtext(".//h1") == "Onderwijs en jeugdhulp op scholen in Vennermeer"
    cells = front.xpath("//article[@class='tile']//@data-cell")
    assert cells
    assert all("|school_municipality|9902|" in name for name in cells)
    assert "documenten.html" not in monitor(PLACE)


def test_a_download_holds_the_unit_its_schools_and_the_region() -> None:
    rows = csv.DictReader(io.StringIO(monitor(PLACE)["downloads/cijfers.csv"].decode()))
    found = {(r["level"], r["unit_id"]) for r in rows}
    assert found == {("region", "region"), ("school_municipality", "9902")} | {
        ("school", s) for s in schools_of(PLACE)
    }
