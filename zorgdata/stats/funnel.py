"""Funnel limits, flags and overdispersion: is a school's figure more than chance around the common value?

Never used to rank. Schools differ for real, so the overdispersion φ is always shown and the adjusted
limits are the ones drawn (METRICS; Verburg et al. 2018 for the order of work).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np

from zorgdata.stats._numbers import (
    Array,
    FloatArray,
    Interval,
    check_counts,
    floats,
    poisson_bounds,
    z_quantile,
)
from zorgdata.stats.intervals import byar

Kind = Literal["proportion", "ratio", "log_ratio"]


class FunnelFlag(StrEnum):
    """Where a figure lies against the 95 % and 99.8 % limits (two-sided; 2.5 % and 0.1 % on each side)."""

    LOW_001 = "low_0.001"
    LOW_025 = "low_0.025"
    WITHIN = "within"
    HIGH_025 = "high_0.025"
    HIGH_001 = "high_0.001"


@dataclass(frozen=True)
class Overdispersion:
    """Spread beyond chance: ``phi`` (1 = chance only) and ``tau2``, the variance between units on the
    transformed scale. ``units`` is how many units the two rest on; both are ``None`` below two units."""

    phi: float | None
    tau2: float | None
    units: int


def funnel_limits(theta: float, n: Array, level: float = 0.95, tau2: float = 0.0) -> Interval[FloatArray]:
    """Limits within which a proportion with true value ``theta`` falls, for denominators ``n``.

    θ ± z √(θ(1 − θ)/n), cut off at 0 and 1 (PHE; equal to inverting Wilson's interval). With ``tau2`` > 0
    from ``overdispersion`` the limits that allow for real differences, on the arcsine scale:
    sin²(asin √θ ± z √(1/(4n) + τ²)). Undefined at n = 0. Use level 0.95 and 0.998.
    Source: PHE technical guidance; Spiegelhalter 2005; FunnelPlotR.
    """
    n_ = floats(n)
    check_counts(n_, n_, proportion=False)
    if not 0.0 <= theta <= 1.0 or tau2 < 0.0:
        raise ValueError("theta must lie in 0..1 and tau2 must be at least 0")
    z = z_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        if tau2 > 0.0:
            centre, half = np.arcsin(np.sqrt(theta)), z * np.sqrt(1 / (4 * n_) + tau2)
            # Beyond 0 and π/2 the sine turns back; the limit there is the end of the scale.
            lower = np.sin(np.clip(centre - half, 0.0, np.pi / 2)) ** 2
            upper = np.sin(np.clip(centre + half, 0.0, np.pi / 2)) ** 2
        else:
            half = z * np.sqrt(theta * (1 - theta) / n_)
            lower, upper = np.clip(theta - half, 0.0, 1.0), np.clip(theta + half, 0.0, 1.0)
    undefined = ~(n_ > 0)
    return Interval(
        np.full_like(n_, theta), np.where(undefined, np.nan, lower), np.where(undefined, np.nan, upper)
    )


def ratio_funnel_limits(expected: Array, level: float = 0.95, tau2: float = 0.0) -> Interval[FloatArray]:
    """Limits of a standardised ratio around 1 for units with ``expected`` events.

    Exact Poisson limits of a count equal to its expectation, divided by it. With ``tau2`` > 0 (from
    ``overdispersion(..., kind="ratio")``, square-root scale) (1 ± z √(1/(4E) + τ²))², the lower limit not
    below 0. Undefined at E = 0. Source: Spiegelhalter 2005; CQC.
    """
    e = floats(expected)
    check_counts(e, e, proportion=False)
    if tau2 < 0.0:
        raise ValueError("tau2 must be at least 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        if tau2 > 0.0:
            half = z_quantile(level) * np.sqrt(1 / (4 * e) + tau2)
            lower, upper = np.maximum(1 - half, 0.0) ** 2, (1 + half) ** 2
        else:
            low, high = poisson_bounds(e, level)
            lower, upper = low / e, high / e
    undefined = ~(e > 0)
    return Interval(np.ones_like(e), np.where(undefined, np.nan, lower), np.where(undefined, np.nan, upper))


def _flags(value: FloatArray, narrow: Interval[Any], wide: Interval[Any]) -> tuple[FunnelFlag | None, ...]:
    """Strict comparison, the wider limits first. NaN anywhere gives None."""
    out: list[FunnelFlag | None] = []
    rows = np.broadcast(value, narrow.lower, narrow.upper, wide.lower, wide.upper)
    for v, low, high, lowest, highest in rows:
        if np.isnan(v) or np.isnan(low) or np.isnan(high):
            out.append(None)
        elif v < lowest:
            out.append(FunnelFlag.LOW_001)
        elif v > highest:
            out.append(FunnelFlag.HIGH_001)
        elif v < low:
            out.append(FunnelFlag.LOW_025)
        elif v > high:
            out.append(FunnelFlag.HIGH_025)
        else:
            out.append(FunnelFlag.WITHIN)
    return tuple(out)


def funnel_flags(
    x: Array, n: Array, theta: float | None = None, tau2: float = 0.0
) -> tuple[FunnelFlag | None, ...]:
    """Flag per unit: proportion x/n against its 95 % and 99.8 % funnel limits.

    ``theta`` is the common value, by default Σx/Σn over the units with n > 0. ``None`` where n = 0.
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=True)
    if theta is None:
        total = np.nansum(n_)
        if total == 0:
            return (None,) * x_.size
        theta = float(np.nansum(x_) / total)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = x_ / n_
    return _flags(value, funnel_limits(theta, n_, 0.95, tau2), funnel_limits(theta, n_, 0.998, tau2))


def ratio_flags(observed: Array, expected: Array, reference: float = 1.0) -> tuple[FunnelFlag | None, ...]:
    """Flag per unit: does the 95 % or 99.8 % interval of observed / expected leave out ``reference``?

    Exact below 10 observed events, Byar from 10 (PHE). For a rate give the exposure as ``expected`` and
    the common rate as ``reference``. ``None`` where nothing is expected.
    """
    o, e = floats(observed), floats(expected)
    narrow, wide = byar(o, e, 0.95), byar(o, e, 0.998)
    # "Interval lies above the reference" is the same as "reference lies below the lower limit".
    flipped = _flags(np.full_like(o, reference), narrow, wide)
    swap = {
        FunnelFlag.LOW_001: FunnelFlag.HIGH_001,
        FunnelFlag.LOW_025: FunnelFlag.HIGH_025,
        FunnelFlag.HIGH_025: FunnelFlag.LOW_025,
        FunnelFlag.HIGH_001: FunnelFlag.LOW_001,
    }
    return tuple(None if flag is None else swap.get(flag, flag) for flag in flipped)


def z_scores(x: Array, n: Array, kind: Kind = "proportion") -> tuple[FloatArray, FloatArray]:
    """(z, s): standardised distance of each unit from the common value, and its standard error.

    ``proportion``: Y = asin √(x/n) against asin √(Σx/Σn), s = 1/(2√n). ``ratio`` (x observed, n expected):
    Y = √(O/E) against 1, s = 1/(2√E), CQC. ``log_ratio``: Y = ln(O/E) against 0, s = 1/√E, SHMI; a unit
    with O = 0 gets −∞. NaN where n = 0. Source: Spiegelhalter 2012; FunnelPlotR.
    """
    x_, n_ = floats(x), floats(n)
    check_counts(x_, n_, proportion=kind == "proportion")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n_ > 0, x_ / n_, np.nan)
        match kind:
            case "proportion":
                total = np.nansum(np.where(np.isnan(share), np.nan, n_))
                common = np.nansum(np.where(np.isnan(share), np.nan, x_)) / total if total else np.nan
                s = 1 / (2 * np.sqrt(n_))
                z = (np.arcsin(np.sqrt(share)) - np.arcsin(np.sqrt(common))) / s
            case "ratio":
                s = 1 / (2 * np.sqrt(n_))
                z = (np.sqrt(share) - 1) / s
            case "log_ratio":
                s = 1 / np.sqrt(n_)
                z = np.log(share) / s
            case _:
                raise ValueError(f"kind must be proportion, ratio or log_ratio; got {kind!r}")
    return z, s


def overdispersion(
    x: Array,
    n: Array,
    method: Literal["winsorise", "truncate"] = "winsorise",
    trim: float = 0.1,
    kind: Kind = "proportion",
) -> Overdispersion:
    """How much units differ beyond chance.

    φ = Σz²/I over I units and τ² = max(0, (Iφ − (I − 1)) / (Σw − Σw²/Σw)) with w = 1/s²; τ² is 0 when
    Iφ < I − 1. Before that the extremes are tamed: ``winsorise`` pulls z beyond the ``trim`` and
    1 − ``trim`` quantiles (R type 7) to those quantiles; ``truncate`` leaves the units of the outermost
    rank groups out (SHMI: group floor(rank · k/(I + 1)) with k = 1/trim groups). ``trim`` = 0 keeps all.
    Units with n = 0 are left out. Source: Spiegelhalter 2005 (additive model); FunnelPlotR 0.6.
    """
    if not 0.0 <= trim < 0.5:
        raise ValueError(f"trim must lie in 0..0.5; got {trim}")
    if method not in ("winsorise", "truncate"):
        raise ValueError(f"method must be winsorise or truncate; got {method!r}")
    z, s = z_scores(x, n, kind)
    keep = ~np.isnan(z)
    z, s = z[keep], s[keep]
    if z.size >= 2 and trim > 0:
        if method == "winsorise":
            z = np.clip(z, np.quantile(z, trim), np.quantile(z, 1 - trim))
        else:
            from scipy.stats import rankdata

            groups = 1 / trim
            group = np.floor(rankdata(z) * groups / (z.size + 1))
            inside = (group > 0) & (group < groups - 1)
            z, s = z[inside], s[inside]
    units = int(z.size)
    if units < 2:
        return Overdispersion(None, None, units)
    if not np.all(np.isfinite(z)):
        raise ValueError("log_ratio needs at least one observed event in every unit that is not trimmed away")
    phi = float(np.sum(z**2) / units)
    w = 1 / s**2
    excess = units * phi - (units - 1)
    tau2 = excess / float(np.sum(w) - np.sum(w**2) / np.sum(w)) if excess > 0 else 0.0
    return Overdispersion(phi, tau2, units)
