"""How the cells of one table add up along the units, worked out from the schools in every unit.

A unit is the sum of the finest cells that fill it: cells of municipality × type, else of schools (a school
without a cell is within the difference the package states). The whole is the sum of every division of it
whose units are tied themselves, with what that division leaves out. Where nothing is finer one division
counts.
"""

from collections.abc import Mapping, Sequence

from zorgdata.disclosure.outsider.said import Key, Said

Sum = tuple[int, tuple[int, ...], tuple[str, str]]
"""Total, parts, and the levels of both."""

_GROUPS = ("municipality_type", "school_municipality", "school_type", "board", "swv")
_ALONE = ("school_type", "school_municipality", "swv", "board")
_DIVISIONS = ("school_municipality", "school_type", "board", "swv")
_BY_PAYER = ("responsible_municipality", "youth_region")
_FINE = ("municipality_type", "school")


def sums(cells: Mapping[Key, int], said: Said) -> tuple[list[Sum], list[int]]:
    """Every sum of a table's cells (what its totals and parts differ by is not in it), and the cells that no
    sum ties to the others."""
    levels: dict[str, dict[str, int]] = {}
    for (level, unit), cell in sorted(cells.items()):
        levels.setdefault(level, {})[unit] = cell
    fine = {level: _placed(levels.get(level, {}), level, said) for level in _FINE}
    only = (
        next((level for level in _ALONE if level in levels), "") if not any(levels.keys() & {*_FINE}) else ""
    )
    found: list[Sum] = []
    untied: set[str] = set()
    loose: list[int] = []
    for level in _GROUPS:
        below = ("school",) if level == "municipality_type" else _FINE
        for unit, cell in levels.get(level, {}).items():
            parts, of = _filling(fine, below, said.of(level, unit))
            if parts:
                found.append((cell, parts, (level, of)))
            elif level not in ("municipality_type", only):
                untied.add(level)
                loose.append(cell)
    for top in ("region", "country"):
        for cell in levels.get(top, {}).values():
            found += [
                (cell, parts, (top, of)) for parts, of in _divisions(levels, fine, untied=untied, said=said)
            ]
    return found, loose


def _divisions(
    levels: Mapping[str, Mapping[str, int]],
    fine: Mapping[str, Sequence[tuple[int, frozenset[str]]]],
    *,
    untied: set[str],
    said: Said,
) -> list[tuple[tuple[int, ...], str]]:
    """The parts that make up the whole, by every level that divides it."""
    found: list[tuple[tuple[int, ...], str]] = []
    tied = False
    for level in (*_DIVISIONS, *_BY_PAYER):
        units = levels.get(level, {})
        if not units or level in untied:
            continue
        left: tuple[int, ...] = ()
        if level not in _BY_PAYER:
            members = [said.of(level, unit) for unit in units]
            if not all(members):
                continue
            left, _ = _filling(fine, _FINE, said.schools.difference(*members))
            tied = True
        found.append(((*units.values(), *left), level))
    if not tied and levels.get("school"):
        found.append((tuple(levels["school"].values()), "school"))
    return found


def _placed(units: Mapping[str, int], level: str, said: Said) -> list[tuple[int, frozenset[str]]]:
    placed = [(cell, said.of(level, unit)) for unit, cell in units.items()]
    return [(cell, schools) for cell, schools in placed if schools]


def _filling(
    fine: Mapping[str, Sequence[tuple[int, frozenset[str]]]], below: Sequence[str], whole: frozenset[str]
) -> tuple[tuple[int, ...], str]:
    """The finest cells that fill ``whole``, and their level; else the schools of it that have a cell."""
    for level in below:
        inside = [(cell, schools) for cell, schools in fine[level] if schools <= whole]
        if frozenset().union(*(schools for _, schools in inside)) == whole:
            return tuple(cell for cell, _ in inside), level
    return tuple(cell for cell, schools in fine["school"] if schools <= whole), "school"
