"""Judges a rebuilt year: what is shown must leave every hidden figure a reason for being hidden."""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from zorgdata.disclosure.outsider.extent import Equations, Ints, Programme, parts, whole_from, whole_to
from zorgdata.disclosure.outsider.model import Model
from zorgdata.disclosure.outsider.said import COUNTS
from zorgdata.disclosure.outsider.told import UNKNOWN, Finding, Told

_NEAR = 1e-6


class Judge:
    """Findings on one school year. ``counted``: what was looked at, by subject. ``narrowed``: hidden figures
    that can be narrowed, and ``above_zero`` sums that cannot be nothing: the gate has to answer for them."""

    def __init__(self, told: Told, model: Model) -> None:
        self.told, self.said, self.model = told, told.said, model
        self.counted: Counter[str] = Counter()
        self.narrowed: list[str] = []
        self.above_zero: list[str] = []

    def findings(self) -> Iterator[Finding]:
        """Everything that sums give away or that contradicts them."""
        for cell in self.model.loose:
            yield Finding(cell.name, "shown, and no sum ties it to the other figures")
        equations = self.model.equations
        dark = np.asarray([p.hidden for p in self.model.places], bool)
        self.counted["hidden"] = int(dark.sum())
        for cells, terms in parts(equations):
            programme = Programme(equations, cells, terms)
            if not programme.possible():
                yield Finding(self._name(self._culprit(cells, terms)), "the figures do not add up")
                continue
            self.counted["sums"] += len(np.unique(equations.row[terms]))
            hidden = [
                (at, int(cell)) for at, cell in enumerate(cells.tolist()) if cell < len(dark) and dark[cell]
            ]
            counts = [(at, c) for at, c in hidden if self.model.places[c].figure.kind in COUNTS]
            yield from self._sums(programme, [pair for pair in hidden if pair not in set(counts)])
            yield from self._counts(programme, counts)

    def _name(self, cell: int) -> str:
        return self.model.places[cell].cells[0].name

    def _culprit(self, cells: Ints, terms: Ints) -> int:
        """The total of a sum that cannot be by itself; else the first cell of the part."""
        e: Equations = self.model.equations
        for row in np.unique(e.row[terms]).tolist():
            mine = terms[e.row[terms] == row]
            ends = e.coef[mine][:, None] * np.stack([e.low[e.col[mine]], e.high[e.col[mine]]], axis=1)
            if ends.min(axis=1).sum() > _NEAR or ends.max(axis=1).sum() < -_NEAR:
                return int(e.col[mine][0])
        return int(cells[0])

    def _counts(self, programme: Programme, counts: list[tuple[int, int]]) -> Iterator[Finding]:
        """A hidden count may be small, or nearly all, or hidden for others only; all of them at once.

        The gate leaves what is small open from 0 to T, what is nearly all from T below the population. What
        is not open so is neither: it lies from T to T below the population, and the publisher says that the
        gate answers for it. Where that cannot be, whatever the figures are, the gate would not have published
        this.
        """
        neither: list[tuple[float, int, int, float, float]] = []
        for at, cell in counts:
            place = self.model.places[cell]
            self.counted["hidden counts"] += 1
            t = self.told.limit(place.figure)
            least, most = place.population
            enough = min(t, least) - _NEAR
            if programme.low(at, _NEAR) <= _NEAR and programme.high(at, enough) >= enough:
                continue
            low = whole_from(programme.low(at, -math.inf))
            high = whole_to(programme.high(at, math.inf))
            everyone = min(most, high)
            if everyone >= least and (low <= 0 or everyone >= low + t):
                continue
            exposed = ""
            if high < t:
                exposed = f"hidden, but at most {high}"
            elif low > most - t and most < UNKNOWN:
                exposed = f"hidden, but all except {int(most) - low}"
            if exposed and place.figure.kind == "share":
                # A share of nothing is hidden too, and of nothing there is nothing to keep open.
                yield from self._answered(cell, exposed)
            elif exposed:
                yield Finding(self._name(cell), exposed)
            else:
                neither.append((high - low, cell, at, max(low, t), min(high, most - t)))
                if low < t or high > most - t:
                    yield from self._answered(cell, f"hidden, but from {low} to {high}")
        for _, _, at, low_, high_ in neither:
            programme.bound(at, low_, high_)
        if neither and not programme.possible():
            _, cell, *_ = min(neither)
            yield Finding(self._name(cell), "hidden, and what is shown leaves no reason for it")

    def _answered(self, cell: int, what: str) -> Iterator[Finding]:
        """Of what can be narrowed the gate knows that it need not stay open, and its package says so."""
        names = [c.name for c in self.model.places[cell].cells]
        self.narrowed.append(names[0])
        if not self.said.answering and not self.said.narrowed.intersection(names):
            yield Finding(names[0], what)

    def _sums(self, programme: Programme, hidden: list[tuple[int, int]]) -> Iterator[Finding]:
        """Hidden hours, euros, means and rates: nobody may get near one that is hidden for itself."""
        p = self.said.p_percent / 100
        for at, cell in hidden:
            self.counted["hidden sums"] += 1
            if programme.low(at, _NEAR) <= _NEAR:
                continue
            low = programme.low(at, -math.inf)
            names = [c.name for c in self.model.places[cell].cells]
            self.above_zero.append(names[0])
            if not self.said.answering and not self.said.above_zero.intersection(names):
                yield Finding(names[0], "hidden, and what is shown tells that it is not small")
            wide = low * (1 + p) / (1 - p) - _NEAR
            if programme.high(at, wide) < wide:
                yield from self._answered(cell, f"hidden, and yet what is shown tells it within {p:.0%}")
