"""Survival figures of groups of children: return to care, and length of care."""

import pyarrow as pa

from zorgdata.estimates.tables import floats, groups, in_order, table
from zorgdata.stats import kaplan_meier
from zorgdata.stats.survival import RESTART_AT_RISK

KEYS = ("subject", "level", "unit_id", "period", "dimension", "dimension_value")
RETURN_WITHIN = {"reentry": 365, "reentry_182": 182}
FEWEST = 10
"""A curve over fewer spells is no figure: it has no value."""

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
    return table(SCHEMA, found)
