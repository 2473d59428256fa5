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
    low = np.where(release.state == _SHOWN, release.shown_lower, release.lower)
    high = np.where(release.state == _SHOWN, release.shown_upper, release.upper)
    good = [_table(release, low, high, cells, moves) for cells, moves in proof.tables]
    tables = [dict(zip(cells.tolist(), moves.tolist(), strict=True)) for cells, moves in proof.tables]
    for cell in np.flatnonzero(release.need_lower < release.x).tolist():
        refusals += _end(release, proof.low, tables, good, cell, upward=False)
    for cell in np.flatnonzero(release.need_upper > release.x).tolist():
        refusals += _end(release, proof.high, tables, good, cell, upward=True)
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


def _table(
    release: Release,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    cells: NDArray[np.int64],
    moves: NDArray[np.int64],
) -> bool:
    """Whether a table satisfies every relation and interval. Cells it does not name are at the truth."""
    whole = np.issubdtype(np.asarray(moves).dtype, np.integer) and len(set(cells.tolist())) == len(cells)
    if not whole:
        return False
    value = release.x[cells] + moves
    if (value < low[cells]).any() or (value > high[cells]).any():
        return False
    change = np.zeros(len(release.x), np.int64)
    change[cells] = moves
    total = np.zeros(len(release.rhs), np.int64)
    np.add.at(total, release.row, release.coef * change[release.col])
    return not total.any()


def _end(
    release: Release,
    serving: Mapping[int, int],
    tables: Sequence[Mapping[int, int]],
    good: Sequence[bool],
    cell: int,
    *,
    upward: bool,
) -> list[Refusal]:
    end = "high" if upward else "low"
    k = serving.get(cell)
    if k is None:
        return [Refusal(release.names[cell], f"no certificate for its {end} end")]
    if not good[k]:
        return [
            Refusal(release.names[cell], f"the certificate for its {end} end contradicts what is published")
        ]
    value = int(release.x[cell]) + tables[k].get(cell, 0)
    reached = value >= release.need_upper[cell] if upward else value <= release.need_lower[cell]
    return [] if reached else [Refusal(release.names[cell], f"its certificate does not reach its {end} end")]


def _at(mask: NDArray[np.bool_]) -> list[int]:
    return [int(c) for c in np.flatnonzero(mask)]
