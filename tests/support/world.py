"""The world of continuity, access and nearness: who is where and gets what, asked anew every time."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.figures import quantile
from tests.support.oracle import Indication, Oracle

DAY = timedelta(days=1)
FOREVER = date(9999, 12, 31)
RANKS = {"31": 1, "41": 3, "45": 2, "46": 3}
FORMS = {"31": "wijkteam", "41": "daghulp", "45": "ambulant", "46": "crisis"}
SETTINGS = {"45": "school", "31": "thuis"}
Schools = frozenset[str]


@dataclass(frozen=True)
class Detail:
    """What an indication says besides its time and provider."""

    category: str | None
    referrer: str | None
    applied: date | None
    decided: date | None


@dataclass(frozen=True)
class Path:
    """A trajectory: the indications of one child, provider and form that overlap or adjoin."""

    members: tuple[Indication, ...]

    @property
    def start(self) -> date:
        return min(one.start for one in self.members)

    @property
    def end(self) -> date | None:
        ends = [one.end for one in self.members]
        return None if None in ends else max(end for end in ends if end)

    def runs(self, day: date) -> bool:
        return any(one.active(day) for one in self.members)


@dataclass
class World:
    """Everything that the figures are made from."""

    oracle: Oracle
    details: Mapping[int, Detail]
    schools: Mapping[str, Mapping[str, Any]]
    birth: Mapping[str, date]
    home: Mapping[str, str]
    places: Mapping[str, tuple[str, float, float]]
    deliveries: Sequence[Mapping[str, Any]]
    light: Sequence[Mapping[str, Any]]
    transport: Sequence[Mapping[str, Any]]
    outcomes: Sequence[Mapping[str, Any]]
    last_day: date
    allocation: Mapping[int, str]
    adult: Sequence[Indication] = ()
    region: frozenset[str] = frozenset({"9901"})
    norm: int = 40
    _paths: list[Path] | None = field(default=None)
    _episodes: dict[str, list[tuple[date, date]]] = field(default_factory=dict)

    @property
    def indications(self) -> Sequence[Indication]:
        return self.oracle.indications

    def enrolled(self, child: str, schools: Schools, day: date) -> bool:
        return self.oracle.enrolled(child, schools, day)

    def rank(self, one: Indication) -> int | None:
        return RANKS.get(self.details[one.number].category or "")

    def form(self, one: Indication) -> str:
        return FORMS.get(self.details[one.number].category or "", "onbekend")

    @property
    def paths(self) -> list[Path]:
        if self._paths is None:
            groups: dict[tuple[str, str, str], list[list[Indication]]] = {}
            for one in self.indications:
                key = one.child, one.provider, self.details[one.number].category or ""
                parts = groups.setdefault(key, [])
                touching = [part for part in parts if any(touch(one, other) for other in part)]
                merged = [one, *(other for part in touching for other in part)]
                groups[key] = [part for part in parts if part not in touching] + [merged]
            self._paths = [Path(tuple(part)) for parts in groups.values() for part in parts]
        return self._paths

    def episodes(self, child: str) -> list[tuple[date, date]]:
        """First and last day of every stretch of care, holes of at most 28 days bridged.

        What goes on for more than a year after the data ends there.
        """
        if child not in self._episodes:
            found: list[tuple[date, date]] = []
            day = min((one.start for one in self.indications if one.child == child), default=FOREVER)
            while day <= self.last_day + timedelta(days=400):
                if self.oracle.providers(child, day):
                    goes_on = bool(found) and (day - found[-1][1]).days <= 29
                    start = found.pop()[0] if goes_on else day
                    found.append((start, day))
                day += DAY
            self._episodes[child] = found
        return self._episodes[child]

    def referrer(self, path: Path) -> str:
        for one in sorted(path.members, key=lambda one: (one.start, one.number)):
            referrer = self.details[one.number].referrer
            if referrer not in (None, "07"):
                return str(referrer)
        return "onbekend"


def touch(one: Indication, other: Indication) -> bool:
    """Overlapping or adjoining."""
    return one.start <= (other.end or FOREVER - DAY) + DAY and other.start <= (one.end or FOREVER - DAY) + DAY


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def kids(items: Iterable[Any]) -> int:
    return len(set(items))


def history(world: World) -> date | None:
    """The first day of which ended care is known; one in a thousand ends may lie earlier."""
    ends = sorted((one.end + DAY).toordinal() for one in world.indications if one.end)
    if not ends:
        return None
    place = quantile([float(end) for end in ends], 0.001)
    assert place is not None
    return date.fromordinal(math.ceil(place))
