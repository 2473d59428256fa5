"""Length of care, day by day: the curve of Kaplan and Meier as anyone can redo it by hand (METRICS 2.8)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from tests.support.figures import Figure
from tests.support.oracle import Window
from tests.support.world import DAY, FOREVER, Schools, World, months_later

WITHIN = {"reentry": 365, "reentry_182": 182}
POINTS = {"m03": 91, "m06": 182, "m12": 365, "m18": 548, "m24": 730, "m36": 1096}


Limits = tuple[float, float | None]
"""The lower and the upper one; the upper limit of a median need not be reached."""


@dataclass(frozen=True)
class Spell:
    """An episode of care as seen in a window: its age in days when it comes into sight and leaves."""

    child: str
    entry: int
    exit: int
    ended: bool


def spells(world: World, schools: Schools, window: Window) -> list[Spell]:
    last = min(window.end, world.last_day)
    found = []
    for child in world.oracle.children:
        for start, end in world.episodes(child):
            first = max(start, window.start)
            if first > min(end, last) or not world.enrolled(child, schools, first):
                continue
            seen_until = min(end, last)
            spell = Spell(child, (first - start).days, (seen_until - start).days + 1, end <= last)
            found.append(spell)
    return found


def without(world: World, schools: Schools, window: Window) -> list[Spell]:
    """Time without care after an episode that ends in the window: it ends with a return, as day 1 and on.

    Seen as long as the enrolment lasts without a hole, up to the 18th birthday and the last day of the data.
    """
    found = []
    for child in world.oracle.children:
        birth = world.birth.get(child)
        adult = months_later(birth, 216) if birth else FOREVER
        episodes = world.episodes(child)
        for n, (_, end) in enumerate(episodes):
            if not window.start <= end <= window.end or not world.enrolled(child, schools, end):
                continue
            back = episodes[n + 1][0] if n + 1 < len(episodes) else FOREVER
            day = end
            while day < back and day < world.last_day and day + DAY < adult:
                if not world.enrolled(child, schools, day + DAY):
                    break
                day += DAY
            if day > end:
                found.append(Spell(child, 0, (day - end).days, day == back))
    return found


def returned(seen: Sequence[Spell]) -> dict[tuple[str, str], Figure]:
    """Share that is back in care within half a year and a year; without a value below ten or out of reach."""
    size, children = len(seen), len({s.child for s in seen})
    curve = _curve(seen)
    found = {}
    for metric, days in WITHIN.items():
        back = sum(s.ended and s.exit <= days for s in seen)
        value = None
        if size >= 10 and (days <= curve[-1][0] or curve[-1][1] == 0):
            value = 1 - next((left for t, left in reversed(curve) if t <= days), 1.0)
        found[metric, ""] = Figure(value, back, size, children)
    return found


def told(seen: Sequence[Spell]) -> dict[tuple[str, str], Figure]:
    """Median and points of the curve of some spells; below ten, or out of its reach, without a value."""
    size, children = len(seen), len({s.child for s in seen})
    curve = _curve(seen)
    half = next((t for t, left in curve if left <= 0.5 + 1e-12), None) if size >= 10 else None
    found = {("episode_length", ""): Figure(half, half, size, children)}
    before = curve[0][0] - 1 if curve and _begins_late(seen) else -1
    for code, days in POINTS.items():
        left = [value for t, value in curve if t <= days]
        ended = {s.child for s in seen if s.ended and before < s.exit <= days}
        on = [s for s in seen if s.entry <= days < s.exit]
        value = None
        reached = curve and days <= curve[-1][0] and left
        if size >= 10 and reached and len(ended) >= 10 and len({s.child for s in on}) >= 10:
            value, before = left[-1], days
        found["episode_running", code] = Figure(value, len(on), size, children)
    found["episode_running", ""] = found["episode_running", "m12"]
    return found


def limits(seen: Sequence[Spell], *, back: bool = False) -> dict[tuple[str, str], Limits]:
    """Limits of ``returned`` (``back``) or ``told``, by metric and part; without a value none."""
    found: dict[tuple[str, str], Limits] = {}
    steps = _limits(seen)
    for key, figure in (returned(seen) if back else told(seen)).items():
        if figure.value is None:
            continue
        if key[0] == "episode_length":
            low, high = (next((t for t, *both in steps if both[side] <= 0.5), None) for side in (0, 1))
            if low is not None:
                found[key] = low, high
            continue
        days = WITHIN[key[0]] if back else POINTS[key[1] or "m12"]
        _, below, above = next((step for step in reversed(steps) if step[0] <= days), (0, 1.0, 1.0))
        if not math.isnan(below):
            found[key] = (1 - above, 1 - below) if back else (below, above)
    return found


def _limits(seen: Sequence[Spell]) -> list[tuple[int, float, float]]:
    """Of every step of the curve: S to the power exp(z s) and exp(-z s), s² = Σ d / n (n - d) / ln² S."""
    z, spread, found = NormalDist().inv_cdf(0.975), 0.0, []
    for t, left in _curve(seen):
        n, d = _at_risk(seen, t), _ends(seen, t)
        if n == d:
            found.append((t, math.nan, math.nan))
            continue
        spread += d / (n * (n - d))
        if left == 1:
            found.append((t, 1.0, 1.0))
        else:
            s = math.sqrt(spread) / -math.log(left)
            found.append((t, left ** math.exp(z * s), left ** math.exp(-z * s)))
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
