"""A plain complementary step: no shown parent has exactly one hidden child.

This is what common practice does. It is kept as the yardstick of ``bench_disclosure``: it leaves
intervals too narrow, which the proof of ``suppress`` does not.
"""

from collections.abc import Mapping

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.primary import HIDDEN
from zorgdata.disclosure.rules import Codes, Reason
from zorgdata.disclosure.units import Units

_CHAIN = (
    ("municipality_type", "school"),
    ("school_municipality", "municipality_type"),
    ("school_municipality", "school"),
    ("school_type", "municipality_type"),
    ("school_type", "school"),
    ("board", "school"),
    ("swv", "school"),
    ("region", "school_municipality"),
    ("region", "school_type"),
    ("region", "board"),
    ("region", "swv"),
    ("region", "school"),
)
_LAYERED = (Kind.COUNT, Kind.SHARE, Kind.HOURS, Kind.COST, Kind.MEAN, Kind.RATE)


def complementary(frame: Frame, declared: Mapping[str, Declaration], units: Units, reason: Codes) -> None:
    """Marks secondary suppressions in ``reason`` until no shown parent has exactly one hidden child.

    The smallest shown sibling is hidden with it; where there is none, the parent.
    """
    for (metric, *_), levels in sorted(frame.index.items()):
        if declared[metric].kind not in _LAYERED:
            continue
        changed = True
        while changed:
            changed = False
            for up, down in _CHAIN:
                changed |= _one(frame, levels, units, reason, up=up, down=down)


def _one(
    frame: Frame,
    levels: Mapping[str, Mapping[str, int]],
    units: Units,
    reason: Codes,
    *,
    up: str,
    down: str,
) -> bool:
    parents, children = levels.get(up, {}), levels.get(down, {})
    parts = {unit: units.parts(down, unit) for unit in children}
    changed = False
    for unit, parent in sorted(parents.items()):
        if reason[parent] in HIDDEN or frame.status[parent] == NOT_DELIVERED:
            continue
        whole = units.parts(up, unit)
        mine = [row for child, row in children.items() if parts[child] and parts[child] <= whole]
        hidden = [row for row in mine if reason[row] in HIDDEN]
        if len(hidden) != 1:
            continue
        shown = [row for row in mine if reason[row] not in HIDDEN]
        victim = min(shown, key=lambda row: (frame.value[row], frame.unit[row])) if shown else parent
        reason[victim] = Reason.SECONDARY
        changed = True
    return changed
