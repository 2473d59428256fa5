"""Judges the school years of a release, each by itself, in two processes where that pays.

Periods have no relation in common. Only the preference to hide what an earlier period hid passes from one to
the next, within each of two fixed runs of periods: so the result is the same however many processes work.
"""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

import numpy as np

from zorgdata.disclosure.declare import Declaration
from zorgdata.disclosure.frame import Frame
from zorgdata.disclosure.keep import Found, Kept
from zorgdata.disclosure.layers import Ready
from zorgdata.disclosure.ledger import Anchors
from zorgdata.disclosure.model import Part, parts
from zorgdata.disclosure.primary import depth, is_hidden, leads, shadow
from zorgdata.disclosure.prove import Table, prove
from zorgdata.disclosure.rules import Codes, Ints, Reason
from zorgdata.disclosure.suppress import Outcome, Solve, solve_all
from zorgdata.disclosure.system import HIDDEN, System
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules

_RUNS = 2
_WORTH_IT = 8_000
"""From so many figures a second process gains more than starting it costs."""
_WORTH_SHARING = 4
"""From so many connected parts handing half of them over gains more than it costs."""


@dataclass(frozen=True)
class Period:
    """The figures of one school year: ``rows`` of the whole frame, and what is known of them."""

    time: str
    rows: Ints
    frame: Frame
    reason: Codes
    anchors: Anchors
    units: Units
    kept: Kept = field(default_factory=Kept)


@dataclass(frozen=True)
class Judged:
    """A judged school year. ``proofs`` speak of rows of the whole frame."""

    time: str
    rows: Ints
    reason: Codes
    proofs: list[tuple[Part, Outcome]]
    withheld: tuple[Table, ...]


def split(
    frame: Frame, reason: Codes, anchors: Anchors, units: Mapping[str, Units], kept: Mapping[str, Kept]
) -> list[Period]:
    """The school years of a frame, in order; ``units`` and ``kept`` by school year."""
    groups: dict[str, list[int]] = {}
    years = map(school_year, (r or p for r, p in zip(frame.reference, frame.period, strict=True)))
    for row, year in enumerate(years):
        groups.setdefault(year, []).append(row)
    found = []
    for time, mine in sorted(groups.items()):
        rows = np.asarray(mine, np.int64)
        found.append(
            Period(
                time,
                rows,
                frame.take(rows),
                reason[rows],
                anchors.take(rows),
                units[time],
                kept.get(time, Kept()),
            )
        )
    return found


def judge(
    periods: Sequence[Period],
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    processes: int | None = None,
) -> list[Judged]:
    """Judges every period, in order. ``processes``: None chooses by the amount of work and the machine."""
    middle = (len(periods) + 1) // _RUNS
    early, late = periods[:middle], periods[middle:]
    if processes is None:
        figures = sum(len(p.rows) for p in periods)
        processes = min(_RUNS, len(os.sched_getaffinity(0))) if figures >= _WORTH_IT else 1
    if processes > 1 and late:
        # A fresh process, not a copy of this one: open databases and threads do not survive copying.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            second = pool.submit(_run, late, declared, rules)
            first = _run(early, declared, rules, SharedWork(pool, second))
            try:
                return [*first, *second.result()]
            except BrokenProcessPool:
                # No room for a second process here: one does the same.
                return [*first, *_run(late, declared, rules)]
    return [*_run(early, declared, rules), *_run(late, declared, rules)]


@dataclass(frozen=True)
class SharedWork:
    """Solves connected parts, half of the work in the second process once that has done its own periods."""

    pool: Executor
    busy: "Future[list[Judged]]"

    def __call__(self, parts: Sequence[tuple[System, str]]) -> list[Found]:
        """As :func:`solve_all`: who solves a part changes nothing of what is found."""
        if len(parts) < _WORTH_SHARING or not self.busy.done() or self.busy.exception():
            return solve_all(parts)
        mine: list[int] = []
        theirs: list[int] = []
        work = {False: 0, True: 0}
        # The largest first, each to whoever has less to do.
        for k in sorted(range(len(parts)), key=lambda k: -parts[k][0].size):
            here = work[True] <= work[False]
            (mine if here else theirs).append(k)
            work[here] += parts[k][0].size ** 2
        try:
            beside = self.pool.submit(solve_all, [parts[k] for k in theirs])
            found = dict(zip(mine, solve_all([parts[k] for k in mine]), strict=True))
            found.update(zip(theirs, beside.result(), strict=True))
        except BrokenProcessPool:
            return solve_all(parts)
        return [found[k] for k in range(len(parts))]


def _run(
    periods: Sequence[Period],
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    solve: Solve = solve_all,
) -> list[Judged]:
    pattern: set[tuple[str, ...]] = set()
    judged = []
    parent = multiprocessing.parent_process()
    for period in periods:
        if parent is not None and not parent.is_alive():
            break  # nobody waits for the outcome any more
        judged.append(_judge(period, declared, rules, pattern, solve))
    return judged


def _judge(
    period: Period,
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    pattern: set[tuple[str, ...]],
    solve: Solve,
) -> Judged:
    frame, reason = period.frame, period.reason.copy()
    standing_on = leads(frame, declared)
    ready = Ready(frame, declared)
    whole_row = period.rows.tolist()
    proofs: list[tuple[Part, Outcome]] = []
    withheld: list[Table] = []
    for level in range(1 + max((depth(m, declared) for m in set(frame.metric)), default=0)):
        for asked in parts(
            frame, declared, period.units, rules, reason, depth=level, anchors=period.anchors, ready=ready
        ):
            _prefer(asked, pattern, rules.repeat_discount)
            proven = prove(asked, period.kept, solve)
            part, outcome = proven.part, proven.outcome
            pattern |= {part.keys[cell] for cell in outcome.secondary.tolist()}
            _apply(part, outcome, reason)
            _darken(proven.dark, reason)
            withheld += proven.withheld
            at = [[whole_row[row] for row in rows] for rows in part.rows]
            proofs.append((replace(part, rows=at), outcome))
        shadow(frame, declared, reason, standing_on, over=Reason.STICKY)
    return Judged(period.time, period.rows, reason, proofs, tuple(withheld))


def _prefer(part: Part, pattern: set[tuple[str, ...]], discount: float) -> None:
    """Hiding again what an earlier period hid for others is cheaper: holes do not wander over the years."""
    again = [cell for cell, key in enumerate(part.keys) if key in pattern]
    part.system.weight[again] *= discount


def _apply(part: Part, outcome: Outcome, reason: Codes) -> None:
    """Hides in the frame what the system hides; a figure twice told is hidden twice.

    What an earlier release hid, and what this proof needs hidden or another table hides, has that for its
    reason, not the earlier release.
    """
    loose, needed = set(part.loose), set(outcome.secondary.tolist())
    was = reason.copy()
    cells = np.flatnonzero(part.system.state == HIDDEN).tolist()
    rows = np.asarray([row for cell in cells for row in part.rows[cell]], np.int64)
    free = ~is_hidden(was)
    reason[rows[free[rows]]] = Reason.SECONDARY
    unproven = np.asarray([row for cell in cells if cell in loose for row in part.rows[cell]], np.int64)
    reason[unproven[free[unproven]]] = Reason.UNPROVEN
    sticky = was == Reason.STICKY
    for cell in cells if sticky.any() else ():
        mine = part.rows[cell]
        if not sticky[mine].any():
            continue
        told = cell in needed or any(not free[r] and reason[r] != Reason.STICKY for r in mine)
        if cell in loose or told:
            for row in mine:
                if reason[row] == Reason.STICKY:
                    reason[row] = Reason.UNPROVEN if cell in loose else Reason.SECONDARY


def _darken(rows: Sequence[int], reason: Codes) -> None:
    """Withholds whole tables: what is not hidden for a reason of its own is hidden for this one."""
    at = np.asarray(rows, np.int64)
    free = ~is_hidden(reason[at]) | np.isin(reason[at], (Reason.SECONDARY, Reason.STICKY))
    reason[at[free]] = Reason.WITHHELD
