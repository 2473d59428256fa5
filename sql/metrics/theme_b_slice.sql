/*
description = "Theme B, use and intensity by who pays, who gives care, and in which consortium"
steps = [
    "only indications of the unit count; pupils of all schools of the region",
    "a unit without care on a day or in a period has no row",
]
seeds = ["CONTRACT 4", "ZKIJ 3.13", "OZG 4.2"]
shape = "figure"
*/
with
    total as (
        select
            day,
            level,
            unit_id,
            care_pupils,
            light_pupils,
            heavy_pupils,
            pgb_pupils,
            overnight_pupils,
            overnight_week,
            hours_week,
            coalesce(trajectories, 0) as trajectories,
            trajectories_ge2,
            trajectories_ge3
        from metrics.slice_date
        where dimension = ''
    ),
    on_date as (
        select
            'pupils_with_care' as metric,
            day,
            level,
            unit_id,
            '' as dimension,
            '' as dimension_value,
            cast(care_pupils as double) as value,
            cast(care_pupils as double) as numerator,
            cast(null as double) as denominator,
            care_pupils as n_children
        from total
        union all
        select 'assigned_hours_week', day, level, unit_id, '', '', hours_week, hours_week, null, care_pupils
        from total
        union all
        select
            'hours_per_care_pupil',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(hours_week, care_pupils),
            hours_week,
            care_pupils,
            care_pupils
        from total
        union all
        select
            'assigned_overnight_days_week',
            day,
            level,
            unit_id,
            '',
            '',
            overnight_week,
            overnight_week,
            null,
            overnight_pupils
        from total
        union all
        select
            'light_share',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(light_pupils, care_pupils),
            light_pupils,
            care_pupils,
            light_pupils
        from total
        union all
        select
            'heavy_share',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(heavy_pupils, care_pupils),
            heavy_pupils,
            care_pupils,
            heavy_pupils
        from total
        union all
        select
            'pgb_share',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(pgb_pupils, care_pupils),
            pgb_pupils,
            care_pupils,
            pgb_pupils
        from total
        union all
        select
            'active_trajectories_on_date',
            day,
            level,
            unit_id,
            '',
            '',
            trajectories,
            trajectories,
            null,
            care_pupils
        from total
        where level = 'responsible_municipality'
        union all
        select
            'multi_provision_share',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(trajectories_ge2, care_pupils),
            trajectories_ge2,
            care_pupils,
            trajectories_ge2
        from total
        where level = 'responsible_municipality'
        union all
        select
            'multi_provision_share_ge3',
            day,
            level,
            unit_id,
            '',
            '',
            ratio(trajectories_ge3, care_pupils),
            trajectories_ge3,
            care_pupils,
            trajectories_ge3
        from total
        where level = 'responsible_municipality'
        union all
        select
            'care_form_mix',
            part.day,
            part.level,
            part.unit_id,
            part.dimension,
            part.dimension_value,
            ratio(part.care_pupils, total.care_pupils),
            part.care_pupils,
            total.care_pupils,
            part.care_pupils
        from metrics.slice_date as part
        inner join total
            on part.day = total.day
            and part.level = total.level
            and part.unit_id = total.unit_id
        where part.dimension <> ''
    ),
    in_period as (
        select
            'care_pupils' as metric,
            period_key,
            level,
            unit_id,
            cast(care_pupils as double) as value,
            cast(care_pupils as double) as numerator,
            cast(null as double) as denominator,
            care_pupils as n_children
        from metrics.slice_period
        union all
        select 'care_days', period_key, level, unit_id, care_days, care_days, null, care_pupils
        from metrics.slice_period
        union all
        select 'hours_assigned', period_key, level, unit_id, hours, hours, null, care_pupils
        from metrics.slice_period
        union all
        select
            'timed_care_days',
            period_key,
            level,
            unit_id,
            timed_care_days,
            timed_care_days,
            null,
            care_pupils
        from metrics.slice_period
        union all
        select
            'convertible_share',
            period_key,
            level,
            unit_id,
            ratio(timed_care_days, care_days),
            timed_care_days,
            care_days,
            care_pupils
        from metrics.slice_period
        union all
        select
            'hours_per_timed_carepupil_week',
            period_key,
            level,
            unit_id,
            ratio(hours, timed_care_days / cast(7 as double)),
            hours,
            timed_care_days / cast(7 as double),
            care_pupils
        from metrics.slice_period
    )

select
    on_date.metric,
    on_date.level,
    on_date.unit_id,
    date.period,
    date.reference_date,
    on_date.dimension,
    on_date.dimension_value,
    on_date.value,
    on_date.numerator,
    on_date.denominator,
    on_date.n_children
from on_date
inner join core.reference_date as date on on_date.day = date.day
union all
select
    in_period.metric,
    in_period.level,
    in_period.unit_id,
    period.period,
    null,
    '',
    '',
    in_period.value,
    in_period.numerator,
    in_period.denominator,
    in_period.n_children
from in_period
inner join core.period as period on in_period.period_key = period.period_key
