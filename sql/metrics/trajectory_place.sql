/*
description = "Trajectories that start, end or run in a period, at the units where the child is enrolled then"
grain = "one row per period, kind, unit, type of school and trajectory"
key = ["period_key", "moment", "level", "unit_id", "school_type", "trajectory_key"]
steps = [
    "a start counts where the child is enrolled on the first day, an end on the last day, a running one on any of its days in the period",
    "at every unit of enrolment above school and board; of starts with the type of school apart, for breakdowns; and at the responsible municipality",
]
tests = ["unique key", "moment in ('start', 'end', 'run')"]
seeds = ["METRICS 0.7", "OZG 4.14"]

[columns]
period_key = "number of the period"
moment = "start, end or run"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the school; empty for the unit as a whole"
trajectory_key = "number of the trajectory"
child_key = "number of the child"
*/
with
    dated as (
        select trajectory_key, child_key, municipality_code, 'start' as moment, from_day, from_day + 1 as until_day
        from core.trajectory_route
        union all
        select trajectory_key, child_key, municipality_code, 'end', until_day - 1, until_day
        from core.trajectory_route
        where until_day < 2932896
        union all
        select trajectory_key, child_key, municipality_code, 'run', from_day, until_day
        from core.trajectory_route
    ),
    timed as (
        select
            period.period_key,
            dated.trajectory_key,
            dated.child_key,
            dated.municipality_code,
            dated.moment,
            greatest(dated.from_day, period.from_day) as from_day,
            least(dated.until_day, period.until_day) as until_day
        from dated
        inner join core.period as period
            on dated.from_day < period.until_day
            and dated.until_day > period.from_day
    )

select distinct
    timed.period_key,
    timed.moment,
    unit.level,
    unit.unit_id,
    '' as school_type,
    timed.trajectory_key,
    timed.child_key
from timed
inner join metrics.enrolled_unit as unit
    on timed.child_key = unit.child_key
    and timed.from_day < unit.until_day
    and timed.until_day > unit.from_day
    and unit.level not in ('school', 'board')
union all
select distinct
    timed.period_key,
    timed.moment,
    'responsible_municipality',
    timed.municipality_code,
    '',
    timed.trajectory_key,
    timed.child_key
from timed
inner join metrics.enrolled_unit as unit
    on timed.child_key = unit.child_key
    and timed.from_day < unit.until_day
    and timed.until_day > unit.from_day
    and unit.level = 'region'
union all
select distinct
    timed.period_key,
    timed.moment,
    typed.level,
    typed.unit_id,
    typed.school_type,
    timed.trajectory_key,
    timed.child_key
from timed
inner join metrics.enrolled_type as typed
    on timed.child_key = typed.child_key
    and timed.from_day < typed.until_day
    and timed.until_day > typed.from_day
    and typed.level <> 'board'
where timed.moment = 'start'
