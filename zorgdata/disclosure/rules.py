"""The primary rules P1 to P7, rounding and top-coding, as pure functions on arrays.

Counts are float arrays with NaN for "undefined". A reason of 0 means the figure may be shown as far as the
primary rules go.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zorgdata.limits import AudienceRules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]


class Reason(IntEnum):
    """Why a figure is not shown as it is. Never published."""

    NONE = 0
    THRESHOLD = 1  # P1
    COMPLEMENT = 2  # P2
    GROUP = 3  # P3, top-coded
    SMALL_POPULATION = 4  # P4
    DOMINANCE = 5  # P5
    SHADOW = 6  # P6
    FLAG = 7  # P7
    UNDEFINED = 8  # no value; told apart from a small one it would give a zero away
    SECONDARY = 9  # hidden to protect another
    STICKY = 10  # hidden in an earlier release of the same period
    UNKNOWN_POPULATION = 11  # nothing to judge it by
    CONFLICT = 12  # the same figure delivered twice with different values
    UNPROVEN = 13  # its schools cannot be tied to the other figures, so nothing can be proven
    BOUNDARY = 14  # another classification of this period was published before
    WITHHELD = 15  # its whole table could not be proven safe


REASON_TEXT = {
    Reason.THRESHOLD: "minder dan de drempel",
    Reason.COMPLEMENT: "op minder dan de drempel na iedereen",
    Reason.GROUP: "bijna iedereen: naar boven afgekapt",
    Reason.SMALL_POPULATION: "te kleine groep",
    Reason.DOMINANCE: "een of twee kinderen of aanbieders bepalen het bedrag",
    Reason.SHADOW: "het aantal eronder is niet getoond",
    Reason.FLAG: "gevoelig kenmerk: alleen op hoog niveau",
    Reason.UNDEFINED: "niet te berekenen",
    Reason.SECONDARY: "verborgen om een ander getal te beschermen",
    Reason.STICKY: "eerder niet getoond en dat blijft zo",
    Reason.UNKNOWN_POPULATION: "de omvang van de groep is niet bekend",
    Reason.CONFLICT: "hetzelfde getal is tweemaal verschillend geleverd",
    Reason.UNPROVEN: "de scholen eronder zijn niet te koppelen aan de andere getallen",
    Reason.BOUNDARY: "deze periode is eerder met een andere indeling gepubliceerd",
    Reason.WITHHELD: "van de hele tabel is niet te bewijzen dat ze veilig is",
}


def count_reasons(x: Floats, population: Floats, rules: AudienceRules, minimum: int) -> Codes:
    """P1-P4 for counts ``x`` out of ``population`` (NaN: undefined, unknown).

    ``minimum`` is the smallest population that may be reported on. Population is at least ``x``.
    P1 x < T; P2 population − x < T; P3 x / population > group_share and not P2; P4 population < minimum.
    """
    reason = np.zeros(len(x), np.uint8)
    unknown = np.isnan(population)
    base = np.where(unknown, np.inf, np.fmax(population, x))
    reason[base < minimum] = Reason.SMALL_POPULATION
    with np.errstate(divide="ignore", invalid="ignore"):
        high = x > rules.group_share * base + 1e-9
    reason[(reason == 0) & high] = Reason.GROUP
    reason[base - x < rules.threshold] = Reason.COMPLEMENT
    reason[x < rules.threshold] = Reason.THRESHOLD
    reason[unknown] = Reason.UNKNOWN_POPULATION
    reason[np.isnan(x)] = Reason.UNDEFINED
    return reason


def dominance(largest: Floats, two: Floats, total: Floats, rules: AudienceRules) -> NDArray[np.bool_]:
    """P5 over children: one contributes too much, two do, or the second could estimate the first.

    ``largest``: largest contribution, ``two``: the two largest together, ``total``: the sum. The p %-rule:
    sensitive when total − two < p % of the largest. Unknown contributions (NaN) are sensitive.
    """
    unknown = np.isnan(largest) | np.isnan(two) | np.isnan(total)
    with np.errstate(invalid="ignore"):
        bad = (
            (largest > rules.dominance_one * total)
            | (two > rules.dominance_two * total)
            | (total - two < rules.p_percent / 100 * largest)
        )
    return np.asarray(unknown | bad)


def market_dominated(providers: Floats, share: Floats, rules: AudienceRules) -> NDArray[np.bool_]:
    """P5 over providers, for euros: fewer than ``min_providers_cost``, or one that gets more than half.

    Unknown (NaN) is sensitive. Counts and hours are not hidden for it: that a school has one fixed partner
    is known.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(~(providers >= rules.min_providers_cost) | ~(share <= rules.dominance_one))


def round_to(x: Floats, base: float) -> Floats:
    """Nearest multiple of ``base``, halves up; NaN stays NaN."""
    return np.asarray(np.floor(x / base + 0.5) * base)


def rounding_interval(published: Any, base: int) -> tuple[Any, Any]:
    """The integers that :func:`round_to` sends to ``published``, both ends included: 10 is 8 to 12 for 5."""
    return published - base // 2, published + (base - 1) // 2


def share_of(top: Floats, bottom: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """A share as published and its decimals, from a published numerator and denominator.

    Whole percents; one decimal when the denominator is at least 1,000. Never above 1; NaN without
    denominator.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where((bottom > 0) & np.isfinite(bottom), np.minimum(top / bottom, 1.0), np.nan)
    decimals = np.where(bottom >= 1000, 1, 0)
    scale = np.power(10.0, decimals + 2)
    return np.floor(raw * scale + 0.5) / scale, decimals


def mean_of(mean: Floats, children: Floats, rules: AudienceRules, unit: float = 1.0) -> Floats:
    """A mean as published: a rounded sum over a rounded number of children.

    The sum belongs to the rounded number (mean × rounded n), rounded to ``unit``: so rounding n does not bend
    the mean, and no exact sum is given.
    """
    n = round_to(children, rules.rounding_base)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(n > 0, round_to(mean * n, unit) / n, np.nan))
