"""Empirical Bayes estimates: rates pulled to the common rate as far as chance explains their distance.

For ordering and choosing among schools, never as the published figure.
"""

from typing import Any

import numpy as np

from zorgdata.stats._numbers import Array, FloatArray, check_counts, floats


def _common(x: FloatArray, n: FloatArray) -> tuple[Any, float, float, float]:
    """(which units count, common rate b, weighted variance s², mean denominator) over units with n > 0."""
    used = (n > 0) & ~np.isnan(x)
    total = float(np.sum(n[used]))
    if total == 0:
        return used, np.nan, np.nan, np.nan
    b = float(np.sum(x[used])) / total
    s2 = float(np.sum(n[used] * (x[used] / n[used] - b) ** 2)) / total
    return used, b, s2, total / int(np.sum(used))


def shrink_poisson(x: Array, n: Array) -> FloatArray:
    """Marshall's global empirical Bayes estimate of rare rates x/n.

    b = ΣX/ΣN; s² = Σn(p − b)²/ΣN; a = max(0, s² − b/n̄); estimate = b + a(p − b)/(a + b/n).

    ``x`` events, ``n`` exposure per unit, same shape; returns estimates in the unit of x/n, always between
    p and b. NaN where n = 0 or missing. Without variation beyond chance (a = 0) every unit gets b.
    Source: Marshall 1991, Applied Statistics 40:283; equal to spdep ``EBest``.
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=False)
    used, b, s2, mean_n = _common(x_, n_)
    out = np.full(x_.shape, np.nan)
    if not np.any(used):
        return out
    p, m = x_[used] / n_[used], n_[used]
    a = max(0.0, s2 - b / mean_n)
    weight = a / (a + b / m) if a > 0 else np.zeros_like(p)
    out[used] = b + weight * (p - b)
    return out


def shrink_binomial(x: Array, n: Array) -> FloatArray:
    """Martuzzi & Elliott's empirical Bayes estimate of proportions that are not rare.

    ρ = (n s² − (n/n̄) b(1 − b)) / ((n − 1) s² + ((n̄ − n)/n̄) b(1 − b)), clipped to 0..1;
    estimate = ρ p + (1 − ρ) b with b and s² as in ``shrink_poisson``.

    spdep does not clip: with little real variation its weights turn negative and push a unit to the other
    side of the mean. Whether there is variation beyond chance (s² > b(1 − b)/n̄) is the same question for
    every unit, so either all weights are 0 or all lie in 0..1. NaN where n = 0 or missing.
    Source: Martuzzi & Elliott 1996, Statistics in Medicine 15:1867; spdep ``EBest(family="binomial")``.
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=True)
    used, b, s2, mean_n = _common(x_, n_)
    out = np.full(x_.shape, np.nan)
    if not np.any(used):
        return out
    p, m = x_[used] / n_[used], n_[used]
    chance = b * (1 - b)
    real = s2 - chance / mean_n
    # Numerator n(s² − b(1−b)/n̄); denominator the same plus b(1−b) − s² ≥ 0, so it stays positive.
    rho = np.clip(m * real / (m * real + chance - s2), 0.0, 1.0) if real > 0 else np.zeros_like(p)
    out[used] = rho * p + (1 - rho) * b
    return out
