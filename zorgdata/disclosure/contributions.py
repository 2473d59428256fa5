"""How much single children and providers contribute to sums of hours, days and euros: what rule P5 needs.

Read from the tables of single children in the work database; only the largest contribution, the two largest
together and the standing of providers leave this module. A sum whose contributions are not known counts as
dominated. Households are not known (no address, no name): the two largest contributors count as one when they
live in the same four-digit postcode.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zorgdata.disclosure.frame import Connection, Frame
from zorgdata.disclosure.rules import Floats

_OF_PERIOD = {
    "hours_assigned": "hours",
    "care_days": "care_days",
    "timed_care_days": "timed_care_days",
    "provider_days": "provider_days",
}
"""Metrics that add up a column of ``metrics.child_school`` over children."""

_LEVELS = """
    level as (
        select school_id, 'school' as level, school_id as unit_id from core.school
        union all select school_id, 'school_type', school_type from core.school
        union all select school_id, 'board', board from core.school
        union all select school_id, 'swv', swv from core.school
        union all select school_id, 'school_municipality', municipality_code from core.school
        union all select school_id, 'municipality_type', concat(municipality_code, '|', school_type)
            from core.school where municipality_code is not null and school_type is not null
        union all select school_id, 'region', 'region' from core.school
    ),
    added as (
        select part.time, level.level, level.unit_id, part.child_id, sum(part.amount) as amount
        from part inner join level on part.school_id = level.school_id
        where level.unit_id is not null
        group by part.time, level.level, level.unit_id, part.child_id
    )
    select time, level, unit_id, '', list({{'amount': amount, 'pc4': {pc4}}} order by amount desc, {pc4})[1:3]
    from added {home} group by time, level, unit_id
"""
_HOME = "left join core.child as child on added.child_id = child.child_id"

_COSTS = {f"care_cost_{basis}": basis for basis in ("assigned", "declared")}
_PARTS = ("care_form", "weight_class", "product_category")
_COST = """
    with cost as (
        select
            period.period as time, unit_set.level, unit_set.unit_id, attendance.child_key, cost.provider_id,
            {part} as item, sum(cost.cents) / 100 as amount
        from metrics.child_cost as cost
        inner join core.period as period on cost.period_key = period.period_key
        inner join core.unit_set as unit_set on cost.unit_set_key = unit_set.unit_set_key
        inner join core.attendance as attendance on cost.attendance_key = attendance.attendance_key
        where cost.basis = '{basis}' and cost.funder = 'jeugdwet' and cost.cents > 0
        group by all
    ),
    child as (
        select time, level, unit_id, item, child_key, sum(amount) as amount from cost group by all
    ),
    largest as (
        select
            time, level, unit_id, item,
            list({{'amount': amount, 'pc4': home.pc4}} order by amount desc, home.pc4)[1:3] as most
        from child inner join core.child as home on child.child_key = home.child_key
        group by time, level, unit_id, item
    ),
    provider as (
        select time, level, unit_id, item, provider_id, sum(amount) as amount from cost group by all
    ),
    market as (
        select time, level, unit_id, item, count(*) as providers, max(amount) / sum(amount) as share
        from provider group by time, level, unit_id, item
    )
    select time, level, unit_id, item, most, providers, share
    from largest inner join market using (time, level, unit_id, item)
"""

_ON_DATE = """
    with day as (select distinct reference_date from metrics.value where metric = 'assigned_hours_week'),
    part as (
        select cast(day.reference_date as varchar) as time, enrolment.school_id, indication.child_id,
            sum(indication.hours_per_week) as amount
        from day
        inner join core.indication as indication
            on indication.start_date <= day.reference_date
            and coalesce(indication.end_date, date '9999-12-31') >= day.reference_date
        inner join (select distinct child_id, school_id, start_date, end_date from core.enrolment) as
        enrolment on enrolment.child_id = indication.child_id and enrolment.start_date <=
        day.reference_date and coalesce(enrolment.end_date, date '9999-12-31') >= day.reference_date
        where indication.law = 'jeugdwet' and indication.hours_per_week > 0 group by
        day.reference_date, enrolment.school_id, indication.child_id
    ),
"""


@dataclass(frozen=True)
class Contributions:
    """Per row; NaN where not known.

    ``one``: the largest contribution of a household, ``two``: of two households together. ``providers``: how
    many providers a sum of euros is paid to, ``share``: what part of it the largest of them gets.
    """

    one: Floats
    two: Floats
    providers: Floats
    share: Floats

    @classmethod
    def unknown(cls, rows: int) -> "Contributions":
        """Nothing is known."""
        return cls(*(np.full(rows, np.nan) for _ in range(4)))


def contributions(connection: Connection, frame: Frame) -> Contributions:
    """What is known of the contributions to every row."""
    known = Contributions.unknown(len(frame))
    present = {(metric, dimension) for metric, _, dimension, _ in frame.index}
    for metric, dimension in sorted(present):
        found = {tuple(row[:4]): row[4:] for row in _rows(connection, metric, dimension)}
        for (name, time, of, item), levels in frame.index.items() if found else ():
            if (name, of) != (metric, dimension):
                continue
            for level, units in levels.items():
                for unit, row in units.items():
                    if mine := found.get((time, level, unit, item)):
                        known.one[row], known.two[row] = households(mine[0])
                        if len(mine) > 1:
                            known.providers[row], known.share[row] = float(mine[1]), float(mine[2])
    return known


def households(most: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """The largest contribution of a household and of two, from the three largest contributors.

    The two largest in one postcode count as one household.
    """
    amounts = [float(m["amount"]) for m in most] + [0.0, 0.0]
    together = len(most) > 1 and most[0]["pc4"] is not None and most[0]["pc4"] == most[1]["pc4"]
    if together:
        return amounts[0] + amounts[1], sum(amounts[:3])
    return amounts[0], amounts[0] + amounts[1]


def _rows(connection: Connection, metric: str, dimension: str) -> Iterable[Sequence[Any]]:
    if metric in _COSTS:
        needed: tuple[str, ...] = ("metrics.child_cost", "core.unit_set", "core.attendance", "core.child")
        if (dimension and dimension not in _PARTS) or not all(_exists(connection, name) for name in needed):
            return []
        part = f"coalesce(cost.{dimension}, 'onbekend')" if dimension else "''"
        rows: list[Sequence[Any]] = connection.execute(
            _COST.format(part=part, basis=_COSTS[metric])
        ).fetchall()
        return rows
    on_date = metric == "assigned_hours_week"
    if dimension or not (on_date or metric in _OF_PERIOD):
        return []
    needed = ("core.indication", "core.enrolment") if on_date else ("metrics.child_school",)
    if not all(_exists(connection, name) for name in needed):
        return []
    home = _exists(connection, "core.child")
    query = (
        _ON_DATE
        if on_date
        else (
            f"with part as (select period as time, school_id, child_id, {_OF_PERIOD[metric]} as amount "
            f"from metrics.child_school where {_OF_PERIOD[metric]} > 0),"
        )
    )
    levels = _LEVELS.format(home=_HOME if home else "", pc4="child.pc4" if home else "cast(null as varchar)")
    found: list[Sequence[Any]] = connection.execute(query + levels).fetchall()
    return found


def _exists(connection: Connection, name: str) -> bool:
    schema, table = name.split(".")
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(found[0])
