"""Geometry of marks, tiles and milestones: published values in, whole steps out."""

from datetime import date

import pytest

from zorgdata.disclosure.notation import percent
from zorgdata.disclosure.table import Cell
from zorgdata.report.marks import range_mark, spark, strip
from zorgdata.report.milestones import status
from zorgdata.report.model import Milestone, school_year
from zorgdata.report.reader import grid
from zorgdata.report.scenarios import amount, coarse

YEARS = ("2021-2022", "2022-2023", "2023-2024", "2024-2025")
FINAL: frozenset[str] = frozenset()


def share(value: float | None) -> Cell:
    status_ = "suppressed" if value is None else "shown"
    display = "." if value is None else percent(value)
    return Cell("care_share", "school", "9901AA", "2024-2025", "", "", "", value, display, status_)


TOP = Cell("care_share", "school", "9901AA", "2024-2025", "", "", "", 0.9, "> 90 %", "top_coded")
HIDDEN = share(None)


def test_a_sparkline_breaks_at_a_hidden_year() -> None:
    whole = spark([share(v) for v in (0.1, 0.2, 0.3, 0.4)], FINAL, YEARS)
    broken = spark([share(0.1), share(0.2), HIDDEN, share(0.4)], FINAL, YEARS)
    assert whole is not None
    assert broken is not None
    assert whole.solid.count("M") == 3
    assert broken.solid.count("M") == 1


def test_a_sparkline_is_dashed_and_open_towards_a_provisional_year() -> None:
    mark = spark([share(v) for v in (0.1, 0.2, 0.3, 0.4)], frozenset({YEARS[-1]}), YEARS)
    assert mark is not None
    assert mark.solid.count("M") == 2
    assert mark.dashed.count("M") == 1
    assert mark.hollow


@pytest.mark.parametrize("values", [[], [0.1], [None, None, 0.2, None], [-0.1, 0.2]])
def test_too_little_or_negative_gives_no_sparkline(values: list[float | None]) -> None:
    cells = [share(v) for v in values]
    assert spark(cells, FINAL, YEARS[: len(cells)]) is None


def test_a_common_top_makes_lines_comparable() -> None:
    low = spark([share(0.1), share(0.1)], FINAL, YEARS[:2], top=0.4)
    high = spark([share(0.4), share(0.4)], FINAL, YEARS[:2], top=0.4)
    assert low is not None
    assert high is not None
    assert low.end_y > high.end_y


def test_the_band_of_like_schools_needs_four_of_them() -> None:
    region = share(0.2)
    few = range_mark(share(0.5), [share(v) for v in (0.4, 0.5, 0.6)], region)
    many = range_mark(share(0.5), [share(v) for v in (0.4, 0.5, 0.6, 0.7)], region)
    assert few is not None
    assert (few.dot, few.low, few.high, few.region) == (50, None, None, 20)
    assert many is not None
    assert (many.low, many.high) == (40, 70)


def test_the_band_leaves_the_outermost_schools_out() -> None:
    cells = [share(i / 100) for i in range(1, 41)]
    mark = range_mark(share(0.2), cells, share(0.2))
    assert mark is not None
    assert (mark.low, mark.high) == (2, 38)


def test_a_hidden_school_has_no_place_and_a_top_coded_one_stands_at_the_bound() -> None:
    assert range_mark(HIDDEN, [share(0.5)] * 5, share(0.2)) is None
    top = range_mark(TOP, [], HIDDEN)
    assert top is not None
    assert (top.dot, top.region) == (90, None)


def test_the_strip_has_a_bar_per_shown_school_and_a_dot_per_hidden_one() -> None:
    mark = strip([[share(0.1), HIDDEN], [share(0.6), TOP]])
    assert mark is not None
    assert [height for _, height in mark.bars] == [10, 60, 90]
    assert len(mark.dots) == 1
    assert strip([[HIDDEN]]) is None


def test_tiles_keep_north_up_and_never_share_a_place() -> None:
    places = [(0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (100.0, 100.0), (50.0, 50.0)]
    found = grid(places, 3)
    assert len(set(found)) == 5
    south_west, _, north_west, north_east, _ = found
    assert north_west[1] < south_west[1]
    assert north_east[0] > north_west[0]
    assert grid([(5.0, 5.0), (5.0, 5.0)], 2) != [(0, 0), (0, 0)]


TODAY = date(2025, 1, 31)


@pytest.mark.parametrize(
    ("planned", "expected", "realised", "found"),
    [
        (date(2024, 6, 1), None, date(2025, 1, 20), "gereed"),
        (date(2025, 2, 1), None, None, "op_schema"),
        (date(2025, 1, 1), date(2025, 1, 31), None, "op_schema"),
        (date(2025, 1, 1), date(2025, 2, 1), None, "aandacht"),
        (date(2025, 1, 1), date(2025, 4, 1), None, "aandacht"),
        (date(2025, 1, 1), date(2025, 4, 2), None, "vertraagd"),
        (date(2025, 1, 1), None, None, "op_schema"),
        (date(2024, 12, 31), None, None, "aandacht"),
        (date(2024, 10, 1), None, None, "vertraagd"),
    ],
)
def test_status_of_a_milestone(
    planned: date, expected: date | None, realised: date | None, found: str
) -> None:
    assert status(Milestone("m", "", "1", "visie", planned, expected, realised), TODAY) == found


@pytest.mark.parametrize(
    ("day", "year"),
    [("2024-10-01", "2024-2025"), ("2024-07-31", "2023-2024"), ("2024-08-01", "2024-2025"), ("", "")],
)
def test_a_day_falls_in_a_school_year(day: str, year: str) -> None:
    assert school_year(day) == year


def test_amounts_have_no_false_precision() -> None:
    assert coarse(66_910) == 67_000
    assert coarse(-1_234) == -1_200
    assert coarse(49) == 0
    assert amount(1_260_000) == "€\u00a01,3\u00a0miljoen"
    assert amount(-66_910) == "€\u00a0\u221267.000"
