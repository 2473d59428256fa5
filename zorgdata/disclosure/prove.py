"""Proves one part of a release; what cannot be proven is withheld as a whole table, the rest proven again.

First the table itself (a metric in a period, with its items) goes dark: what it would have told is gone, and
its figures are still protected against what the other tables tell. Where even that is not enough, everything
it is linked to is left out of the release. Of what is left out nothing is published, so nothing of it needs
proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zorgdata.disclosure.keep import Kept
from zorgdata.disclosure.model import Part
from zorgdata.disclosure.suppress import Outcome, Solve, solve_all, suppress
from zorgdata.disclosure.system import HIDDEN, SHOWN, CellName, Ints, System, components
from zorgdata.disclosure.verify import Refusal, verify
from zorgdata.errors import DisclosureError

Table = tuple[str, str]
"""Metric and time of a table."""


@dataclass(frozen=True)
class Proven:
    """A part that is proven. ``dark``: frame rows of tables that went dark or are left out; ``withheld``
    names those tables. ``part`` holds what is released only."""

    part: Part
    outcome: Outcome
    dark: tuple[int, ...] = ()
    withheld: tuple[Table, ...] = ()


def prove(part: Part, kept: Kept | None = None, solve: Solve = solve_all) -> Proven:
    """Hides what must be hidden and proves it; withholds what cannot be proven.

    Raises :class:`DisclosureError`, naming table and cell, when even leaving tables out does not help.
    """
    asked = _copy(part.system)
    outcome = suppress(part.system, kept, solve)
    refusals = verify(part.system, outcome.certificates)
    if not refusals:
        return Proven(part, outcome)
    # The other connected parts are as they were: they take over what was found.
    kept = Kept({**(kept.found if kept else {}), **outcome.found})
    tables = {_table(r.name) for r in refusals}
    gone = np.flatnonzero([_table(name) in tables for name in asked.names])
    asked.state[gone] = np.where(asked.state[gone] == SHOWN, HIDDEN, asked.state[gone])
    part = replace(part, system=_copy(asked))
    outcome = suppress(part.system, kept, solve)
    refusals = verify(part.system, outcome.certificates)
    left = part
    if refusals:
        failing = {r.name for r in refusals}
        linked = [c for c, _ in components(asked) if any(asked.names[k] in failing for k in c.tolist())]
        gone = np.unique(np.concatenate([gone, *linked]))
        left = _without(part, asked, np.concatenate(linked))
        outcome = suppress(left.system, kept, solve)
        refusals = verify(left.system, outcome.certificates)
        if refusals:
            _refuse(refusals)
    published = [c for c in gone.tolist() if part.rows[c]]
    return Proven(
        left,
        outcome,
        tuple(row for c in published for row in part.rows[c]),
        tuple(sorted({_table(asked.names[c]) for c in published})),
    )


def _copy(system: System) -> System:
    """The same with arrays of its own for what a search changes."""
    return replace(
        system,
        state=system.state.copy(),
        need_lower=system.need_lower.copy(),
        need_upper=system.need_upper.copy(),
    )


def _table(name: CellName) -> Table:
    metric, _, rest = name[0].partition(" ")
    return metric, rest.partition(" ")[0]


def _without(part: Part, system: System, cells: Ints) -> Part:
    """The part without these whole connected parts."""
    left = np.setdiff1d(np.arange(system.size), cells)
    rows = np.setdiff1d(np.arange(len(system.rhs)), system.row[np.isin(system.col, cells)])
    place = {int(old): new for new, old in enumerate(left.tolist())}
    return replace(
        part,
        system=system.take(left, rows),
        rows=[part.rows[c] for c in left.tolist()],
        keys=[part.keys[c] for c in left.tolist() if c < len(part.keys)],
        loose=[place[c] for c in part.loose if c in place],
        kinds=[part.kinds[r] for r in rows.tolist() if r < len(part.kinds)],
    )


def _refuse(refusals: Sequence[Refusal]) -> None:
    table, level, unit = refusals[0].name
    more = f" {len(refusals) - 1} more cell(s) like it." if len(refusals) > 1 else ""
    raise DisclosureError(
        f"Not safe to publish: table {table}, {level} {unit}: {refusals[0].what}.{more}",
        "Publish fewer breakdowns or a higher threshold; `zorgdata protect --plan` compares choices.",
    )
