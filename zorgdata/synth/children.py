"""Children and their way through the school types, one enrolment after the other."""

from dataclasses import dataclass, fields

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import (
    OPEN,
    Bools,
    Ints,
    add_years,
    day,
    days_of,
    month_of,
    school_year_of,
    year_of,
)
from zorgdata.synth.identifiers import bsn
from zorgdata.synth.schools import PC4_INSIDE, PC4_OUTSIDE, Region, Schools
from zorgdata.synth.streams import Streams, choose, choose_by_row

_OLDEST = day(1998, 8)
SERIALS_PER_REGION = 220_000


@dataclass(frozen=True)
class Children:
    """One entry per child; ``bsn`` follows from its number over all regions and from nothing else."""

    bsn: Ints
    birth: Ints
    sex: Ints  # 1 boy, 2 girl
    municipality: Ints
    pc4: Ints
    letters: Ints
    moved_on: Ints  # OPEN for a child that stays
    moved_to: Ints
    exempt_from: Ints  # OPEN for a child without exemption 5a


@dataclass(frozen=True)
class Enrolments:
    """One entry per stay at a location, ordered by child and start; ``end`` is OPEN for the future."""

    child: Ints
    school: Ints
    type: Ints
    start: Ints
    end: Ints
    main: Bools

    def take(self, rows: Ints | Bools) -> "Enrolments":
        """The chosen rows."""
        return Enrolments(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def make_children(streams: Streams, region: Region, scale: cal.Scale) -> tuple[Children, Ints]:
    """All children who are of age in the window, and the school types each will visit (see ``_paths``)."""
    rng = streams("children")
    span = cal.CUTOFF - _OLDEST
    inside = round(scale.pupils * cal.BIRTHS_PER_PUPIL * span / 365.25)
    n = round(inside * (1 + cal.OUTSIDE_SHARE["regular"]))
    if n > SERIALS_PER_REGION:
        raise ValueError("more children than numbers for a region")
    birth = _OLDEST + np.floor(rng.random(n) * span).astype(np.int64)
    sex = 1 + (rng.random(n) < 0.49).astype(np.int64)
    path = _paths(rng, n, scale)
    special = (path[:, 0] > 0) | np.isin(path[:, 1], (cal.VSO,))
    share = np.where(special, cal.OUTSIDE_SHARE["special"], cal.OUTSIDE_SHARE["regular"])
    outside = rng.random(n) < share
    municipality = choose(rng, region.weights, n)
    around = region.inside + rng.integers(0, cal.OUTSIDE_MUNICIPALITIES, n)
    municipality = np.where(outside, around, municipality)
    per = np.where(outside, PC4_OUTSIDE, PC4_INSIDE)
    first = np.where(
        outside,
        region.inside * PC4_INSIDE + (municipality - region.inside) * PC4_OUTSIDE,
        municipality * PC4_INSIDE,
    )
    pc4 = region.pc4[first + np.floor(rng.random(n) * per).astype(np.int64)]
    moves = (rng.random(n) < cal.MOVE_SHARE) & ~outside
    moved_on = cal.DELIVERED_FROM + rng.integers(0, cal.CUTOFF - cal.DELIVERED_FROM, n)
    moved_to = choose(rng, region.weights, n)
    moves &= (moved_to != municipality) & (moved_on > birth + 365)
    exempt = rng.random(n) < cal.EXEMPT_SHARE
    exempt_from = days_of(year_of(birth) + rng.integers(5, 15, n), 9, 1)
    children = Children(
        bsn=bsn(region.number * SERIALS_PER_REGION + np.arange(n, dtype=np.int64)),
        birth=birth,
        sex=sex,
        municipality=municipality,
        pc4=pc4,
        letters=rng.integers(0, 6, n),
        moved_on=np.where(moves, moved_on, OPEN),
        moved_to=np.where(moves, moved_to, municipality),
        exempt_from=np.where(exempt, exempt_from, OPEN),
    )
    return children, path


def _paths(rng: np.random.Generator, n: int, scale: cal.Scale) -> Ints:
    """Per child: primary path (0 BO, 1 BO-SBO, 2 SO, 3 BO-SO, 4 SO-BO, 5 BO-SBO-BO) and secondary type."""
    sbo, so, vso, pro = scale.paths
    primary = choose(rng, np.array([1 - sbo - so, 0.9 * sbo, 0.5 * so, 0.4 * so, 0.1 * so, 0.1 * sbo]), n)
    from_sbo = np.array([0.45, 0.35, 0.20])  # VO, PRO, VSO
    from_so = np.array([0.17, 0.08, 0.75])
    rest = 1 - sbo - so
    to_pro = max(0.0, pro - sbo * from_sbo[1] - so * from_so[1]) / rest
    to_vso = max(0.0, vso - sbo * from_sbo[2] - so * from_so[2]) / rest
    table = np.array([[1 - to_pro - to_vso, to_pro, to_vso], from_sbo, from_so])
    kind = np.array([0, 1, 2, 2, 0, 0])[primary]
    second = np.array([cal.VO, cal.PRO, cal.VSO])[choose_by_row(rng, table, kind)]
    return np.column_stack([primary, second]).astype(np.int64)


def make_enrolments(
    streams: Streams, region: Region, schools: Schools, children: Children, path: Ints
) -> Enrolments:
    """The stays of every child, from the fourth birthday to the last school year."""
    rng = streams("enrolments")
    child, type_, start, end, again = _stays(rng, children, path)
    keep = (start <= end) & (start < children.exempt_from[child])
    child, type_, start, end = (column[keep] for column in (child, type_, start, end))
    again = again[keep]
    end = np.minimum(end, children.exempt_from[child] - 1)
    school = np.zeros(len(child), dtype=np.int64)
    for t in range(len(cal.TYPES)):
        rows = np.flatnonzero(type_ == t)
        members = np.flatnonzero(schools.type == t)
        home = children.municipality[child[rows]]
        first = members[choose_by_row(rng, schools.reach[:, members], home)]
        other = members[choose_by_row(rng, schools.reach[:, members], home)]
        school[rows] = np.where(again[rows], other, first)
    stays = Enrolments(child, school, type_, start, end, np.ones(len(child), dtype=np.bool_))
    stays = _absences(rng, stays, children)
    stays = _double(rng, stays, schools)
    order = np.lexsort((~stays.main, stays.start, stays.child))
    stays = stays.take(order)
    return stays.take((stays.start <= cal.CUTOFF) & (stays.end >= stays.start))


def _stays(rng: np.random.Generator, children: Children, path: Ints) -> tuple[Ints, Ints, Ints, Ints, Bools]:
    """Flat stays: child, type, start, end, and whether the school is another one of the same type."""
    n = len(children.birth)
    everyone = np.arange(n)
    born = year_of(children.birth)
    first_day = add_years(children.birth, 4)
    summer = month_of(first_day) == 7
    first_day = np.where(summer, days_of(year_of(first_day), 8, 1), first_day)
    last_year = born + np.where(month_of(children.birth) < 10, 12, 13) + (rng.random(n) < 0.10)
    primary, second = path.T
    back1 = last_year - rng.integers(2, 7, n)
    back2 = np.minimum(last_year - 1, back1 + rng.integers(1, 4, n))
    turn1 = _turn(rng, back1)
    turn2 = _turn(rng, back2)
    turn1 = np.maximum(turn1, first_day + 60)
    turn2 = np.maximum(turn2, turn1 + 200)
    leave = days_of(last_year, 8, 1)
    types = np.array(
        [
            [cal.BO, -1, -1],
            [cal.BO, cal.SBO, -1],
            [cal.SO, -1, -1],
            [cal.BO, cal.SO, -1],
            [cal.SO, cal.BO, -1],
            [cal.BO, cal.SBO, cal.BO],
        ]
    )[primary]
    # A tenth of the children that stay at BO change school on the way.
    switches = (primary == 0) & (rng.random(n) < 0.09)
    types[switches, 1] = cal.BO
    second_on = types[:, 1] >= 0
    third_on = types[:, 2] >= 0
    end1 = np.where(second_on, turn1, leave) - 1
    end2 = np.where(third_on, turn2, leave) - 1
    # Secondary education: years by level; a few move between VO and VSO.
    years = np.select(
        [second == cal.VO, second == cal.PRO],
        [choose(rng, np.array([0.50, 0.29, 0.21]), n) + 4, 5 + rng.integers(0, 2, n)],
        choose(rng, np.array([0.15, 0.45, 0.15, 0.25]), n) + 5,
    ) + (rng.random(n) < 0.08)
    done = days_of(last_year + years, 8, 1) - 1
    change = np.select(
        [second == cal.VO, second == cal.VSO, second == cal.PRO],
        [rng.random(n) < 0.045, rng.random(n) < 0.05, rng.random(n) < 0.03],
        False,
    )
    turn3 = np.minimum(_turn(rng, last_year + rng.integers(1, 4, n)), done - 200)
    third_type = np.where((second == cal.VO) & (rng.random(n) < 0.72), cal.VO, cal.VSO)
    third_type = np.where(second == cal.VSO, cal.VO, third_type)
    end3 = np.where(change, turn3 - 1, done)
    parts = [
        (everyone, types[:, 0], first_day, end1, np.zeros(n, dtype=np.bool_)),
        (everyone[second_on], types[second_on, 1], turn1[second_on], end2[second_on], switches[second_on]),
        (
            everyone[third_on],
            types[third_on, 2],
            turn2[third_on],
            leave[third_on] - 1,
            np.ones(third_on.sum(), dtype=np.bool_),
        ),
        (everyone, second, leave, end3, np.zeros(n, dtype=np.bool_)),
        (
            everyone[change],
            third_type[change],
            turn3[change],
            done[change],
            np.ones(change.sum(), dtype=np.bool_),
        ),
    ]
    child, type_, start, end, again = (np.concatenate(column) for column in zip(*parts, strict=True))
    return child.astype(np.int64), type_.astype(np.int64), start, end, again


def _turn(rng: np.random.Generator, year: Ints) -> Ints:
    """A change of school in a year: mostly 1 August, in one of eight cases somewhere in the school year."""
    summer = days_of(year, 8, 1)
    between = summer + rng.integers(30, 300, len(year))
    return np.where(rng.random(len(year)) < 0.12, between, summer)


def _absences(rng: np.random.Generator, stays: Enrolments, children: Children) -> Enrolments:
    """Absolute absence: a hole of one to eight months in an enrolment, more often at VSO."""
    seen = np.minimum(stays.end, cal.CUTOFF) - stays.start + 1
    rate = cal.ABSENT_RATE * np.where(stays.type == cal.VSO, cal.ABSENT_SPECIAL, 1.0)
    hit = rng.random(len(seen)) < rate * np.maximum(seen, 0) / 365.25
    hole = 30 + np.floor(rng.exponential(70, len(seen))).astype(np.int64)
    left = stays.start + 60 + np.floor(rng.random(len(seen)) * np.maximum(seen - 90, 1)).astype(np.int64)
    hit &= left > children.birth[stays.child] + 5 * 365
    hit &= left + hole < np.minimum(stays.end, cal.CUTOFF) - 5
    back = stays.take(hit)
    end = np.where(hit, left - 1, stays.end)
    first = Enrolments(stays.child, stays.school, stays.type, stays.start, end, stays.main)
    second = Enrolments(back.child, back.school, back.type, (left + hole)[hit], stays.end[hit], back.main)
    return _join(first, second)


def _double(rng: np.random.Generator, stays: Enrolments, schools: Schools) -> Enrolments:
    """A few children are enrolled at two locations for a year: a second enrolment beside the main one."""
    fit = np.isin(stays.type, (cal.SO, cal.VSO)) & (stays.end - stays.start > 500)
    fit &= rng.random(len(fit)) < 0.02
    host = stays.take(fit)
    if not len(host.child):
        return stays
    start = days_of(school_year_of(host.start) + 1, 8, 1)
    type_ = np.where(host.type == cal.SO, cal.BO, cal.VO)
    school = np.zeros(len(type_), dtype=np.int64)
    for t in (cal.BO, cal.VO):
        members = np.flatnonzero(schools.type == t)
        rows = type_ == t
        school[rows] = members[rng.integers(0, len(members), int(rows.sum()))]
    second = Enrolments(
        host.child,
        school,
        type_.astype(np.int64),
        start,
        np.minimum(host.end, days_of(year_of(start) + 1, 7, 31)),
        np.zeros(len(start), dtype=np.bool_),
    )
    return _join(stays, second.take(second.end > second.start))


def _join(first: Enrolments, second: Enrolments) -> Enrolments:
    return Enrolments(
        **{
            f.name: np.concatenate([getattr(first, f.name), getattr(second, f.name)])
            for f in fields(Enrolments)
        }
    )
