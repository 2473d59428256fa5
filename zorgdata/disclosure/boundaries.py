"""A period keeps the classification it was first published in, whatever the school list says now.

A merged municipality published over an old period beside the old ones would give the difference away. So the
figures of a unit whose schools changed since are made again from its old schools; where that cannot be done,
and for units that did not exist then, nothing is published for that period. Schools themselves have no older
parts to be made from: where one vanished from a period (it merged into another), the schools of that period
whose number of children jumped since are not published for it any more, nor units that lost it and jumped.
"""

from collections.abc import Mapping

import numpy as np

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.ledger import Ledger
from zorgdata.disclosure.units import OTHER_PARTITIONS, WHOLE, Units, school_year

_ADDED = (Kind.POPULATION, Kind.COUNT, Kind.HOURS, Kind.COST)
_DIVIDED = (Kind.SHARE, Kind.MEAN)


def reclassify(
    frame: Frame, declared: Mapping[str, Declaration], now: Units, past: Ledger, reach: int
) -> list[int]:
    """Remakes in place what another classification changed; gives the rows that may not be published.

    ``reach``: by so many children a published number must have moved to count as another one.
    """
    gone = _gone(frame, past)
    refused = _jumped(frame, declared, now, past, gone, reach=reach) if gone else []
    for (metric, time, _, _), levels in frame.index.items():
        year = school_year(time)
        if year not in past.members:
            continue
        then = past.units(year, now)
        schools = levels.get("school", {})
        for level, units in levels.items():
            if level == "school" or level in WHOLE or level in OTHER_PARTITIONS:
                continue
            for unit, row in units.items():
                old, new = then.parts(level, unit), now.parts(level, unit)
                merged = new < old and old - new <= gone.get(year, frozenset())
                if old == new or merged or frame.status[row] == NOT_DELIVERED:
                    continue
                parts = [schools[s] for s in sorted(old) if s in schools]
                if not old or len(parts) < len(old) or not _remake(frame, declared[metric], row, parts):
                    refused.append(row)
    return refused


def _gone(frame: Frame, past: Ledger) -> dict[str, frozenset[str]]:
    """Per school year the published schools that its figures know no more."""
    published: dict[str, set[str]] = {}
    for level, unit, time in {(key[1], key[2], key[3]) for key in past.entries}:
        if level == "school":
            published.setdefault(school_year(time), set()).add(unit)
    present: dict[str, set[str]] = {}
    for (_, time, _, _), levels in frame.index.items() if published else ():
        present.setdefault(school_year(time), set()).update(levels.get("school", ()))
    left = {
        year: frozenset(published.get(year, set()) - schools) for year, schools in present.items() if schools
    }
    return {year: schools for year, schools in left.items() if schools}


def _jumped(
    frame: Frame,
    declared: Mapping[str, Declaration],
    now: Units,
    past: Ledger,
    gone: Mapping[str, frozenset[str]],
    *,
    reach: int,
) -> list[int]:
    """The rows of schools, and of units that lost a school, of which a number of children jumped."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    jumped: set[tuple[str, str, str]] = set()
    for (metric, time, dimension, item), levels in frame.index.items():
        year = school_year(time)
        if year not in gone:
            continue
        then = past.units(year, now)
        for level, units in levels.items():
            for unit, row in units.items():
                if level != "school" and not then.parts(level, unit) & gone[year]:
                    continue
                rows.setdefault((year, level, unit), []).append(row)
                entry = past.entries.get((metric, level, unit, time, dimension, item))
                if entry is None or entry.top is None or declared[metric].kind is not Kind.COUNT:
                    continue
                if not abs(frame.value[row] - entry.top) < reach:
                    jumped.add((year, level, unit))
    return [row for key in sorted(jumped) for row in rows[key] if frame.status[row] != NOT_DELIVERED]


def _remake(frame: Frame, d: Declaration, row: int, parts: list[int]) -> bool:
    """The unit's figures as the sum over its schools; children at two of them count twice here."""
    if d.kind not in _ADDED + _DIVIDED:
        return False
    for column in (frame.numerator, frame.denominator, frame.children):
        column[row] = np.nansum(column[parts]) if not np.isnan(column[parts]).all() else np.nan
    if d.kind in _ADDED:
        frame.value[row] = np.nansum(frame.value[parts])
    elif frame.denominator[row] > 0:
        frame.value[row] = frame.numerator[row] / frame.denominator[row]
    else:
        frame.value[row] = np.nan
    return True
