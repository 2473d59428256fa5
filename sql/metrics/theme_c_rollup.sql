/*
description = "Theme C, fragmentation: providers taken together by parent organisation and by consortium"
steps = [
    "the figures of theme_c_fragmentation with groups in the place of providers",
    "a unit without care has no groups, and no shares of them",
]
seeds = ["METRICS 0.4", "ZKIJ 3.8", "ZKIJ 3.12"]
shape = "figure"
*/
with
    in_period as (
        select
            unit.period,
            unit.level,
            unit.unit_id,
            unit.care_pupils,
            bundling.bundling,
            coalesce(divided.groups, 0) as groups,
            divided.days,
            divided.largest_days,
            ratio(divided.squared_days, cast(divided.days as decimal(38, 0)) * divided.days) as hhi
        from metrics.unit as unit
        cross join (values ('parent'), ('consortium')) as bundling (bundling)
        left join metrics.unit_rollup as divided
            on unit.period_key = divided.period_key
            and unit.unit_key = divided.unit_key
            and bundling.bundling = divided.bundling
    ),
    on_date as (
        select
            unit.period,
            unit.reference_date,
            unit.level,
            unit.unit_id,
            unit.care_pupils,
            bundling.bundling,
            coalesce(divided.groups, 0) as groups,
            divided.links,
            divided.largest_weight,
            ratio(divided.squared_weight, unit.care_pupils * unit.care_pupils) as hhi
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
        cross join (values ('parent'), ('consortium')) as bundling (bundling)
        left join metrics.unit_date_rollup as divided
            on date.day = divided.day
            and unit.unit_key = divided.unit_key
            and bundling.bundling = divided.bundling
    ),
    figure as (
        select
            concat('providers_ever_', bundling) as metric,
            level,
            unit_id,
            period,
            cast(null as date) as reference_date,
            cast(groups as double) as value,
            cast(groups as double) as numerator,
            cast(null as double) as denominator,
            care_pupils as n_children
        from in_period
        union all
        select
            concat('effective_providers_', bundling),
            level,
            unit_id,
            period,
            cast(null as date),
            1 / hhi,
            case when hhi is not null then 1 end,
            hhi,
            care_pupils
        from in_period
        union all
        select
            concat('provider_hhi_', bundling),
            level,
            unit_id,
            period,
            cast(null as date),
            hhi,
            hhi,
            null,
            care_pupils
        from in_period
        union all
        select
            concat('largest_provider_share_', bundling),
            level,
            unit_id,
            period,
            cast(null as date),
            ratio(largest_days, days),
            largest_days,
            days,
            care_pupils
        from in_period
        union all
        select
            concat('providers_per_school_', bundling),
            level,
            unit_id,
            period,
            reference_date,
            groups,
            groups,
            null,
            care_pupils
        from on_date
        union all
        select
            concat('effective_providers_', bundling, '_on_date'),
            level,
            unit_id,
            period,
            reference_date,
            1 / hhi,
            case when hhi is not null then 1 end,
            hhi,
            care_pupils
        from on_date
        union all
        select
            concat('provider_hhi_', bundling, '_on_date'),
            level,
            unit_id,
            period,
            reference_date,
            hhi,
            hhi,
            null,
            care_pupils
        from on_date
        union all
        select
            concat('largest_provider_share_', bundling, '_on_date'),
            level,
            unit_id,
            period,
            reference_date,
            ratio(largest_weight, care_pupils),
            largest_weight,
            care_pupils,
            care_pupils
        from on_date
        union all
        select
            concat('concurrent_providers_', bundling),
            level,
            unit_id,
            period,
            reference_date,
            ratio(links, care_pupils),
            links,
            care_pupils,
            care_pupils
        from on_date
        union all
        select
            'consortia_per_school',
            level,
            unit_id,
            period,
            reference_date,
            groups,
            groups,
            null,
            care_pupils
        from on_date
        where bundling = 'consortium'
    )

select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    '' as dimension,
    '' as dimension_value,
    value,
    numerator,
    denominator,
    n_children
from figure
