"""How far figures can be narrowed from everything published: linear programmes over one connected part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TOLERANCE = 1e-6


@dataclass
class Equations:
    """Σ coefficient × cell = 0, row by row; ``low`` and ``high`` bound the cells."""

    low: Floats
    high: Floats
    row: Ints
    col: Ints
    coef: Floats

    @property
    def rows(self) -> int:
        """Number of equations."""
        return int(self.row.max(initial=-1)) + 1


def parts(of: Equations) -> list[tuple[Ints, Ints]]:
    """Connected parts as (cells, positions of their terms); a cell in no equation is in none."""
    label = np.arange(len(of.low))
    first = np.full(of.rows, len(of.low), np.int64)
    while True:
        # Every equation takes the least label of its cells, every cell that of its equations, until it rests.
        np.minimum.at(first, of.row, label[of.col])
        after = label.copy()
        np.minimum.at(after, of.col, first[of.row])
        after = after[after]
        if (after == label).all():
            break
        label = after
    order = np.argsort(first[of.row], kind="stable")
    group = first[of.row][order]
    cuts = np.flatnonzero(np.diff(group)) + 1
    return [(np.unique(of.col[terms]), terms) for terms in np.split(order, cuts) if len(terms)]


class Programme:
    """The tables that agree with what is published, of one connected part; cells by their place in it."""

    def __init__(self, of: Equations, cells: Ints, terms: Ints) -> None:
        self.size = len(cells)
        rows, row = np.unique(of.row[terms], return_inverse=True)
        col = np.searchsorted(cells, of.col[terms])
        order = np.lexsort((row, col))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.size, len(rows)
        lp.col_cost_ = np.zeros(self.size)
        lp.col_lower_, lp.col_upper_ = of.low[cells], of.high[cells]
        lp.row_lower_ = lp.row_upper_ = np.zeros(len(rows))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        starts = np.concatenate([[0], np.cumsum(np.bincount(col, minlength=self.size))])
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = row[order].astype(np.int32)
        lp.a_matrix_.value_ = of.coef[terms][order]
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, option in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("presolve", "off")):
            self.highs.setOptionValue(name, option)
        self.highs.passModel(lp)
        # What any table found so far has of every cell: that far it can surely go.
        self.least = np.full(self.size, np.inf)
        self.most = np.full(self.size, -np.inf)

    def possible(self) -> bool:
        """Whether any table agrees with what is published."""
        return self._solve() is not None

    def low(self, cell: int, enough: float) -> float:
        """The least the cell can be; any lower value found is good when it is at most ``enough``."""
        return self.least[cell] if self.least[cell] <= enough else self._extreme(cell, 1.0)

    def high(self, cell: int, enough: float) -> float:
        """The greatest the cell can be; any value found is good when it is at least ``enough``."""
        return self.most[cell] if self.most[cell] >= enough else self._extreme(cell, -1.0)

    def bound(self, cell: int, low: float, high: float) -> None:
        """Takes in what else is known of a cell."""
        self.highs.changeColBounds(cell, low, high)

    def _extreme(self, cell: int, sign: float) -> float:
        self.highs.changeColCost(cell, sign)
        found = self._solve()
        self.highs.changeColCost(cell, 0.0)
        if found is None:
            return np.inf * sign
        return float(found[cell])

    def _solve(self) -> Floats | None:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = np.asarray(self.highs.getSolution().col_value, np.float64)
        self.least = np.minimum(self.least, found + 0.0)
        self.most = np.maximum(self.most, found)
        return found


def whole_from(low: float) -> int:
    """The least whole number from ``low`` on, up to the solver's tolerance."""
    return int(np.ceil(low - _TOLERANCE))


def whole_to(high: float) -> int:
    """The greatest whole number up to ``high``, up to the solver's tolerance."""
    return int(np.floor(high + _TOLERANCE))


def indices(values: Sequence[int]) -> Ints:
    """As an array of positions."""
    return np.asarray(values, np.int64)
