"""Judges a whole release: primary rules, one model, secondary suppression, certificates, verification."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure import ledger as ledgers
from zorgdata.disclosure import units as unit_tables
from zorgdata.disclosure.boundaries import reclassify
from zorgdata.disclosure.contributions import largest
from zorgdata.disclosure.declare import Declaration, declared
from zorgdata.disclosure.frame import Connection, Frame
from zorgdata.disclosure.model import Part, parts
from zorgdata.disclosure.primary import depth, is_hidden, leads, primary, shadow
from zorgdata.disclosure.rules import Codes, Reason
from zorgdata.disclosure.suppress import Outcome, suppress
from zorgdata.disclosure.system import HIDDEN as HIDDEN_STATE
from zorgdata.disclosure.units import Units
from zorgdata.disclosure.verify import verify
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
) -> Assessment:
    """Judges what ``metrics.value`` would publish to an audience. Writes nothing.

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
    refused = reclassify(frame, known, units, past)
    reason = primary(frame, known, rules, largest(connection, frame))
    reason[refused] = Reason.BOUNDARY
    anchors = past.anchors(frame, known, rules)
    standing_on = leads(frame, known)
    shadow(frame, known, reason, standing_on)
    past.stick(frame, reason)
    shadow(frame, known, reason, standing_on)
    result = Assessment(audience, rules, frame, known, units, reason, left_out, anchors, past)
    pattern: set[tuple[str, ...]] = set()
    for level in range(1 + max((depth(m, known) for m in set(frame.metric)), default=0)):
        for part in parts(frame, known, units, rules, reason, depth=level, anchors=anchors, past=past):
            _prefer(part, pattern, rules.repeat_discount)
            outcome = suppress(part.system)
            pattern |= {part.keys[cell] for cell in outcome.secondary.tolist()}
            _refuse(part, outcome)
            _apply(part, reason)
            result.proofs.append((part, outcome))
        shadow(frame, known, reason, standing_on)
    return result


def _prefer(part: Part, pattern: set[tuple[str, ...]], discount: float) -> None:
    """Hiding again what an earlier period hid for others is cheaper: holes do not wander over the years."""
    again = [cell for cell, key in enumerate(part.keys) if key in pattern]
    part.system.weight[again] *= discount


def _apply(part: Part, reason: Codes) -> None:
    """Hides in the frame what the system hides; a figure twice told is hidden twice."""
    loose = set(part.loose)
    hidden = is_hidden(reason)
    for cell in np.flatnonzero(part.system.state == HIDDEN_STATE).tolist():
        for row in part.rows[cell]:
            if not hidden[row]:
                reason[row] = Reason.UNPROVEN if cell in loose else Reason.SECONDARY


def _refuse(part: Part, outcome: Outcome) -> None:
    refusals = verify(part.system, outcome.certificates)
    if not refusals:
        return
    table, level, unit = refusals[0].name
    more = f" {len(refusals) - 1} more cell(s) like it." if len(refusals) > 1 else ""
    raise DisclosureError(
        f"Not safe to publish: table {table}, {level} {unit}: {refusals[0].what}.{more}",
        "Publish fewer breakdowns or a higher threshold; `zorgdata protect --plan` compares choices.",
    )


def declared_metrics(connection: Connection, catalogue: Any) -> dict[str, Declaration]:
    """The declaration of every metric in ``metrics.value`` that has one."""
    metrics = connection.execute("select distinct metric from metrics.value order by metric").fetchall()
    return declared([str(m) for (m,) in metrics], catalogue)
