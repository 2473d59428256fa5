"""Length of care, day by day: the curve of Kaplan and Meier as anyone can redo it by hand (METRICS 2.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.oracle import Window
from tests.support.oracle_paths import DAY, Schools, World

POINTS = {"m03": 91, "m06": 182, "m12": 365, "m18": 548, "m24": 730, "m36": 1096}


@dataclass(frozen=True)
class Spell:
    """An episode of care as seen in a window: its age in days when it comes into sight and leaves."""

    child: str
    entry: int
    exit: int
    ended: bool


@dataclass(frozen=True)
class Told:
    """A figure of the curve: value, numerator, spells and children."""

    value: float | None
    numerator: float | None
    denominator: int
    n_children: int


def spells(world: World, schools: Schools, window: Window) -> list[Spell]:
    last = min(window.end, world.last_day)
    found = []
    for child in world.oracle.children:
        for start, end in _episodes(world, child, last + timedelta(29)):
            first = max(start, window.start)
            if first > min(end, last) or not world.enrolled(child, schools, first):
                continue
            seen_until = min(end, last)
            spell = Spell(child, (first - start).days, (seen_until - start).days + 1, end <= last)
            found.append(spell)
    return found


def _episodes(world: World, child: str, until: date) -> Iterator[tuple[date, date]]:
    """First and last day of every stretch of care, holes of at most 28 days bridged."""
    begins = [one.start for one in world.indications if one.child == child]
    day = min(begins, default=until + DAY)
    start = end = None
    while day <= until:
        if world.oracle.providers(child, day):
            if start is None or end is None or (day - end).days > 29:
                if start is not None and end is not None:
                    yield start, end
                start = day
            end = day
        day += DAY
    if start is not None and end is not None:
        yield start, end


def told(seen: Sequence[Spell]) -> dict[tuple[str, str], Told]:
    """Median and points of the curve of some spells; below ten, or out of its reach, without a value."""
    size, children = len(seen), len({s.child for s in seen})
    curve = _curve(seen)
    half = next((t for t, left in curve if left <= 0.5 + 1e-12), None) if size >= 10 else None
    found = {("episode_length", ""): Told(half, half, size, children)}
    before = curve[0][0] - 1 if curve and _begins_late(seen) else -1
    for code, days in POINTS.items():
        left = [value for t, value in curve if t <= days]
        ended = {s.child for s in seen if s.ended and before < s.exit <= days}
        on = [s for s in seen if s.entry <= days < s.exit]
        value = None
        reached = curve and days <= curve[-1][0] and left
        if size >= 10 and reached and len(ended) >= 10 and len({s.child for s in on}) >= 10:
            value, before = left[-1], days
        found["episode_running", code] = Told(value, len(on), size, children)
    found["episode_running", ""] = found["episode_running", "m12"]
    return found


def _at_risk(seen: Sequence[Spell], t: int) -> int:
    return sum(s.entry < t <= s.exit for s in seen)


def _ends(seen: Sequence[Spell], t: int) -> int:
    return sum(s.ended and s.exit == t for s in seen)


def _emptied(seen: Sequence[Spell], times: Sequence[int]) -> int:
    """The last time, but the very last, at which everybody at risk ends; 0 when there is none."""
    return max((t for t in times[:-1] if _ends(seen, t) == _at_risk(seen, t)), default=0)


def _begins_late(seen: Sequence[Spell]) -> bool:
    times = sorted({s.exit for s in seen})
    curve = _curve(seen)
    return bool(curve) and curve[0][0] > times[0]


def _curve(seen: Sequence[Spell]) -> list[tuple[int, float]]:
    """Time and what is left after it. With late entry from the first time with ten at risk."""
    times = sorted({s.exit for s in seen})
    after = _emptied(seen, times)
    if after or any(s.entry > 0 for s in seen):
        times = [t for t in times if t > after]
        while times and _at_risk(seen, times[0]) < 10:
            times = times[1:]
    found, left = [], 1.0
    for t in times:
        left *= 1 - _ends(seen, t) / _at_risk(seen, t)
        found.append((t, left))
    return found
