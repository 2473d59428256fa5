"""Judges a whole release: primary rules, one model, secondary suppression, certificates, verification."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure import keep
from zorgdata.disclosure import ledger as ledgers
from zorgdata.disclosure import units as unit_tables
from zorgdata.disclosure.boundaries import reclassify
from zorgdata.disclosure.contributions import contributions
from zorgdata.disclosure.declare import Declaration, declared
from zorgdata.disclosure.frame import NOT_DELIVERED, Connection, Frame
from zorgdata.disclosure.layers import COUNTS, SUMS
from zorgdata.disclosure.model import Part
from zorgdata.disclosure.periods import judge, split
from zorgdata.disclosure.primary import is_hidden, leads, primary, shadow, weighed
from zorgdata.disclosure.prove import Table
from zorgdata.disclosure.rules import Codes, Reason
from zorgdata.disclosure.suppress import Outcome
from zorgdata.disclosure.system import SHOWN as SHOWN_STATE
from zorgdata.disclosure.units import Units, school_year
from zorgdata.errors import DisclosureError
from zorgdata.limits import AudienceRules, DisclosureSettings


@dataclass
class Assessment:
    """A judged release of one audience: who is hidden and why, and the proof. Internal: holds true values."""

    audience: str
    rules: AudienceRules
    frame: Frame
    declared: Mapping[str, Declaration]
    units: Units | None
    reason: Codes
    left_out: Mapping[str, str]
    anchors: ledgers.Anchors
    past: ledgers.Ledger
    proofs: list[tuple[Part, Outcome]] = field(default_factory=list)
    withheld: list[Table] = field(default_factory=list)

    def locate(self, row: int) -> tuple[Part, Outcome, int] | None:
        """The system and cell of a frame row; None for a figure that is in no system."""
        for part, outcome in self.proofs:
            for cell, rows in enumerate(part.rows):
                if row in rows:
                    return part, outcome, cell
        return None


def assess(
    connection: Connection,
    audience: str,
    settings: Any = None,
    catalogue: Any = None,
    *,
    use_ledger: bool = True,
    processes: int | None = None,
) -> Assessment:
    """Judges what ``metrics.value`` would publish to an audience. Writes nothing.

    Tables that cannot be proven are withheld and named. ``processes``: how many at most (None: chosen).
    Raises :class:`DisclosureError`, naming table and cell, when a cell cannot be proven safe.
    """
    rules = DisclosureSettings.of(settings).rules(audience)
    known = declared_metrics(connection, catalogue)
    frame, left_out = frames.load(connection, rules, known)
    if rules.unlimited:
        reason = np.zeros(len(frame), np.uint8)
        nothing = ledgers.Anchors.none(len(frame))
        return Assessment(audience, rules, frame, known, None, reason, left_out, nothing, ledgers.Ledger())
    frames.complete(frame, frozenset(m for m, d in known.items() if d.kind == "count"))
    units = unit_tables.load(connection, set(zip(frame.level, frame.unit, strict=True)))
    past = ledgers.load(connection, audience) if use_ledger else ledgers.Ledger()
    refused = reclassify(frame, known, units, past, rules.threshold + rules.rounding_base // 2)
    known_of = contributions(connection, frame, weighed(frame, known, rules))
    reason = primary(frame, known, rules, known_of)
    reason[refused] = Reason.BOUNDARY
    before = past.recall(frame)
    anchors = before.anchors(known, rules)
    standing_on = leads(frame, known)
    shadow(frame, known, reason, standing_on)
    before.stick(reason)
    shadow(frame, known, reason, standing_on)
    result = Assessment(audience, rules, frame, known, units, reason, left_out, anchors, past)
    kept = keep.load(connection, audience) if use_ledger else {}
    times = {school_year(time) for _, time, _, _ in frame.index}
    periods = split(frame, reason, anchors, {t: past.units(t, units) for t in times}, kept)
    for judged in judge(periods, known, rules, processes):
        reason[judged.rows] = judged.reason
        result.proofs += judged.proofs
        result.withheld += judged.withheld
    _require_proof(result)
    return result


def _require_proof(judged: Assessment) -> None:
    """Whatever adds up and is shown must stand in a proof as shown: nothing goes out beside the model."""
    frame = judged.frame
    proven = np.zeros(len(frame), bool)
    for part, _ in judged.proofs:
        shown = np.flatnonzero(part.system.state == SHOWN_STATE).tolist()
        proven[[row for cell in shown for row in part.rows[cell]]] = True
    proven[list(frame.alias)] = proven[list(frame.alias.values())]
    asked = ~is_hidden(judged.reason) & ~proven
    for metric, rows in frame.by_metric().items():
        if judged.declared[metric].kind not in COUNTS | SUMS:
            continue
        bare = [r for r in rows[asked[rows]].tolist() if frame.status[r] != NOT_DELIVERED]
        if bare:
            where = f"{metric}, {frame.level[bare[0]]} {frame.unit[bare[0]]}"
            raise DisclosureError(
                f"Not safe to publish: {where} is in no proof.",
                "Declare how the metric adds up before it is published.",
            )


def declared_metrics(connection: Connection, catalogue: Any) -> dict[str, Declaration]:
    """The declaration of every metric in ``metrics.value`` that has one."""
    metrics = connection.execute("select distinct metric from metrics.value order by metric").fetchall()
    return declared([str(m) for (m,) in metrics], catalogue)
