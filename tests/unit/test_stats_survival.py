"""Kaplan–Meier against published tables, lifelines, and hand-made late entry."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from zorgdata.stats import Interval, kaplan_meier

# Freireich et al. 1963, the 6-MP arm: weeks of remission, and whether it ended.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_remission_of_leukaemia_as_published() -> None:
    curve = kaplan_meier(WEEKS, ENDED)
    published = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert [curve.at(t) for t in published] == pytest.approx(list(published.values()), abs=5e-5)
    assert curve.median() == 23
    assert curve.at_risk[0] == 21
    assert curve.events[0] == 3
    assert curve.start is None


def test_the_curve_is_a_step_that_says_nothing_past_the_follow_up() -> None:
    curve = kaplan_meier(WEEKS, ENDED)
    assert curve.at(0) == 1.0
    assert curve.at(5.999) == 1.0
    assert curve.at(12) == curve.at(10)
    assert curve.at(35) == curve.at(23)
    assert curve.at(36) is None
    assert kaplan_meier([1, 2], [1, 1]).at(99) == 0.0
    np.testing.assert_array_equal(np.isnan(curve.at([0, 36])), [False, True])


def test_intervals_at_a_time_and_of_the_median() -> None:
    curve = kaplan_meier(WEEKS, ENDED)
    at_10 = curve.interval_at(10)
    assert (at_10.value, at_10.lower, at_10.upper) == pytest.approx((0.7529, 0.5032, 0.8894), abs=5e-5)
    assert curve.interval_at(3) == Interval(1.0, 1.0, 1.0)
    first = curve.interval_at(6)
    assert (first.value, first.lower < 6 / 7 < first.upper) == (pytest.approx(6 / 7), True)
    assert curve.interval_at(99) == Interval(None, None, None)
    assert curve.median_interval() == Interval(23.0, 13.0, None)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_equal_to_lifelines(seed: int, late: bool) -> None:
    rng = np.random.default_rng(seed)
    n = 120
    entry = rng.integers(0, 20, n) * late
    exit_ = entry + rng.integers(1, 40, n)
    entry[:20], exit_[:20] = 0, rng.integers(20, 60, 20)  # keeps the risk set from emptying
    event = rng.random(n) < 0.6
    ours = kaplan_meier(exit_, event, entry if late else None)
    theirs = KaplanMeierFitter().fit(exit_, event, entry=entry if late else None)
    assert ours.start is None
    np.testing.assert_allclose(
        ours.survival, theirs.survival_function_["KM_estimate"].loc[ours.time], atol=1e-12
    )
    limits = theirs.confidence_interval_.loc[ours.time].to_numpy()
    alive = ours.survival > 0
    np.testing.assert_allclose(ours.lower[alive], limits[alive, 0], atol=1e-12)
    np.testing.assert_allclose(ours.upper[alive], limits[alive, 1], atol=1e-12)
    assert (ours.median() or np.inf) == theirs.median_survival_time_


def test_a_case_entering_at_t_is_not_at_risk_at_t() -> None:
    curve = kaplan_meier([5, 5, 9], [1, 0, 1], [0, 0, 5])
    assert list(curve.at_risk) == [2, 1]
    assert curve.at(5) == 0.5


def test_a_case_censored_at_t_is_still_at_risk_at_t() -> None:
    assert kaplan_meier([5, 5], [1, 0]).at(5) == 0.5


def test_rows_that_leave_before_they_enter_are_dropped_and_counted() -> None:
    curve = kaplan_meier([3, 4, 2, 6], [1, 1, 1, 0], [0, 4, 3, 0])
    assert curve.dropped == 2
    assert list(curve.time) == [3, 6]


def test_an_early_emptied_risk_set_does_not_end_the_curve_for_ever() -> None:
    # One case with an event on day 2 while it is alone; the other twelve enter on day 5.
    exits = [2, *range(10, 22)]
    entries = [0, *[5] * 12]
    events = [1] * 13
    curve = kaplan_meier(exits, events, entries)
    assert curve.start == 10
    assert curve.at_risk[0] == 12
    assert curve.at(10) == pytest.approx(11 / 12)
    assert curve.at(4) is None
    plain = kaplan_meier(exits[1:], events[1:])
    np.testing.assert_array_equal(curve.survival, plain.survival)


def test_with_too_few_after_the_hole_there_is_no_curve() -> None:
    curve = kaplan_meier([2, 10, 11], [1, 1, 1], [0, 5, 5])
    assert curve.time.size == 0
    assert curve.median() is None
    assert curve.at(10) is None


def test_a_minimum_at_risk_can_be_asked_for() -> None:
    curve = kaplan_meier([1, 2, 3, 4, 5], [1, 1, 1, 1, 0], [0, 0, 1, 1, 1], min_at_risk=4)
    assert curve.start == 2
    assert curve.at(1) is None
    assert kaplan_meier([1, 2], [1, 1], min_at_risk=3).time.size == 0
    assert kaplan_meier([1, 2], [1, 1], min_at_risk=2).start is None


def test_median_at_exactly_a_half_is_the_first_such_time() -> None:
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median() == 2
    assert kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0]).median() is None


def test_limits_are_undefined_once_nobody_is_left() -> None:
    curve = kaplan_meier([1, 2], [1, 1])
    assert np.isnan(curve.lower[-1])
    assert curve.interval_at(2) == Interval(0.0, None, None)


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        kaplan_meier([1, float("nan")], [1, 1])
    with pytest.raises(ValueError, match="length"):
        kaplan_meier([1, 2], [1])
    assert kaplan_meier([], []).median() is None
