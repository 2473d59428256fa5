/*
description = "Theme B, use and intensity in a period: trajectories, and hours that were declared or delivered"
steps = [
    "trajectories that run, start and end; starts and ends in parts of years too",
    "hours per basis; a unit with pupils and without hours has 0",
]
seeds = ["ZKIJ 3.13", "ZON 0.5"]
shape = "figure"
*/
with
    hours as (
        select
            unit.period,
            unit.level,
            unit.unit_id,
            basis.basis,
            unit.pupil_days,
            coalesce(given.hours, 0) as hours,
            coalesce(given.children, 0) as children
        from metrics.unit as unit
        cross join (values ('declared'), ('delivered')) as basis (basis)
        left join metrics.unit_hours as given
            on unit.period_key = given.period_key
            and unit.level = given.level
            and unit.unit_id = given.unit_id
            and basis.basis = given.basis
    ),
    paid as (
        select period.period, given.level, given.unit_id, given.basis, given.hours, given.children
        from metrics.unit_hours as given
        inner join core.period as period on given.period_key = period.period_key
        where given.level = 'responsible_municipality'
    ),
    figure as (
        select
            'active_trajectories' as metric,
            level,
            unit_id,
            period,
            cast(active as double) as value,
            cast(active as double) as numerator,
            cast(null as double) as denominator,
            active_children as n_children
        from metrics.unit_trajectory
        where active is not null
        union all
        select 'started_trajectories', level, unit_id, period, started, started, null, started_children
        from metrics.unit_trajectory
        union all
        select 'ended_trajectories', level, unit_id, period, ended, ended, null, ended_children
        from metrics.unit_trajectory
        union all
        select concat('hours_', basis), level, unit_id, period, hours, hours, null, children
        from hours
        union all
        select concat('hours_', basis), level, unit_id, period, hours, hours, null, children
        from paid
        union all
        select
            concat('hours_per_pupil_week_', basis),
            level,
            unit_id,
            period,
            ratio(hours, pupil_days / cast(7 as double)),
            hours,
            pupil_days / cast(7 as double),
            children
        from hours
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    value,
    numerator,
    denominator,
    n_children
from figure
