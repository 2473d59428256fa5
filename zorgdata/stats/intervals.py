"""Confidence intervals for proportions, rates, means and standardised ratios."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from zorgdata.stats._numbers import (
    Array,
    FloatArray,
    Interval,
    Numbers,
    Scalar,
    check_counts,
    check_level,
    floats,
    interval,
    is_scalar,
    poisson_bounds,
    t_quantile,
    z_quantile,
)

EXACT_BELOW = 10
"""Below this number of events a rate gets the exact Poisson interval instead of Byar's (PHE)."""


class Certainty(StrEnum):
    """Whether a proportion reaches a threshold, given its interval."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


@overload
def wilson(x: float, n: float, level: float = 0.95) -> Interval[Scalar]: ...
@overload
def wilson(x: Array, n: Numbers, level: float = 0.95) -> Interval[FloatArray]: ...
@overload
def wilson(x: float, n: Array, level: float = 0.95) -> Interval[FloatArray]: ...
def wilson(x: Numbers, n: Numbers, level: float = 0.95) -> Interval[Any]:
    """Wilson score interval of the proportion x/n.

    (2x + z² ± z √(z² + 4x(1 − x/n))) / (2(n + z²)), without continuity correction.

    ``x`` events out of ``n`` trials (counts of children, not of days: days of one child are not
    independent). Lower is exactly 0 at x = 0 and upper exactly 1 at x = n; undefined at n = 0.
    Source: Wilson 1927; Newcombe 1998; PHE technical guidance (every proportion).
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=True)
    z = z_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = x_ / n_
        root = z * np.sqrt(z**2 + 4 * x_ * (1 - value))
        lower = np.where(x_ == 0, 0.0, (2 * x_ + z**2 - root) / (2 * (n_ + z**2)))
        upper = np.where(x_ == n_, 1.0, (2 * x_ + z**2 + root) / (2 * (n_ + z**2)))
    undefined = np.isnan(value)
    return interval(
        value,
        np.where(undefined, np.nan, lower),
        np.where(undefined, np.nan, upper),
        single=is_scalar(x, n),
    )


@overload
def jeffreys(x: float, n: float, level: float = 0.95) -> Interval[Scalar]: ...
@overload
def jeffreys(x: Array, n: Numbers, level: float = 0.95) -> Interval[FloatArray]: ...
@overload
def jeffreys(x: float, n: Array, level: float = 0.95) -> Interval[FloatArray]: ...
def jeffreys(x: Numbers, n: Numbers, level: float = 0.95) -> Interval[Any]:
    """Jeffreys interval of the proportion x/n: quantiles of Beta(x + ½, n − x + ½).

    Lower is 0 at x = 0 and upper is 1 at x = n (statsmodels does not force these ends); undefined at n = 0.
    Source: Brown, Cai & DasGupta 2001.
    """
    from scipy.special import betaincinv

    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=True)
    tail = check_level(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = x_ / n_
        lower = np.where(x_ == 0, 0.0, betaincinv(x_ + 0.5, n_ - x_ + 0.5, tail))
        upper = np.where(x_ == n_, 1.0, betaincinv(x_ + 0.5, n_ - x_ + 0.5, 1 - tail))
    undefined = np.isnan(value)
    return interval(
        value,
        np.where(undefined, np.nan, lower),
        np.where(undefined, np.nan, upper),
        single=is_scalar(x, n),
    )


@overload
def byar(x: float, n: float, level: float = 0.95) -> Interval[Scalar]: ...
@overload
def byar(x: Array, n: Numbers, level: float = 0.95) -> Interval[FloatArray]: ...
@overload
def byar(x: float, n: Array, level: float = 0.95) -> Interval[FloatArray]: ...
def byar(x: Numbers, n: Numbers, level: float = 0.95) -> Interval[Any]:
    """Interval of the rate x/n: Byar's approximation from 10 events, exact Poisson below.

    lower = x (1 − 1/(9x) − z/(3√x))³ / n, upper = (x+1) (1 − 1/(9(x+1)) + z/(3√(x+1)))³ / n;
    below 10 events χ²(α/2; 2x) / 2n and χ²(1 − α/2; 2x+2) / 2n, with lower 0 at x = 0.

    ``n`` is the exposure (pupil-days, care years, expected events) and sets the unit of the result.
    Events are taken as independent: switches of one child are not, use ``cluster_bootstrap`` for those.
    Undefined at n = 0. From 10 events on the lower limit is positive at any usual level.
    Source: Breslow & Day 1987; PHE technical guidance.
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=False)
    z = z_quantile(level)
    low_exact, high_exact = poisson_bounds(x_, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        low_byar = x_ * (1 - 1 / (9 * x_) - z / (3 * np.sqrt(x_))) ** 3
        high_byar = (x_ + 1) * (1 - 1 / (9 * (x_ + 1)) + z / (3 * np.sqrt(x_ + 1))) ** 3
        exact = x_ < EXACT_BELOW
        rate = x_ / n_
        lower = np.where(exact, low_exact, low_byar) / n_
        upper = np.where(exact, high_exact, high_byar) / n_
    undefined = np.isnan(rate) | (n_ == 0)
    value, lower, upper = (np.where(undefined, np.nan, part) for part in (rate, lower, upper))
    return interval(value, lower, upper, single=is_scalar(x, n))


@overload
def indirect_ratio(observed: float, expected: float, level: float = 0.95) -> Interval[Scalar]: ...
@overload
def indirect_ratio(observed: Array, expected: Numbers, level: float = 0.95) -> Interval[FloatArray]: ...
@overload
def indirect_ratio(observed: float, expected: Array, level: float = 0.95) -> Interval[FloatArray]: ...
def indirect_ratio(observed: Numbers, expected: Numbers, level: float = 0.95) -> Interval[Any]:
    """Indirectly standardised ratio observed / expected; 1 = as expected.

    The interval is Byar's (exact below 10 observed events) on ``observed``, divided by ``expected``, which is
    taken as known (``expected_events``). Two schools' ratios compare to the reference, not to each other.
    Undefined when nothing is expected. Source: PHE technical guidance (ISR).
    """
    return byar(observed, expected, level)


def expected_events(population: Array, reference_events: Array, reference_population: Array) -> float:
    """Expected events of indirect standardisation: E = Σ n_s · X_s / N_s over the strata s.

    ``population`` is the unit's own number per stratum, the other two describe the reference. A stratum
    without own population adds 0 whatever its reference; one with own population but no reference
    population makes the expectation undefined: ``ValueError``.
    """
    n, ref_x, ref_n = floats(population), floats(reference_events), floats(reference_population)
    check_counts(ref_x, ref_n, proportion=False)
    check_counts(n, n, proportion=False)
    used = n > 0
    if np.any(ref_n[used] == 0):
        raise ValueError("a stratum has pupils here but none in the reference; merge strata first")
    return float(np.sum(n[used] * ref_x[used] / ref_n[used]))


def mean_interval(
    values: Sequence[float] | npt.NDArray[Any], level: float = 0.95, minimum: int = 10
) -> Interval[Scalar]:
    """Mean of child-level values with its Student interval x̄ ± t(n−1) s/√n.

    NaN values are left out. Below ``minimum`` values (PHE: 10) the mean is given without limits; without
    values all is undefined.
    """
    x = floats(values)
    x = x[~np.isnan(x)]
    check_level(level)
    if x.size == 0:
        return Interval(None, None, None)
    mean = float(np.mean(x))
    if x.size < max(minimum, 2):
        return Interval(mean, None, None)
    half = t_quantile(level, x.size - 1) * float(np.std(x, ddof=1)) / float(np.sqrt(x.size))
    return Interval(mean, mean - half, mean + half)


def certainty(estimate: Interval[Scalar], threshold: float) -> Certainty | None:
    """Whether a share reaches ``threshold``: certain (lower limit does), possible (upper limit only).

    Used for the label *zorgintensief* with threshold 0.40. Undefined without limits.
    """
    if estimate.lower is None or estimate.upper is None:
        return None
    if estimate.lower >= threshold:
        return Certainty.CERTAIN
    return Certainty.POSSIBLE if estimate.upper >= threshold else Certainty.NO
