"""Which children and providers a sum of hours, days or euros is made of: one select per family of figures.

A select gives ``moment`` (number of the period, or of the day), ``unit_set_key`` (the units it counts for),
``municipality_code`` (who is responsible), ``item`` (part of the breakdown), ``child_key``, ``provider_id``
and ``amount``. Amounts are whole thousandths (of a day, an hour, a eurocent), so that the order of adding up
changes nothing. Only the tables named in ``needs`` are read; where one is absent nothing is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PERIOD: Final = "period"
DAY: Final = "day"


@dataclass(frozen=True)
class Family:
    """The select of a family, what it needs, what its ``moment`` counts, and in how many to a figure's unit.

    ``market``: whether providers are paid, so that the rule on providers can be judged.
    """

    select: str
    needs: tuple[str, ...]
    at: str = PERIOD
    per_unit: int = 1000
    market: bool = False


_CHILD_OF = "inner join core.attendance as attendance on part.attendance_key = attendance.attendance_key"

_OF_PERIOD: Mapping[str, str] = {
    "hours_assigned": "hours",
    "care_days": "care_days",
    "timed_care_days": "timed_care_days",
    "provider_days": "provider_days",
}
"""Figures that add up a column of ``metrics.child_care``."""

_PARTS: Final = ("care_form", "weight_class", "product_category")

_CARE = f"""
    select part.period_key as moment, part.unit_set_key, cast(null as varchar) as municipality_code,
        '' as item, attendance.child_key, cast(null as varchar) as provider_id,
        cast(round(part.{{column}} * 1000) as bigint) as amount
    from metrics.child_care as part {_CHILD_OF}
    where part.period_key in (select moment from asked) and part.{{column}} > 0
"""

_COST = f"""
    select part.period_key as moment, part.unit_set_key, part.municipality_code, {{item}} as item,
        attendance.child_key, part.provider_id,
        cast(round(cast(part.cents as double) * 1000) as bigint) as amount
    from metrics.child_cost as part {_CHILD_OF}
    where part.period_key in (select moment from asked) and part.basis = '{{basis}}' and part.cents > 0
        {{funder}}
"""
_JEUGDWET = "and part.funder = 'jeugdwet'"

_WEEK = """
    select part.day as moment, part.unit_set_key, part.municipality_code, '' as item, part.child_key,
        cast(null as varchar) as provider_id, cast(round(part.hours_week * 1000) as bigint) as amount
    from metrics.date_indication as part
    where part.day in (select moment from asked) and part.hours_week > 0
"""


def family(metric: str, dimension: str) -> Family | None:
    """The family of a figure and breakdown; None when what it is made of is not known."""
    if metric in _OF_PERIOD and not dimension:
        needs = ("metrics.child_care", "core.attendance")
        return Family(_CARE.format(column=_OF_PERIOD[metric]), needs)
    if metric == "assigned_hours_week" and not dimension:
        return Family(_WEEK, ("metrics.date_indication", "core.reference_date"), DAY)
    kind, _, basis = metric.rpartition("_")
    if kind == "care_cost" and (not dimension or dimension in _PARTS):
        item = f"coalesce(part.{dimension}, 'onbekend')" if dimension else "''"
        return Family(
            _COST.format(item=item, basis=basis, funder=_JEUGDWET),
            ("metrics.child_cost", "core.attendance"),
            per_unit=100_000,
            market=True,
        )
    return None
