"""Why a figure is hidden, which sums hold it there, what would free it; what is lost, and with other limits.

For analysts: the answers name true figures and stay inside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zorgdata.disclosure.assess import Assessment, assess
from zorgdata.disclosure.attack import Finding, attack
from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.model import Part
from zorgdata.disclosure.present import present
from zorgdata.disclosure.primary import is_hidden
from zorgdata.disclosure.rules import REASON_TEXT, Reason
from zorgdata.disclosure.suppress import Outcome
from zorgdata.disclosure.system import FREE, HIDDEN, SHOWN
from zorgdata.disclosure.verify import verify
from zorgdata.errors import DisclosureError, UsageError
from zorgdata.limits import DisclosureSettings


@dataclass(frozen=True)
class Relation:
    """A sum a cell is in: the total, its parts, and how many of them are hidden."""

    total: str
    parts: int
    hidden: int


@dataclass(frozen=True)
class Explanation:
    """Why one figure is (not) shown. Internal: ``exact`` is the true figure.

    ``reason`` is a Dutch sentence. ``stands_on``: the figure it inherits from, if any. ``low`` and
    ``high``: all an attacker can know of it. ``protects``: the cells that need it hidden. ``frees``: what
    would let it be shown.
    """

    cell: str
    shown_as: str
    exact: float
    reason: str
    stands_on: str = ""
    low: int | None = None
    high: int | None = None
    relations: tuple[Relation, ...] = ()
    protects: tuple[str, ...] = ()
    frees: str = ""


def explain(judged: Assessment, cell: str) -> Explanation:
    """Explains a cell named as in ``Cell.name``: ``metric|level|unit|period|date|dimension|item``.

    Empty parts at the end may be left out; :class:`UsageError` when there is no such cell.
    """
    row = _row(judged, cell)
    frame, reason = judged.frame, Reason(int(judged.reason[row]))
    display = present(frame, judged.declared, judged.rules, judged.reason, judged.anchors).display[row]
    base = Explanation(cell, display, float(frame.value[row]), REASON_TEXT.get(reason, "wordt getoond"))
    if reason is Reason.SHADOW:
        lead = judged.declared[frame.metric[row]].lead
        return replace(base, stands_on=lead, frees=f"Het wordt getoond zodra {lead} getoond mag worden.")
    found = judged.locate(row)
    if found is None:
        return base
    part, outcome, at = found
    (finding,) = attack(part.system, [at])
    protects = _protects(part, outcome, at) if reason is Reason.SECONDARY else ()
    return replace(
        base,
        low=finding.low,
        high=finding.high,
        relations=_relations(part, at),
        protects=protects,
        frees=_frees(judged, reason, protects),
    )


def _row(judged: Assessment, cell: str) -> int:
    frame = judged.frame
    # Compared whole: a municipality × type unit has the separator in its own name.
    metric = cell.partition("|")[0]
    for row in frame.by_metric().get(metric, np.zeros(0, np.int64)).tolist():
        key = [metric, frame.level[row], frame.unit[row], frame.period[row]]
        key += [frame.reference[row], frame.dimension[row], frame.item[row]]
        if "|".join(key).rstrip("|") == cell.rstrip("|"):
            return int(row)
    raise UsageError(
        f"There is no cell {cell!r}.",
        "Name it as metric|level|unit|period|reference date, for example "
        "pupils_with_care|school|99AA00|2024-2025|2024-10-01.",
    )


def _relations(part: Part, cell: int) -> tuple[Relation, ...]:
    s = part.system
    found = []
    for r in np.unique(s.row[s.col == cell]).tolist():
        mine = s.row == r
        cells, coefficients = s.col[mine], s.coef[mine]
        if (s.state[cells] == FREE).any() or not (coefficients > 0).any():
            continue
        total = int(cells[coefficients > 0][0])
        parts = cells[coefficients < 0]
        found.append(Relation(_name(part, total), len(parts), int((s.state[parts] == HIDDEN).sum())))
    return tuple(found)


def _protects(part: Part, outcome: Outcome, cell: int) -> tuple[str, ...]:
    """The sensitive cells whose certificates would contradict what is published if this cell were shown."""
    state = part.system.state.copy()
    state[cell] = SHOWN
    refusals = verify(replace(part.system, state=state), outcome.certificates)
    return tuple(sorted({" ".join(r.name) for r in refusals}))


def _frees(judged: Assessment, reason: Reason, protects: Sequence[str]) -> str:
    t = judged.rules.threshold
    match reason:
        case Reason.THRESHOLD:
            return f"Het wordt getoond vanaf {t} kinderen."
        case Reason.COMPLEMENT:
            return f"Het wordt getoond als minstens {t} kinderen er niet onder vallen."
        case Reason.SECONDARY:
            return (
                f"Het wordt getoond zodra {protects[0]} niet meer beschermd hoeft te worden."
                if protects
                else ""
            )
        case Reason.STICKY:
            return "Het blijft in deze periode verborgen; een volgende periode begint opnieuw."
        case _:
            return ""


def _name(part: Part, cell: int) -> str:
    return " ".join(part.system.names[cell])


@dataclass(frozen=True)
class Loss:
    """How much of a table is hidden at a level: all cells, hidden for themselves, hidden for others, and
    kept hidden from an earlier release."""

    metric: str
    level: str
    cells: int
    primary: int
    secondary: int
    kept: int = 0

    @property
    def share(self) -> float:
        """Hidden part of all cells."""
        return (self.primary + self.secondary + self.kept) / self.cells if self.cells else 0.0


def loss(judged: Assessment) -> list[Loss]:
    """The loss table of a release: per metric and level what is hidden: for itself, for others, kept."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, metric in enumerate(judged.frame.metric):
        groups.setdefault((metric, judged.frame.level[row]), []).append(row)
    table = []
    for (metric, level), rows in sorted(groups.items()):
        codes = judged.reason[rows]
        others, kept = int((codes == Reason.SECONDARY).sum()), int((codes == Reason.STICKY).sum())
        own = int(is_hidden(codes).sum()) - others - kept
        table.append(Loss(metric, level, len(rows), own, others, kept))
    return table


@dataclass(frozen=True)
class Choice:
    """What a threshold and a base would do: cells, hidden for themselves and for others, or why not."""

    threshold: int
    base: int
    cells: int = 0
    primary: int = 0
    secondary: int = 0
    above_school: int = 0
    refused: str = ""


def plan(
    connection: Connection,
    audience: str,
    settings: Any = None,
    catalogue: Any = None,
    *,
    thresholds: Iterable[int] = (10, 15, 20),
    bases: Iterable[int] = (5, 10),
) -> list[Choice]:
    """Compares thresholds and rounding bases on today's figures, as if nothing had been released yet.

    Choices below a default are tried too when given; publishing with them would need a recorded ground.
    """
    block = DisclosureSettings.of(settings)
    rules = block.rules(audience)
    choices = []
    for t in thresholds:
        for base in bases:
            changed = rules.model_copy(update={"threshold": t, "rounding_base": base})
            tried = block.model_copy(update={audience: changed})
            choices.append(_choice(connection, audience, tried, catalogue, threshold=t, base=base))
    return choices


def _choice(
    connection: Connection,
    audience: str,
    settings: DisclosureSettings,
    catalogue: Any,
    *,
    threshold: int,
    base: int,
) -> Choice:
    try:
        judged = assess(connection, audience, settings, catalogue, use_ledger=False)
    except DisclosureError as error:
        return Choice(threshold, base, refused=error.message)
    rows = loss(judged)
    return Choice(
        threshold,
        base,
        sum(r.cells for r in rows),
        sum(r.primary for r in rows),
        sum(r.secondary for r in rows),
        sum(r.secondary for r in rows if r.level != "school"),
    )


def audit(judged: Assessment) -> list[Finding]:
    """The attacker's findings on every hidden cell of a release, unsafe and narrow ones first."""
    findings = [f for part, _ in judged.proofs for f in attack(part.system)]
    return sorted(findings, key=lambda f: (f.safe, f.high - f.low, f.name))


def statuses(judged: Assessment) -> Mapping[str, int]:
    """How many rows are hidden for which reason, in words."""
    codes, counts = np.unique(judged.reason, return_counts=True)
    text = {int(r): REASON_TEXT.get(Reason(int(r)), "getoond") for r in codes}
    return {text[int(c)]: int(n) for c, n in zip(codes, counts, strict=True)}
