"""A figure through time for the terminal: bars, values as the catalogue shows them, columns in use."""

import pytest

from zorgdata.catalogue import load
from zorgdata.pipeline.trend import Point, Trend, shown, sparkline, table


def point(time: str, value: float | None, **more: float | str | None) -> Point:
    given: dict[str, float | str | None] = {
        "lower": None,
        "upper": None,
        "numerator": None,
        "denominator": None,
        "status": "ok",
        "of_type": None,
        "of_region": None,
    }
    return Point(time, value, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([], ""),
        ([3.0], ""),
        ([3.0, None], ""),
        ([0.0, 7.0], "▁█"),
        ([0.0, 0.0, None], "▁▁ "),
        ([7.0, None, 3.5, 1.0], "█ ▅▂"),
        ([-1.0, 7.0], "▁█"),
    ],
)
def test_bars_start_at_zero_and_holes_stay_holes(values: list[float | None], bars: str) -> None:
    assert sparkline(values) == bars


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("care_share", 0.1234, "12.3 %"),
        ("pupils_with_care", 1234.0, "1,234"),
        ("effective_providers", 4.256, "4.26"),
        ("care_share", None, "-"),
    ],
)
def test_values_as_the_catalogue_shows_them(key: str, value: float | None, text: str) -> None:
    assert shown(load().metric(key), value) == text


def test_columns_without_a_value_are_left_out() -> None:
    whole = Trend(load().metric("pupils_with_care"), "region", "region", "Regio", None, {})
    assert table(whole, [point("2023-10-01", 5.0)]) == (["period", "value"], [["2023-10-01", "    5"]])


def test_a_school_stands_beside_its_type_and_the_region() -> None:
    school = Trend(load().metric("care_share"), "school", "99ZA00", "A", "SBO", {})
    counts = {"numerator": 1.0, "denominator": 4.0, "lower": 0.05, "upper": 0.7}
    names, rows = table(
        school,
        [
            point("2023-10-01", 0.25, of_type=0.3, of_region=0.1, **counts),
            point("2024-10-01", None, status="undefined"),
        ],
    )
    assert names == ["period", "value", "95 %", "made of", "SBO", "region", "status"]
    assert [cell.strip() for cell in rows[0]] == [
        "2023-10-01",
        "25.0 %",
        "5.0 to 70.0 %",
        "1 / 4",
        "30.0 %",
        "10.0 %",
        "",
    ]
    assert rows[1][1].strip() == "-"
    assert rows[1][-1] == "undefined"
