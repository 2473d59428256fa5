/*
description = "What happened to a child in a period while it was enrolled: starts, changes, steps, days with a professional"
grain = "one row per period and attendance to which anything happened"
key = ["period_key", "attendance_key"]
steps = [
    "gather starts of indications, changes of provider and of professional, and steps in weight, each with its day",
    "count them at the attendances that are enrolled on that day",
    "add the enrolled days with a known professional",
]
tests = ["unique key", "worker_days >= 0"]
seeds = ["METRICS 2.5", "OT3 2.7", "SAM 1.7"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
indications_started = "indications that start"
replacements_g0 = "provider starts that replace a provider; gap 0"
additions_g0 = "provider starts beside those already there; gap 0"
replacements_g28 = "provider starts that replace a provider; gap 28"
additions_g28 = "provider starts beside those already there; gap 28"
worker_switches_g0 = "changes of professional; gap 0"
worker_switches_g28 = "changes of professional; gap 28"
worker_days = "days with a known professional"
steps_up = "steps to heavier care"
steps_down = "steps to lighter care"
*/
with
    event as (
        select child_key, from_day as day, 'indication' as event
        from core.care
        union all
        select child_key, day, concat(kind_g0, '_g0')
        from core.provider_start
        where kind_g0 <> 'entry'
        union all
        select child_key, day, concat(kind_g28, '_g28')
        from core.provider_start
        where kind_g28 <> 'entry'
        union all
        select child_key, day, case when gap = 0 then 'worker_g0' else 'worker_g28' end
        from core.worker_switch
        union all
        select child_key, day, direction
        from core.step
    ),
    happened as (
        select
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            event.event,
            1 as number
        from event
        inner join core.attendance_spell as spell
            on event.child_key = spell.child_key
            and event.day >= spell.from_day
            and event.day < spell.until_day
        inner join core.period as period
            on event.day >= period.from_day
            and event.day < period.until_day
        union all
        select
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            'worker_days',
            least(worker.until_day, spell.until_day, period.until_day)
            - greatest(worker.from_day, spell.from_day, period.from_day)
        from core.worker_spell as worker
        inner join core.attendance_spell as spell
            on worker.child_key = spell.child_key
            and worker.from_day < spell.until_day
            and worker.until_day > spell.from_day
        inner join core.period as period
            on greatest(worker.from_day, spell.from_day) < period.until_day
            and least(worker.until_day, spell.until_day) > period.from_day
        where worker.worker_id = ''
    )

select
    period_key,
    attendance_key,
    unit_set_key,
    cast(sum(case when event = 'indication' then 1 else 0 end) as integer) as indications_started,
    cast(sum(case when event = 'replacement_g0' then 1 else 0 end) as integer) as replacements_g0,
    cast(sum(case when event = 'addition_g0' then 1 else 0 end) as integer) as additions_g0,
    cast(sum(case when event = 'replacement_g28' then 1 else 0 end) as integer) as replacements_g28,
    cast(sum(case when event = 'addition_g28' then 1 else 0 end) as integer) as additions_g28,
    cast(sum(case when event = 'worker_g0' then 1 else 0 end) as integer) as worker_switches_g0,
    cast(sum(case when event = 'worker_g28' then 1 else 0 end) as integer) as worker_switches_g28,
    cast(sum(case when event = 'worker_days' then number else 0 end) as integer) as worker_days,
    cast(sum(case when event = 'up' then 1 else 0 end) as integer) as steps_up,
    cast(sum(case when event = 'down' then 1 else 0 end) as integer) as steps_down
from happened
group by period_key, attendance_key, unit_set_key
