"""One release as integers: cells, what is known beforehand, what a publication tells, and how they add up.

Every relation is an equation ``A y = b`` with small integer coefficients. An inequality has a slack cell that
is never published. ``b`` follows from the true figures and is taken to be known to an attacker (children
counted at two schools, for instance): whoever knows less, learns less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
CellName = tuple[str, str, str]
"""Table, level and unit of a cell; messages name it."""

FREE, SHOWN, HIDDEN = 0, 1, 2


@dataclass
class System:
    """Cells and relations of one connected part of a release.

    ``x`` true values; ``lower``/``upper`` what anybody knows beforehand; ``shown_lower``/``shown_upper`` what
    the published figure tells when the cell is shown; ``need_lower``/``need_upper`` how far down and up the
    cell must remain possible (equal to ``x`` where nothing is asked); ``weight`` how dear hiding it is;
    ``cluster`` the place a cell belongs to (−1: shared by places), a hint where to look for moves; ``row``,
    ``col``, ``coef``, ``rhs`` the relations.
    """

    names: list[CellName]
    x: Ints
    lower: Ints
    upper: Ints
    shown_lower: Ints
    shown_upper: Ints
    need_lower: Ints
    need_upper: Ints
    state: NDArray[np.uint8]
    weight: NDArray[np.float64]
    cluster: Ints
    row: Ints
    col: Ints
    coef: Ints
    rhs: Ints

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.x)

    def bounds(self) -> tuple[Ints, Ints]:
        """What an attacker knows of every cell by itself, given who is shown and who is hidden."""
        shown = self.state == SHOWN
        return (
            np.where(shown, self.shown_lower, self.lower),
            np.where(shown, self.shown_upper, self.upper),
        )

    def sensitive(self) -> Ints:
        """The cells that need certificates."""
        asked = (self.need_lower < self.x) | (self.need_upper > self.x)
        return np.flatnonzero(asked)

    def take(self, cells: Ints, rows: Ints) -> "System":
        """The part with these cells and relations, in this order; other cells' terms must not occur."""
        new_col = np.full(self.size, -1, np.int64)
        new_col[cells] = np.arange(len(cells))
        new_row = np.full(len(self.rhs), -1, np.int64)
        new_row[rows] = np.arange(len(rows))
        keep = (new_col[self.col] >= 0) & (new_row[self.row] >= 0)
        columns = {name: getattr(self, name)[cells] for name in _PER_CELL}
        return System(
            names=[self.names[c] for c in cells],
            row=new_row[self.row[keep]],
            col=new_col[self.col[keep]],
            coef=self.coef[keep],
            rhs=self.rhs[rows],
            **columns,
        )


_PER_CELL = (
    "x",
    "lower",
    "upper",
    "shown_lower",
    "shown_upper",
    "need_lower",
    "need_upper",
    "state",
    "weight",
    "cluster",
)


@dataclass
class Certificates:
    """Integer tables that agree with everything published, as differences from the truth.

    ``tables[k]`` holds (cells, differences); ``low[cell]`` and ``high[cell]`` name the table in which the
    cell is at its low, high end.
    """

    tables: list[tuple[Ints, Ints]] = field(default_factory=list)
    low: dict[int, int] = field(default_factory=dict)
    high: dict[int, int] = field(default_factory=dict)

    def compact(self) -> "Certificates":
        """The same without tables nobody refers to."""
        used = sorted({*self.low.values(), *self.high.values()})
        new = {old: k for k, old in enumerate(used)}
        return Certificates(
            [self.tables[k] for k in used],
            {c: new[k] for c, k in sorted(self.low.items())},
            {c: new[k] for c, k in sorted(self.high.items())},
        )


_MIX = np.uint64(0x9E3779B97F4A7C15)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A fixed 64-bit scrambler (splitmix64), the same on every machine."""
    z = values + _MIX
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def canonical(system: System, rounds: int = 4) -> tuple[Ints, Ints]:
    """An order of cells and relations that does not depend on names or on the order of input.

    Colour refinement: a cell's colour is its own figures, then those of the relations it is in, and so on.
    Only cells that nothing tells apart are ordered by name.
    """
    with np.errstate(over="ignore"):
        colour = np.zeros(system.size, np.uint64)
        for name in _PER_CELL[:-2]:
            colour = _mix(colour ^ getattr(system, name).astype(np.int64).view(np.uint64))
        levels = sorted({name[1] for name in system.names})
        number = {level: k + 1 for k, level in enumerate(levels)}
        colour = _mix(colour ^ np.array([number[name[1]] for name in system.names], np.uint64))
        weight = system.coef.view(np.uint64)
        rows = np.zeros(len(system.rhs), np.uint64)
        for _ in range(rounds):
            rows = system.rhs.astype(np.int64).view(np.uint64).copy()
            np.add.at(rows, system.row, _mix(colour[system.col] ^ _mix(weight)))
            rows = _mix(rows)
            gathered = np.zeros(system.size, np.uint64)
            np.add.at(gathered, system.col, _mix(rows[system.row] ^ _mix(weight)))
            colour = _mix(colour ^ gathered)
    by_name = sorted(range(system.size), key=lambda c: (int(colour[c]), system.names[c]))
    place = np.empty(system.size, np.int64)
    place[by_name] = np.arange(system.size)
    first = np.full(len(system.rhs), system.size, np.int64)
    np.minimum.at(first, system.row, place[system.col])
    by_row = sorted(range(len(system.rhs)), key=lambda r: (int(rows[r]), int(first[r])))
    return np.asarray(by_name, np.int64), np.asarray(by_row, np.int64)


def components(system: System) -> list[tuple[Ints, Ints]]:
    """Connected parts as (cells, relations); a cell in no relation is a part of its own."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, m = system.size, len(system.rhs)
    graph = coo_array((np.ones(len(system.col)), (system.col, n + system.row)), shape=(n + m, n + m))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return [(part[part < n], part[part >= n] - n) for part in np.split(order, cuts)]


def build(
    names: Sequence[CellName],
    columns: Mapping[str, NDArray[Any]],
    relations: Sequence[tuple[Sequence[int], Sequence[int]]],
) -> System:
    """A system from columns per cell and relations (cells, coefficients); ``b`` is taken from the truth."""
    row = np.repeat(np.arange(len(relations)), [len(cells) for cells, _ in relations]).astype(np.int64)
    col = np.asarray([c for cells, _ in relations for c in cells], np.int64)
    coef = np.asarray([k for _, ks in relations for k in ks], np.int64)
    rhs = np.zeros(len(relations), np.int64)
    np.add.at(rhs, row, coef * columns["x"][col])
    typed: dict[str, Any] = {name: columns[name].astype(np.int64) for name in _PER_CELL}
    typed["state"] = columns["state"].astype(np.uint8)
    typed["weight"] = columns["weight"].astype(np.float64)
    return System(names=list(names), row=row, col=col, coef=coef, rhs=rhs, **typed)
