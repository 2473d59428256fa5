"""Intervals against published values and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from zorgdata.stats import (
    Certainty,
    Interval,
    byar,
    certainty,
    expected_events,
    indirect_ratio,
    jeffreys,
    mean_interval,
    wilson,
)


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_newcombe_1998(x: int, n: int, lower: float, upper: float) -> None:
    got = wilson(x, n)
    assert got.value == x / n
    assert (got.lower, got.upper) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize(
    ("x", "n", "level", "lower", "upper"),
    [
        (65, 100, 0.95, 0.552544, 0.736358),
        (1045, 5000, 0.95, 0.197955, 0.220491),
        (65, 100, 0.998, 0.495495, 0.778354),
        (0.445, 1, 0.998, 0.019347, 0.970226),
    ],
)
def test_wilson_equals_phe(x: float, n: float, level: float, lower: float, upper: float) -> None:
    got = wilson(x, n, level)
    assert (got.lower, got.upper) == pytest.approx((lower, upper), abs=5e-7)


def test_wilson_equals_statsmodels_over_a_whole_range() -> None:
    x = np.arange(51)
    got = wilson(x, 50)
    lower, upper = proportion_confint(x, 50, method="wilson")
    np.testing.assert_allclose(got.lower, lower, atol=1e-12)
    np.testing.assert_allclose(got.upper, upper, atol=1e-12)


def test_jeffreys_equals_statsmodels_except_for_the_forced_ends() -> None:
    x = np.arange(51)
    got = jeffreys(x, 50)
    lower, upper = proportion_confint(x, 50, method="jeffreys")
    np.testing.assert_allclose(got.lower[1:], lower[1:], atol=1e-12)
    np.testing.assert_allclose(got.upper[:-1], upper[:-1], atol=1e-12)
    assert (got.lower[0], got.upper[-1]) == (0.0, 1.0)
    assert lower[0] > 0  # statsmodels does not force the end: the difference is ours, on purpose


@pytest.mark.parametrize("method", [wilson, jeffreys])
def test_the_ends_of_a_proportion_are_exact(method: type[object]) -> None:
    assert method(0, 7).lower == 0.0  # type: ignore[attr-defined]
    assert method(7, 7).upper == 1.0  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", [wilson, jeffreys, byar, indirect_ratio])
def test_nothing_over_nothing_is_undefined_and_never_zero(method) -> None:
    assert method(0, 0) == Interval(None, None, None)
    array = method([0, 5], [0, 10])
    assert np.isnan([array.value[0], array.lower[0], array.upper[0]]).all()
    assert array.value[1] == 0.5


@pytest.mark.parametrize("method", [wilson, jeffreys])
def test_more_events_than_trials_is_refused(method) -> None:
    with pytest.raises(ValueError, match="above its denominator"):
        method(3, 2)


@pytest.mark.parametrize("method", [wilson, jeffreys, byar])
def test_negative_counts_and_impossible_levels_are_refused(method) -> None:
    with pytest.raises(ValueError, match="negative"):
        method(-1, 2)
    with pytest.raises(ValueError, match="level"):
        method(1, 2, 95)


@pytest.mark.parametrize(
    ("x", "level", "lower", "upper"),
    [
        (65, 0.95, 50.163188, 82.849139),
        (1045, 0.95, 982.593202, 1110.331213),
        (10, 0.998, 2.916318, 24.193725),
        (65, 0.998, 42.880261, 94.000291),
    ],
)
def test_byar_equals_phe_from_ten_events(x: int, level: float, lower: float, upper: float) -> None:
    got = byar(x, 1, level)
    assert (got.lower, got.upper) == pytest.approx((lower, upper), abs=5e-7)


@pytest.mark.parametrize(
    ("x", "lower", "upper"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (9, 4.1154, 17.0848)],
)
def test_below_ten_events_the_interval_is_exact_poisson(x: int, lower: float, upper: float) -> None:
    got = byar(x, 1)
    assert (got.lower, got.upper) == pytest.approx((lower, upper), abs=5e-5)


def test_exposure_sets_the_unit_of_a_rate() -> None:
    per_day, per_year = byar(65, 36525), byar(65, 100)
    assert per_year.upper == pytest.approx(per_day.upper * 365.25, rel=1e-12)


@pytest.mark.parametrize(
    ("observed", "level", "value", "lower", "upper"),
    [
        (895, 0.95, 1.070723, 1.001715, 1.143233),
        (91, 0.95, 0.108867, 0.087650, 0.133666),
        (9, 0.998, 0.010767, 0.002934, 0.027106),
    ],
)
def test_indirect_ratio_equals_phe(
    observed: int, level: float, value: float, lower: float, upper: float
) -> None:
    got = indirect_ratio(observed, 835.883561, level)
    assert (got.value, got.lower, got.upper) == pytest.approx((value, lower, upper), abs=5e-7)


def test_expected_events_of_the_worked_example() -> None:
    expected = expected_events([100, 50], [100, 300], [1000, 1000])
    assert expected == pytest.approx(25)
    assert indirect_ratio(30, expected).value == pytest.approx(1.2)


def test_a_stratum_without_reference_is_refused_only_when_it_is_used() -> None:
    assert expected_events([100, 0], [10, 0], [100, 0]) == 10
    with pytest.raises(ValueError, match="reference"):
        expected_events([100, 1], [10, 0], [100, 0])


def test_mean_interval_equals_phe() -> None:
    values = [33.09375, 48.38596, 64.83495, 67.98475, 52.0, 41.0, 71.5, 50.83535]
    mean, half = np.mean(values), 2.364624251 * np.std(values, ddof=1) / np.sqrt(8)
    got = mean_interval(values, minimum=2)
    assert (got.value, got.lower, got.upper) == pytest.approx((mean, mean - half, mean + half), abs=1e-7)


def test_a_mean_of_few_children_has_no_limits() -> None:
    assert mean_interval([1.0] * 9) == Interval(1.0, None, None)
    assert mean_interval([1.0, 2.0] * 5).lower is not None
    assert mean_interval([4.0], minimum=0) == Interval(4.0, None, None)
    assert mean_interval([float("nan")]) == Interval(None, None, None)
    assert mean_interval([1.0, float("nan"), 3.0], minimum=2).value == 2.0


def test_care_intensive_is_certain_only_when_the_lower_limit_says_so() -> None:
    assert certainty(wilson(60, 100), 0.4) is Certainty.CERTAIN
    assert certainty(wilson(45, 100), 0.4) is Certainty.POSSIBLE
    assert certainty(wilson(35, 100), 0.4) is Certainty.POSSIBLE
    assert certainty(wilson(10, 100), 0.4) is Certainty.NO
    assert certainty(wilson(0, 0), 0.4) is None
    assert certainty(Interval(0.5, 0.4, 0.6), 0.4) is Certainty.CERTAIN
    assert certainty(Interval(0.3, 0.2, 0.4), 0.4) is Certainty.POSSIBLE
