/*
description = "Theme D on a reference date: unbroken care so far, and the indication against the schooling that is left"
steps = [
    "over the pupils with care on the day: median and ninth decile of the length of their running care",
    "over those whose end of schooling is known: the mean share of it that the indication covers, and how many have less than a quarter",
]
seeds = ["OT3 2.9"]
shape = "figure"
*/
with
    pupil as (
        select
            pupil.day,
            unit.level,
            unit.unit_id,
            unit.school_type,
            pupil.attendance_key,
            pupil.days_g0,
            pupil.days_g28,
            pupil.horizon
        from metrics.child_date as pupil
        inner join core.unit_set_part as unit on pupil.unit_set_key = unit.unit_set_key
        union all
        select reference.day, unit.level, unit.unit_id, '', null, null, null, null
        from metrics.unit_date as unit
        inner join core.reference_date as reference on unit.reference_date = reference.reference_date
    ),
    counted as (
        select
            reference.reference_date,
            reference.period,
            pupil.level,
            pupil.unit_id,
            case when pupil.school_type = '' then '' else 'school_type' end as dimension,
            pupil.school_type as dimension_value,
            count(pupil.attendance_key) as children,
            percentile(pupil.days_g0, 0.5) as median_g0,
            percentile(pupil.days_g0, 0.9) as p90_g0,
            percentile(pupil.days_g28, 0.5) as median_g28,
            percentile(pupil.days_g28, 0.9) as p90_g28,
            exact_sum(pupil.horizon) as sum_horizon,
            count(pupil.horizon) as with_horizon,
            sum(case when pupil.horizon < 0.25 then 1 else 0 end) as short_horizon
        from pupil
        inner join core.reference_date as reference on pupil.day = reference.day
        group by reference.reference_date, reference.period, pupil.level, pupil.unit_id, pupil.school_type
    ),
    figure as (
        select
            'uninterrupted_duration_g0' as metric,
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            median_g0 as value,
            median_g0 as numerator,
            cast(null as double) as denominator,
            children
        from counted
        union all
        select
            'uninterrupted_duration_g0_p90',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            p90_g0,
            p90_g0,
            null,
            children
        from counted
        union all
        select
            'uninterrupted_duration_g28',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            median_g28,
            median_g28,
            null,
            children
        from counted
        union all
        select
            'uninterrupted_duration_g28_p90',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            p90_g28,
            p90_g28,
            null,
            children
        from counted
        union all
        select
            'horizon_match',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(sum_horizon, with_horizon),
            sum_horizon,
            with_horizon,
            with_horizon
        from counted
        union all
        select
            'horizon_short_share',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(short_horizon, with_horizon),
            short_horizon,
            with_horizon,
            short_horizon
        from counted
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    figure.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.children as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
