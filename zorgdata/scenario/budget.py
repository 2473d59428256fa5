"""Money and people of collective provision: fte, budget, the present cost beside it, who pays which part."""

from collections.abc import Mapping
from dataclasses import dataclass

from zorgdata.scenario.model import Band


def school_hours(hours_per_week: float, share_at_school: float, school_weeks: float) -> float:
    """Hours a year that can be given in school weeks: hours a week × share at school × weeks."""
    if hours_per_week < 0 or not 0 <= share_at_school <= 1:
        raise ValueError("hours cannot be negative and a share lies in 0..1")
    return hours_per_week * share_at_school * school_weeks


def collective_fte(hours_per_year: float, productive_hours: float = 1300.0) -> float:
    """Full-time equivalents for ``hours_per_year`` at ``productive_hours`` per fte (J3; 1,300 is a
    proposal)."""
    if hours_per_year < 0 or productive_hours <= 0:
        raise ValueError("hours cannot be negative and an fte has productive hours")
    return hours_per_year / productive_hours


def collective_budget(hours_per_year: Band, tariff: Band, efficiency: Band, remainder: Band) -> Band:
    """Budget of a team in euros a year: hours × tariff × (1 − efficiency) + remainder outside school (H6).

    Low takes few hours, a low tariff and high efficiency; high the other way round. ``efficiency`` in 0..1.
    """
    if efficiency.low < 0 or efficiency.high > 1:
        raise ValueError("efficiency is a share in 0..1")
    return Band(
        hours_per_year.low * tariff.low * (1 - efficiency.high) + remainder.low,
        hours_per_year.mid * tariff.mid * (1 - efficiency.mid) + remainder.mid,
        hours_per_year.high * tariff.high * (1 - efficiency.low) + remainder.high,
    )


@dataclass(frozen=True)
class CurrentVersusCollective:
    """Present cost of the same pupils beside the collective range (J4), euros a year.

    ``difference`` = collective − current (negative = cheaper). ``sure``: both ends lie on the same side of 0.
    """

    current: float
    collective: Band
    difference: Band
    sure: bool


def collective_range(current: float, collective: Band) -> CurrentVersusCollective:
    """Present cost (H1) against the collective budget (H6) for the same pupils."""
    difference = Band(collective.low - current, collective.mid - current, collective.high - current)
    return CurrentVersusCollective(current, collective, difference, difference.low * difference.high > 0)


def allocate(total_cents: int, weights: Mapping[str, float]) -> dict[str, int]:
    """``total_cents`` divided by ``weights``, in whole cents that add up exactly.

    Everyone gets the cents rounded down; the rest goes one by one to the largest fractions, ties by name. A
    weight of 0 gets nothing. No positive weight: ``ValueError``.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight cannot be negative")
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("a budget needs at least one positive weight to be divided by")
    exact = {name: total_cents * weight / whole for name, weight in weights.items()}
    out = {name: int(part // 1) for name, part in exact.items()}
    rest = total_cents - sum(out.values())
    order = sorted((n for n in weights if weights[n] > 0), key=lambda n: (-(exact[n] - out[n]), n))
    for i in range(abs(rest)):
        out[order[i % len(order)]] += 1 if rest > 0 else -1
    return out


@dataclass(frozen=True)
class AllocationRow:
    """One municipality under every key: share and amount in cents; ``spread_cents`` between its keys.
    ``outside``: a municipality that does not take part in the region."""

    municipality: str
    shares: Mapping[str, float]
    cents: Mapping[str, int]
    spread_cents: int
    outside: bool


def allocation(
    total_cents: int, keys: Mapping[str, Mapping[str, float]], region: frozenset[str] | None = None
) -> tuple[AllocationRow, ...]:
    """The budget by each allocation key side by side, one row per municipality in order of its code.

    ``keys``: for example ``woonplaats`` (pupils by residence), ``historisch`` (cost so far), ``leerlingen``
    (pupils in care), each a number per municipality. The keys are shown next to each other because the
    choice is the region's. ``region``: the municipalities that take part; others are marked, never dropped.
    """
    divided = {key: allocate(total_cents, weights) for key, weights in keys.items()}
    whole = {key: sum(weights.values()) for key, weights in keys.items()}
    rows = []
    for name in sorted({name for weights in keys.values() for name in weights}):
        cents = {key: divided[key].get(name, 0) for key in keys}
        shares = {key: keys[key].get(name, 0.0) / whole[key] for key in keys}
        spread = max(cents.values()) - min(cents.values())
        rows.append(AllocationRow(name, shares, cents, spread, region is not None and name not in region))
    return tuple(rows)
