"""Survival figures of groups of children: return to care, and length of care."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zorgdata.estimates.tables import floats, groups, in_order, table
from zorgdata.stats import Interval, kaplan_meier
from zorgdata.stats.survival import RESTART_AT_RISK, SurvivalCurve

KEYS = ("subject", "level", "unit_id", "period", "dimension", "dimension_value")
RETURN_WITHIN = {"reentry": 365, "reentry_182": 182}
FEWEST = 10
"""A curve over fewer spells is no figure: it has no value."""

RUNNING_AFTER = {"m03": 91, "m06": 182, "m12": 365, "m18": 548, "m24": 730, "m36": 1096}
"""Where the curve of lengths is read, in days since the start; the codes are those of ``since_start``."""

SCHEMA = pa.schema(
    [
        ("metric", pa.string()),
        ("level", pa.string()),
        ("unit_id", pa.string()),
        ("period", pa.string()),
        ("dimension", pa.string()),
        ("dimension_value", pa.string()),
        ("value", pa.float64()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("n_children", pa.int64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
    ]
)


def figures(rows: pa.Table) -> pa.Table:
    """Kaplan–Meier figures per subject and group.

    Input, one row per spell: the keys of the group, ``child_key``, ``entry_days``, ``exit_days`` and
    ``is_event``. Of subject ``reentry`` the values are 1 − S(365) and 1 − S(182), the share that is back
    within so many days; numerator is the number seen to return by then. Of subject ``episode_length`` the
    value is the median: the first day on which at most half still runs. Entry before or at the first day is
    0; later entry means that the spell was under way when the window opened.

    The interval is that of the curve (log-log). A median interval is given where both limits of the curve
    reach one half. Below ten spells, past the last follow-up, and where the curve stays above one half the
    value is null. With late entry the curve starts at the first time with ten spells at risk.
    The same curve gives ``episode_running``: S(t), the share that still runs t days after its start, at the
    six times of ``RUNNING_AFTER`` and after a year for the total; see :func:`running`.
    Source: Kaplan & Meier 1958; METRICS 2.7 and 2.8.
    """
    rows = in_order(rows, KEYS)
    entry, leave, event = (floats(rows, name) for name in ("entry_days", "exit_days", "is_event"))
    children = floats(rows, "child_key")
    found: list[dict[str, object]] = []
    for key, part in groups(rows, KEYS):
        spells = part.stop - part.start
        late = bool((entry[part] > 0).any())
        curve = kaplan_meier(
            leave[part], event[part] > 0, entry[part], min_at_risk=RESTART_AT_RISK if late else None
        )
        enough = spells >= FEWEST
        place = {name: key[name] for name in KEYS[1:]}
        common = {**place, "denominator": float(spells), "n_children": len(set(children[part]))}
        if key["subject"] == "reentry":
            for metric, days in RETURN_WITHIN.items():
                survival, low, high = curve.at(days), None, None
                if enough and survival is not None:
                    row = int((curve.time <= days).sum()) - 1
                    low = 1 - float(curve.upper[row]) if row >= 0 else 0.0
                    high = 1 - float(curve.lower[row]) if row >= 0 else 0.0
                back = float(curve.events[curve.time <= days].sum())
                value = 1 - survival if enough and survival is not None else None
                found.append(
                    {
                        **common,
                        "metric": metric,
                        "value": value,
                        "numerator": back,
                        "lower": low,
                        "upper": high,
                    }
                )
        else:
            median = curve.median_interval() if enough else None
            known = median is not None and median.value is not None
            found.append(
                {
                    **common,
                    "metric": key["subject"],
                    "value": median.value if median else None,
                    "numerator": median.value if median else None,
                    "lower": median.lower if median and known else None,
                    "upper": median.upper if median and known else None,
                }
            )
            if not key["dimension"]:
                spell = Spells(leave[part], event[part] > 0, entry[part], children[part])
                points = dict(running(curve, spell, enough=enough))
                found += [
                    {**common, "metric": "episode_running", "dimension": "since_start", **row}
                    for row in points.values()
                ]
                found.append({**common, "metric": "episode_running", **points["m12"], "dimension_value": ""})
    return table(SCHEMA, found)


@dataclass(frozen=True)
class Spells:
    """Spells of one group: when they end or go out of sight, whether they ended, entry, whose they are."""

    exit: NDArray[np.float64]
    ended: NDArray[np.bool_]
    entry: NDArray[np.float64]
    child: NDArray[np.float64]


def running(curve: SurvivalCurve, spells: Spells, *, enough: bool) -> Iterator[tuple[str, dict[str, object]]]:
    """The curve at the times of ``RUNNING_AFTER``: S(t) with its log-log limits, per code.

    Neighbouring points of a curve tell together how many ended between them. A point has a value only when at
    least ten different children ended since the point before that has one, and ten are still followed.
    The numerator is the number of spells at risk just after t.
    """
    before = -np.inf if curve.start is None else curve.start - 1
    for code, days in RUNNING_AFTER.items():
        ended = spells.ended & (spells.exit > before) & (spells.exit <= days)
        followed = (spells.entry <= days) & (spells.exit > days)
        told = (
            enough and len(set(spells.child[ended])) >= FEWEST and len(set(spells.child[followed])) >= FEWEST
        )
        point = curve.interval_at(days)
        if told and point.value is not None:
            before = days
        else:
            point = Interval(None, None, None)
        yield (
            code,
            {
                "dimension_value": code,
                "value": point.value,
                "numerator": float(followed.sum()),
                "lower": point.lower,
                "upper": point.upper,
            },
        )
