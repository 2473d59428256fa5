"""What the functions of this package share: array types, scalar-or-array handling, quantiles.

Scalars in, scalars out; arrays in, arrays out. Undefined is ``None`` for a scalar and NaN inside an array
(write it as null, never as 0). Impossible input (negative counts, more events than trials) is a
``ValueError``: the caller computed something wrong, so no figure may come out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
Scalar: TypeAlias = float | None
Array: TypeAlias = Sequence[float] | npt.NDArray[Any]
Numbers: TypeAlias = float | Array

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Interval(Generic[T_co]):
    """An estimate with its interval, in the unit of ``value``.

    The fields are floats (``None`` when undefined) or float arrays of one shape (NaN when undefined).
    """

    value: T_co
    lower: T_co
    upper: T_co


def floats(values: Numbers) -> FloatArray:
    """``values`` as a float array; ``None`` inside a sequence becomes NaN."""
    return np.asarray(values, dtype=np.float64)


def is_scalar(*values: Any) -> bool:
    """True when every value is a single number."""
    return all(np.ndim(value) == 0 for value in values)


def scalar(value: Any) -> Scalar:
    """A zero-dimensional result as ``float``, or ``None`` when it is not a finite number."""
    number = float(value)
    return number if np.isfinite(number) else None


def interval(value: Any, lower: Any, upper: Any, *, single: bool) -> Interval[Any]:
    """Packs three results as floats (``single``) or as arrays of one shape."""
    if single:
        return Interval(scalar(value), scalar(lower), scalar(upper))
    return Interval(*(np.array(part) for part in np.broadcast_arrays(value, lower, upper)))


def check_level(level: float) -> float:
    """The tail probability on each side of a two-sided interval of confidence ``level`` (0 < level < 1)."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, for example 0.95; got {level}")
    return (1.0 - level) / 2.0


def check_counts(x: FloatArray, n: FloatArray, *, proportion: bool) -> None:
    """Refuses negative counts and, for a proportion, more events than trials. NaN passes (undefined)."""
    if np.any(x < 0) or np.any(n < 0):
        raise ValueError("counts and denominators cannot be negative")
    if proportion and np.any(x > n):
        raise ValueError("a proportion cannot have a numerator above its denominator")


def z_quantile(level: float) -> float:
    """Two-sided normal quantile: 1.959963985 for 0.95, 3.090232306 for 0.998."""
    from scipy.special import ndtri

    return float(-ndtri(check_level(level)))


def t_quantile(level: float, df: float) -> float:
    """Two-sided Student t quantile with ``df`` degrees of freedom."""
    from scipy.special import stdtrit

    return float(-stdtrit(df, check_level(level)))


def poisson_bounds(x: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Exact (Garwood) limits of a Poisson count: chi-square quantiles with 2x and 2x+2 degrees, halved."""
    from scipy.special import gammaincinv

    tail = check_level(level)
    # The chi-square quantile with 2k degrees of freedom, halved, is the gamma quantile with shape k.
    low = np.where(x > 0, gammaincinv(np.where(x > 0, x, 1.0), tail), 0.0)
    high = gammaincinv(x + 1.0, 1.0 - tail)
    return np.where(np.isnan(x), np.nan, low), np.asarray(high, dtype=np.float64)
