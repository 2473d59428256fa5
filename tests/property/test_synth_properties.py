"""The generator's own counting against the plainest way to count: one day at a time."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import (
    add_years,
    day,
    days_of,
    iso,
    month_of,
    month_start,
    school_year_of,
    year_of,
)
from zorgdata.synth.care import repeats
from zorgdata.synth.careers import lengths
from zorgdata.synth.identifiers import bsn
from zorgdata.synth.measure import islands
from zorgdata.synth.streams import Streams, choose, choose_by_row

EPOCH = date(1970, 1, 1)
DAYS = st.integers(day(1990), day(2060))
SPELL = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 60), st.integers(0, 25))


def arrays(rows: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, ...]:
    """Child, key, first and last day from (child, key, start, length - 1)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 2] + table[:, 3]


@given(st.lists(SPELL, max_size=25))
def test_islands_cover_the_same_days_and_do_not_touch(rows: list[tuple[int, int, int, int]]) -> None:
    child, key, start, end = arrays(rows)
    found = islands(child, key, start, end)
    days = {(c, k, d) for c, k, s, n in rows for d in range(s, s + n + 1)}
    merged = [
        (c, k, d)
        for c, k, s, e in zip(found.child, found.key, found.start, found.end, strict=True)
        for d in range(s, e + 1)
    ]
    assert len(merged) == len(set(merged))
    assert set(merged) == days
    # An island ends where the next day has no care.
    assert all((c, k, e + 1) not in days for c, k, e in zip(found.child, found.key, found.end, strict=True))


@given(st.lists(SPELL, min_size=1, max_size=12))
def test_a_repeat_has_earlier_care_that_ended_with_a_free_day_between(
    rows: list[tuple[int, int, int, int]],
) -> None:
    scaled = sorted((c, s * 60, s * 60 + n * 20) for c, _, s, n in rows)
    child, start, end = np.array(scaled, dtype=np.int64).T
    expected = [
        any(
            other != own and scaled[other][0] == c and s - 1826 <= scaled[other][2] <= s - 2
            for other in range(len(scaled))
        )
        for own, (c, s, _) in enumerate(scaled)
    ]
    assert repeats(child, start, end).tolist() == expected


@given(DAYS, st.integers(0, 20))
def test_the_calendar_agrees_with_the_standard_library(value: int, years: int) -> None:
    plain = EPOCH + timedelta(days=value)
    one = np.array([value], dtype=np.int64)
    assert iso(value) == plain.isoformat()
    assert (int(year_of(one)[0]), int(month_of(one)[0])) == (plain.year, plain.month)
    assert EPOCH + timedelta(days=int(month_start(one)[0])) == plain.replace(day=1)
    assert int(school_year_of(one)[0]) == (plain.year if plain.month >= 8 else plain.year - 1)
    assert int(days_of(np.array([plain.year]), plain.month, plain.day)[0]) == value
    later = EPOCH + timedelta(days=int(add_years(one, years)[0]))
    try:
        assert later == plain.replace(year=plain.year + years)
    except ValueError:  # 29 February
        assert later == date(plain.year + years, 3, 1)


@given(st.integers(0, 8_900_000), st.integers(0, 8_900_000))
def test_two_children_have_two_numbers(first: int, second: int) -> None:
    numbers = bsn(np.array([first, second])).tolist()
    assert (numbers[0] == numbers[1]) == (first == second)


@given(st.integers(0, 10_000), st.text(max_size=8), st.text(max_size=8))
def test_a_stream_depends_on_seed_region_and_name_alone(seed: int, name: str, other: str) -> None:
    draw = Streams(seed, 3)(name).integers(0, 2**62)
    assert draw == Streams(seed, 3)(name).integers(0, 2**62)
    assert draw != Streams(seed, 4)(name).integers(0, 2**62)
    assert draw != Streams(seed + 1, 3)(name).integers(0, 2**62)
    if name != other:
        assert draw != Streams(seed, 3)(other).integers(0, 2**62)


@given(st.integers(0, 1_000), st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any))
def test_choices_follow_their_weights(seed: int, weights: list[int]) -> None:
    n = 4_000
    share = np.array(weights, dtype=np.float64) / sum(weights)
    spread = 5 * np.sqrt(share * (1 - share) / n)
    drawn = np.bincount(choose(np.random.default_rng(seed), share, n), minlength=len(share)) / n
    assert (np.abs(drawn - share) <= spread).all()
    rows = np.zeros(n, dtype=np.int64) + 1
    table = np.array([np.ones(len(share)), share])
    drawn = np.bincount(choose_by_row(np.random.default_rng(seed), table, rows), minlength=len(share)) / n
    assert (np.abs(drawn - share) <= spread).all()


@given(st.integers(0, 1_000), st.floats(0.01, 0.99))
def test_trajectories_keep_within_their_bounds(seed: int, share: float) -> None:
    days = lengths(np.random.default_rng(seed), np.full(2_000, share))
    assert days.min() >= cal.TRAJECTORY_MIN
    assert days.max() <= cal.TRAJECTORY_MAX
    assert 180 < np.median(days) < 480
