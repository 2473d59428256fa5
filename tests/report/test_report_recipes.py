"""Drawings are found again by what they show: in memory, between runs in a folder, never half."""

from pathlib import Path
from typing import Any

import pytest

from zorgdata.report import recipes, svg
from zorgdata.report.charts import NARROW, Point, bars
from zorgdata.report.language import speaking
from zorgdata.report.page import load_style
from zorgdata.report.recipes import Recipe, kept_in

THEME = load_style().theme
POINTS = (Point("Basisonderwijs", 7.9, "7,9 %"), Point("Speciaal onderwijs", None, "."))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was really drawn, by a drawing that costs nothing."""
    asked: list[str] = []

    def fake(spec: str, language: str) -> str:
        asked.append(spec)
        return f'<svg xmlns="http://www.w3.org/2000/svg"><text>{len(asked)}</text></svg>'

    monkeypatch.setattr(svg, "_svg", fake)
    monkeypatch.setattr(svg, "_memory", {})
    return asked


def draw(recipe: Any) -> str:
    return str(svg.draw(recipe, chart_id="a", title="t", desc="d"))


def test_the_same_points_are_the_same_recipe() -> None:
    assert bars(POINTS, THEME, NARROW).key == bars(tuple(POINTS), THEME, NARROW).key
    others = [bars(POINTS, THEME, NARROW, 5.0), bars(POINTS[:1], THEME, NARROW), bars(POINTS, THEME, 660)]
    with speaking("en"):
        english = bars(POINTS, THEME, NARROW).key
    assert len({english, *(r.key for r in others), bars(POINTS, THEME, NARROW).key}) == 5


def test_a_recipe_is_the_specification_it_makes() -> None:
    recipe = bars(POINTS, THEME, NARROW)
    assert isinstance(recipe, Recipe)
    assert {"layer", "config", "width"} <= set(recipe)
    assert len(recipe) == len(recipe.spec)
    assert recipe["width"] == NARROW


def test_a_drawing_is_made_once_in_a_run(drawn: list[str]) -> None:
    assert draw(bars(POINTS, THEME, NARROW)) == draw(bars(POINTS, THEME, NARROW))
    assert len(drawn) == 1


def test_a_later_run_takes_it_from_the_folder(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept_in(tmp_path):
        first = draw(bars(POINTS, THEME, NARROW))
    monkeypatch.setattr(svg, "_memory", {})
    with kept_in(tmp_path):
        assert draw(bars(POINTS, THEME, NARROW)) == first
    assert len(drawn) == 1


@pytest.mark.parametrize("damage", ["", "<svg>"])
def test_half_a_drawing_is_drawn_anew(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    with kept_in(tmp_path):
        draw(bars(POINTS, THEME, NARROW))
    (path,) = tmp_path.glob("*.svg")
    path.write_text(damage, encoding="utf-8")
    monkeypatch.setattr(svg, "_memory", {})
    with kept_in(tmp_path):
        draw(bars(POINTS, THEME, NARROW))
    assert len(drawn) == 2
    assert path.read_text(encoding="utf-8").endswith("</svg>")


def test_without_a_folder_nothing_is_written(drawn: list[str], tmp_path: Path) -> None:
    with kept_in(None):
        draw(bars(POINTS, THEME, NARROW))
    assert list(tmp_path.iterdir()) == []
    assert len(drawn) == 1


def test_the_folder_does_not_grow_for_ever(
    drawn: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "KEPT", 2)
    with kept_in(tmp_path):
        for value in (1.0, 2.0, 3.0):
            draw(bars([Point("x", value, f"{value:g}")], THEME, NARROW))
    assert len(list(tmp_path.glob("*.svg"))) == 2
