"""How much single children contribute to sums of hours, days and euros: what rule P5 needs to know.

Read from the tables of single children in the work database; only the largest and the two largest together
leave this module. A sum whose contributions are not known counts as dominated.
"""

from collections.abc import Iterable

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
    select time, level, unit_id, max(amount, 2) as largest from added group by time, level, unit_id
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


def largest(connection: Connection, frame: Frame) -> tuple[Floats, Floats]:
    """Per row the largest contribution of a child and the two largest together; NaN where not known."""
    one, two = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    present = {metric for metric, *_ in frame.index}
    for metric in sorted(present & {"assigned_hours_week", *_OF_PERIOD}):
        found = {(t, lv, u): top for t, lv, u, top in _rows(connection, metric)}
        for (name, time, dimension, _), levels in frame.index.items():
            if name != metric or dimension:
                continue
            for level, units in levels.items():
                for unit, row in units.items():
                    top = found.get((time, level, unit))
                    if top:
                        one[row], two[row] = float(top[0]), float(sum(top))
    return one, two


def _rows(connection: Connection, metric: str) -> Iterable[tuple[str, str, str, list[float]]]:
    on_date = metric == "assigned_hours_week"
    needed = ("core.indication", "core.enrolment") if on_date else ("metrics.child_school",)
    if not all(_exists(connection, name) for name in needed):
        return []
    if on_date:
        query = _ON_DATE
    else:
        query = (
            f"with part as (select period as time, school_id, child_id, {_OF_PERIOD[metric]} as amount "
            f"from metrics.child_school where {_OF_PERIOD[metric]} > 0),"
        )
    rows: list[tuple[str, str, str, list[float]]] = connection.execute(query + _LEVELS).fetchall()
    return rows


def _exists(connection: Connection, name: str) -> bool:
    schema, table = name.split(".")
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(found[0])
