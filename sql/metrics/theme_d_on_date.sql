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
            reference_date,
            period,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            days_g0,
            days_g28,
            horizon
        from metrics.child_date
        union all
        select reference_date, period, level, unit_id, '', '', null, null, null, null
        from metrics.unit_date
    ),
    counted as (
        select
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            count(child_key) as children,
            percentile(days_g0, 0.5) as median_g0,
            percentile(days_g0, 0.9) as p90_g0,
            percentile(days_g28, 0.5) as median_g28,
            percentile(days_g28, 0.9) as p90_g28,
            exact_sum(horizon) as sum_horizon,
            count(horizon) as with_horizon,
            sum(case when horizon < 0.25 then 1 else 0 end) as short_horizon
        from pupil
        group by reference_date, period, level, unit_id, dimension, dimension_value
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
