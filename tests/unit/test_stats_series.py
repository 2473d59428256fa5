"""Time-series regressions against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.stattools import durbin_watson

from zorgdata.stats import newey_west, segmented_counts, segmented_series


@pytest.mark.parametrize("lags", [0, 1, 3, 6])
def test_newey_west_equals_statsmodels(lags: int) -> None:
    rng = np.random.default_rng(lags)
    x = sm.add_constant(rng.normal(size=(40, 2)))
    y = rng.normal(size=40).cumsum()
    ours = newey_west(y, x, lags)
    options = {"maxlags": lags, "use_correction": False}
    theirs = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds=options)
    np.testing.assert_allclose(ours.coefficients, theirs.params, atol=1e-10)
    np.testing.assert_allclose(ours.covariance, theirs.cov_params(), atol=1e-12)
    np.testing.assert_allclose(np.column_stack([ours.lower, ours.upper]), theirs.conf_int(), atol=1e-10)
    assert ours.durbin_watson == pytest.approx(durbin_watson(theirs.resid), rel=1e-10)


@pytest.mark.parametrize(
    ("y", "x", "lags", "match"),
    [
        ([1, 2, 3], [[1, 1], [1, 1], [1, 1]], 0, "depend"),
        ([1, 2], [[1, 1], [1, 2]], 0, "too few rows"),
        ([1, 2, float("nan")], [[1], [1], [1]], 0, "holes"),
        ([1, 2], [[1], [1], [1]], 0, "one value per row"),
        ([1, 2, 3], [1, 1, 1], 3, "lags"),
    ],
)
def test_what_cannot_be_regressed_is_refused(y, x, lags, match) -> None:
    with pytest.raises(ValueError, match=match):
        newey_west(y, x, lags)


def _broken_line(n: int, start: int) -> np.ndarray:
    time = np.arange(n)
    return 10 + 0.5 * time - 3 * (time >= start) - 0.25 * np.maximum(time - start, 0)


def test_a_broken_line_is_found_back_exactly() -> None:
    got = segmented_series(_broken_line(24, 12), 12)
    assert (got.trend.value, got.level_change.value, got.trend_change.value) == pytest.approx(
        (0.5, -3, -0.25), abs=1e-9
    )
    assert (got.status, got.before, got.after) == ("ok", 12, 12)


def test_a_short_series_gets_least_squares_with_student_limits() -> None:
    y = _broken_line(10, 5) + np.random.default_rng(1).normal(size=10)
    got = segmented_series(y, 5)
    time = np.arange(10)
    x = np.column_stack([np.ones(10), time, time >= 5, np.maximum(time - 5, 0)])
    low, high = sm.OLS(y, x).fit().conf_int()[2]
    assert (got.level_change.lower, got.level_change.upper) == pytest.approx((low, high), rel=1e-9)
    assert (got.status, got.method) == ("short", "least squares")


def test_a_longer_series_gets_newey_west() -> None:
    y = _broken_line(30, 15) + np.random.default_rng(2).normal(size=30)
    got = segmented_series(y, 15)
    time = np.arange(30)
    x = np.column_stack([np.ones(30), time, time >= 15, np.maximum(time - 15, 0)]).astype(float)
    expected = newey_west(y, x, 3)
    assert got.method == "least squares, Newey-West 3"
    assert got.trend_change.lower == pytest.approx(expected.lower[3])
    assert segmented_series(y, 15, lags=0).method == "least squares, Newey-West 0"


@pytest.mark.parametrize("start", [0, 3, 17, 20])
def test_below_four_points_on_a_side_there_is_no_estimate(start: int) -> None:
    got = segmented_series(_broken_line(20, 10), start)
    assert got.status == "refused"
    assert (got.trend, got.level_change, got.trend_change) == (None, None, None)
    counts = segmented_counts(np.arange(20), np.ones(20), start)
    assert counts.status == "refused"


@pytest.mark.parametrize(("start", "status"), [(4, "short"), (7, "short"), (8, "ok"), (13, "short")])
def test_below_eight_points_on_a_side_a_warning(start: int, status: str) -> None:
    assert segmented_series(_broken_line(20, start), start).status == status


def test_a_start_outside_the_series_is_refused() -> None:
    with pytest.raises(ValueError, match="start must be"):
        segmented_series([1, 2, 3], 4)


@pytest.mark.parametrize("trend_change", [True, False])
def test_counts_equal_the_quasi_poisson_of_statsmodels(trend_change: bool) -> None:
    rng = np.random.default_rng(3)
    time, exposure = np.arange(36), rng.uniform(900, 1100, 36)
    y = rng.negative_binomial(20, 20 / (20 + exposure * 0.7 * np.exp(0.005 * time - 0.15 * (time >= 20))))
    x = np.column_stack([np.ones(36), time, time >= 20, np.maximum(time - 20, 0)]).astype(float)
    x = x if trend_change else x[:, :3]
    theirs = sm.GLM(y, x, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2", tol=1e-12)
    got = segmented_counts(y, exposure, 20, trend_change=trend_change)
    assert got.dispersion == pytest.approx(theirs.scale, rel=1e-8)
    assert got.dispersion > 5
    assert np.log(got.level_change.value) == pytest.approx(theirs.params[2], abs=1e-8)
    assert np.log(got.trend.value) == pytest.approx(theirs.params[1], abs=1e-8)
    student = {True: 2.0369333, False: 2.0345153}[trend_change]
    half = (np.log(got.level_change.upper) - np.log(got.level_change.lower)) / 2
    assert half == pytest.approx(student * theirs.bse[2], rel=1e-6)
    assert (got.trend_change is None) is not trend_change


def test_a_side_without_events_leaves_nothing_to_estimate() -> None:
    got = segmented_counts([5] * 8 + [0] * 8, [100] * 16, 8)
    assert (got.status, got.method) == ("refused", "not estimable")
    assert segmented_counts([0] * 16, [100] * 16, 8).status == "refused"


def test_counts_need_exposure() -> None:
    with pytest.raises(ValueError, match="exposure"):
        segmented_counts([1] * 10, [1] * 9 + [0], 5)
