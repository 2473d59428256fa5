"""Effect of an initiative that starts at different moments: group-time average treatment effects.

Callaway & Sant'Anna 2021 with unconditional means on school × period cells. The estimate is indicative: see
METRICS 6 for registration effects and regression to the mean, which no estimator here takes away.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt

from zorgdata.stats._numbers import FloatArray, Interval, Scalar, check_level, z_quantile
from zorgdata.stats.bootstrap import SEED
from zorgdata.stats.panel import Grid, Panel, layout

MIN_SCHOOLS = 20
MIN_TREATED = 5
"""Below either number intervals over schools mislead (MacKinnon & Webb); only estimate and rank remain."""

TOO_FEW = "te weinig scholen voor een toets"

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class GroupTime:
    """ATT(g, t): ``cohort`` g in ``period`` t against schools not treated by then. ``after``: t ≥ g."""

    cohort: float
    period: float
    estimate: Interval[Scalar]
    n_treated: int
    n_control: int
    after: bool


@dataclass(frozen=True)
class EventTime:
    """Average effect ``since`` periods after the start; negative = before (should lie around 0)."""

    since: int
    estimate: Interval[Scalar]


@dataclass(frozen=True)
class RandomisationRank:
    """Where the observed effect stands among the effects had the start been drawn among the schools by lot.

    ``rank`` 1 = the largest in absolute size of ``assignments``; ``share`` = part of the assignments with an
    effect at least as large. ``exact``: every possible assignment was tried.
    """

    rank: int
    assignments: int
    share: float
    exact: bool


@dataclass(frozen=True)
class GroupTimeEffects:
    """Group-time effects and their averages, in the unit of the panel's values.

    ``simple`` averages all cells after the start, weighted by cohort size; ``by_cohort`` averages per cohort
    over time and ``cohort_average`` weighs those by size (the headline); ``event_study`` by time since start.
    ``testable`` is false with too few schools: then no intervals are given and ``note`` says so (Dutch).
    """

    cohort_average: Interval[Scalar]
    simple: Interval[Scalar]
    by_cohort: dict[float, Interval[Scalar]]
    event_study: tuple[EventTime, ...]
    cells: tuple[GroupTime, ...]
    rank: RandomisationRank
    n_treated: int
    n_control: int
    left_out_incomplete: int
    left_out_always: int
    testable: bool
    note: str
    control: str
    estimator: str = "Callaway & Sant'Anna (2021), unconditional"


@dataclass(frozen=True)
class _Cell:
    cohort: float
    period: int  # column
    treated: BoolArray
    control: BoolArray
    change: FloatArray  # y in this period minus y in the base period, per school


def _cells(grid: Grid, cohort: FloatArray, control: str) -> list[_Cell]:
    """All identified (g, t); base period g − 1 after the start and t − 1 before it (varying base)."""
    out = []
    for g in np.unique(cohort[np.isfinite(cohort)]):
        started = int(np.searchsorted(grid.periods, g))  # first column at or after g
        for t in range(1, grid.periods.size):
            base = started - 1 if t >= started else t - 1
            last = grid.periods[max(t, base)]
            others = np.isinf(cohort) if control == "never" else (cohort > last) & (cohort != g)
            if np.any(others):
                change = grid.y[:, t] - grid.y[:, base]
                out.append(_Cell(float(g), t, cohort == g, others, change))
    return out


def _att(cell: _Cell, weights: FloatArray) -> FloatArray:
    """ATT of a cell for each row of ``weights`` (replications × schools)."""
    treated, control = weights * cell.treated, weights * cell.control
    with np.errstate(divide="ignore", invalid="ignore"):
        result: FloatArray = treated @ cell.change / treated.sum(axis=1)
        result -= control @ cell.change / control.sum(axis=1)
    return result


def _average(parts: Sequence[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """Weighted mean of (estimate, weight) pairs per replication.

    A cohort that a draw of schools happens to miss has weight 0 and counts for nothing; a draw without
    control schools stays undefined.
    """
    values = np.array([value for value, _ in parts])
    weights = np.array([weight for _, weight in parts])
    with np.errstate(divide="ignore", invalid="ignore"):
        weighted = np.where(weights > 0, values * weights, 0.0)
        result: FloatArray = np.sum(weighted, axis=0) / np.sum(weights, axis=0)
    return result


def _aggregate(grid: Grid, cells: list[_Cell], weights: FloatArray) -> dict[tuple[str, float], FloatArray]:
    """Every reported number for each row of ``weights``, under ("cell", index) and the like."""
    att = [_att(cell, weights) for cell in cells]
    size = {cell.cohort: weights @ cell.treated.astype(float) for cell in cells}
    out: dict[tuple[str, float], FloatArray] = {("cell", i): value for i, value in enumerate(att)}
    after = [i for i, c in enumerate(cells) if grid.periods[c.period] >= c.cohort]
    out["simple", 0] = _average([(att[i], size[cells[i].cohort]) for i in after])
    by_cohort: dict[float, FloatArray] = {}
    for g in sorted({cells[i].cohort for i in after}):
        by_cohort[g] = np.mean([att[i] for i in after if cells[i].cohort == g], axis=0)
        out["cohort", g] = by_cohort[g]
    out["cohort_average", 0] = _average([(value, size[g]) for g, value in by_cohort.items()])
    for since in sorted({_since(grid, c) for c in cells}):
        rows = [i for i, c in enumerate(cells) if _since(grid, c) == since]
        out["event", since] = _average([(att[i], size[cells[i].cohort]) for i in rows])
    return out


def _since(grid: Grid, cell: _Cell) -> int:
    """Periods since the start, counted in columns of the panel."""
    return cell.period - int(np.searchsorted(grid.periods, cell.cohort))


def _assignments(cohort: FloatArray) -> Iterator[FloatArray]:
    """Every way to hand the same cohorts, with the same sizes, to the schools."""
    starts, sizes = np.unique(cohort[np.isfinite(cohort)], return_counts=True)

    def fill(free: tuple[int, ...], k: int, current: FloatArray) -> Iterator[FloatArray]:
        if k == len(starts):
            yield current
            return
        for chosen in combinations(free, int(sizes[k])):
            following = current.copy()
            following[list(chosen)] = starts[k]
            yield from fill(tuple(i for i in free if i not in chosen), k + 1, following)

    yield from fill(tuple(range(cohort.size)), 0, np.full(cohort.size, np.inf))


def _count_assignments(cohort: FloatArray) -> int:
    free, total = cohort.size, 1
    for size in np.unique(cohort[np.isfinite(cohort)], return_counts=True)[1]:
        total *= comb(free, int(size))
        free -= int(size)
    return total


def _randomisation(
    grid: Grid, observed: float, statistic: Callable[[FloatArray], float], draws: int, seed: int
) -> RandomisationRank:
    possible = _count_assignments(grid.cohort)
    if possible <= draws:
        effects = np.array([statistic(cohort) for cohort in _assignments(grid.cohort)])
    else:
        rng = np.random.default_rng(seed)
        drawn = [statistic(rng.permutation(grid.cohort)) for _ in range(draws)]
        effects = np.array([observed, *drawn])
    effects = np.abs(effects[np.isfinite(effects)])
    # The tolerance keeps the observed assignment, recomputed, at least as large as itself.
    larger = effects > abs(observed) * (1 + 1e-9) + 1e-12
    as_large = effects >= abs(observed) * (1 - 1e-9) - 1e-12
    return RandomisationRank(
        int(np.sum(larger)) + 1, int(effects.size), float(np.mean(as_large)), possible <= draws
    )


def group_time_att(
    panel: Panel,
    control: Literal["not_yet", "never"] = "not_yet",
    level: float = 0.95,
    *,
    replications: int = 1000,
    permutations: int = 999,
    seed: int = SEED,
) -> GroupTimeEffects:
    """Group-time average effects of a staggered start, with event study, interval and randomisation rank.

    ATT(g, t) = mean(Y_t − Y_{g−1} | cohort g) − mean(Y_t − Y_{g−1} | control) for t ≥ g; before the start the
    base is t − 1 (a test of parallel trends). Control: schools ``not_yet`` treated by t, or ``never``.
    Schools without a value in every period, or treated from the first period on, are left out and counted.
    A cell without control schools is not identified and absent.

    Intervals: estimate ± z · the standard deviation over ``replications`` draws of schools (with replacement,
    fixed ``seed``). With fewer than 20 schools or 5 treated ones no interval is given (``testable`` false).
    The rank compares |cohort_average| with what drawing the starting schools by lot would have given; all
    assignments are tried when there are at most ``permutations``. No treated or no control school, or one
    period only: ``ValueError``. Source: Callaway & Sant'Anna 2021; R package did (point estimates equal).
    """
    tail = check_level(level)
    if control not in ("not_yet", "never"):
        raise ValueError(f"control must be not_yet or never; got {control!r}")
    grid = layout(panel)
    in_time = grid.cohort <= grid.periods[-1]
    # A school that starts after the last period is untreated throughout what we can see.
    grid = Grid(
        grid.y,
        grid.periods,
        np.where(in_time, grid.cohort, np.inf),
        grid.weight,
        grid.incomplete,
        grid.always,
    )
    cells = _cells(grid, grid.cohort, control)
    if not any(grid.periods[cell.period] >= cell.cohort for cell in cells):
        raise ValueError(
            "no effect can be estimated: it takes treated schools, a period before, and controls"
        )
    one = grid.weight[np.newaxis, :]
    point = {key: float(value[0]) for key, value in _aggregate(grid, cells, one).items()}
    n = grid.cohort.size
    n_treated = int(np.sum(np.isfinite(grid.cohort)))
    testable = n >= MIN_SCHOOLS and n_treated >= MIN_TREATED
    limits: dict[tuple[str, float], float] = {}
    if testable:
        rng = np.random.default_rng(seed)
        draws = rng.multinomial(n, np.full(n, 1 / n), size=replications) * grid.weight
        for key, value in _aggregate(grid, cells, draws).items():
            usable = value[np.isfinite(value)]
            if usable.size > replications * (1 - tail):
                limits[key] = z_quantile(level) * float(np.std(usable, ddof=1))

    def result(kind: str, which: float = 0) -> Interval[Scalar]:
        value, half = point[kind, which], limits.get((kind, which))
        return Interval(value, None, None) if half is None else Interval(value, value - half, value + half)

    def statistic(cohort: FloatArray) -> float:
        shuffled = _cells(grid, cohort, control)
        return float(_aggregate(grid, shuffled, one)["cohort_average", 0][0])

    return GroupTimeEffects(
        cohort_average=result("cohort_average"),
        simple=result("simple"),
        by_cohort={g: result("cohort", g) for kind, g in point if kind == "cohort"},
        event_study=tuple(EventTime(int(e), result("event", e)) for kind, e in point if kind == "event"),
        cells=tuple(
            GroupTime(
                cell.cohort,
                float(grid.periods[cell.period]),
                result("cell", i),
                int(np.sum(cell.treated)),
                int(np.sum(cell.control)),
                bool(grid.periods[cell.period] >= cell.cohort),
            )
            for i, cell in enumerate(cells)
        ),
        rank=_randomisation(grid, point["cohort_average", 0], statistic, permutations, seed),
        n_treated=n_treated,
        n_control=n - n_treated,
        left_out_incomplete=grid.incomplete,
        left_out_always=grid.always,
        testable=testable,
        note="" if testable else TOO_FEW,
        control=control,
    )
