/*
description = "Trajectories of the children of a unit: running in a year, started and ended in years and parts of years"
grain = "one row per period and unit with at least one trajectory"
key = ["period", "level", "unit_id"]
steps = [
    "running: on at least one day of the period on which the child is enrolled",
    "started and ended: on a day of the period on which the child is enrolled; an open end has not ended",
    "count trajectories and children per set of units, then per unit",
    "the same per responsible municipality, that of the first indication, over all schools",
]
tests = ["unique key", "active_children <= active", "started_children <= started and ended_children <= ended"]
seeds = ["CATALOGUE 2"]

[columns]
period = "year, half-year or quarter"
level = "level of the unit"
unit_id = "code of the unit within its level"
active = "trajectories running in the period; null for parts of years"
active_children = "children with one of these; null for parts of years"
started = "trajectories that started"
started_children = "children with one of these"
ended = "trajectories that ended"
ended_children = "children with one of these"
*/
with
    trajectory as (
        select
            trajectory.trajectory_key,
            trajectory.child_key,
            trajectory.from_day,
            trajectory.until_day,
            trajectory.end_date,
            first.municipality_code
        from core.trajectory as trajectory
        inner join core.indication as first on trajectory.first_indication_key = first.indication_key
    ),
    attended as (
        select
            spell.attendance_key,
            spell.unit_set_key,
            trajectory.municipality_code,
            trajectory.trajectory_key,
            greatest(trajectory.from_day, spell.from_day) as from_day,
            least(trajectory.until_day, spell.until_day) as until_day
        from trajectory
        inner join core.attendance_spell as spell
            on trajectory.child_key = spell.child_key
            and trajectory.from_day < spell.until_day
            and trajectory.until_day > spell.from_day
    ),
    event as (
        select child_key, municipality_code, from_day as day, 1 as started, 0 as ended
        from trajectory
        union all
        select child_key, municipality_code, until_day - 1, 0, 1
        from trajectory
        where end_date is not null
    ),
    counted as (
        select
            period.period,
            attended.unit_set_key,
            attended.attendance_key,
            attended.municipality_code,
            count(distinct attended.trajectory_key) as active,
            0 as started,
            0 as ended
        from attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by period.period, attended.unit_set_key, attended.attendance_key, attended.municipality_code
        union all
        select
            period.period,
            spell.unit_set_key,
            spell.attendance_key,
            event.municipality_code,
            0,
            sum(event.started),
            sum(event.ended)
        from event
        inner join core.attendance_spell as spell
            on event.child_key = spell.child_key
            and event.day >= spell.from_day
            and event.day < spell.until_day
        inner join core.event_period as period
            on event.day >= period.from_day
            and event.day < period.until_day
        group by period.period, spell.unit_set_key, spell.attendance_key, event.municipality_code
    ),
    child as (
        select
            period,
            unit_set_key,
            attendance_key,
            sum(active) as active,
            sum(started) as started,
            sum(ended) as ended
        from counted
        group by period, unit_set_key, attendance_key
    ),
    paid as (
        select
            counted.period,
            counted.municipality_code,
            counted.attendance_key,
            sum(counted.active) as active,
            sum(counted.started) as started,
            sum(counted.ended) as ended
        from counted
        inner join core.unit_set as unit_set
            on counted.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
        group by counted.period, counted.municipality_code, counted.attendance_key
    ),
    added as (
        select
            period,
            unit_set_key,
            sum(active) as active,
            sum(case when active > 0 then 1 else 0 end) as active_children,
            sum(started) as started,
            sum(case when started > 0 then 1 else 0 end) as started_children,
            sum(ended) as ended,
            sum(case when ended > 0 then 1 else 0 end) as ended_children
        from child
        group by period, unit_set_key
    ),
    total as (
        select
            added.period,
            unit_set.level,
            unit_set.unit_id,
            sum(added.active) as active,
            sum(added.active_children) as active_children,
            sum(added.started) as started,
            sum(added.started_children) as started_children,
            sum(added.ended) as ended,
            sum(added.ended_children) as ended_children
        from added
        inner join core.unit_set as unit_set on added.unit_set_key = unit_set.unit_set_key
        group by added.period, unit_set.level, unit_set.unit_id
        union all
        select
            period,
            'responsible_municipality',
            municipality_code,
            sum(active),
            sum(case when active > 0 then 1 else 0 end),
            sum(started),
            sum(case when started > 0 then 1 else 0 end),
            sum(ended),
            sum(case when ended > 0 then 1 else 0 end)
        from paid
        group by period, municipality_code
    )

select
    total.period,
    total.level,
    total.unit_id,
    case when period.kind in ('calendar_year', 'school_year') then cast(total.active as bigint) end as active,
    case
        when period.kind in ('calendar_year', 'school_year') then cast(total.active_children as bigint)
    end as active_children,
    cast(total.started as bigint) as started,
    cast(total.started_children as bigint) as started_children,
    cast(total.ended as bigint) as ended,
    cast(total.ended_children as bigint) as ended_children
from total
inner join core.event_period as period on total.period = period.period
