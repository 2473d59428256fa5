"""What an analyst may ask of the disclosure step; nothing is changed or published."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.explain import audit, explain, plan
from zorgdata.pipeline.session import open_session
from zorgdata.store import note_access
from zorgdata.workspace import Workspace


def answers(workspace: Workspace, audience: str, question: str, cell: str) -> pa.Table:
    """Rows that answer ``plan``, ``attack`` or ``explain`` (of ``cell``) for an audience.

    plan: what other thresholds and rounding bases would hide. attack: the range an attacker can derive of
    every hidden cell. explain: why one cell is hidden, in which sums it stands and what would free it.
    """
    settings = workspace.settings.disclosure
    note_access(workspace, f"protect --{question} {cell}".strip())
    with open_session(workspace, f"protect --{question}") as session:
        if question == "plan":
            return _table([asdict(choice) for choice in plan(session.connection, audience, settings)])
        judged = assess(session.connection, audience, settings)
        if question == "attack":
            found = [
                {
                    "cell": "|".join(map(str, finding.name))
                    if isinstance(finding.name, tuple)
                    else finding.name,
                    "low": finding.low,
                    "high": finding.high,
                    "asked_low": finding.asked_low,
                    "asked_high": finding.asked_high,
                    "safe": finding.safe,
                }
                for finding in audit(judged)
            ]
            return _table(found)
        told = asdict(explain(judged, cell))
        rows: list[dict[str, Any]] = []
        for subject, value in told.items():
            rows += [{"subject": subject, "answer": _text(item)} for item in _items(value)]
        return _table(rows)


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {part}" for name, part in value.items())
    return "" if value is None else str(value)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows) if rows else pa.table({})
