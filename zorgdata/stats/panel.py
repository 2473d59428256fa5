"""A panel of schools by period, checked and laid out as a matrix for the effect estimators."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zorgdata.stats._numbers import Array, FloatArray

NEVER = np.inf


@dataclass(frozen=True)
class Panel:
    """School × period figures in long form: one entry per school and period, in any order.

    ``unit`` the school, ``period`` a number in time order (a year, a running number of quarters), ``value``
    the figure of the cell, ``cohort`` the first period in which the school took part in the initiative, or
    ``None``/NaN/0 for a school that never did. ``weight`` (optional, one per entry, constant within a
    school, for example pupils) makes averages over schools weighted; without it every school counts once.
    """

    unit: Sequence[Hashable] | npt.NDArray[Any]
    period: Array
    value: Array
    cohort: Sequence[float | None] | npt.NDArray[Any]
    weight: Array | None = None


@dataclass(frozen=True)
class Grid:
    """A balanced panel: ``y[i, t]`` for school i in period ``periods[t]``; ``cohort`` is ∞ for never."""

    y: FloatArray
    periods: FloatArray
    cohort: FloatArray
    weight: FloatArray
    incomplete: int
    always: int


def _per_unit(values: FloatArray, index: npt.NDArray[np.intp], n: int, name: str) -> FloatArray:
    out = np.full(n, np.nan)
    out[index] = values
    if np.any(out[index] != values):
        raise ValueError(f"{name} must be the same in every period of a school")
    return out


def layout(panel: Panel) -> Grid:
    """The panel as a matrix over schools with a value in every period.

    Schools that miss a period are left out and counted (``incomplete``), and so are schools that took part
    from the first period on (``always``): they have no "before".
    """
    period = np.asarray(panel.period, dtype=np.float64)
    value = np.asarray(panel.value, dtype=np.float64)
    cohort = np.asarray(panel.cohort, dtype=np.float64)
    weight = np.ones_like(value) if panel.weight is None else np.asarray(panel.weight, dtype=np.float64)
    labels: dict[Hashable, int] = {}
    index = np.array([labels.setdefault(unit, len(labels)) for unit in panel.unit], dtype=np.intp)
    if not period.shape == value.shape == cohort.shape == weight.shape == index.shape or value.ndim != 1:
        raise ValueError("unit, period, value, cohort and weight must be of one length")
    if value.size == 0 or np.any(np.isnan(period)) or not np.all(weight > 0):
        raise ValueError("a panel needs rows, known periods and positive weights")
    cohort = np.where(np.isnan(cohort) | ((cohort == 0) & (np.min(period) > 0)), NEVER, cohort)
    periods, column = np.unique(period, return_inverse=True)
    y = np.full((len(labels), periods.size), np.nan)
    cells = np.zeros(y.shape, dtype=int)
    np.add.at(cells, (index, column), 1)
    if np.any(cells > 1):
        raise ValueError("a school has two values for one period")
    y[index, column] = value
    first = _per_unit(cohort, index, len(labels), "cohort")
    weights = _per_unit(weight, index, len(labels), "weight")
    # Order by label where labels can be compared, so that seeded draws do not depend on the order of rows.
    try:
        order = np.array([labels[key] for key in sorted(labels)], dtype=np.intp)  # type: ignore[type-var]
    except TypeError:
        order = np.arange(len(labels))
    y, first, weights = y[order], first[order], weights[order]
    complete = ~np.any(np.isnan(y), axis=1)
    always = complete & (first <= periods[0])
    keep = complete & ~always
    return Grid(y[keep], periods, first[keep], weights[keep], int(np.sum(~complete)), int(np.sum(always)))
