"""Where to look for moves: near the cell first, then further; and from fractions to whole numbers.

The fields of a cell: its place (a municipality and every total above it), its table (one item in all places),
both together, and the whole system. What is possible in a field, all else at its true value, is possible.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from zorgdata.disclosure.movers import Floats, Movers, Target, as_whole, is_whole
from zorgdata.disclosure.system import FREE, SHOWN, Ints, System

_KEPT = 64
"""Fields kept warm at once: enough for a region, little memory for a country."""
_WHOLE = 1500
"""Up to so many cells a single target is also sought in the whole system."""
_SMALL = 400
"""Up to so many cells there is no use in smaller fields."""


class Search:
    """Movers of a system's neighbourhoods, made when needed."""

    def __init__(self, system: System) -> None:
        self.system = system
        shape = (len(system.rhs), system.size)
        self.by_row = csr_array((system.coef, (system.row, system.col)), shape=shape)
        self.by_col = csr_array(self.by_row.T)
        self.unequal = np.zeros(len(system.rhs), bool)
        self.unequal[system.row[system.state[system.col] == FREE]] = True
        tables = {name: k for k, name in enumerate(sorted({n[0] for n in system.names}))}
        self.table_of = np.asarray([tables[n[0]] for n in system.names], np.int64)
        self.whole = system.size <= _WHOLE
        self.small = system.size <= _SMALL
        self._kept: dict[tuple[int, int], Movers] = {}

    def field(self, place: int = -1, table: int = -1) -> Movers:
        """The cells of a place and of a table with every total above them; neither: the whole system."""
        key = (place, table)
        found = self._kept.pop(key, None)
        if found is None:
            mine = np.zeros(self.system.size, bool)
            if place >= 0:
                mine |= self.system.cluster == place
            if table >= 0:
                mine |= self.table_of == table
            whole = place < 0 and table < 0
            cells = np.arange(self.system.size) if whole else self._around(np.flatnonzero(mine))
            found = Movers(self.system, cells)
            if len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
        self._kept[key] = found
        return found

    def _around(self, cells: Ints) -> Ints:
        """These cells, every total they add up to, and the slack of the inequalities they are in."""
        inside = np.zeros(self.system.size, bool)
        inside[cells] = True
        new = cells
        while len(new):
            rows = np.unique(self._entries(self.by_col, new)[0])
            touched, coefficient = self._entries(self.by_row, rows[~self.unequal[rows]])
            above = np.unique(touched[coefficient > 0])
            new = above[~inside[above]]
            inside[new] = True
        rows = np.unique(self._entries(self.by_col, np.flatnonzero(inside))[0])
        touched = self._entries(self.by_row, rows)[0]
        inside[touched[self.system.state[touched] == FREE]] = True
        return np.flatnonzero(inside)

    def _relatives(self, cells: Ints) -> Ints:
        """Every cell that shares a relation with one of these."""
        rows = np.unique(self._entries(self.by_col, cells)[0])
        return np.unique(self._entries(self.by_row, rows)[0]).astype(np.int64)

    @staticmethod
    def _entries(matrix: "csr_array[np.int64, tuple[int, int]]", lines: Ints) -> tuple[Ints, Ints]:
        """Indices and values of these lines of a compressed matrix, joined."""
        # As ``matrix[lines]``, without making a matrix of it: it is asked thousands of times.
        first = matrix.indptr[lines].astype(np.int64)
        many = matrix.indptr[lines + 1] - first
        at = np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())
        return matrix.indices[at].astype(np.int64), matrix.data[at]

    def refresh(self, cells: Ints) -> None:
        """Tells every neighbourhood that these cells were hidden or shown again."""
        for movers in self._kept.values():
            movers.refresh(cells)

    def _fields(self, target: Target) -> Iterator[Movers]:
        """Where to look for a target's moves, near ones first."""
        if self.small:
            yield self.field()
            return
        place, table = int(self.system.cluster[target.cell]), int(self.table_of[target.cell])
        if place >= 0:
            yield self.field(place)
        yield self.field(table=table)
        if place >= 0:
            yield self.field(place, table)

    def _last(self, wide: bool) -> Iterator[Movers]:
        if not self.small and (self.whole or wide):
            yield self.field()

    def together(self, movers: Movers, targets: Sequence[Target], weights: Floats) -> Ints | None:
        """Whole moves of ``movers.cells`` that serve many of these targets."""
        moves = movers.together(targets, weights)
        return None if moves is None else self._rounded(movers, moves)

    def _rounded(self, movers: Movers, moves: Floats) -> Ints:
        """Whole moves from fractional ones: connected groups with a move that is not whole stay put."""
        if is_whole(moves):
            return as_whole(moves)
        s, n = self.system, self.system.size
        spread = np.zeros(n)
        spread[movers.cells] = moves
        terms = np.abs(spread[s.col]) > 1e-9
        ends = (s.col[terms], n + s.row[terms])
        graph = coo_array((np.ones(len(ends[0])), ends), shape=(n + len(s.rhs),) * 2)
        _, label = connected_components(graph, directed=False)
        label = label[movers.cells]
        broken = np.unique(label[np.abs(moves - np.rint(moves)) > 1e-6])
        return np.where(np.isin(label, broken), 0, np.rint(moves)).astype(np.int64)

    def near(self, target: Target) -> tuple[Ints, Ints] | None:
        """(cells, whole moves) in a field smaller than the widest, by one programme each; None when none."""
        *smaller, _ = self._fields(target)
        return self._first(smaller, target)

    def far(self, target: Target) -> tuple[Ints, Ints] | None:
        """(cells, whole moves) in the widest of a target's fields and beyond; None when none are found."""
        *_, widest = self._fields(target)
        return self._first((widest, *self._last(wide=False)), target)

    def beyond(self, target: Target) -> tuple[Ints, Ints] | None:
        """(cells, whole moves) in the whole system where it is not too large; None when none are found."""
        return self._first(self._last(wide=False), target)

    @staticmethod
    def _first(fields: Iterable[Movers], target: Target) -> tuple[Ints, Ints] | None:
        for movers in fields:
            for moves in movers.alone(target):
                if is_whole(moves):
                    return movers.cells, as_whole(moves)
        return None

    def table(self, target: Target, *, wide: bool = False) -> tuple[Ints, Ints] | None:
        """(cells, whole moves) that serve a target and hide nothing more; None when none are found."""
        for movers in (*self._fields(target), *self._last(wide)):
            fraction: Floats | None = None
            for moves in movers.alone(target):
                if is_whole(moves):
                    return movers.cells, as_whole(moves)
                fraction = moves
            if fraction is None:
                continue
            # Whole numbers are sought among the cells that move and their relatives.
            cells = movers.cells[np.abs(fraction) > 1e-9]
            for _ in range(2):
                cells = self._relatives(cells)
                whole = Movers(self.system, cells).whole(target)
                if whole is not None:
                    return cells, whole
        return None

    def price(self, target: Target, *, wide: bool = False) -> tuple[Ints, tuple[Ints, Ints] | None] | None:
        """The cheapest shown cells to hide for a target, and (cells, whole moves) that then serve it.

        None when nothing would do; no moves when they are not whole.
        """
        *_, widest = self._fields(target)
        movers = self.field() if wide else widest
        found = movers.price(target, self.system.weight)
        if found is None:
            return None
        paid, moves = found
        return paid, (movers.cells, as_whole(moves)) if is_whole(moves) else None

    def relative(self, cell: int) -> Ints:
        """The cheapest shown cell that shares a relation with this one; none when all are hidden."""
        near = self._relatives(np.asarray([cell]))
        near = near[self.system.state[near] == SHOWN]
        return np.asarray(near[np.argsort(self.system.weight[near], kind="stable")][:1])
