"""What a build would do, and why, before anything is done."""

from dataclasses import dataclass
from typing import Literal

from zorgdata.engine.model import Models
from zorgdata.engine.selection import select_models
from zorgdata.engine.state import Fingerprint, State, fingerprint
from zorgdata.errors import ModelError

Action = Literal["build", "fresh", "skipped"]


@dataclass(frozen=True)
class Step:
    """One model in a plan. ``reason`` is for a person; ``stamp`` is the fingerprint after the step.

    ``may_stand``: only what the model reads is built anew. When that comes out the same the model is not.
    """

    name: str
    action: Action
    reason: str
    stamp: Fingerprint | None
    may_stand: bool = False


def make_plan(models: Models, state: State, select: str | None = None, full: bool = False) -> list[Step]:
    """Every model with what happens to it, in building order.

    A model outside the selection is skipped, even when it is out of date; what is built on it remembers
    the state it really had, so a later build without selection still notices. Raises ModelError when a
    selected model reads a skipped one that has never been built.
    """
    selected = select_models(models, select)
    stamps: dict[str, Fingerprint] = {}
    built: set[str] = set()
    steps: list[Step] = []
    for model in models:
        name = model.name
        stored = state.fingerprints.get(name) if name in state.relations else None
        if name not in selected:
            if stored:
                stamps[name] = stored
            steps.append(Step(name, "skipped", "not selected", stored))
            continue
        upstream = models.upstream(name)
        missing = [ref for ref in upstream if ref not in stamps]
        if missing:
            raise ModelError(
                f"{name} reads {', '.join(missing)}, which has not been built.",
                f"Select +{name} to build what it is made from as well.",
            )
        stamp = fingerprint(models, name, state, {ref: str(stamps[ref]) for ref in upstream})
        reason = "asked for in full" if full else _reason(stored, stamp, [r for r in upstream if r in built])
        stamps[name] = stamp
        if reason:
            built.add(name)
        may_stand = (
            not full and stored is not None and (stored.sql, stored.inputs) == (stamp.sql, stamp.inputs)
        )
        steps.append(Step(name, "build" if reason else "fresh", reason, stamp, may_stand))
    return steps


def _reason(stored: Fingerprint | None, stamp: Fingerprint, rebuilt: list[str]) -> str:
    if stored is None:
        return "not built before"
    if stored.sql != stamp.sql:
        return "the SQL changed"
    if stored.inputs != stamp.inputs:
        return "the input changed"
    if stored.upstream != stamp.upstream:
        return f"made from {', '.join(rebuilt)}" if rebuilt else "what it is made from changed"
    return ""
