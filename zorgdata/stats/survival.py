"""Kaplan–Meier curves with late entry: length of care and return to care, running cases included."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from zorgdata.stats._numbers import Array, FloatArray, Interval, Numbers, Scalar, floats, scalar, z_quantile

RESTART_AT_RISK = 10
"""Where late entry empties the risk set early, the curve starts at the first time with this many at risk."""


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan–Meier curve: one row per distinct exit time, arrays of one length, in time order.

    ``time`` in the unit of the input (days); ``at_risk`` and ``events`` at that time; ``survival`` just
    after it with its log-log limits (NaN once survival is 0). ``start`` is ``None`` for an unconditional
    curve; otherwise the curve is conditional on reaching ``start``. ``dropped``: rows with exit ≤ entry.
    """

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    survival: FloatArray
    lower: FloatArray
    upper: FloatArray
    start: float | None = None
    dropped: int = 0

    def _first_at_or_below(self, curve: FloatArray, level: float) -> Scalar:
        # The tolerance lets a product such as 0.9 · 0.8 · … that should be .5 exactly count as .5.
        hits = np.flatnonzero(curve <= level + 1e-12)
        return float(self.time[hits[0]]) if hits.size else None

    def quantile(self, q: float) -> Scalar:
        """First time at which survival is at most 1 − ``q``; ``None`` when the curve does not get there."""
        return self._first_at_or_below(self.survival, 1.0 - q)

    def median(self) -> Scalar:
        """First time with survival ≤ .5 (R takes the midpoint of a flat stretch at exactly .5, we do not)."""
        return self.quantile(0.5)

    def median_interval(self) -> Interval[Scalar]:
        """Median with the times at which the limits of the curve reach .5; ``None`` where not reached."""
        return Interval(
            self.median(),
            self._first_at_or_below(self.lower, 0.5),
            self._first_at_or_below(self.upper, 0.5),
        )

    def _index(self, t: FloatArray) -> tuple[Any, Any]:
        """Row that holds at ``t`` (−1 = before the first), and whether the curve says anything at ``t``."""
        index = np.searchsorted(self.time, t, side="right") - 1
        if self.time.size == 0:
            return index, np.zeros(np.shape(t), dtype=bool)
        known = t <= self.time[-1]
        if self.survival[-1] == 0:
            known = known | (t > self.time[-1])
        if self.start is not None:
            known = known & (t >= self.start)
        return index, known

    @overload
    def at(self, t: float) -> Scalar: ...
    @overload
    def at(self, t: Array) -> FloatArray: ...
    def at(self, t: Numbers) -> Any:
        """Survival just after ``t``: 1 before the first event, undefined past the last follow-up unless
        survival is already 0, undefined before ``start`` of a conditional curve."""
        t_ = floats(t)
        index, known = self._index(t_)
        padded = np.concatenate([[1.0], self.survival])
        value = np.where(known, padded[index + 1], np.nan)
        return scalar(value) if np.ndim(t) == 0 else value

    def interval_at(self, t: float) -> Interval[Scalar]:
        """Survival at ``t`` with its limits; 1 − S(365) is the share with an event within a year."""
        index, known = self._index(floats(t))
        if not known:
            return Interval(None, None, None)
        if index < 0:
            return Interval(1.0, 1.0, 1.0)
        return Interval(float(self.survival[index]), scalar(self.lower[index]), scalar(self.upper[index]))


def _start_index(at_risk: FloatArray, events: FloatArray, minimum: int | None) -> int | None:
    """Row at which the curve starts; 0 = whole curve, None = nowhere enough at risk."""
    emptied = np.flatnonzero(events[:-1] == at_risk[:-1])
    if minimum is None and emptied.size == 0:
        return 0
    enough = at_risk >= (RESTART_AT_RISK if minimum is None else minimum)
    if emptied.size:
        enough[: emptied[-1] + 1] = False
    rows = np.flatnonzero(enough)
    return int(rows[0]) if rows.size else None


def kaplan_meier(
    exit: Array,
    event: Array,
    entry: Array | None = None,
    level: float = 0.95,
    *,
    min_at_risk: int | None = None,
) -> SurvivalCurve:
    """Kaplan–Meier estimate S(t) = Π (1 − d/n) with Greenwood's variance and a log-log interval.

    ``exit`` time of event or censoring and ``event`` (true = event) per case; ``entry`` the time a case came
    under observation (care already running when the window opens), none = all from the beginning. Risk set
    at t: entry < t ≤ exit, so a case entering at t is not yet at risk at t and one censored at t still is.
    Rows with exit ≤ entry are dropped and counted. Limits S^exp(±z √V / |ln S|), V = Σ d/(n(n − d)).

    With late entry a risk set can be emptied by an early event, after which S would stay 0 for ever. Then the
    curve starts at the first later time with 10 at risk and is conditional on reaching it (``start``).
    ``min_at_risk`` applies that rule always, with that number. Without any such time the curve is empty.
    Sources: Kaplan & Meier 1958; Kalbfleisch & Prentice 1980 (log-log); R ``survfit``, lifelines.
    """
    exits, happened = floats(exit), np.asarray(event, dtype=bool)
    entries = np.full(exits.shape, -np.inf) if entry is None else floats(entry)
    if exits.ndim != 1 or exits.shape != happened.shape or exits.shape != entries.shape:
        raise ValueError("exit, event and entry must be one-dimensional and of one length")
    if np.any(np.isnan(exits)) or np.any(np.isnan(entries)):
        raise ValueError("exit and entry times cannot be missing; censor a running case at the window's end")
    z = z_quantile(level)
    valid = exits > entries
    dropped = int(np.sum(~valid))
    exits, happened, entries = exits[valid], happened[valid], entries[valid]
    time, inverse = np.unique(exits, return_inverse=True)
    events = np.bincount(inverse, weights=happened, minlength=time.size).astype(np.float64)
    entered = np.searchsorted(np.sort(entries), time, side="left")
    left = np.searchsorted(np.sort(exits), time, side="left")
    at_risk = (entered - left).astype(np.float64)

    first = _start_index(at_risk, events, min_at_risk)
    rows = slice(time.size if first is None else first, None)
    time, at_risk, events = time[rows], at_risk[rows], events[rows]
    survival: FloatArray = np.cumprod((at_risk - events) / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = z * np.sqrt(variance) / np.abs(np.log(survival))
        lower, upper = survival ** np.exp(spread), survival ** np.exp(-spread)
    untouched = survival == 1.0
    over = survival == 0.0
    lower = np.where(untouched, 1.0, np.where(over, np.nan, lower))
    upper = np.where(untouched, 1.0, np.where(over, np.nan, upper))
    start = float(time[0]) if first and time.size else None
    return SurvivalCurve(time, at_risk, events, survival, lower, upper, start, dropped)
