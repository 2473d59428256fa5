"""Checks certificates without any solver. Knows nothing of how they were found.

A table counts as proof when it is whole, satisfies every relation, stays inside what is published and known
beforehand, and has the sensitive cell where it must be able to be. Everything is integer arithmetic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_SHOWN = 1


class Release(Protocol):
    """Cells and relations of a release, as :class:`zorgdata.disclosure.system.System` has them."""

    names: Any
    x: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    shown_lower: NDArray[np.int64]
    shown_upper: NDArray[np.int64]
    need_lower: NDArray[np.int64]
    need_upper: NDArray[np.int64]
    state: NDArray[np.uint8]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    coef: NDArray[np.int64]
    rhs: NDArray[np.int64]


class Proof(Protocol):
    """Tables as differences from the truth, and which serves which cell."""

    tables: Any
    low: Any
    high: Any


@dataclass(frozen=True)
class Refusal:
    """Why a release is not proven safe: the cell concerned and what is wrong."""

    name: tuple[str, str, str]
    what: str


def verify(release: Release, proof: Proof) -> list[Refusal]:
    """Every reason to refuse; empty when every sensitive cell is proven protected.

    Checked are the truth itself (it must agree with what is published), every table that serves a cell, and
    that every cell with a need has a table at its low end and one at its high end.
    """
    refusals = _truth(release)
    tables = _Tables(release, proof.tables)
    refusals += _ends(release, proof.low, tables, upward=False)
    refusals += _ends(release, proof.high, tables, upward=True)
    return refusals


def _truth(release: Release) -> list[Refusal]:
    total = np.zeros(len(release.rhs), np.int64)
    np.add.at(total, release.row, release.coef * release.x[release.col])
    refusals = []
    for r in np.flatnonzero(total != release.rhs).tolist():
        cell = int(release.col[release.row == r][0])
        refusals.append(Refusal(release.names[cell], "the figures do not add up as declared"))
    shown = release.state == _SHOWN
    outside = shown & ((release.x < release.shown_lower) | (release.x > release.shown_upper))
    beyond = (release.x < release.lower) | (release.x > release.upper)
    refusals += [
        Refusal(release.names[c], "the published figure excludes the true one") for c in _at(outside)
    ]
    refusals += [Refusal(release.names[c], "the true figure is out of bounds") for c in _at(beyond)]
    return refusals


class _Tables:
    """All tables of a proof at once: which of them are ``good``, and where they have a cell."""

    def __init__(
        self, release: Release, tables: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]
    ) -> None:
        """A good table satisfies every relation and interval. Cells it does not name are at the truth."""
        self.size, count = len(release.x), len(tables)
        self.good = np.asarray([np.issubdtype(np.asarray(m).dtype, np.integer) for _, m in tables], np.bool_)
        none = [np.zeros(0, np.int64)]
        cell = np.concatenate([*none, *(c for c, _ in tables)])
        move = np.concatenate([*none, *(np.asarray(m).astype(np.int64) for _, m in tables)])
        of = np.repeat(np.arange(count), np.asarray([len(c) for c, _ in tables], np.int64))
        place = of * self.size + cell
        order = np.argsort(place, kind="stable")
        self._place, self._move = place[order], move[order]
        self.good[self._place[1:][np.diff(self._place) == 0] // self.size] = False  # a cell named twice
        low = np.where(release.state == _SHOWN, release.shown_lower, release.lower)
        high = np.where(release.state == _SHOWN, release.shown_upper, release.upper)
        value = release.x[cell] + move
        self.good[of[(value < low[cell]) | (value > high[cell])]] = False
        # Every relation that a table touches, with by how much it is off there.
        order = np.argsort(release.col, kind="stable")
        terms = np.bincount(release.col, minlength=self.size)
        first = np.cumsum(terms) - terms
        many = terms[cell]
        entry = np.repeat(np.arange(len(cell)), many)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(many) - many, many)
        term = order[first[cell][entry] + within]
        relations = max(len(release.rhs), 1)
        touched, at = np.unique(of[entry] * relations + release.row[term], return_inverse=True)
        off = np.zeros(len(touched), np.int64)
        np.add.at(off, at, release.coef[term] * move[entry])
        self.good[touched[off != 0] // relations] = False

    def move(self, table: NDArray[np.int64], cell: NDArray[np.int64]) -> NDArray[np.int64]:
        """By how much cells are off the truth in these tables."""
        place = table * self.size + cell
        at = np.searchsorted(self._place, place)
        there = np.minimum(at, max(len(self._place) - 1, 0))
        named = (at < len(self._place)) & (self._place[there] == place) if len(self._place) else at < 0
        return np.where(named, self._move[there] if len(self._move) else 0, 0)


def _ends(release: Release, serving: Mapping[int, int], tables: _Tables, *, upward: bool) -> list[Refusal]:
    """Every cell that must be able to be higher, or lower, and is not in a good table that serves it."""
    asked = release.need_upper > release.x if upward else release.need_lower < release.x
    cells = np.flatnonzero(asked)
    table = np.asarray([serving.get(cell, -1) for cell in cells.tolist()], np.int64)
    value = release.x[cells] + tables.move(table, cells)
    reached = value >= release.need_upper[cells] if upward else value <= release.need_lower[cells]
    end = "high" if upward else "low"
    good = np.append(tables.good, False)[table]
    refusals = []
    for k in np.flatnonzero(~(good & reached)).tolist():
        if table[k] < 0:
            why = f"no certificate for its {end} end"
        elif not good[k]:
            why = f"the certificate for its {end} end contradicts what is published"
        else:
            why = f"its certificate does not reach its {end} end"
        refusals.append(Refusal(release.names[cells[k]], why))
    return refusals


def _at(mask: NDArray[np.bool_]) -> list[int]:
    return [int(c) for c in np.flatnonzero(mask)]
