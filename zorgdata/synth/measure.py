"""Counts from the generator's own tables: what a correct computation on the deliveries must find.

Written with arrays and on purpose without the SQL of the project: two ways to one figure.
"""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Floats, Ints, add_years, day
from zorgdata.synth.care import repeats
from zorgdata.synth.children import Enrolments
from zorgdata.synth.indications import Indications
from zorgdata.synth.products import PRODUCTS
from zorgdata.synth.world import World

_FORM_OF = np.array([cal.FORMS.index(p.form) for p in PRODUCTS], dtype=np.int64)


@dataclass(frozen=True)
class Spells:
    """Intervals of children (both days inclusive), ordered by child, key and start."""

    child: Ints
    key: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True)
class SchoolYear:
    """Counts per location (arrays over all schools) in one period, and on its first of October."""

    pupils: Ints
    pupil_days: Ints
    care_pupils: Ints
    care_days: Ints
    providers: Ints
    municipalities: Ints
    pupils_on_date: Ints
    care_on_date: Ints


def delivered(world: World) -> Indications:
    """Indications in the deliveries that count: not deleted, of a municipality that delivers."""
    known = world.indications
    delivers = known.municipality < world.region.inside + cal.OUTSIDE_DELIVERING
    return known.take(delivers & ~known.deleted)


def islands(child: Ints, key: Ints, start: Ints, end: Ints) -> Spells:
    """Union of intervals per child and key; the next day joins (gap 0)."""
    order = np.lexsort((start, key, child))
    child, key, start, end = child[order], key[order], start[order], end[order]
    if not len(child):
        return Spells(child, key, start, end)
    group = np.ones(len(child), dtype=np.bool_)
    group[1:] = (child[1:] != child[:-1]) | (key[1:] != key[:-1])
    # A running maximum within groups: lift every group above the one before it.
    lift = (np.cumsum(group) - 1) * np.int64(100_000)
    reach = np.maximum.accumulate(end + lift) - lift
    fresh = group.copy()
    fresh[1:] |= start[1:] > reach[:-1] + 1
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(child)) - 1
    return Spells(child[first], key[first], start[first], reach[last])


def care_spells(indications: Indications) -> Spells:
    """All care of a child as one."""
    return islands(
        indications.child, np.zeros(len(indications.child), np.int64), indications.start, indications.end
    )


def trajectory_spells(indications: Indications) -> Spells:
    """Same child, provider and form: the trajectories of the statistics; ordered by child and start."""
    key = indications.provider * len(cal.FORMS) + _FORM_OF[indications.product]
    found = islands(indications.child, key, indications.start, indications.end)
    order = np.lexsort((found.key, found.start, found.child))
    return Spells(found.child[order], found.key[order], found.start[order], found.end[order])


def _pairs(stays: Enrolments, child: Ints) -> tuple[Ints, Ints]:
    """Every stay with every row of ``child`` (ordered) of the same child: two index arrays."""
    low = np.searchsorted(child, stays.child, side="left")
    count = np.searchsorted(child, stays.child, side="right") - low
    left = np.repeat(np.arange(len(low)), count)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return left.astype(np.int64), (low[left] + offset).astype(np.int64)


def school_year(world: World, known: Indications, care: Spells, year: int) -> SchoolYear:
    """Counts of the school year that begins in ``year``; ``known`` is ordered by child."""
    first, last, date = day(year, 8, 1), day(year + 1, 7, 31), day(year, 10, 1)
    n = len(world.schools.names)
    stays = world.stays.take((world.stays.start <= last) & (world.stays.end >= first))
    start, end = np.maximum(stays.start, first), np.minimum(stays.end, last)
    left, right = _pairs(stays, care.child)
    days = np.minimum(end[left], care.end[right]) - np.maximum(start[left], care.start[right]) + 1
    care_days = np.bincount(left, np.maximum(days, 0), len(stays.child)).astype(np.int64)
    pupil = stays.child * n + stays.school
    on_date = (stays.start <= date) & (stays.end >= date)
    in_care = np.zeros(len(stays.child), dtype=np.bool_)
    in_care[left[(care.start[right] <= date) & (care.end[right] >= date)]] = True
    left, right = _pairs(stays, known.child)
    meets = np.minimum(end[left], known.end[right]) >= np.maximum(start[left], known.start[right])
    left, right = left[meets], right[meets]
    return SchoolYear(
        pupils=_distinct(stays.school, pupil, n),
        pupil_days=np.bincount(stays.school, end - start + 1, n).astype(np.int64),
        care_pupils=_distinct(stays.school[care_days > 0], pupil[care_days > 0], n),
        care_days=np.bincount(stays.school, care_days, n).astype(np.int64),
        providers=_distinct(stays.school[left], known.provider[right], n),
        municipalities=_distinct(stays.school[left], known.municipality[right], n),
        pupils_on_date=np.bincount(stays.school[on_date], minlength=n),
        care_on_date=np.bincount(stays.school[on_date & in_care], minlength=n),
    )


def _distinct(group: Ints, value: Ints, n: int) -> Ints:
    """Number of distinct values per group."""
    if not len(group):
        return np.zeros(n, dtype=np.int64)
    base = int(value.max()) + 1
    return np.bincount(np.unique(group * base + value) // base, minlength=n)


def municipal_share(world: World, care: Spells, year: int) -> tuple[Ints, Ints]:
    """Children up to 17 per municipality of the region, and those with care, in a calendar year."""
    first, last = day(year), day(year + 1) - 1
    children = world.children
    young = (children.birth <= last) & (add_years(children.birth, 18) > first)
    young &= children.municipality < world.region.inside
    met = np.zeros(len(young), dtype=np.bool_)
    met[care.child[(care.start <= last) & (care.end >= first)]] = True
    n = world.region.inside
    home = children.municipality
    return np.bincount(home[young], minlength=n), np.bincount(home[young & met], minlength=n)


@dataclass(frozen=True)
class TrajectoryFacts:
    """Of trajectories in a range of years: per child and year, referrers, repeats, lengths, residence."""

    per_child_year: float
    per_child_year_special: float
    referrers: Floats
    repeat: float
    lengths: Floats
    residential: float


def trajectory_facts(world: World, known: Indications, years: range) -> TrajectoryFacts:
    """The figures national statistics give for trajectories, pooled over calendar years."""
    spells = trajectory_spells(known)
    first, last = day(years[0]), day(years[-1] + 1) - 1
    active = children = special_active = special_children = 0
    special = _special_child(world)
    for year in years:
        now = (spells.start < day(year + 1)) & (spells.end >= day(year))
        who = np.unique(spells.child[now])
        active, children = active + int(now.sum()), children + len(who)
        special_active += int(special[spells.child[now]].sum())
        special_children += int(special[who].sum())
    started = (spells.start >= first) & (spells.start <= last)
    ended = (spells.end >= first) & (spells.end <= last)
    again = repeats(spells.child, spells.start, spells.end)
    length = (spells.end - spells.start + 1)[ended]
    bins = np.bincount(np.searchsorted(cal.DURATION_BINS, length), minlength=7)
    opened = known.opens & (known.start >= first) & (known.start <= last)
    referrer = np.bincount(known.referrer[opened], minlength=len(cal.REFERRERS))
    form = spells.key[started] % len(cal.FORMS)
    help_: Bools = ~np.isin(form, cal.PROTECTION)
    return TrajectoryFacts(
        per_child_year=active / max(children, 1),
        per_child_year_special=special_active / max(special_children, 1),
        referrers=referrer / max(referrer.sum(), 1),
        repeat=float(again[started].mean()) if started.any() else 0.0,
        lengths=bins / max(bins.sum(), 1),
        residential=float(np.isin(form[help_], cal.RESIDENTIAL).mean()) if help_.any() else 0.0,
    )


def _special_child(world: World) -> Bools:
    """Children that ever visit SO or VSO."""
    out = np.zeros(len(world.children.birth), dtype=np.bool_)
    out[world.stays.child[np.isin(world.stays.type, (cal.SO, cal.VSO))]] = True
    return out


def by_child(indications: Indications) -> Indications:
    """Ordered by child, as ``school_year`` wants them."""
    return indications.take(np.argsort(indications.child, kind="stable"))


def open_ends(indications: Indications) -> int:
    """How many indications have no end in the deliveries."""
    return int((indications.end >= OPEN).sum())
