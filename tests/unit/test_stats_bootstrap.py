"""The bootstrap over children: reproducible, wider than counting days, equal to its linear twin."""

import numpy as np
import pytest

from zorgdata.stats import Interval, cluster_bootstrap, wilson

RNG = np.random.default_rng(11)
EXPOSURE = RNG.integers(30, 366, 400).astype(float)
EVENTS = RNG.poisson(EXPOSURE / 200 * RNG.gamma(1, 1, 400)).astype(float)


def test_the_rate_and_its_unit() -> None:
    got = cluster_bootstrap(EVENTS, EXPOSURE, factor=365.25)
    assert got.value == pytest.approx(EVENTS.sum() * 365.25 / EXPOSURE.sum())
    assert got.lower < got.value < got.upper


def test_the_same_seed_gives_the_same_limits_in_any_order() -> None:
    order = np.random.default_rng(0).permutation(400)
    assert cluster_bootstrap(EVENTS, EXPOSURE) == cluster_bootstrap(EVENTS[order], EXPOSURE[order])
    assert cluster_bootstrap(EVENTS, EXPOSURE) != cluster_bootstrap(EVENTS, EXPOSURE, seed=1)


def test_limits_equal_plain_resampling_of_children() -> None:
    rng = np.random.default_rng(3)
    rates = []
    for _ in range(4000):
        drawn = rng.integers(0, 400, 400)
        rates.append(EVENTS[drawn].sum() / EXPOSURE[drawn].sum())
    expected = np.quantile(rates, [0.025, 0.975])
    got = cluster_bootstrap(EVENTS, EXPOSURE, replications=4000)
    assert (got.lower, got.upper) == pytest.approx(expected, rel=0.03)


def test_many_children_get_the_linearised_interval_and_it_agrees() -> None:
    linear = cluster_bootstrap(EVENTS, EXPOSURE, linear_above=399)
    drawn = cluster_bootstrap(EVENTS, EXPOSURE, replications=8000)
    assert linear.value == drawn.value
    assert linear.upper - linear.lower == pytest.approx(drawn.upper - drawn.lower, rel=0.05)


def test_the_linearised_interval_is_that_of_a_ratio_estimate() -> None:
    x, d = np.array([0.0, 2, 1, 4]), np.array([10.0, 20, 30, 40])
    rate = 7 / 100
    half = 1.959963984540054 * np.sqrt(4 / 3 * np.sum((x - rate * d) ** 2)) / 100
    got = cluster_bootstrap(x, d, factor=1000, linear_above=3)
    assert (got.lower, got.upper) == pytest.approx((1000 * (rate - half), 1000 * (rate + half)))


def test_days_of_one_child_are_not_independent() -> None:
    care = np.where(np.random.default_rng(5).random(200) < 0.4, 366.0, 0.0)
    enrolled = np.full(200, 366.0)
    ours, naive = cluster_bootstrap(care, enrolled), wilson(care.sum(), enrolled.sum())
    assert (ours.upper - ours.lower) > 10 * (naive.upper - naive.lower)


def test_what_cannot_be_said_is_undefined() -> None:
    assert cluster_bootstrap([0], [0]) == Interval(None, None, None)
    assert cluster_bootstrap([], []) == Interval(None, None, None)
    assert cluster_bootstrap([1], [2]) == Interval(0.5, None, None)
    assert cluster_bootstrap([1, float("nan")], [2, 3]) == Interval(0.5, None, None)


def test_children_without_exposure_do_not_spoil_a_draw() -> None:
    got = cluster_bootstrap([1, 0], [1, 0])
    assert got == Interval(1.0, 1.0, 1.0)


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        cluster_bootstrap([1, 1], [1, -1])
    with pytest.raises(ValueError, match="length"):
        cluster_bootstrap([1, 1], [1])
