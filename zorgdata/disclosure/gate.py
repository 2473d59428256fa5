"""From ``metrics.value`` to ``protected.value``: the one road to publication."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure import keep, ledger, release
from zorgdata.disclosure.assess import Assessment, assess
from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.present import Presented, present
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.table import (
    NOT_APPLICABLE,
    SECONDARY,
    SHOWN,
    SUPPRESSED,
    TOP_CODED,
    Cell,
    ProtectedTable,
    certify,
)

_KEPT: Final = "kept"
_TOLD = {Reason.SECONDARY: SECONDARY, Reason.STICKY: _KEPT}
"""How the verdict names hidden figures without a reason of their own."""


@dataclass(frozen=True)
class Verdict:
    """What the disclosure step decided for one audience. Holds no figure of a child.

    Hidden are ``primary`` (for themselves, or because of what they stand on), ``secondary`` (to protect
    others) and ``kept`` (neither, but hidden in an earlier release of the period).
    ``proven``: sensitive cells with certificates; ``tables``: the certificates' tables, all verified.
    ``capped``: cells of which earlier releases tell more than may be told, listed for the data owner.
    ``withheld``: tables (metric and period) that could not be proven and are not shown at all.
    """

    audience: str
    cells: int
    shown: int
    top_coded: int
    primary: int
    secondary: int
    kept: int
    not_applicable: int
    by_level: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    proven: int = 0
    tables: int = 0
    capped: tuple[str, ...] = ()
    ground: str = ""
    withheld: tuple[str, ...] = ()

    def loss(self) -> dict[str, dict[str, float]]:
        """The loss table: per level all figures, and the shares hidden for themselves, for others and
        because an earlier release hid them.

        For the manifest, which stays inside: publicly these are not told apart.
        """
        table = {}
        for level, found in self.by_level.items():
            cells = sum(found.values())
            table[level] = {
                "cells": cells,
                "primary": round(found.get(SUPPRESSED, 0) / cells, 4),
                "secondary": round(found.get(SECONDARY, 0) / cells, 4),
                "kept": round(found.get(_KEPT, 0) / cells, 4),
            }
        return table


def protect(connection: Connection, audience: str, settings: Any = None, catalogue: Any = None) -> Verdict:
    """Applies the disclosure rules of ``audience`` to ``metrics.value`` and writes ``protected.value``.

    Runs inside the caller's transaction. ``settings`` is a :class:`DisclosureSettings`, the workspace's
    settings or None for the defaults. Raises :class:`DisclosureError` when the figures cannot be protected.
    """
    judged = assess(connection, audience, settings, catalogue)
    frame, rules = judged.frame, judged.rules
    shown = present(frame, judged.declared, rules, judged.reason, judged.anchors)
    # The database writes and packs while this thread works out what everybody may know.
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(_write, connection, judged, shown)
        block = release.facts(judged)
        written.result()
    release.write(connection, audience, block)
    return _verdict(judged, shown.status)


def _write(connection: Connection, judged: Assessment, shown: Presented) -> None:
    """Writes what is published, and for later nights what was told and what was found."""
    audience, frame = judged.audience, judged.frame
    frames.write(connection, audience, frame, value=shown.value, display=shown.display, status=shown.status)
    if judged.units is not None:
        words = ledger.Words(shown.value, shown.top, shown.bottom, shown.display, shown.status)
        ledger.prepare(connection, audience, frame, words)
        ledger.prepare_units(connection, audience, frame, judged.units, judged.past)
    keep.store(connection, audience, [(part.time, outcome.found) for part, outcome in judged.proofs])


def read_protected(
    connection: Connection,
    audience: str,
    *,
    metrics: Sequence[str] | None = None,
    level: str | Sequence[str] | None = None,
    unit: str | Sequence[str] | None = None,
    period: str | Sequence[str] | None = None,
) -> ProtectedTable:
    """The protected cells of an audience, of these metrics, levels, units and periods (None: all)."""
    clauses, parameters = ["audience = ?"], [audience]
    wanted = {"metric": metrics, "level": level, "unit_id": unit, "period": period}
    for column, values in wanted.items():
        if values is None:
            continue
        listed = [values] if isinstance(values, str) else list(values)
        clauses.append(f"{column} in ({', '.join('?' * len(listed)) or 'null'})")
        parameters += listed
    rows = connection.execute(
        "select metric, level, coalesce(unit_id, ''), coalesce(period, ''), "
        "coalesce(cast(reference_date as varchar), ''), coalesce(dimension, ''), "
        "coalesce(dimension_value, ''), value, display, cell_status "
        f"from protected.value where {' and '.join(clauses)}",
        parameters,
    ).fetchall()
    return certify(audience, [Cell(*row) for row in rows])


def _verdict(judged: Assessment, status: Sequence[str]) -> Verdict:
    by_level: dict[str, dict[str, int]] = {}
    total: Counter[str] = Counter()
    for (level, word, code), n in Counter(
        zip(judged.frame.level, status, judged.reason.tolist(), strict=True)
    ).items():
        told = _TOLD.get(Reason(code), word) if word == SUPPRESSED else word
        found = by_level.setdefault(level, {})
        found[told] = found.get(told, 0) + n
        total[told] += n
    return Verdict(
        judged.audience,
        len(judged.frame),
        total[SHOWN],
        total[TOP_CODED],
        total[SUPPRESSED],
        total[SECONDARY],
        total[_KEPT],
        total[NOT_APPLICABLE],
        dict(sorted(by_level.items())),
        judged.left_out,
        sum(len(p.system.sensitive()) for p, _ in judged.proofs),
        sum(len(o.certificates.tables) for _, o in judged.proofs),
        tuple(" ".join(p.system.names[c]) for p, o in judged.proofs for c in o.capped),
        judged.rules.ground,
        tuple(sorted({" ".join(table) for table in judged.withheld})),
    )
