"""A period keeps the classification it was first published in, whatever the school list says now.

A merged municipality published over an old period beside the old ones would give the difference away. So the
figures of a unit whose schools changed since are made again from its old schools; where that cannot be done,
and for units that did not exist then, nothing is published for that period.
"""

from collections.abc import Mapping

import numpy as np

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.ledger import Ledger
from zorgdata.disclosure.units import OTHER_PARTITIONS, WHOLE, Units, school_year

_ADDED = (Kind.POPULATION, Kind.COUNT, Kind.HOURS, Kind.COST)
_DIVIDED = (Kind.SHARE, Kind.MEAN)


def reclassify(frame: Frame, declared: Mapping[str, Declaration], now: Units, past: Ledger) -> list[int]:
    """Remakes in place what another classification changed; gives the rows that may not be published."""
    refused: list[int] = []
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
                if old == new or frame.status[row] == NOT_DELIVERED:
                    continue
                parts = [schools[s] for s in sorted(old) if s in schools]
                if not old or len(parts) < len(old) or not _remake(frame, declared[metric], row, parts):
                    refused.append(row)
    return refused


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
