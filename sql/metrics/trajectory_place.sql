/*
description = "Trajectories that start, end or run in a period, at the attendances that are enrolled then"
grain = "one row per period, moment, attendance and trajectory; and one for its responsible municipality"
key = ["period_key", "moment", "unit_set_key", "attendance_key", "trajectory_key"]
steps = [
    "a start counts where the child is enrolled on the first day, an end on the last day, a running one on any of its days in the period",
    "metrics.place_unit says for which units and types of school an attendance counts; figures are given above school and board",
    "the responsible municipality counts those of the attendance at all schools of the region, in a set of its own",
]
tests = ["moment in ('start', 'end', 'run')"]
seeds = ["METRICS 0.7", "OZG 4.14"]

[columns]
period_key = "number of the period"
moment = "start, end or run"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for (metrics.place_unit)"
trajectory_key = "number of the trajectory"
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
    ),
    -- Of several stretches of enrolment the first one within the time counts: an attendance is there once.
    placed as (
        select
            timed.period_key,
            timed.moment,
            spell.attendance_key,
            spell.unit_set_key,
            timed.trajectory_key,
            timed.municipality_code
        from timed
        inner join core.attendance_spell as spell
            on timed.child_key = spell.child_key
            and timed.from_day < spell.until_day
            and timed.until_day > spell.from_day
        where spell.earlier_until is null or spell.earlier_until <= timed.from_day
    )

select period_key, moment, attendance_key, unit_set_key, trajectory_key
from placed
union all
select
    placed.period_key,
    placed.moment,
    placed.attendance_key,
    payer.unit_set_key,
    placed.trajectory_key
from placed
inner join core.unit_set as region on placed.unit_set_key = region.unit_set_key and region.level = 'region'
inner join metrics.place_unit as payer
    on placed.municipality_code = payer.unit_id
    and payer.level = 'responsible_municipality'
