/*
description = "Trajectories of the children of a unit: running in a year, started and ended in years and parts of years"
grain = "one row per period and unit with at least one trajectory"
key = ["period", "level", "unit_id"]
steps = [
    "running: on at least one day of the period on which the child is enrolled",
    "started and ended: on a day of the period on which the child is enrolled; an open end has not ended",
    "count trajectories and children per set of units, then per unit; so per responsible municipality, that of the first indication, over all schools",
    "a child counts in a period with its first start, or end, since the period began",
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
    event as (
        select child_key, municipality_code, from_day as day, true as is_start
        from core.trajectory_route
        union all
        select child_key, municipality_code, until_day - 1, false
        from core.trajectory_route
        where until_day < 2932896
    ),
    enrolled as (
        select event.is_start, event.day, event.municipality_code, spell.attendance_key, spell.unit_set_key
        from event
        inner join core.attendance_spell as spell
            on event.child_key = spell.child_key
            and event.day >= spell.from_day
            and event.day < spell.until_day
    ),
    placed as (
        select is_start, day, attendance_key, unit_set_key
        from enrolled
        union all
        select enrolled.is_start, enrolled.day, enrolled.attendance_key, payer.unit_set_key
        from enrolled
        inner join core.unit_set as region on enrolled.unit_set_key = region.unit_set_key and region.level = 'region'
        inner join metrics.place_unit as payer
            on enrolled.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
    ),
    -- One order of days serves every period: years, half-years and quarters.
    ordered as (
        select
            is_start,
            day,
            unit_set_key,
            coalesce(
                lag(day) over (partition by is_start, attendance_key, unit_set_key order by day),
                -2932896
            ) as earlier_day
        from placed
    ),
    event_day as (
        select event.day, period.event_period_key, period.from_day
        from (select distinct day from event) as event
        inner join core.event_period as period
            on event.day >= period.from_day
            and event.day < period.until_day
    ),
    counted as (
        select
            event.event_period_key,
            ordered.unit_set_key,
            0 as active,
            0 as active_children,
            count(case when ordered.is_start then 1 end) as started,
            count(case when ordered.is_start and ordered.earlier_day < event.from_day then 1 end) as started_children,
            count(case when not ordered.is_start then 1 end) as ended,
            count(case when not ordered.is_start and ordered.earlier_day < event.from_day then 1 end) as ended_children
        from ordered
        inner join event_day as event on ordered.day = event.day
        group by event.event_period_key, ordered.unit_set_key
        union all
        select
            period.event_period_key,
            running.unit_set_key,
            sum(running.trajectories),
            count(*),
            0,
            0,
            0,
            0
        from (
            select period_key, unit_set_key, count(*) as trajectories
            from metrics.trajectory_place
            where moment = 'run'
            group by period_key, attendance_key, unit_set_key
        ) as running
        inner join core.period as year on running.period_key = year.period_key
        inner join core.event_period as period on year.period = period.period
        group by period.event_period_key, running.unit_set_key
    ),
    total as (
        select
            counted.event_period_key,
            unit.place_key,
            sum(counted.active) as active,
            sum(counted.active_children) as active_children,
            sum(counted.started) as started,
            sum(counted.started_children) as started_children,
            sum(counted.ended) as ended,
            sum(counted.ended_children) as ended_children
        from counted
        inner join metrics.place_unit as unit on counted.unit_set_key = unit.unit_set_key and unit.school_type = ''
        group by counted.event_period_key, unit.place_key
    ),
    place as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
    )

select
    period.period,
    place.level,
    place.unit_id,
    case when period.kind in ('calendar_year', 'school_year') then cast(total.active as bigint) end as active,
    case
        when period.kind in ('calendar_year', 'school_year') then cast(total.active_children as bigint)
    end as active_children,
    cast(total.started as bigint) as started,
    cast(total.started_children as bigint) as started_children,
    cast(total.ended as bigint) as ended,
    cast(total.ended_children as bigint) as ended_children
from total
inner join core.event_period as period on total.event_period_key = period.event_period_key
inner join place on total.place_key = place.place_key
