/*
description = "Theme B, use and intensity: how many pupils get how much care"
steps = [
    "take the totals of every unit, in the period and on the reference dates",
]
seeds = ["ZKIJ 3.13", "OT3 2.3", "OT3 2.13"]
shape = "figure"
*/
with
    in_period as (
        select
            'care_pupils' as metric,
            level,
            unit_id,
            period,
            cast(care_pupils as double) as value,
            cast(care_pupils as double) as numerator,
            cast(null as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from metrics.unit
        union all
        select
            'care_share_year',
            level,
            unit_id,
            period,
            ratio(care_pupils, pupils_ever),
            care_pupils,
            pupils_ever,
            care_pupils
        from metrics.unit
        union all
        select 'care_days', level, unit_id, period, care_days, care_days, null, care_pupils
        from metrics.unit
        union all
        select
            'persontime_prev',
            level,
            unit_id,
            period,
            ratio(care_days, pupil_days),
            care_days,
            pupil_days,
            care_pupils
        from metrics.unit
        union all
        select 'hours_assigned', level, unit_id, period, hours, hours, null, care_pupils
        from metrics.unit
        union all
        select
            'timed_care_days',
            level,
            unit_id,
            period,
            timed_care_days,
            timed_care_days,
            null,
            care_pupils
        from metrics.unit
        union all
        select
            'convertible_share',
            level,
            unit_id,
            period,
            ratio(timed_care_days, care_days),
            timed_care_days,
            care_days,
            care_pupils
        from metrics.unit
        union all
        select
            'hours_per_pupil_week_assigned',
            level,
            unit_id,
            period,
            ratio(hours, pupil_days / cast(7 as double)),
            hours,
            pupil_days / cast(7 as double),
            care_pupils
        from metrics.unit
        union all
        select
            'hours_per_timed_carepupil_week',
            level,
            unit_id,
            period,
            ratio(hours, timed_care_days / cast(7 as double)),
            hours,
            timed_care_days / cast(7 as double),
            care_pupils
        from metrics.unit
    ),
    on_date as (
        select
            'pupils_with_care' as metric,
            level,
            unit_id,
            period,
            reference_date,
            cast(care_pupils as double) as value,
            cast(care_pupils as double) as numerator,
            cast(null as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from metrics.unit_date
        union all
        select
            'care_share',
            level,
            unit_id,
            period,
            reference_date,
            ratio(care_pupils, pupils),
            care_pupils,
            pupils,
            care_pupils
        from metrics.unit_date
        union all
        select
            'assigned_hours_week',
            level,
            unit_id,
            period,
            reference_date,
            hours_week,
            hours_week,
            null,
            care_pupils
        from metrics.unit_date
        union all
        select
            'hours_per_pupil',
            level,
            unit_id,
            period,
            reference_date,
            ratio(hours_week, pupils),
            hours_week,
            pupils,
            care_pupils
        from metrics.unit_date
        union all
        select
            'hours_per_care_pupil',
            level,
            unit_id,
            period,
            reference_date,
            ratio(hours_week, care_pupils),
            hours_week,
            care_pupils,
            care_pupils
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
