/*
description = "Theme B, use and intensity on a day: how heavy care is, in what form, how much at once"
steps = [
    "take the pupils with care of every unit on the reference dates; a unit without care has counts of 0 and no shares",
    "the index holds the mean weight per pupil against that of the region, times 100",
]
seeds = ["OT3 2.3", "SAM 1.6", "SAM 1.8", "ZKIJ 3.8", "OZG 4.2", "OZG 4.4"]
shape = "figure"
*/
with
    care as (
        select
            date.day,
            unit.unit_key,
            unit.level,
            unit.pupils,
            unit.care_pupils,
            coalesce(care.light_pupils, 0) as light_pupils,
            coalesce(care.heavy_pupils, 0) as heavy_pupils,
            coalesce(care.weight, 0) as weight,
            coalesce(care.residential_pupils, 0) as residential_pupils,
            coalesce(care.pgb_pupils, 0) as pgb_pupils,
            coalesce(care.overnight_pupils, 0) as overnight_pupils,
            coalesce(care.overnight_week, 0) as overnight_week,
            coalesce(care.trajectories, 0) as trajectories,
            coalesce(care.trajectories_ge2, 0) as trajectories_ge2,
            coalesce(care.trajectories_ge3, 0) as trajectories_ge3,
            coalesce(care.domain_pupils, 0) as domain_pupils
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
        left join metrics.unit_date_care as care on date.day = care.day and unit.unit_key = care.unit_key
    ),
    norm as (
        select day, ratio(weight, pupils) as mean_weight
        from care
        where level = 'region'
    ),
    involved as (
        select distinct child.day, child.attendance_key, child.unit_set_key, domain.domain
        from metrics.date_child as child
        inner join core.reference_date as date on child.day = date.day
        inner join core.domain as domain
            on child.child_key = domain.child_key
            and domain.start_date <= date.reference_date
            and coalesce(domain.end_date, date '9999-12-31') >= date.reference_date
    ),
    domain as (
        select involved.day, unit_set.unit_key, involved.domain, count(*) as pupils
        from involved
        inner join core.unit_set as unit_set on involved.unit_set_key = unit_set.unit_set_key
        group by involved.day, unit_set.unit_key, involved.domain
    ),
    figure as (
        select
            'active_trajectories_on_date' as metric,
            day,
            unit_key,
            '' as dimension,
            '' as dimension_value,
            cast(trajectories as double) as value,
            cast(trajectories as double) as numerator,
            cast(null as double) as denominator,
            care_pupils as n_children
        from care
        union all
        select
            'light_share',
            day,
            unit_key,
            '',
            '',
            ratio(light_pupils, care_pupils),
            light_pupils,
            care_pupils,
            light_pupils
        from care
        union all
        select
            'heavy_share',
            day,
            unit_key,
            '',
            '',
            ratio(heavy_pupils, care_pupils),
            heavy_pupils,
            care_pupils,
            heavy_pupils
        from care
        union all
        select
            'multi_provision_share',
            day,
            unit_key,
            '',
            '',
            ratio(trajectories_ge2, care_pupils),
            trajectories_ge2,
            care_pupils,
            trajectories_ge2
        from care
        union all
        select
            'multi_provision_share_ge3',
            day,
            unit_key,
            '',
            '',
            ratio(trajectories_ge3, care_pupils),
            trajectories_ge3,
            care_pupils,
            trajectories_ge3
        from care
        union all
        select
            'residential_share',
            day,
            unit_key,
            '',
            '',
            ratio(residential_pupils, care_pupils),
            residential_pupils,
            care_pupils,
            residential_pupils
        from care
        union all
        select
            'pgb_share',
            day,
            unit_key,
            '',
            '',
            ratio(pgb_pupils, care_pupils),
            pgb_pupils,
            care_pupils,
            pgb_pupils
        from care
        union all
        select
            'assigned_overnight_days_week',
            day,
            unit_key,
            '',
            '',
            overnight_week,
            overnight_week,
            null,
            overnight_pupils
        from care
        union all
        select
            'cross_domain_share',
            day,
            unit_key,
            '',
            '',
            ratio(domain_pupils, care_pupils),
            domain_pupils,
            care_pupils,
            domain_pupils
        from care
        union all
        select
            'intensity_index',
            care.day,
            care.unit_key,
            '',
            '',
            ratio(care.weight, care.pupils * norm.mean_weight / 100),
            care.weight,
            care.pupils * norm.mean_weight / 100,
            care.care_pupils
        from care
        inner join norm on care.day = norm.day
        union all
        select
            'care_form_mix',
            part.day,
            part.unit_key,
            part.dimension,
            part.dimension_value,
            ratio(part.care_pupils, care.care_pupils),
            part.care_pupils,
            care.care_pupils,
            part.care_pupils
        from metrics.unit_date_part as part
        inner join care on part.day = care.day and part.unit_key = care.unit_key
        where part.dimension in ('care_form', 'product_category', 'sector')
        union all
        select
            'cross_domain_share',
            domain.day,
            domain.unit_key,
            'domain',
            domain.domain,
            ratio(domain.pupils, care.care_pupils),
            domain.pupils,
            care.care_pupils,
            domain.pupils
        from domain
        inner join care on domain.day = care.day and domain.unit_key = care.unit_key
    )

select
    figure.metric,
    unit.level,
    unit.unit_id,
    date.period,
    date.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    cast(figure.n_children as bigint) as n_children
from figure
inner join core.unit as unit on figure.unit_key = unit.unit_key
inner join core.reference_date as date on figure.day = date.day
