"""Little regions as systems, for tests: schools given as (children with care, pupils, town, type, board)."""

from collections.abc import Sequence

import numpy as np

from zorgdata.disclosure.declare import Declaration, declared
from zorgdata.disclosure.frame import Frame
from zorgdata.disclosure.model import Part, parts
from zorgdata.disclosure.primary import primary
from zorgdata.disclosure.units import of
from zorgdata.limits import PublicRules

School = tuple[int, int, str, str, str]
_LEVELS = ("school", "municipality_type", "school_municipality", "school_type", "board", "region")


def frame_of(
    schools: Sequence[School], names: Sequence[str] | None = None
) -> tuple[Frame, dict[str, dict[str, str]]]:
    """The count layer of a little region on one day, every level added up, and its school attributes."""
    names = names or [f"S{k}" for k in range(len(schools))]
    attributes = {
        n: {"municipality_code": t, "school_type": k, "board": b, "swv": ""}
        for n, (_, _, t, k, b) in zip(names, schools, strict=True)
    }
    sums: dict[tuple[str, str], np.ndarray] = {}
    for name, (x, pupils, town, kind, board) in zip(names, schools, strict=True):
        for level, unit in zip(_LEVELS, (name, f"{town}|{kind}", town, kind, board, "region"), strict=True):
            sums.setdefault((level, unit), np.zeros(2))
            sums[level, unit] += (x, pupils)
    keys = sorted(sums)
    n = len(keys)
    values = np.array([sums[k] for k in keys])
    frame = Frame(
        ["pupils_with_care"] * n,
        [k[0] for k in keys],
        [k[1] for k in keys],
        ["2024-2025"] * n,
        ["2024-10-01"] * n,
        [""] * n,
        [""] * n,
        values[:, 0].copy(),
        values[:, 0].copy(),
        values[:, 1].copy(),
        values[:, 0].copy(),
        ["final"] * n,
    )
    frame.build_index()
    return frame, attributes


DECLARED: dict[str, Declaration] = declared(["pupils_with_care"])


def part_of(
    schools: Sequence[School], names: Sequence[str] | None = None, rules: PublicRules | None = None
) -> Part:
    """The system of a little region after the primary rules."""
    rules = rules or PublicRules()
    frame, attributes = frame_of(schools, names)
    units = of(attributes, set(zip(frame.level, frame.unit, strict=True)))
    reason = primary(frame, DECLARED, rules)
    (part,) = parts(frame, DECLARED, units, rules, reason)
    return part
