"""Time series of one region or school: regression with autocorrelation-proof errors, interrupted series."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zorgdata.stats._numbers import (
    Array,
    FloatArray,
    Interval,
    Scalar,
    check_counts,
    check_level,
    floats,
    t_quantile,
    z_quantile,
)

REFUSE_BELOW = 4
WARN_BELOW = 8
OLS_BELOW = 12


@dataclass(frozen=True)
class Regression:
    """Coefficients with their limits, one entry per column of X, in its order.

    ``durbin_watson`` around 2 = no autocorrelation of lag 1 (unreliable in short series).
    """

    coefficients: FloatArray
    standard_errors: FloatArray
    lower: FloatArray
    upper: FloatArray
    covariance: FloatArray
    lags: int
    observations: int
    durbin_watson: float


def newey_west(y: Array, X: Array, lags: int, level: float = 0.95) -> Regression:
    """Least squares with Newey–West (heteroskedasticity and autocorrelation consistent) standard errors.

    (X'X)⁻¹ [Γ₀ + Σ_{l=1..L} (1 − l/(L+1)) (Γ_l + Γ_l')] (X'X)⁻¹ with Γ_l = Σ_t e_t e_{t−l} x_t x_{t−l}'.

    ``y`` has n values in order of time, ``X`` n rows with a column of ones where an intercept is wanted.
    Bartlett weights, no small-sample correction, normal limits: equal to statsmodels ``cov_type="HAC",
    use_correction=False`` and R ``NeweyWest(lag=L, prewhite=FALSE, adjust=FALSE)``. ``lags`` = 0 is White's.
    Limits are too narrow in short series. Dependent columns or too few rows: ``ValueError``.
    Source: Newey & West 1987.
    """
    y_, x = floats(y), floats(X)
    if x.ndim == 1:
        x = x[:, np.newaxis]
    n, k = x.shape
    if y_.shape != (n,) or not 0 <= lags < n:
        raise ValueError("y needs one value per row of X, and lags must lie in 0..n-1")
    if not (np.all(np.isfinite(y_)) and np.all(np.isfinite(x))):
        raise ValueError("a series with holes cannot be regressed; fill or shorten it first")
    if n <= k or np.linalg.matrix_rank(x) < k:
        raise ValueError("the columns of X depend on each other or there are too few rows")
    bread = np.linalg.inv(x.T @ x)
    coefficients = bread @ x.T @ y_
    residual = y_ - x @ coefficients
    score = x * residual[:, np.newaxis]
    meat = score.T @ score
    for lag in range(1, lags + 1):
        gamma = score[lag:].T @ score[:-lag]
        meat += (1 - lag / (lags + 1)) * (gamma + gamma.T)
    covariance = bread @ meat @ bread
    errors = np.sqrt(np.diag(covariance))
    half = z_quantile(level) * errors
    return Regression(
        coefficients,
        errors,
        coefficients - half,
        coefficients + half,
        covariance,
        lags,
        n,
        _durbin_watson(residual),
    )


def _durbin_watson(residual: FloatArray) -> float:
    total = float(np.sum(residual**2))
    return float(np.sum(np.diff(residual) ** 2)) / total if total > 0 else float("nan")


@dataclass(frozen=True)
class SegmentedSeries:
    """An interrupted series. ``status``: ``ok``, ``short`` (fewer than 8 points on a side: read with care) or
    ``refused`` (fewer than 4: no estimates). ``method`` names model and errors.

    For a series of values: ``trend`` per period before, ``level_change`` at the first point after,
    ``trend_change`` per period after, in the unit of the values. For counts the three are rate ratios
    (1 = no change) and ``dispersion`` is Pearson χ²/df (1 = Poisson).
    """

    status: Literal["ok", "short", "refused"]
    method: str
    before: int
    after: int
    trend: Interval[Scalar] | None = None
    level_change: Interval[Scalar] | None = None
    trend_change: Interval[Scalar] | None = None
    dispersion: float | None = None
    durbin_watson: float | None = None


def _status(n: int, start: int) -> tuple[Literal["ok", "short", "refused"], int, int]:
    if not 0 <= start <= n:
        raise ValueError(f"start must be the index of the first point after the change, 0..{n}; got {start}")
    before, after = start, n - start
    fewest = min(before, after)
    return ("refused" if fewest < REFUSE_BELOW else "short" if fewest < WARN_BELOW else "ok"), before, after


def _design(n: int, start: int, trend_change: bool) -> FloatArray:
    time = np.arange(n, dtype=np.float64)
    columns = [np.ones(n), time, (time >= start).astype(np.float64)]
    if trend_change:
        columns.append(np.maximum(time - start, 0.0))
    return np.column_stack(columns)


def segmented_series(
    y: Array, start: int, level: float = 0.95, *, lags: int | None = None, trend_change: bool = True
) -> SegmentedSeries:
    """Segmented regression y ~ 1 + time + post + time after, for one change without comparison.

    ``y`` equally spaced values in order of time, ``start`` the index of the first point after the change.
    Fewer than 12 points: ordinary least squares with Student limits (Turner et al. 2021); from 12 on
    Newey–West with ``lags`` (default 4 (n/100)^(2/9), rounded down). Refused below 4 points on a side, marked
    short below 8. Seasons are not modelled: compare equal quarters. Any other change at that moment
    (procurement, prices, registration) is in the estimate too.
    """
    y_ = floats(y)
    status, before, after = _status(y_.size, start)
    if status == "refused":
        return SegmentedSeries(status, "none", before, after)
    n, x = y_.size, _design(y_.size, start, trend_change)
    if lags is None:
        lags = 0 if n < OLS_BELOW else int(4 * (n / 100) ** (2 / 9))
    fit = newey_west(y_, x, lags, level)
    value, half, method = fit.coefficients, fit.upper - fit.coefficients, f"least squares, Newey-West {lags}"
    if n < OLS_BELOW and lags == 0:
        df = n - x.shape[1]
        residual = y_ - x @ value
        variance = float(residual @ residual) / df * np.diag(np.linalg.inv(x.T @ x))
        half, method = t_quantile(level, df) * np.sqrt(variance), "least squares"
    parts = [Interval(float(v), float(v - h), float(v + h)) for v, h in zip(value, half, strict=True)]
    return SegmentedSeries(
        status,
        method,
        before,
        after,
        parts[1],
        parts[2],
        parts[3] if trend_change else None,
        None,
        fit.durbin_watson,
    )


def _poisson_fit(y: FloatArray, offset: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """(coefficients, fitted counts) by iteratively reweighted least squares; None when there is no optimum.

    Without events on one side the rate there runs away to 0 and no coefficient exists.
    """
    mu = y + 0.5
    beta = np.zeros(x.shape[1])
    for _ in range(100):
        working = np.log(mu) - offset + (y - mu) / mu
        root = np.sqrt(mu)
        updated = np.linalg.lstsq(x * root[:, np.newaxis], working * root, rcond=None)[0]
        mu = np.asarray(np.exp(np.clip(offset + x @ updated, -50, 50)), dtype=np.float64)
        if np.min(mu) < 1e-8:
            return None
        settled = np.max(np.abs(updated - beta)) < 1e-12 * (1 + np.max(np.abs(updated)))
        beta = np.asarray(updated, dtype=np.float64)
        if settled:
            return beta, mu
    return None


def segmented_counts(
    events: Array, exposure: Array, start: int, level: float = 0.95, *, trend_change: bool = True
) -> SegmentedSeries:
    """Segmented quasi-Poisson regression of counts with offset log(exposure): rate ratios.

    log E(events) = log(exposure) + b₀ + b₁ time + b₂ post + b₃ time after; standard errors × √dispersion with
    dispersion = Σ (y − μ)²/μ / (n − k), Student limits with n − k degrees of freedom. ``exposure`` > 0, for
    example pupil-days. Refusals as ``segmented_series``. Source: Lopez Bernal, Cummins & Gasparrini 2017;
    R ``quasipoisson``.
    """
    y, e = floats(events), floats(exposure)
    check_counts(y, e, proportion=False)
    check_level(level)
    if y.shape != e.shape or not np.all(e > 0) or not np.all(np.isfinite(y)):
        raise ValueError("events and exposure must be of one length, without holes, with positive exposure")
    status, before, after = _status(y.size, start)
    if status == "refused" or not np.any(y > 0):
        return SegmentedSeries("refused", "none", before, after)
    x = _design(y.size, start, trend_change)
    fit = _poisson_fit(y, np.log(e), x)
    if fit is None:
        return SegmentedSeries("refused", "not estimable", before, after)
    beta, mu = fit
    df = y.size - x.shape[1]
    dispersion = float(np.sum((y - mu) ** 2 / mu)) / df
    errors = np.sqrt(dispersion * np.diag(np.linalg.inv(x.T @ (x * mu[:, np.newaxis]))))
    half = t_quantile(level, df) * errors
    parts = [
        Interval(float(np.exp(b)), float(np.exp(b - h)), float(np.exp(b + h)))
        for b, h in zip(beta, half, strict=True)
    ]
    return SegmentedSeries(
        status,
        "quasi-Poisson",
        before,
        after,
        parts[1],
        parts[2],
        parts[3] if trend_change else None,
        dispersion,
    )
