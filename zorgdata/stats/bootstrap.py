"""Intervals for rates whose events or days cluster in children."""

import numpy as np

from zorgdata.stats._numbers import Array, Interval, Scalar, check_level, floats, scalar, z_quantile

SEED = 20240801
"""Fixed, so that a figure recomputed tomorrow has the same limits."""

LINEAR_ABOVE = 5_000
"""Above this many children the linearised interval is used: it then equals the bootstrap within its noise."""


def cluster_bootstrap(
    numerator: Array,
    denominator: Array,
    level: float = 0.95,
    *,
    factor: float = 1.0,
    replications: int = 2000,
    seed: int = SEED,
    linear_above: int = LINEAR_ABOVE,
) -> Interval[Scalar]:
    """Interval of the rate factor · Σnumerator / Σdenominator, with children as the unit of chance.

    One entry per child: its events (or days, hours, euros) and its exposure (days enrolled, care days).
    ``replications`` times as many children are drawn with replacement; the limits are percentiles of the
    resulting rates. The order of the children does not matter and a fixed ``seed`` gives fixed limits.
    Above ``linear_above`` children the normal interval of the linearised ratio,
    rate ± z √(n/(n − 1) Σ(x_i − rate · d_i)²) / Σd, which agrees there and costs nothing.

    Undefined when the exposure is 0; without limits for fewer than two children. NaN entries count as no
    child. Source: Field & Welsh 2007 (cluster bootstrap); Cochran 1977 (ratio estimator).
    """
    x, d = floats(numerator), floats(denominator)
    if x.shape != d.shape or x.ndim != 1:
        raise ValueError("numerator and denominator must be one-dimensional and of one length")
    known = ~(np.isnan(x) | np.isnan(d))
    x, d = x[known], d[known]
    if np.any(d < 0):
        raise ValueError("exposure cannot be negative")
    tail = check_level(level)
    total = float(np.sum(d))
    if total == 0.0:
        return Interval(None, None, None)
    rate = float(np.sum(x)) / total
    n = int(x.size)
    if n < 2:
        return Interval(rate * factor, None, None)
    if n > linear_above:
        half = z_quantile(level) * float(np.sqrt(n / (n - 1) * np.sum((x - rate * d) ** 2))) / total
        return Interval(rate * factor, (rate - half) * factor, (rate + half) * factor)
    # Children with equal numbers are interchangeable: drawing how often each distinct pair comes up is the
    # same lottery as drawing children, does not depend on their order, and is much smaller.
    pairs, count = np.unique(np.column_stack([x, d]), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    sums = np.empty((replications, 2))
    step = max(1, 2_000_000 // len(pairs))
    for first in range(0, replications, step):
        size = min(step, replications - first)
        sums[first : first + size] = rng.multinomial(n, count / n, size=size) @ pairs
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = sums[:, 0] / sums[:, 1]
    rates = rates[np.isfinite(rates)]
    lower, upper = np.quantile(rates, [tail, 1 - tail]) if rates.size else (np.nan, np.nan)
    return Interval(rate * factor, scalar(lower * factor), scalar(upper * factor))
