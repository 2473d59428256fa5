"""Panels draw what is published and decline what would give something away."""

from dataclasses import replace

import fixture_chapters
import fixture_region
import pytest

from zorgdata.disclosure.notation import number, percent
from zorgdata.disclosure.table import Cell, certify
from zorgdata.report.drawings import Drawing
from zorgdata.report.model import Figures, Unit
from zorgdata.report.page import load_style
from zorgdata.report.panel_types import Panel, Spec
from zorgdata.report.panels import build
from zorgdata.report.reader import Reader

STYLE = load_style()
NOW = "2024-2025"


def panel(cells: list[Cell], spec: Spec, **changes: object) -> Panel | None:
    """The panel that these cells give."""
    inputs = fixture_region.inputs(figures=Figures.of(certify("public", cells)), **changes)
    return build(Reader(inputs, STYLE.texts), STYLE, spec)


def full(metric: str) -> list[Cell]:
    """All cells of one metric in the made-up region."""
    return [c for c in fixture_chapters.all_cells() if c.metric == metric]


def hide(cells: list[Cell], unit: str = "", part: str = "") -> list[Cell]:
    """The cells of a unit or part suppressed."""
    return [
        replace(c, value=None, display=".", cell_status="suppressed")
        if (unit and c.unit_id == unit) or (part and c.dimension_value == part)
        else c
        for c in cells
    ]


def test_the_largest_part_is_named_only_when_no_part_is_hidden() -> None:
    spec = {"kind": "split", "metric": "care_form_mix", "dimension": "care_form"}
    cells = full("care_form_mix")
    shown, hidden = panel(cells, spec), panel(hide(cells, part="ambulant"), spec)
    assert shown is not None
    assert hidden is not None
    assert "het meest" in shown.title
    assert "het meest" not in hidden.title
    assert "waar we het cijfer tonen" in hidden.title


def schools(shares: list[float], pupils: int = 200) -> tuple[list[Cell], tuple[Unit, ...]]:
    """Schools of one type with these shares."""
    units = [Unit("school", f"99A{i:03d}", f"School {i}", "BO", "9901") for i in range(len(shares))]
    cells: list[Cell] = []
    for unit, value in zip(units, shares, strict=True):
        found = (
            ("care_share", value, percent(value)),
            ("pupils_with_care", value * pupils, number(value * pupils)),
            ("pupils_enrolled", float(pupils), number(pupils)),
        )
        for metric, figure, text in found:
            key = (metric, "school", unit.unit_id, NOW, "2024-10-01", "", "")
            cells.append(Cell(*key, figure, text, "shown"))
    return cells, (Unit("region", "region", "Regio"), *units)


FUNNEL = {"kind": "funnel", "metric": "care_share", "count": "pupils_with_care", "base": "pupils_enrolled"}


def test_a_funnel_needs_ten_schools_of_a_type() -> None:
    cells, units = schools([0.1] * 9)
    assert panel(cells, FUNNEL, units=units) is None
    cells, units = schools([0.1] * 10)
    assert panel(cells, FUNNEL, units=units) is not None


def test_a_funnel_tells_how_many_lie_outside_and_names_nobody_in_the_drawing() -> None:
    cells, units = schools([0.10] * 11 + [0.60])
    found = panel(cells, FUNNEL, units=units)
    assert isinstance(found, Drawing)
    assert "één van de 12 scholen valt buiten" in found.title
    assert "School" not in str(found.wide).replace("Schooljaar", "")
    outside = [row[0].text for row in found.rows if row[3].text.startswith("buiten")]
    assert outside == ["School 11"]


def test_tiles_show_hidden_municipalities_as_a_point() -> None:
    names = [f"99{i:02d}" for i in range(1, 9)]
    units = tuple(Unit("school_municipality", code, f"Plaats {code}") for code in names)
    cells = [
        Cell(
            "care_share",
            "school_municipality",
            code,
            NOW,
            "2024-10-01",
            "",
            "",
            i / 20,
            percent(i / 20),
            "shown",
        )
        for i, code in enumerate(names, 1)
    ]
    spec = {"kind": "places", "metric": "care_share"}
    region = (Unit("region", "region", "Regio"),)
    found = panel(hide(cells, unit="9903"), spec, units=region + units)
    assert isinstance(found, Drawing)
    assert "Plaats 9903: niet getoond vanwege privacy." in found.desc
    assert "alfabet" in found.note
    placed = {code: (float(i), float(i)) for i, code in enumerate(names)}
    mapped = panel(cells, spec, units=region + units, places=placed)
    assert mapped is not None
    assert mapped.note == ""


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "trend", "metric": "nothing"},
        {"kind": "types", "metric": "nothing"},
        {"kind": "places", "metric": "nothing"},
        {"kind": "split", "metric": "nothing", "dimension": "care_form"},
        {"kind": "minis", "metric": "nothing", "dimension": "referrer"},
        {"kind": "spreads", "metrics": ["nothing", "neither"]},
        {"kind": "structure", "metrics": ["nothing", "neither"]},
        {"kind": "heat", "metric": "nothing", "dimension": "care_form"},
        FUNNEL,
    ],
)
def test_without_figures_there_is_no_panel(spec: Spec) -> None:
    assert panel([], spec) is None
