"""Trajectories cut into indications, and every indication into the versions a municipality decided on.

A trajectory is what a child experiences; an indication is what is administered: slices of 92, 183 or 365
days, renewed under a new number or (since iJw 3.2) under the same one, shortened when care ends early, cut
by a move, a new administration or a contract round, now and then deleted or corrected.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Ints, day
from zorgdata.synth.care import Care
from zorgdata.synth.careers import Trajectories
from zorgdata.synth.children import Children
from zorgdata.synth.products import DAYS, HOURS_MONTH, NONE, PIECES, VOLUME_KIND, volumes
from zorgdata.synth.providers import Providers
from zorgdata.synth.streams import Streams, choose

REASONS = ("", "01", "03", "04", "05", "06", "07", "12", "13", "14")
_R = {code: index for index, code in enumerate(REASONS)}
_SINCE_31 = day(2022, 4, 1)
_SINCE_30 = day(2021)


@dataclass(frozen=True)
class Slices:
    """One entry per decision on a period: its planned and its actual end, and why it was cut short."""

    trajectory: Ints
    start: Ints
    planned: Ints
    end: Ints
    municipality: Ints
    provider: Ints
    first: Bools
    cut: Ints
    fresh: Bools  # opens a new number in any case
    renumbered: Bools

    def take(self, rows: Ints | Bools) -> "Slices":
        """The chosen rows."""
        return Slices(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class Indications:
    """One entry per number. ``end`` is what the last delivered version says, ``planned`` the first."""

    trajectory: Ints
    child: Ints
    municipality: Ints
    provider: Ints
    product: Ints
    aspecific: Bools
    pgb: Bools
    referrer: Ints
    number: Ints
    start: Ints
    planned: Ints
    end: Ints
    applied: Ints  # OPEN when not recorded
    volume: Ints
    opens: Bools  # first indication of its trajectory
    closes: Bools  # last one, its trajectory having ended
    deleted: Bools

    def take(self, rows: Ints | Bools) -> "Indications":
        """The chosen rows."""
        return Indications(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class Versions:
    """One entry per decision as delivered, ordered by stamp; ``indication`` points into ``Indications``."""

    indication: Ints
    decided: Ints
    seconds: Ints
    end: Ints
    reason: Ints
    volume: Ints

    def take(self, rows: Ints | Bools) -> "Versions":
        """The chosen rows."""
        return Versions(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def make_indications(
    streams: Streams,
    children: Children,
    providers: Providers,
    trajectories: Trajectories,
    care: Care,
) -> tuple[Indications, Versions]:
    """All indications known on the cutoff day, with all their versions."""
    rng = streams("indications")
    slices = _slices(rng, trajectories, care, children)
    slices = _events(rng, slices, trajectories, children, providers)
    return _number(rng, slices, trajectories, care, providers)


def _slices(rng: np.random.Generator, trajectories: Trajectories, care: Care, children: Children) -> Slices:
    """Cut every trajectory into periods; the last one is planned longer than the trajectory lasts."""
    monthly = np.isin(VOLUME_KIND[care.product], (HOURS_MONTH, PIECES, DAYS))
    open_ended = (rng.random(len(care.form)) < cal.OPEN_ENDED) & monthly
    at = trajectories.start.copy()
    alive = np.arange(len(at))
    parts: list[tuple[Ints, Ints, Ints, Ints, Bools]] = []
    first = True
    options = np.array([*cal.SLICE_DAYS, 0])
    odds = np.array([*cal.SLICE_SHARE, 1 - sum(cal.SLICE_SHARE)])
    while len(alive):
        days = options[choose(rng, odds, len(alive))]
        days = np.where(days == 0, rng.integers(30, 401, len(alive)), days)
        start, stop = at[alive], trajectories.end[alive]
        planned = np.where(open_ended[alive], OPEN, start + days - 1)
        parts.append((alive, start, planned, np.minimum(planned, stop), np.full(len(alive), first)))
        late = np.where(rng.random(len(alive)) < cal.LATE_RENEWAL, rng.integers(1, 25, len(alive)), 0)
        at[alive] = planned + 1 + late
        alive = alive[(planned < stop) & (at[alive] <= stop)]
        first = False
    trajectory, start, planned, end, opens = (np.concatenate(c) for c in zip(*parts, strict=True))
    child = trajectories.child[trajectory]
    moved = start >= children.moved_on[child]
    n = len(start)
    result = Slices(
        trajectory=trajectory,
        start=start,
        planned=planned,
        end=end,
        municipality=np.where(moved, children.moved_to[child], children.municipality[child]),
        provider=care.provider[trajectory],
        first=opens,
        cut=np.full(n, -1, dtype=np.int64),
        fresh=np.zeros(n, dtype=np.bool_),
        renumbered=np.zeros(n, dtype=np.bool_),
    )
    return result.take(end >= cal.DELIVERED_FROM)


def _events(
    rng: np.random.Generator,
    slices: Slices,
    trajectories: Trajectories,
    children: Children,
    providers: Providers,
) -> Slices:
    """Moves, one new administration, one contract round: each cuts the periods it meets."""
    child = trajectories.child[slices.trajectory]
    before, after = _cut(slices, children.moved_on[child], "07")
    who = trajectories.child[after.trajectory]
    slices = _join(before, replace(after, municipality=children.moved_to[who]))

    hit = slices.municipality == cal.RENUMBERED_MUNICIPALITY
    before, after = _cut(slices, np.where(hit, cal.RENUMBERED_DAY, OPEN), "14")
    slices = _join(before, after)
    late = (slices.municipality == cal.RENUMBERED_MUNICIPALITY) & (slices.start >= cal.RENUMBERED_DAY)
    slices = replace(slices, renumbered=late)

    n = len(trajectories.child)
    hit = (rng.random(n) < cal.TURNOVER_SHARE)[slices.trajectory]
    before, after = _cut(slices, np.where(hit, cal.TURNOVER_DAY, OPEN), "03")
    slices = _join(before, after)
    # Part of the providers lose their contract: whoever comes after them takes over on the same day.
    ambulatory = providers.general
    loses = rng.random(n) < cal.TURNOVER_PROVIDER
    # The largest take over, so that a contract round does not scatter care.
    successor = ambulatory + choose(rng, providers.popularity[ambulatory : ambulatory + 8], n)
    gone = loses[slices.trajectory] & _hit_of(slices, before) & (slices.start >= cal.TURNOVER_DAY)
    gone &= slices.provider >= ambulatory
    return replace(slices, provider=np.where(gone, successor[slices.trajectory], slices.provider))


def _hit_of(slices: Slices, before: Slices) -> Bools:
    """Whether the contract round cut the trajectory of a slice."""
    cut = before.trajectory[(before.cut == _R["03"]) & (before.end == cal.TURNOVER_DAY - 1)]
    size = int(max(slices.trajectory.max(initial=0), cut.max(initial=0))) + 1
    mask = np.zeros(size, dtype=np.bool_)
    mask[cut] = True
    return mask[slices.trajectory]


def _cut(slices: Slices, when: Ints, reason: str) -> tuple[Slices, Slices]:
    """Cut the slices that run across ``when``: the first part ends the day before, the rest is new."""
    across = (slices.start < when) & (slices.end >= when)
    end = np.where(across, when - 1, slices.end)
    before = replace(slices, end=end, cut=np.where(across, _R[reason], slices.cut))
    rest = slices.take(across)
    n = len(rest.start)
    after = replace(
        rest,
        start=when[across],
        first=np.zeros(n, dtype=np.bool_),
        fresh=np.ones(n, dtype=np.bool_),
    )
    return before, after


def _join(first: Slices, second: Slices) -> Slices:
    return Slices(
        **{f.name: np.concatenate([getattr(first, f.name), getattr(second, f.name)]) for f in fields(Slices)}
    )


def _number(
    rng: np.random.Generator,
    slices: Slices,
    trajectories: Trajectories,
    care: Care,
    providers: Providers,
) -> tuple[Indications, Versions]:
    """Number the slices, write their versions, and keep what is known on the cutoff day."""
    slices = slices.take(np.lexsort((slices.start, slices.trajectory)))
    n = len(slices.start)
    decided = slices.start - rng.integers(-5, 31, n)
    lag = np.round(rng.lognormal(np.log(12), 0.9, n)).astype(np.int64) - 6
    decided = np.where(slices.first, slices.start - lag, decided)
    decided = np.where(slices.fresh, slices.start - rng.integers(1, 40, n), decided)
    same = np.zeros(n, dtype=np.bool_)
    same[1:] = (slices.trajectory[1:] == slices.trajectory[:-1]) & ~slices.fresh[1:]
    same[1:] &= (slices.end[:-1] == slices.planned[:-1]) & (slices.start[1:] == slices.end[:-1] + 1)
    same[1:] &= (slices.provider[1:] == slices.provider[:-1]) & (
        slices.municipality[1:] == slices.municipality[:-1]
    )
    same &= (decided >= cal.EXTENDED_SINCE) & (rng.random(n) < cal.EXTENDED_SHARE)
    owner = np.cumsum(~same) - 1
    head = np.flatnonzero(~same)
    tail = np.append(head[1:], n) - 1
    trajectory = slices.trajectory[head]
    kind = np.where(care.aspecific[trajectory], NONE, VOLUME_KIND[care.product[trajectory]])
    planned = slices.planned[head]
    size = np.where(planned == OPEN, 365, planned - slices.start[head] + 1)
    volume = volumes(rng, kind, size, care.level[trajectory])
    wait = 2 + np.round(rng.lognormal(np.log(24), 0.75, len(head))).astype(np.int64)
    indications = Indications(
        trajectory=trajectory,
        child=trajectories.child[trajectory],
        municipality=slices.municipality[head],
        provider=slices.provider[head],
        product=care.product[trajectory],
        aspecific=care.aspecific[trajectory],
        pgb=care.pgb[trajectory],
        referrer=care.referrer[trajectory],
        number=slices.renumbered[head].astype(np.int64),
        start=slices.start[head],
        planned=planned,
        end=slices.end[tail],
        applied=np.where(slices.first[head], decided[head] - wait, OPEN),
        volume=volume,
        opens=slices.first[head],
        closes=slices.end[tail] == trajectories.end[trajectory],
        deleted=np.zeros(len(head), dtype=np.bool_),
    )
    base = Versions(
        indication=owner,
        decided=decided,
        seconds=rng.integers(8 * 3600, 18 * 3600, n),
        end=slices.planned,
        reason=np.where(same, _R["04"], _R[""]),
        volume=volume[owner],
    )
    corrected, from_day = _corrections(rng, indications, decided[head], kind)
    shortened = _shortened(rng, slices.take(tail), indications, np.maximum(decided[tail], from_day))
    ghosts, ghost_versions = _deleted(rng, indications, decided[head], providers)
    indications = _stack(indications, ghosts)
    versions = _merge(base, corrected, shortened, ghost_versions)
    return _known(rng, indications, versions)


def _corrections(
    rng: np.random.Generator, indications: Indications, decided: Ints, kind: Ints
) -> tuple[Versions, Ints]:
    """Volumes put right some weeks later, and the day from which another change may follow."""
    rows = np.flatnonzero((rng.random(len(decided)) < cal.CORRECTED_SHARE) & (kind != NONE))
    stamp = decided[rows] + rng.integers(5, 25, len(rows))
    reason = np.where(stamp >= _SINCE_31, _R["14"], np.where(stamp >= _SINCE_30, _R["12"], _R["04"]))
    better = np.maximum(1, np.round(indications.volume[rows] * 1.25)).astype(np.int64)
    single = indications.planned[rows] >= indications.end[rows]
    rows, stamp, reason, better = rows[single], stamp[single], reason[single], better[single]
    indications.volume[rows] = better
    after = decided.copy()
    after[rows] = stamp
    versions = Versions(
        rows, stamp, rng.integers(8 * 3600, 18 * 3600, len(rows)), indications.planned[rows], reason, better
    )
    return versions, after


def _shortened(
    rng: np.random.Generator, last: Slices, indications: Indications, not_before: Ints
) -> Versions:
    """The version that brings the end forward, for every indication that ends before its plan."""
    rows = np.flatnonzero(last.end < last.planned)
    n = len(rows)
    stamp = last.end[rows] + rng.integers(-7, 22, n)
    cut = last.cut[rows]
    stamp = np.where(cut >= 0, last.end[rows] + 1 - rng.integers(1, 40, n), stamp)
    stamp = np.maximum(stamp, not_before[rows] + 1)
    usual = np.array([_R["05"], _R["12"], _R["06"], _R["14"]])[
        choose(rng, np.array([0.45, 0.40, 0.08, 0.07]), n)
    ]
    usual = np.where((usual == _R["12"]) & (stamp < _SINCE_30), _R["05"], usual)
    usual = np.where((usual == _R["14"]) & (stamp < _SINCE_31), _R["05"], usual)
    seconds = rng.integers(8 * 3600, 18 * 3600, n)
    return Versions(
        rows, stamp, seconds, last.end[rows], np.where(cut >= 0, cut, usual), indications.volume[rows]
    )


def _deleted(
    rng: np.random.Generator, indications: Indications, decided: Ints, providers: Providers
) -> tuple[Indications, Versions]:
    """Indications made by mistake and deleted: first as if they were real, then with end on the first day."""
    rows = np.flatnonzero(rng.random(len(decided)) < cal.DELETED_SHARE)
    n = len(rows)
    general = providers.general
    ghosts = indications.take(rows)
    ghosts = replace(
        ghosts,
        provider=general + rng.integers(0, len(providers.agb) - general, n),
        trajectory=np.full(n, -1, dtype=np.int64),
        end=ghosts.start,
        opens=np.zeros(n, dtype=np.bool_),
        closes=np.zeros(n, dtype=np.bool_),
        applied=np.full(n, OPEN, dtype=np.int64),
        deleted=np.ones(n, dtype=np.bool_),
    )
    later = decided[rows] + rng.integers(2, 40, n)
    index = len(decided) + np.arange(n)
    seconds = rng.integers(8 * 3600, 18 * 3600, (2, n))
    reason = np.where(later >= _SINCE_31, _R["13"], _R["01"])
    return ghosts, Versions(
        np.concatenate([index, index]),
        np.concatenate([decided[rows], later]),
        seconds.ravel(),
        np.concatenate([ghosts.planned, ghosts.start]),
        np.concatenate([np.full(n, _R[""]), reason]),
        np.concatenate([ghosts.volume, ghosts.volume]),
    )


def _stack(first: Indications, second: Indications) -> Indications:
    return Indications(
        **{
            f.name: np.concatenate([getattr(first, f.name), getattr(second, f.name)])
            for f in fields(Indications)
        }
    )


def _merge(*parts: Versions) -> Versions:
    return Versions(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Versions)})


def _known(
    rng: np.random.Generator, indications: Indications, versions: Versions
) -> tuple[Indications, Versions]:
    """What the deliveries hold: decisions up to the cutoff, the newest half-year not yet complete."""
    versions = versions.take(np.lexsort((versions.seconds, versions.decided)))
    n = len(indications.start)
    first = np.full(n, OPEN, dtype=np.int64)
    np.minimum.at(first, versions.indication, versions.decided)
    missing = (first >= cal.PROVISIONAL_FROM) & (rng.random(n) >= cal.PROVISIONAL_KEPT)
    indications = replace(indications, number=_numbers(indications, first))
    return only(indications, versions, ~missing[versions.indication] & (versions.decided <= cal.CUTOFF))


def only(indications: Indications, versions: Versions, kept: Bools) -> tuple[Indications, Versions]:
    """Indications as the ``kept`` versions tell them, the last one deciding; those without any are unknown.

    ``versions`` are ordered by stamp. Care that ended before the first delivery is left out.
    """
    versions = versions.take(kept)
    end = indications.end.copy()
    end[versions.indication] = versions.end  # of equal indexes the last assignment stays
    told = np.zeros(len(end), dtype=np.bool_)
    told[versions.indication] = True
    told &= end >= cal.DELIVERED_FROM
    versions = versions.take(told[versions.indication])
    new = np.cumsum(told) - 1
    indications = replace(
        indications,
        end=end,
        closes=indications.closes & (indications.end == end),
        deleted=indications.deleted & (end == indications.start),
    )
    return indications.take(told), replace(versions, indication=new[versions.indication])


def _numbers(indications: Indications, decided: Ints) -> Ints:
    """Numbers within a municipality in order of decision; the new administration has its own range."""
    order = np.lexsort((np.arange(len(decided)), decided, indications.municipality))
    municipality = indications.municipality[order]
    rank = np.arange(len(order)) - np.searchsorted(municipality, municipality)
    out = np.empty(len(order), dtype=np.int64)
    out[order] = 100_001 + rank
    return out + 700_000 * indications.number
