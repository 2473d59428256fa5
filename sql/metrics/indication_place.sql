/*
description = "Indications that start in a period, at the units where the child is enrolled on the first day"
grain = "one row per period, unit, type of school and indication"
key = ["period_key", "level", "unit_id", "school_type", "indication_key"]
steps = [
    "take the indications under the Jeugdwet, with the periods that contain their first day",
    "at every unit of enrolment on that day; with the type of school apart, for breakdowns",
    "at the responsible municipality when the child is enrolled anywhere",
]
tests = ["unique key"]
seeds = ["METRICS 0.7", "METRICS 10"]

[columns]
period_key = "number of the period"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the school; empty for the unit as a whole"
indication_key = "number of the indication"
child_key = "number of the child"
day = "number of its first day"
*/
with
    started as (
        select
            period.period_key,
            care.indication_key,
            care.child_key,
            care.municipality_code,
            care.from_day as day
        from core.care as care
        inner join core.period as period
            on care.from_day >= period.from_day
            and care.from_day < period.until_day
    )

select
    started.period_key,
    unit.level,
    unit.unit_id,
    '' as school_type,
    started.indication_key,
    started.child_key,
    started.day
from started
inner join metrics.enrolled_unit as unit
    on started.child_key = unit.child_key
    and started.day >= unit.from_day
    and started.day < unit.until_day
union all
select
    started.period_key,
    'responsible_municipality',
    started.municipality_code,
    '',
    started.indication_key,
    started.child_key,
    started.day
from started
inner join metrics.enrolled_unit as unit
    on started.child_key = unit.child_key
    and started.day >= unit.from_day
    and started.day < unit.until_day
    and unit.level = 'region'
union all
select distinct
    started.period_key,
    typed.level,
    typed.unit_id,
    typed.school_type,
    started.indication_key,
    started.child_key,
    started.day
from started
inner join metrics.enrolled_type as typed
    on started.child_key = typed.child_key
    and started.day >= typed.from_day
    and started.day < typed.until_day
