"""From ``metrics.value`` to ``protected.value``: the one road to publication."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zorgdata.disclosure import frame as frames
from zorgdata.disclosure import units as unit_tables
from zorgdata.disclosure.complement import complementary
from zorgdata.disclosure.declare import Declaration, from_catalogue, resolve
from zorgdata.disclosure.frame import Connection, Frame
from zorgdata.disclosure.present import present
from zorgdata.disclosure.primary import primary, shadow
from zorgdata.disclosure.rules import Codes, Reason
from zorgdata.disclosure.table import Cell, ProtectedTable, certify
from zorgdata.limits import DisclosureSettings


@dataclass(frozen=True)
class Verdict:
    """What the disclosure step decided for one audience. Holds no figure of a child."""

    audience: str
    cells: int
    shown: int
    top_coded: int
    primary: int
    secondary: int
    not_applicable: int
    by_level: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    ground: str = ""


def protect(connection: Connection, audience: str, settings: Any = None, catalogue: Any = None) -> Verdict:
    """Applies the disclosure rules of ``audience`` to ``metrics.value`` and writes ``protected.value``.

    Runs inside the caller's transaction. ``settings`` is a :class:`DisclosureSettings`, the workspace's
    settings or None for the defaults. Raises :class:`DisclosureError` when the figures cannot be protected.
    """
    rules = DisclosureSettings.of(settings).rules(audience)
    declared = _declared(connection, catalogue)
    frame, left_out = frames.load(connection, rules, declared)
    if not rules.unlimited:
        frames.complete(frame, frozenset(m for m, d in declared.items() if d.kind == "count"))
    reason = primary(frame, declared, rules)
    if not rules.unlimited:
        units = unit_tables.load(connection, set(zip(frame.level, frame.unit, strict=True)))
        complementary(frame, declared, units, reason)
        shadow(frame, declared, reason)
    value, display, status = present(frame, declared, rules, reason)
    frames.write(connection, audience, frame, value=value, display=display, status=status)
    return _verdict(audience, frame, reason, status=status, left_out=left_out, ground=rules.ground)


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


def _declared(connection: Connection, catalogue: Any) -> dict[str, Declaration]:
    extra = from_catalogue(catalogue)
    metrics = connection.execute("select distinct metric from metrics.value").fetchall()
    found = {str(m): resolve(str(m), extra) for (m,) in metrics}
    return {m: d for m, d in found.items() if d is not None}


def _verdict(
    audience: str,
    frame: Frame,
    reason: Codes,
    *,
    status: Sequence[str],
    left_out: Mapping[str, str],
    ground: str,
) -> Verdict:
    by_level: dict[str, Counter[str]] = {}
    secondary = 0
    for row, level in enumerate(frame.level):
        mine = status[row] == "suppressed" and reason[row] in (Reason.SECONDARY, Reason.STICKY)
        secondary += mine
        by_level.setdefault(level, Counter())["suppressed_secondary" if mine else status[row]] += 1
    total = Counter(status)
    return Verdict(
        audience,
        len(frame),
        total["shown"],
        total["top_coded"],
        total["suppressed"] - secondary,
        secondary,
        total["not_applicable"],
        {level: dict(found) for level, found in sorted(by_level.items())},
        left_out,
        ground,
    )
