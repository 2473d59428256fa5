/*
description = "Theme C of the catalogue: fragmentation of care"
grain = "one row per metric, unit and period or reference date"
key = ["metric", "level", "unit_id", "period", "reference_date"]
steps = [
    "take the figures of METRICS section 10 per unit and period, each with what it is divided from",
    "take the figures of the reference dates",
    "count the distinct providers that are active for the pupils of a unit on a reference date",
]
tests = ["not null metric, level, unit_id, period"]
seeds = ["2.7", "3.8", "3.12", "0.9"]

[columns]
metric = "key of the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a point figure the school year that contains the day"
reference_date = "day of a point figure"
value = "the figure; null when undefined"
numerator = "upper part of the figure, where it is one"
denominator = "lower part of the figure, where it is one"
n_children = "children the figure is about: those with care, or the pupils where it is about pupils"
is_provisional = "whether the period or day may still change"
*/
with
    period_figure (metric, level, unit_id, period, value, numerator, denominator, n_children, is_provisional) as (
        select 'providers_ever', level, unit_id, period, providers_ever, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'provider_days', level, unit_id, period, provider_days, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'effective_providers', level, unit_id, period, eff_providers, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'provider_hhi', level, unit_id, period, hhi, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'largest_provider_share', level, unit_id, period, cr1, largest_days, provider_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'cr3', level, unit_id, period, cr3, cr3 * provider_days, provider_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'municipalities', level, unit_id, period, municipalities, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'municipality_hhi', level, unit_id, period, municipality_hhi, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'effective_municipalities', level, unit_id, period, 1 / municipality_hhi, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'school_providers_peak', level, unit_id, period, school_providers_peak, null, null, care_pupils, is_provisional
        from metrics.unit where level = 'school'
        union all
        select 'school_providers_mean', level, unit_id, period, school_providers_mean, school_providers_mean * window_days, window_days, care_pupils, is_provisional
        from metrics.unit where level = 'school'
        union all
        select 'child_peak_max', level, unit_id, period, child_peak_max, null, null, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'mean_concurrent', level, unit_id, period, mean_concurrent, provider_days, care_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'share_days_ge2', level, unit_id, period, share_days_ge2, days_ge2, care_days, care_pupils, is_provisional
        from metrics.unit
        union all
        select 'share_days_ge3', level, unit_id, period, share_days_ge3, days_ge3, care_days, care_pupils, is_provisional
        from metrics.unit
    ),
    date_figure (metric, level, unit_id, period, reference_date, value, numerator, denominator, n_children) as (
        select 'concurrent_providers', level, unit_id, period, reference_date, cast(provider_links as double) / nullif(care_pupils, 0), provider_links, care_pupils, care_pupils
        from metrics.unit_date
        union all
        select 'concurrent_providers_ge2', level, unit_id, period, reference_date, cast(pupils_ge2 as double) / nullif(care_pupils, 0), pupils_ge2, care_pupils, care_pupils
        from metrics.unit_date
        union all
        select 'concurrent_providers_ge3', level, unit_id, period, reference_date, cast(pupils_ge3 as double) / nullif(care_pupils, 0), pupils_ge3, care_pupils, care_pupils
        from metrics.unit_date
    ),
    provider_of_day as (
        select
            date.reference_date,
            date.period,
            unit.level,
            unit.unit_id,
            cared.provider_key,
            count(*) as children
        from core.attended_care as cared
        inner join core.reference_date as date
            on cared.from_day <= date.day
            and cared.until_day > date.day
        inner join core.unit_set as unit on cared.unit_set_key = unit.unit_set_key
        group by date.reference_date, date.period, unit.level, unit.unit_id, cared.provider_key
    ),
    providers_of_day as (
        select
            reference_date,
            period,
            level,
            unit_id,
            count(*) as providers
        from provider_of_day
        group by reference_date, period, level, unit_id
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n_children as bigint) as n_children,
    is_provisional
from period_figure
union all
select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    figure.reference_date,
    cast(figure.value as double),
    cast(figure.numerator as double),
    cast(figure.denominator as double),
    cast(figure.n_children as bigint),
    figure.reference_date > span.last_day
from date_figure as figure
cross join staging.span as span
union all
select
    'providers_per_school',
    found.level,
    found.unit_id,
    found.period,
    found.reference_date,
    cast(found.providers as double),
    null,
    null,
    unit.care_pupils,
    found.reference_date > span.last_day
from providers_of_day as found
inner join metrics.unit_date as unit
    on found.reference_date = unit.reference_date
    and found.level = unit.level
    and found.unit_id = unit.unit_id
cross join staging.span as span
