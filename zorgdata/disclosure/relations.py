"""How the cells of a period add up: hierarchies, overlaps, items within totals, a date within its year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zorgdata.disclosure.units import OTHER_PARTITIONS, WHOLE, Units

Key = tuple[str, str]
"""Level and unit of a cell within a layer."""

RelationKind = tuple[str, str]

ADDITIVE = frozenset(
    ("sex", "age_group", "school_type", "stage", "weight_class", "home_municipality", "school_municipality")
)
"""Dimensions in which a child has one value; in others (product categories, forms) it may have several."""


SUM_OF = {
    f"{rate}_{gap}": (f"starts_replacement_{gap}", f"starts_addition_{gap}")
    for rate in ("switches_per_careyear", "switches_per_1000_care_days")
    for gap in ("g0", "g28")
}
"""Figures whose numerator is the sum of those of others."""

PART_OF = {
    "concurrent_providers_ge3": "concurrent_providers_ge2",
    "share_days_ge3": "share_days_ge2",
    "multi_provision_share_ge3": "multi_provision_share",
    "renewal_share_same_g0": "renewal_share_any_g0",
    "renewal_share_same_g28": "renewal_share_any_g28",
    "short_indication_share": "short_indication_share_366",
    "home_sitters_gt3m": "home_sitters",
}
"""Figures whose numerator counts some of what another counts."""


WHOLE_OF = {
    item: whole
    for basis in ("assigned", "declared")
    for cost, paid in [(f"care_cost_{basis}", f"cost_by_municipality_{basis}")]
    for item, whole in (
        ((cost, "funder", "jeugdwet"), (cost, "", "")),
        ((cost, "provision_kind", "individueel"), (cost, "", "")),
        ((paid, "provision_kind", "individueel"), (cost, "", "")),
        ((paid, "provision_kind", "collectief"), (cost, "provision_kind", "collectief")),
    )
}
"""Items of a breakdown that are the same sum as another figure, with that figure, its dimension and item."""

BESIDE = frozenset(
    (f"care_cost_{basis}", dimension)
    for basis in ("assigned", "declared")
    for dimension in ("funder", "provision_kind")
)
"""Breakdowns of which other items stand beside the total (other payers, collective supply): no part of it."""


@dataclass
class Relations:
    """Equations over cell numbers; slack cells are numbered from ``first_slack`` on and never published.

    ``kinds`` names every equation: (level of the total, level of its parts), (``items``, dimension) or empty.
    """

    first_slack: int
    equations: list[tuple[list[int], list[int]]] = field(default_factory=list)
    slack: list[int] = field(default_factory=list)
    kinds: list[RelationKind] = field(default_factory=list)

    def sum_of(self, total: int, parts: Sequence[int], kind: RelationKind = ("", "")) -> None:
        """total − Σ parts is what it truly is, and everybody knows it."""
        self._add([total, *parts], [1, *[-1] * len(parts)], kind)

    def at_least(self, cells: Sequence[int], coefficients: Sequence[int], truth: int) -> None:
        """Σ coefficient × cell ≥ 0, where it truly is ``truth`` ≥ 0."""
        if self._add([*cells, self.first_slack + len(self.slack)], [*coefficients, -1], ("", "")):
            self.slack.append(truth)

    def _add(self, cells: Sequence[int], coefficients: Sequence[int], kind: RelationKind) -> bool:
        """Adds an equation, each cell in it once: equal tables are one cell, which may stand in it twice."""
        terms: dict[int, int] = {}
        for cell, coefficient in zip(cells, coefficients, strict=True):
            terms[cell] = terms.get(cell, 0) + coefficient
        kept = [(cell, k) for cell, k in terms.items() if k and cell < self.first_slack]
        if not kept:
            return False
        kept += [(cell, k) for cell, k in terms.items() if cell >= self.first_slack]
        self.equations.append(([cell for cell, _ in kept], [k for _, k in kept]))
        self.kinds.append(kind)
        return True


_DIVISIONS = ("school_type", "school_municipality", "swv", "board")
"""Which division is kept where nothing tells how divisions overlap."""


@dataclass(frozen=True)
class Plan:
    """How the cells of certain units add up: equations and loose cells as positions in ``keys``."""

    keys: tuple[Key, ...]
    equations: list[tuple[tuple[list[int], list[int]], RelationKind]]
    loose: list[int]

    def apply(self, cells: Mapping[Key, int], relations: Relations) -> list[int]:
        """Adds the equations of a layer with these units; gives its loose cells."""
        at = [cells[key] for key in self.keys]
        for (mine, coefficients), kind in self.equations:
            relations.equations.append(([at[k] for k in mine], coefficients))
            relations.kinds.append(kind)
        return [at[k] for k in self.loose]


def planned(keys: Sequence[Key], units: Units) -> Plan:
    """The :class:`Plan` of these units, sorted."""
    found = Relations(len(keys))
    loose = hierarchy({key: k for k, key in enumerate(keys)}, units, found)
    return Plan(tuple(keys), list(zip(found.equations, found.kinds, strict=True)), loose)


def hierarchy(cells: Mapping[Key, int], units: Units, relations: Relations) -> list[int]:
    """Adds every parent = Σ children of one layer; gives the cells that could not be tied to the others.

    A parent is tied to the finest complete division there is: municipality × type cells where they fill it,
    else schools. A child without a cell is taken as known. The whole is tied to every division of it. A
    layer without any finer cells keeps one division: types of school, else municipalities, else partnerships.
    """
    by_level: dict[str, list[str]] = {}
    for level, unit in sorted(cells):
        by_level.setdefault(level, []).append(unit)
    has_schools = "school" in by_level
    parts = {
        "school": [(cells["school", u], frozenset((u,))) for u in by_level.get("school", ())],
        "municipality_type": [
            (cells["municipality_type", u], units.parts("municipality_type", u))
            for u in by_level.get("municipality_type", ())
        ],
    }
    loose: list[int] = []
    # Without finer cells two divisions would overlap in ways no sum tells: one of them is kept.
    has_finer = has_schools or "municipality_type" in by_level
    alone = "" if has_finer else next((level for level in _DIVISIONS if level in by_level), "")
    for level in ("municipality_type", "school_municipality", "school_type", "board", "swv"):
        finer = ["school"] if level == "municipality_type" else ["municipality_type", "school"]
        for unit in by_level.get(level, ()):
            whole = units.parts(level, unit)
            cell = cells[level, unit]
            children, of = _division([(f, parts[f]) for f in finer], whole)
            if children is None and has_schools:
                children, of = [c for c, schools in parts["school"] if schools <= whole], "school"
            if children:
                relations.sum_of(cell, children, (level, of))
            elif level not in ("municipality_type", alone):
                loose.append(cell)
    loose_set = set(loose)
    tops = [(level, cells[level, unit]) for level in WHOLE for unit in by_level.get(level, ())]
    for top_level, top in tops:
        tied = False
        for level in ("school_municipality", "school_type", "board", "swv", *OTHER_PARTITIONS):
            children = [cells[level, unit] for unit in by_level.get(level, ())]
            if not children or loose_set.intersection(children):
                continue
            rest = _rest(level, by_level[level], units)
            if rest is None:
                continue
            # Schools that no unit of this level holds are parts of the whole too.
            left, _ = _division([(f, parts[f]) for f in ("municipality_type", "school")], rest)
            if left is None:
                left = [c for c, schools in parts["school"] if schools <= rest]
            relations.sum_of(top, [*children, *left], (top_level, level))
            tied |= level not in OTHER_PARTITIONS
        if not tied and has_schools:
            children = [cells["school", unit] for unit in by_level["school"]]
            relations.sum_of(top, children, (top_level, "school"))
    return loose


Cells = Sequence[tuple[int, frozenset[str]]]


def _division(levels: Iterable[tuple[str, Cells]], whole: frozenset[str]) -> tuple[list[int] | None, str]:
    """The cells of the first level that fill ``whole`` exactly, and that level; None when none does."""
    for level, found in levels:
        inside = [(cell, schools) for cell, schools in found if schools and schools <= whole]
        filled = frozenset().union(*(schools for _, schools in inside))
        if filled == whole and (inside or not whole):
            return [cell for cell, _ in inside], level
    return None, ""


def _rest(level: str, found: Sequence[str], units: Units) -> frozenset[str] | None:
    """The schools that the units of a level leave out; None when the level does not go by school."""
    if level in OTHER_PARTITIONS:
        return frozenset()
    members = [units.parts(level, unit) for unit in found]
    return frozenset(units.schools).difference(*members) if all(members) else None


def items(
    total: Mapping[Key, int],
    parts: Mapping[str, Mapping[Key, int]],
    dimension: str,
    x: Sequence[int],
    relations: Relations,
    *,
    exact: bool = False,
) -> None:
    """Ties the items of a dimension to their total, unit by unit.

    ``exact``: hours and euros, of which each has one item whatever the dimension.

    Where a child has one value the items add up. Where it may have several each is at most the total and
    together they are at least the total, if every child has one. ``x``: the true figures.
    """
    for key, whole in sorted(total.items()):
        mine = [cells[key] for _, cells in sorted(parts.items()) if key in cells]
        if not mine:
            continue
        if exact or dimension in ADDITIVE:
            relations.sum_of(whole, mine, ("items", dimension))
            continue
        for part in mine:
            relations.at_least([whole, part], [1, -1], x[whole] - x[part])
        together = sum(x[p] for p in mine) - x[whole]
        if together >= 0:
            relations.at_least([*mine, whole], [*[1] * len(mine), -1], together)


def together(whole: Mapping[Key, int], parts: Sequence[Mapping[Key, int]], relations: Relations) -> None:
    """Where all are given, the whole is the sum of the parts (what they differ by is taken as known)."""
    for key, cell in sorted(whole.items()):
        mine = [part[key] for part in parts if key in part]
        if len(mine) == len(parts):
            relations.sum_of(cell, mine)


def within(
    parts: Mapping[Key, int], wholes: Mapping[Key, int], x: Sequence[int], relations: Relations
) -> None:
    """Each part is at most its whole: children in care on a date are among those of its school year."""
    for key, part in sorted(parts.items()):
        whole = wholes.get(key)
        if whole is not None and x[whole] >= x[part]:
            relations.at_least([whole, part], [1, -1], x[whole] - x[part])
