"""A figure as a second implementation says it, and what a table says otherwise."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.support.oracle import differences

Key = tuple[Any, ...]
COLUMNS = ("value", "numerator", "denominator", "n_children")


@dataclass(frozen=True)
class Figure:
    """A value, what it is made of, and the children behind it."""

    value: float | None
    numerator: float | None
    denominator: float | None
    n_children: int


def share(x: float | None, n: float | None, children: int) -> Figure:
    """``x / n``; undefined when there is nothing to divide, or nothing to divide by."""
    return Figure(x / n if n and x is not None else None, x, n, children)


def count(x: float | None, children: int) -> Figure:
    """A count, an amount, a quantile: it is its own numerator."""
    return Figure(x, x, None, children)


def middle(values: Sequence[float], p: float, children: int) -> Figure:
    """A quantile: it is its own numerator too."""
    return count(quantile(values, p), children)


def effective(concentration: float | None, children: int) -> Figure:
    """The effective number of those among whom something is divided: one over their concentration."""
    return share(1 if concentration else None, concentration, children)


def quantile(values: Sequence[float], p: float) -> float | None:
    """Type 7: between the two values around place p (n - 1)."""
    if not values:
        return None
    ordered = sorted(values)
    place = p * (len(ordered) - 1)
    below = math.floor(place)
    above = math.ceil(place)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def unlike(got: Mapping[Key, Mapping[str, Any]], wanted: Mapping[Key, Figure]) -> list[str]:
    """Figures that are missing, too many, or other than wanted by more than rounding."""
    wrong = [f"{key}: missing" for key in wanted.keys() - got.keys()]
    wrong += [f"{key}: too many" for key in got.keys() - wanted.keys()]
    for key in wanted.keys() & got.keys():
        wrong += differences(got[key], asdict(wanted[key]), key)
    return sorted(wrong)


def parts(keys: Iterable[Key]) -> set[tuple[Any, Any]]:
    """Metric and dimension of every key: what an implementation knows of."""
    return {(key[0], key[-2]) for key in keys}
