"""Linear programmes over differences from the truth, kept in one HiGHS model.

A cell has a column for moving up and one for moving down within what is published or known; a shown cell has
two more, beyond its published interval: what a move costs when it would have to be hidden. Movement itself
has a small price, so that solutions stay near the truth. Deterministic: one thread, a fixed seed, no clock.

The programmes of a single target start from standing still, which is nearly a solution already: from where
the target before it ended they took half as long again, and the outcome hung on the order of targets.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from zorgdata.disclosure.system import HIDDEN, SHOWN, Ints, System

Floats = NDArray[np.float64]
_TOLERANCE = 1e-6
_NODES = 500
_STEP = 1e-3
"""Price of moving a cell by one, against 1 for bringing a target home."""
_OPTIONS: Mapping[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 1,
    "presolve": "off",
    # Every coefficient is 1 or -1.
    "simplex_scale_strategy": 0,
}
_DITHERS = 3
"""How often fractional moves are sought again at other small prices before branch and bound."""


@dataclass(frozen=True)
class Target:
    """A cell that must move by at least ``distance`` up (``sign`` 1) or down (−1)."""

    cell: int
    sign: int
    distance: int


class Movers:
    """Moves within a system, or within ``cells`` of it while all others stay at the truth."""

    def __init__(self, system: System, cells: Ints | None = None) -> None:
        self.system = system
        self.cells = np.arange(system.size) if cells is None else cells
        self.local = np.full(system.size, -1, np.int64)
        self.local[self.cells] = np.arange(len(self.cells))
        self.count = len(self.cells)
        self.payable = np.flatnonzero(system.state[self.cells] == SHOWN)
        self._model()

    def _model(self) -> None:
        s, n, k = self.system, self.count, len(self.payable)
        inside = self.local[s.col] >= 0
        rows, row = np.unique(s.row[inside], return_inverse=True)
        col, coef = self.local[s.col[inside]], s.coef[inside].astype(np.float64)
        paid = np.full(n, -1, np.int64)
        paid[self.payable] = np.arange(k)
        again = paid[col] >= 0
        p = 2 * n + paid[col[again]]
        col = np.concatenate([col, col + n, p, p + k])
        row = np.concatenate([row, row, row[again], row[again]])
        coef = np.concatenate([coef, -coef, coef[again], -coef[again]])
        order = np.lexsort((row, col))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * (n + k), len(rows)
        self.room = np.zeros(2 * n)
        self._limits(np.arange(n))
        self.step = np.full(2 * n, _STEP)
        lp.col_cost_ = np.concatenate([self.step, np.zeros(2 * k)])
        lp.col_lower_ = np.zeros(2 * (n + k))
        lp.col_upper_ = np.concatenate([self.room, np.zeros(2 * k)])
        lp.row_lower_ = lp.row_upper_ = np.zeros(len(rows))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate(
            [[0], np.cumsum(np.bincount(col, minlength=lp.num_col_))]
        ).astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = row[order].astype(np.int32), coef[order]
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, option in _OPTIONS.items():
            self.highs.setOptionValue(name, option)
        self.highs.setOptionValue("mip_max_nodes", _NODES)
        self.highs.setOptionValue("mip_max_improving_sols", 1)
        self.highs.passModel(lp)

    def _limits(self, at: Ints) -> None:
        """``room`` of these columns: how far each cell may go up, then how far down."""
        s, cells = self.system, self.cells[at]
        shown = s.state[cells] == SHOWN
        high = np.where(shown, s.shown_upper[cells], s.upper[cells])
        low = np.where(shown, s.shown_lower[cells], s.lower[cells])
        self.room[at] = np.maximum(high - s.x[cells], 0)
        self.room[at + self.count] = np.maximum(s.x[cells] - low, 0)

    def refresh(self, cells: Ints) -> None:
        """Takes over that these cells were hidden, or shown again."""
        at = self.local[cells]
        at = at[at >= 0]
        if not len(at):
            return
        self._limits(at)
        both = np.concatenate([at, at + self.count])
        self._bounds(both, np.zeros(len(both)), self.room[both])

    def _bounds(self, columns: Ints, low: Floats, high: Floats) -> None:
        if len(columns):
            self.highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def _costs(self, columns: Ints, costs: Floats) -> None:
        if len(columns):
            self.highs.changeColsCost(len(columns), columns.astype(np.int32), costs)

    def _solve(self) -> Floats | None:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self.highs.getSolution().col_value, np.float64)

    def _moves(self, found: Floats) -> Floats:
        return found[: self.count] - found[self.count : 2 * self.count]

    def together(self, targets: Sequence[Target], weights: Floats) -> Floats | None:
        """Moves (maybe fractional) that bring many targets as far as they go at once, hiding nothing more."""
        cell = np.asarray([t.cell for t in targets], np.int64)
        sign = np.asarray([t.sign for t in targets], np.int64)
        distance = np.asarray([t.distance for t in targets], np.float64)
        columns = self.local[cell] + np.where(sign < 0, self.count, 0)
        against = self.local[cell] + np.where(sign < 0, 0, self.count)
        self._bounds(against, np.zeros(len(against)), np.zeros(len(against)))
        # Beyond its distance a target earns nothing, so it may not go there for nothing either.
        self._bounds(columns, np.zeros(len(columns)), np.minimum(self.room[columns], distance))
        self._costs(columns, -weights / np.maximum(distance, 1))
        found = self._solve()
        self._costs(columns, self.step[columns])
        for both in (columns, against):
            self._bounds(both, np.zeros(len(both)), self.room[both])
        return None if found is None else self._moves(found)

    def alone(self, target: Target) -> Iterator[Floats]:
        """The nearest moves (maybe fractional) that serve one target hiding nothing more, if there are any.

        Then again at other small prices: where several moves are equally near, one of them may be whole.
        """
        column = self._reach(target)
        if column is None:
            return
        columns = np.arange(2 * self.count)
        noise = np.random.default_rng(self.count)
        try:
            for attempt in range(1 + _DITHERS):
                if attempt:
                    self._costs(columns, self.step * noise.uniform(0.5, 1.5, len(columns)))
                found = self._solve()
                if found is None:
                    return
                yield self._moves(found)
        finally:
            if attempt:
                self._costs(columns, self.step)
            self._bounds(column, np.zeros(2), self.room[column])

    def whole(self, target: Target) -> Ints | None:
        """As :meth:`alone` in whole numbers, by branch and bound; None when not found within the limit."""
        column = self._reach(target)
        if column is None:
            return None
        columns = np.arange(2 * self.count).astype(np.int32)
        self.highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), _INTEGER))
        self.highs.run()
        solution = self.highs.getSolution()
        found = np.asarray(solution.col_value, np.float64) if solution.value_valid else None
        self.highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), _REAL))
        self._bounds(column, np.zeros(2), self.room[column])
        if found is None or not is_whole(self._moves(found)):
            return None
        return as_whole(self._moves(found))

    def _reach(self, target: Target) -> Ints | None:
        forth = self.local[target.cell] + np.asarray([0, self.count], np.int64)
        at: Ints = forth[:: target.sign]
        if self.room[at[0]] < target.distance:
            return None
        self.highs.clearSolver()
        # The way it must go, and closed the other way: up and down at once would be standing still.
        self._bounds(at, np.asarray([float(target.distance), 0.0]), np.asarray([self.room[at[0]], 0.0]))
        return at

    def price(self, target: Target, weight: Floats) -> tuple[Ints, Floats] | None:
        """The shown cells that a cheapest move of the target needs hidden, and the move (maybe fractional).

        No cells when nothing more needs hiding; None when nothing would do. ``weight`` prices a unit of
        movement beyond the published interval, per cell of the system.
        """
        column = self._reach(target)
        if column is None:
            return None
        s, cells, k = self.system, self.cells[self.payable], len(self.payable)
        still = (s.state[cells] != HIDDEN) & (cells != target.cell)
        up = np.where(still, s.upper[cells] - s.shown_upper[cells], 0)
        down = np.where(still, s.shown_lower[cells] - s.lower[cells], 0)
        paid = np.arange(2 * self.count, 2 * (self.count + k))
        zeros = np.zeros(len(paid))
        self._bounds(paid, zeros, np.maximum(np.concatenate([up, down]), 0).astype(np.float64))
        self._costs(paid, np.tile(weight[cells], 2))
        found = self._solve()
        self._bounds(paid, zeros, zeros)
        self._costs(paid, zeros)
        self._bounds(column, np.zeros(2), self.room[column])
        if found is None:
            return None
        both = found[2 * self.count :].reshape(2, k)
        moves = self._moves(found)
        moves[self.payable] += both[0] - both[1]
        chosen: Ints = cells[both.sum(axis=0) > _TOLERANCE]
        return chosen, moves


_INTEGER = highspy.HighsVarType.kInteger
_REAL = highspy.HighsVarType.kContinuous


def as_whole(moves: Floats) -> Ints:
    """Moves that are whole up to the tolerance, as integers."""
    return np.asarray(np.rint(moves), np.int64)


def is_whole(moves: Floats) -> bool:
    """Whether every move is a whole number, up to the solver's tolerance."""
    return bool(np.abs(moves - np.rint(moves)).max(initial=0.0) < _TOLERANCE)
