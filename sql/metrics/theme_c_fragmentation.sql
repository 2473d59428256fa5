/*
description = "Theme C, fragmentation: over how many providers and municipalities care is divided"
steps = [
    "take the totals of every unit, in the period and on the reference dates",
    "providers at once for schools only",
]
seeds = ["OT3 2.7", "ZKIJ 3.8", "ZKIJ 3.12", "OT3 2.18"]
shape = "figure"
*/
with
    in_period as (
        select
            'providers_ever' as metric,
            level,
            unit_id,
            period,
            cast(providers_ever as double) as value,
            cast(providers_ever as double) as numerator,
            cast(null as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from metrics.unit
        union all
        select 'provider_days', level, unit_id, period, provider_days, provider_days, null, care_pupils
        from metrics.unit
        union all
        select
            'school_providers_peak',
            level,
            unit_id,
            period,
            school_providers_peak,
            school_providers_peak,
            null,
            care_pupils
        from metrics.unit
        where level = 'school'
        union all
        select
            'school_providers_mean',
            level,
            unit_id,
            period,
            ratio(school_providers_mean * window_days, window_days),
            school_providers_mean * window_days,
            window_days,
            care_pupils
        from metrics.unit
        where level = 'school'
        union all
        select
            'effective_providers',
            level,
            unit_id,
            period,
            ratio(case when hhi is not null then 1 end, hhi),
            case when hhi is not null then 1 end,
            hhi,
            care_pupils
        from metrics.unit
        union all
        select 'provider_hhi', level, unit_id, period, hhi, hhi, null, care_pupils
        from metrics.unit
        union all
        select
            'largest_provider_share',
            level,
            unit_id,
            period,
            ratio(largest_days, provider_days),
            largest_days,
            provider_days,
            care_pupils
        from metrics.unit
        union all
        select
            'cr3',
            level,
            unit_id,
            period,
            ratio(cr3 * provider_days, provider_days),
            cr3 * provider_days,
            provider_days,
            care_pupils
        from metrics.unit
        union all
        select
            'municipalities',
            level,
            unit_id,
            period,
            municipalities,
            municipalities,
            null,
            care_pupils
        from metrics.unit
        union all
        select
            'effective_municipalities',
            level,
            unit_id,
            period,
            ratio(case when municipality_hhi is not null then 1 end, municipality_hhi),
            case when municipality_hhi is not null then 1 end,
            municipality_hhi,
            care_pupils
        from metrics.unit
        union all
        select
            'municipality_hhi',
            level,
            unit_id,
            period,
            municipality_hhi,
            municipality_hhi,
            null,
            care_pupils
        from metrics.unit
        union all
        select
            'mean_concurrent',
            level,
            unit_id,
            period,
            ratio(provider_days, care_days),
            provider_days,
            care_days,
            care_pupils
        from metrics.unit
        union all
        select
            'share_days_ge2',
            level,
            unit_id,
            period,
            ratio(days_ge2, care_days),
            days_ge2,
            care_days,
            care_pupils
        from metrics.unit
        union all
        select
            'share_days_ge3',
            level,
            unit_id,
            period,
            ratio(days_ge3, care_days),
            days_ge3,
            care_days,
            care_pupils
        from metrics.unit
        union all
        select
            'child_peak_max',
            level,
            unit_id,
            period,
            child_peak_max,
            child_peak_max,
            null,
            care_pupils
        from metrics.unit
        where level in ('school', 'region')
    ),
    on_date as (
        select
            'providers_per_school' as metric,
            level,
            unit_id,
            period,
            reference_date,
            cast(providers as double) as value,
            cast(providers as double) as numerator,
            cast(null as double) as denominator,
            cast(care_pupils as bigint) as n_children
        from metrics.unit_date
        union all
        select
            'effective_providers_on_date',
            level,
            unit_id,
            period,
            reference_date,
            ratio(case when provider_hhi is not null then 1 end, provider_hhi),
            case when provider_hhi is not null then 1 end,
            provider_hhi,
            care_pupils
        from metrics.unit_date
        union all
        select
            'provider_hhi_on_date',
            level,
            unit_id,
            period,
            reference_date,
            provider_hhi,
            provider_hhi,
            null,
            care_pupils
        from metrics.unit_date
        union all
        select
            'largest_provider_share_on_date',
            level,
            unit_id,
            period,
            reference_date,
            ratio(largest_provider_weight, care_pupils),
            largest_provider_weight,
            care_pupils,
            care_pupils
        from metrics.unit_date
        union all
        select
            'municipalities_per_school',
            level,
            unit_id,
            period,
            reference_date,
            municipalities,
            municipalities,
            null,
            care_pupils
        from metrics.unit_date
        union all
        select
            'effective_municipalities_on_date',
            level,
            unit_id,
            period,
            reference_date,
            ratio(case when municipality_hhi is not null then 1 end, municipality_hhi),
            case when municipality_hhi is not null then 1 end,
            municipality_hhi,
            care_pupils
        from metrics.unit_date
        union all
        select
            'concurrent_providers',
            level,
            unit_id,
            period,
            reference_date,
            ratio(case when care_pupils > 0 then provider_links end, care_pupils),
            case when care_pupils > 0 then provider_links end,
            care_pupils,
            care_pupils
        from metrics.unit_date
        union all
        select
            'concurrent_providers_ge2',
            level,
            unit_id,
            period,
            reference_date,
            ratio(pupils_ge2, care_pupils),
            pupils_ge2,
            care_pupils,
            care_pupils
        from metrics.unit_date
        union all
        select
            'concurrent_providers_ge3',
            level,
            unit_id,
            period,
            reference_date,
            ratio(pupils_ge3, care_pupils),
            pupils_ge3,
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
