"""Which schools make up a unit of a higher level: the hierarchies an attacker adds and subtracts along."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from zorgdata.disclosure.frame import Connection

_LEVEL_COLUMNS = {
    "school_type": ("school_type",),
    "school_municipality": ("municipality_code",),
    "municipality_type": ("municipality_code", "school_type"),
    "board": ("board",),
    "swv": ("swv",),
}
WHOLE = ("region", "country")
"""Levels with one unit that holds every school."""

OTHER_PARTITIONS = ("responsible_municipality", "youth_region")
"""Levels that divide the same children otherwise than by school: they add up to the region only."""


@dataclass(frozen=True)
class Units:
    """Per level and unit the schools in it. ``parts`` may be used with unit ids as the figures spell them."""

    schools: Mapping[str, Mapping[str, str]]
    members: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def parts(self, level: str, unit: str) -> frozenset[str]:
        """The schools of a unit; empty when the unit is not known."""
        if level in WHOLE:
            return frozenset(self.schools)
        if level == "school":
            return frozenset((unit,)) & self.schools.keys()
        return self.members.get(level, {}).get(unit, frozenset())


def load(connection: Connection, used: Iterable[tuple[str, str]]) -> Units:
    """Reads ``core.school``; ``used`` are the (level, unit) pairs of the figures, for their spelling.

    A municipality × type unit may be written with any separator: it is the municipality code followed by
    the school type.
    """
    rows = connection.execute(
        "select school_id, school_type, municipality_code, board, swv from core.school order by school_id"
    ).fetchall()
    names = ("school_type", "municipality_code", "board", "swv")
    return of({str(r[0]): dict(zip(names, (str(v or "") for v in r[1:]), strict=True)) for r in rows}, used)


def of(schools: Mapping[str, Mapping[str, str]], used: Iterable[tuple[str, str]]) -> Units:
    """As :func:`load`, from attributes already in memory."""
    members: dict[str, dict[str, frozenset[str]]] = {}
    for level, columns in _LEVEL_COLUMNS.items():
        groups: dict[str, set[str]] = {}
        for school, attributes in schools.items():
            values = [attributes.get(c, "") for c in columns]
            if all(values):
                groups.setdefault(_plain(*values), set()).add(school)
        spelled = {unit: groups.get(_plain(unit)) for lvl, unit in sorted(used) if lvl == level}
        members[level] = {unit: frozenset(found) for unit, found in spelled.items() if found}
    return Units(schools, members)


def _plain(*values: Any) -> str:
    return re.sub(r"[^0-9a-z]", "", "".join(str(v) for v in values).lower())


@cache
def school_year(time: str) -> str:
    """The school year of an ISO date; a period as it is: ``2024-10-01`` is in ``2024-2025``.

    Several years together (``2023..2024``) are as long as a date and are none.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", time):
        first = int(time[:4]) - (int(time[5:7]) < 8)
        return f"{first}-{first + 1}"
    return time
