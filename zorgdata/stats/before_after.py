"""Before and after: difference in differences of two groups, and how much would have dropped by itself."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zorgdata.stats._numbers import Array, FloatArray, Interval, Scalar, check_level, floats
from zorgdata.stats.bootstrap import SEED


@dataclass(frozen=True)
class RegressionToMean:
    """Expected change without any effect, because units were chosen for an extreme baseline.

    ``value`` is how far the mean of the chosen units moves back towards ``mean`` (positive, same unit).
    ``expected_baseline`` and ``expected_follow_up`` are the mean of the chosen units before and after;
    ``selected`` the share of all units beyond the cut-off.
    """

    value: float
    expected_baseline: float
    expected_follow_up: float
    selected: float


def regression_to_mean(
    mean: float,
    sd_between: float,
    sd_within: float,
    cutoff: float,
    n_baseline: int = 1,
    *,
    side: Literal["above", "below"] = "above",
) -> RegressionToMean:
    """Expected drop of units chosen for a baseline ``above`` (or ``below``) the cut-off, without any effect.

    (σ_w²/m) / σ_t · φ(z) / (1 − Φ(z)), z = (c − μ)/σ_t, σ_t² = σ_b² + σ_w²/m.

    ``mean`` μ over all schools, ``sd_between`` σ_b the real spread between schools, ``sd_within`` σ_w of one
    school from year to year (``variance_components``), ``cutoff`` c, ``n_baseline`` m the number of years the
    baseline averages: two years nearly halve the drop. Normal distributions assumed. σ_t = 0: no drop.
    Source: Barnett, van der Pols & Dobson 2005, IJE 34:215.
    """
    from scipy.special import erfcx, ndtr

    if sd_between < 0 or sd_within < 0 or n_baseline < 1:
        raise ValueError("spreads cannot be negative and the baseline needs at least one measurement")
    if side not in ("above", "below"):
        raise ValueError(f"side must be above or below; got {side!r}")
    sign = 1.0 if side == "above" else -1.0
    within = sd_within**2 / n_baseline
    total = float(np.sqrt(sd_between**2 + within))
    if total == 0.0:
        return RegressionToMean(0.0, mean, mean, 1.0 if sign * (mean - cutoff) > 0 else 0.0)
    z = sign * (cutoff - mean) / total
    # φ(z)/(1 − Φ(z)) written so that it stays finite far in the tail.
    hazard = float(np.sqrt(2 / np.pi) / erfcx(z / np.sqrt(2)))
    drop = within / total * hazard
    baseline = mean + sign * total * hazard
    return RegressionToMean(drop, baseline, baseline - sign * drop, float(ndtr(-z)))


@dataclass(frozen=True)
class VarianceComponents:
    """Spread between and within schools, from two years of the same schools."""

    mean: float
    sd_between: float
    sd_within: float
    schools: int


def variance_components(first: Array, second: Array) -> VarianceComponents:
    """σ_w² = Var(first − second)/2 and σ_b² = Cov(first, second), at least 0, over schools with both years.

    A change common to all schools between the years does not count as spread. Fewer than three schools:
    ``ValueError``.
    """
    a, b = floats(first), floats(second)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("both years need one value per school, in the same order")
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if a.size < 3:
        raise ValueError("variance components need at least three schools with both years")
    within = float(np.var(a - b, ddof=1)) / 2
    between = max(0.0, float(np.cov(a, b)[0, 1]))
    return VarianceComponents(
        float(np.mean((a + b) / 2)), float(np.sqrt(between)), float(np.sqrt(within)), int(a.size)
    )


def difference_in_differences(
    treated_before: Array,
    treated_after: Array,
    control_before: Array,
    control_after: Array,
    level: float = 0.95,
    *,
    replications: int = 2000,
    seed: int = SEED,
) -> Interval[Scalar]:
    """(Ȳ_T,after − Ȳ_T,before) − (Ȳ_C,after − Ȳ_C,before), one value per location, locations alike in weight.

    Percentile limits from drawing locations with replacement within each group, fixed ``seed``. Locations
    without both values are left out. Undefined without any location in a group; no limits with fewer than
    two in a group. Label it *indicatief*. Without comparison locations show the trend only.
    """
    tail = check_level(level)

    def change(before: Array, after: Array) -> FloatArray:
        b, a = floats(before), floats(after)
        if b.shape != a.shape or b.ndim != 1:
            raise ValueError("before and after need one value per location, in the same order")
        difference = a - b
        # Sorted, so that limits do not depend on the order of locations.
        return np.sort(difference[~np.isnan(difference)])

    treated, control = change(treated_before, treated_after), change(control_before, control_after)
    if treated.size == 0 or control.size == 0:
        return Interval(None, None, None)
    value = float(np.mean(treated) - np.mean(control))
    if min(treated.size, control.size) < 2:
        return Interval(value, None, None)
    rng = np.random.default_rng(seed)

    def drawn(changes: FloatArray) -> FloatArray:
        picks = rng.integers(0, changes.size, size=(replications, changes.size))
        means: FloatArray = changes[picks].mean(axis=1)
        return means

    lower, upper = np.quantile(drawn(treated) - drawn(control), [tail, 1 - tail])
    return Interval(value, float(lower), float(upper))
