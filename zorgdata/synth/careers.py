"""Care careers: when children are in care, in which trajectories, one after and beside the other.

Care comes in bouts. Outside a bout a child runs a hazard that follows the share of its school, its
municipality, age, sex and the growth of care; a bout is a chain of trajectories that follow each other
without a hole, each of which may have others beside it. With ``p`` the share aimed at and ``L``
the mean bout, the hazard of a stationary alternating process is ``p / (1 - p) / L``.
"""

from dataclasses import dataclass, fields

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import (
    OPEN,
    YEAR,
    Bools,
    Floats,
    Ints,
    add_years,
    days_of,
    school_year_of,
)
from zorgdata.synth.children import Children, Enrolments
from zorgdata.synth.schools import Region, Schools
from zorgdata.synth.streams import Streams

PRIMARY, NEXT, SIDE = range(3)
_STAY_SLOTS = 9


@dataclass(frozen=True)
class Trajectories:
    """One entry per trajectory, ordered by child and start; both days inclusive.

    ``school`` is the location of enrolment on the first day, -1 without one; ``role`` is primary, next in a
    chain or beside another.
    """

    child: Ints
    start: Ints
    end: Ints
    role: Ints
    school: Ints

    def take(self, rows: Ints | Bools) -> "Trajectories":
        """The chosen rows."""
        return Trajectories(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


class _Stays:
    """Looks up the location a child is enrolled at on a day, for many children at once."""

    def __init__(self, stays: Enrolments, children: int) -> None:
        main = stays.take(stays.main)
        slot = np.arange(len(main.child)) - np.searchsorted(main.child, main.child)
        kept = slot < _STAY_SLOTS
        shape = (_STAY_SLOTS, children)
        self.school = np.full(shape, -1, dtype=np.int64)
        self.start = np.full(shape, OPEN, dtype=np.int64)
        self.end = np.full(shape, -1, dtype=np.int64)
        at = (slot[kept], main.child[kept])
        self.school[at] = main.school[kept]
        self.start[at] = main.start[kept]
        self.end[at] = main.end[kept]

    def on(self, child: Ints, when: Ints | int) -> tuple[Ints, Ints]:
        """Location (-1 without one) and first day there."""
        school = np.full(len(child), -1, dtype=np.int64)
        since = np.full(len(child), -1, dtype=np.int64)
        for slot in range(_STAY_SLOTS):
            here = (self.start[slot, child] <= when) & (self.end[slot, child] >= when)
            school = np.where(here, self.school[slot, child], school)
            since = np.where(here, self.start[slot, child], since)
        return school, since


def make_trajectories(
    streams: Streams, region: Region, schools: Schools, children: Children, stays: Enrolments
) -> Trajectories:
    """All trajectories, from some years before the first delivery up to the cutoff."""
    rng = streams("careers")
    lookup = _Stays(stays, len(children.birth))
    adult = add_years(children.birth, 18)
    frailty = np.where(children.sex == 1, cal.BOYS, 1 / cal.BOYS)
    factor = region.care_factor[children.municipality]
    free_from = children.birth + 30
    had_care = np.zeros(len(children.birth), dtype=np.bool_)
    parts: list[Trajectories] = []
    first = cal.FIRST_SCHOOL_YEAR - cal.BURN_IN_YEARS
    for half in range(2 * (cal.BURN_IN_YEARS + cal.SCHOOL_YEARS)):
        begin = int(days_of(np.array([first + half // 2 + half % 2]), 2 if half % 2 else 8, 1)[0])
        until = int(days_of(np.array([first + half // 2 + 1]), 8 if half % 2 else 2, 1)[0])
        # Two rounds: a child may leave care and come back within the half-year.
        for _ in range(2):
            able = np.flatnonzero((free_from < until) & (children.birth < until) & (adult + 5 * 365 > begin))
            since = np.maximum(free_from[able], begin)
            share, bout = _hazard_parts(schools, children, lookup, able, begin=begin, adult=adult[able])
            odds = share / (1 - share) * frailty[able] * cal.GROWTH[_year_index(until)]
            odds *= factor[able] ** np.where(share > 0.3, 0.3, 1.0)
            odds *= np.where(had_care[able], cal.RETURN_FACTOR, 1.0)
            wait = rng.exponential(size=len(able)) * bout / odds
            hit = since + wait < until
            child = able[hit]
            start = (since + np.floor(np.where(hit, wait, 0)).astype(np.int64))[hit]
            if not len(child):
                break
            made = _bouts(rng, child, start, share[hit], adult)
            last = np.full(len(children.birth), -1, dtype=np.int64)
            np.maximum.at(last, made.child, made.end)
            touched = last >= 0
            # One day between at least, else it would be the same care.
            free_from[touched] = last[touched] + 2
            had_care |= touched
            parts.append(made)
    all_ = Trajectories(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Trajectories)}
    )
    all_ = all_.take(all_.start <= cal.CUTOFF)
    all_ = all_.take(np.lexsort((all_.role, all_.start, all_.child)))
    school, _ = lookup.on(all_.child, all_.start)
    return Trajectories(all_.child, all_.start, all_.end, all_.role, school)


def _year_index(until: int) -> int:
    """School year of the growth path; a hazard fills the stock about a year later, so look ahead a little."""
    ahead = int(school_year_of(np.array([until + 200]))[0]) - cal.FIRST_SCHOOL_YEAR
    return min(max(ahead, 0), len(cal.GROWTH) - 1)


def _hazard_parts(
    schools: Schools, children: Children, lookup: _Stays, able: Ints, *, begin: int, adult: Ints
) -> tuple[Floats, Floats]:
    """Share with care aimed at, and mean length of a bout in days, per child."""
    middle = begin + 90
    school, since = lookup.on(able, middle)
    age = (middle - children.birth[able]) / YEAR
    share = np.where(school >= 0, schools.share[school], cal.SCHOOLLESS_SHARE)
    share = np.where(age < 4, cal.PRESCHOOL_SHARE, share)
    share = np.where(adult <= middle, np.where(school >= 0, 0.15, cal.ADULT_SHARE), share)
    age_odds = np.ones(len(able))
    for from_age, odds in cal.AGE_ODDS:
        age_odds[age >= from_age] = odds
    special = np.isin(schools.type[school], cal.SPECIAL) & (school >= 0)
    moved_in = special & (since > begin - 90)
    bout = mean_bout(share)
    bout = np.where(special, bout / np.where(moved_in, 1 + cal.ENTRY_BOOST * share, 1.0), bout / age_odds)
    tuned = np.where(school >= 0, np.array(cal.ODDS_BY_TYPE)[schools.type[school]], 0.8)
    return share, bout / tuned


def follow_on(share: Floats) -> Floats:
    """Chance that another trajectory follows at once, by the share with care aimed at."""
    return np.asarray(np.minimum(0.88, cal.CHAIN_BASE + cal.CHAIN_SLOPE * share))


def mean_bout(share: Floats) -> Floats:
    """Mean days of a bout: a chain of trajectories, stretched by those beside it."""
    mean = np.exp(cal.TRAJECTORY_MU + _shift(share) + cal.TRAJECTORY_SIGMA**2 / 2) * 0.97
    return np.asarray(mean * 1.12 / (1 - follow_on(share)))


def _shift(share: Floats) -> Floats:
    """Care-intensive schools have longer trajectories; together they keep to the published law."""
    regular, special = cal.TRAJECTORY_SHIFT
    return np.where(share > 0.25, special, regular)


def lengths(rng: np.random.Generator, share: Floats) -> Ints:
    """Days of a trajectory for each share: lognormal, truncated; what falls outside is drawn again."""
    mu = cal.TRAJECTORY_MU + _shift(share)
    days = rng.lognormal(mu, cal.TRAJECTORY_SIGMA)
    for _ in range(20):
        bad = np.flatnonzero((days < cal.TRAJECTORY_MIN) | (days > cal.TRAJECTORY_MAX))
        if not len(bad):
            break
        days[bad] = rng.lognormal(mu[bad], cal.TRAJECTORY_SIGMA)
    return np.clip(np.round(days), cal.TRAJECTORY_MIN, cal.TRAJECTORY_MAX).astype(np.int64)


def _bouts(rng: np.random.Generator, child: Ints, start: Ints, share: Floats, adult: Ints) -> Trajectories:
    """The trajectories of one new bout per child."""
    links = np.minimum(rng.geometric(1 - follow_on(share)), 12)
    owner = np.repeat(np.arange(len(child)), links)
    first = np.cumsum(links) - links
    length = lengths(rng, share[owner])
    total = np.cumsum(length)
    before = total - length
    begin = start[owner] + before - before[first][owner]
    end = begin + length - 1
    role = np.where(np.arange(len(owner)) == first[owner], PRIMARY, NEXT)
    rate = np.where(share > 0.55, cal.SIDE_RATE_SPECIAL, cal.SIDE_RATE)[owner]
    sides = rng.poisson(rate)
    host = np.repeat(np.arange(len(owner)), sides)
    side_start = begin[host] + np.floor(rng.random(len(host)) ** cal.SIDE_EARLY * length[host]).astype(
        np.int64
    )
    side_end = side_start + lengths(rng, share[owner[host]]) - 1
    who = np.concatenate([child[owner], child[owner[host]]])
    begin = np.concatenate([begin, side_start])
    end = np.concatenate([end, side_end])
    role = np.concatenate([role, np.full(len(host), SIDE)])
    # Turning 18 ends much of the care; what goes on is extended youth care, up to 23 at most.
    birthday = adult[who]
    stops = rng.random(len(who)) < cal.ENDS_AT_18
    end = np.where(stops & (begin < birthday), np.minimum(end, birthday - 1), end)
    end = np.minimum(end, birthday + 5 * 365)
    kept = (end >= begin) & ~(stops & (begin >= birthday) & (role != PRIMARY))
    return Trajectories(
        who[kept], begin[kept], end[kept], role[kept].astype(np.int64), np.full(int(kept.sum()), -1)
    )
