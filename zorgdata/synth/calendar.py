"""Days as integers (days since 1970-01-01) and the few calendar questions the generator asks of them."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

YEAR = 365.25


def day(year: int, month: int = 1, dom: int = 1) -> int:
    """The day number of a date."""
    return int(np.datetime64(f"{year:04d}-{month:02d}-{dom:02d}", "D").astype(np.int64))


OPEN = day(2099, 12, 31)
"""Stands for an open end inside the generator; it is written as an empty cell."""


def days_of(years: Ints, month: int, dom: int) -> Ints:
    """Day numbers of one month and day in many years."""
    months = (years - 1970) * 12 + month - 1
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + dom - 1


def year_of(days: Ints) -> Ints:
    """Calendar years of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month_of(days: Ints) -> Ints:
    """Months 1..12 of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def month_start(days: Ints) -> Ints:
    """First day of the month a day falls in."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def add_years(days: Ints, years: Ints | int) -> Ints:
    """The same day of the month some years later (29 February becomes 1 March in a common year)."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    offset = days - months.astype("datetime64[D]").astype(np.int64)
    later = (months.astype(np.int64) + 12 * years).astype("datetime64[M]").astype("datetime64[D]")
    return later.astype(np.int64) + offset


def school_year_of(days: Ints) -> Ints:
    """The calendar year in which the school year (1 August to 31 July) of a day began."""
    return year_of(days) - (month_of(days) < 8)


def iso(value: int) -> str:
    """A day number as jjjj-mm-dd."""
    return str(np.datetime64(value, "D"))
