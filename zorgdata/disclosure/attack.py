"""The attacker's audit: how far each hidden cell can be narrowed from everything published. Internal only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from zorgdata.disclosure.system import HIDDEN, SHOWN, CellName, Ints, System


@dataclass(frozen=True)
class Finding:
    """What an attacker learns of one hidden cell: it lies from ``low`` to ``high``, both included.

    ``asked_low`` and ``asked_high`` are how far it had to remain possible; ``safe`` whether it does.
    """

    name: CellName
    low: int
    high: int
    asked_low: int
    asked_high: int

    @property
    def safe(self) -> bool:
        """Whether everything that had to remain possible does."""
        return self.low <= min(self.asked_low, self.high) and self.high >= self.asked_high


def attack(system: System, cells: Iterable[int] | None = None, *, whole: bool = False) -> list[Finding]:
    """Least and greatest value of every hidden (and top-coded) cell that agrees with what is published.

    By linear programming: an attacker without more knowledge cannot do better. ``whole`` asks for
    whole-number tables only (slower; for small systems). ``cells``: which ones, by default all hidden and
    sensitive ones.
    """
    if cells is None:
        chosen = set(np.flatnonzero(system.state == HIDDEN).tolist()) | set(system.sensitive().tolist())
    else:
        chosen = set(cells)
    programme = _programme(system, whole)
    findings = []
    for cell in sorted(chosen):
        low, high = _extreme(programme, system, cell, 1.0), _extreme(programme, system, cell, -1.0)
        findings.append(
            Finding(system.names[cell], low, high, int(system.need_lower[cell]), int(system.need_upper[cell]))
        )
    return findings


def exposed(system: System) -> list[Finding]:
    """Sensitive cells that the published figures narrow more than allowed."""
    return [f for f in attack(system, system.sensitive().tolist()) if not f.safe]


def _programme(system: System, whole: bool) -> Any:
    low, high = system.bounds()
    order = np.lexsort((system.row, system.col))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = system.size, len(system.rhs)
    lp.col_cost_ = np.zeros(system.size)
    lp.col_lower_, lp.col_upper_ = low.astype(np.float64), high.astype(np.float64)
    lp.row_lower_ = lp.row_upper_ = system.rhs.astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.concatenate([[0], np.cumsum(np.bincount(system.col, minlength=system.size))])
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_ = system.row[order].astype(np.int32)
    lp.a_matrix_.value_ = system.coef[order].astype(np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * system.size
    programme: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, option in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("presolve", "off")):
        programme.setOptionValue(name, option)
    programme.passModel(lp)
    return programme


def _extreme(programme: Any, system: System, cell: int, direction: float) -> int:
    """The least (direction 1) or greatest (−1) value; whole values inside the fractional ends.

    Without any table that agrees with what is published the interval is empty: 1 to 0.
    """
    programme.changeColCost(cell, direction)
    programme.run()
    possible = programme.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = programme.getInfo().objective_function_value * direction
    programme.changeColCost(cell, 0.0)
    if not possible:
        return 1 if direction > 0 else 0
    return int(np.ceil(found - 1e-6)) if direction > 0 else int(np.floor(found + 1e-6))


def publish_as(system: System, hidden: Ints) -> System:
    """The same figures with exactly these cells hidden, to compare other ways of hiding."""
    from dataclasses import replace

    state = np.where(system.state == HIDDEN, SHOWN, system.state).astype(np.uint8)
    state[hidden] = HIDDEN
    return replace(system, state=state)
