/*
description = "Theme A, population: how many pupils"
steps = [
    "take the totals of every unit, in the period and on the reference dates",
]
seeds = ["ZKIJ 3.13"]
shape = "figure"
*/
with
    in_period as (
        select
            'pupils_ever' as metric,
            level,
            unit_id,
            period,
            cast(pupils_ever as double) as value,
            cast(pupils_ever as double) as numerator,
            cast(null as double) as denominator,
            cast(pupils_ever as bigint) as n_children
        from metrics.unit
        union all
        select 'pupil_days', level, unit_id, period, pupil_days, pupil_days, null, pupils_ever
        from metrics.unit
        union all
        select
            'mean_pupils',
            level,
            unit_id,
            period,
            ratio(pupil_days, window_days),
            pupil_days,
            window_days,
            pupils_ever
        from metrics.unit
    ),
    on_date as (
        select
            'pupils_enrolled' as metric,
            level,
            unit_id,
            period,
            reference_date,
            cast(pupils as double) as value,
            cast(pupils as double) as numerator,
            cast(null as double) as denominator,
            cast(pupils as bigint) as n_children
        from metrics.unit_date
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
from in_period
union all
select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    '',
    '',
    value,
    numerator,
    denominator,
    n_children
from on_date
