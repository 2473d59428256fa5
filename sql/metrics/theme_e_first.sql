/*
description = "Theme E, light help first: before heavier care, before an indication by way of the municipality, and as very first care"
steps = [
    "heavier care: the first start of a child in the period counts, with whether light help came before",
    "new indications by way of the municipality, with nothing running the day before: whether short help of an education-care generalist was closed with a reason in the twelve months before",
    "very first care: the weight of the heaviest indication on the first day of care ever, and the age on that day; without five years of history before the period it is unknown",
]
seeds = ["OZG 4.6", "OZG 4.13", "ZON 0.6", "SAM 1.6"]
shape = "figure"
*/
with
    -- Heavier care, light help first.
    stepped_event as (
        select
            period.period_key,
            unit.level,
            unit.unit_id,
            '' as school_type,
            start.child_key,
            start.day,
            start.had_light
        from core.heavy_start as start
        inner join core.period as period on start.day >= period.from_day and start.day < period.until_day
        inner join metrics.enrolled_unit as unit
            on start.child_key = unit.child_key
            and start.day >= unit.from_day
            and start.day < unit.until_day
        union all
        select
            period.period_key,
            'responsible_municipality',
            start.municipality_code,
            '',
            start.child_key,
            start.day,
            start.had_light
        from core.heavy_start as start
        inner join core.period as period on start.day >= period.from_day and start.day < period.until_day
        inner join metrics.enrolled_unit as unit
            on start.child_key = unit.child_key
            and start.day >= unit.from_day
            and start.day < unit.until_day
            and unit.level = 'region'
        union all
        select distinct
            period.period_key,
            typed.level,
            typed.unit_id,
            typed.school_type,
            start.child_key,
            start.day,
            start.had_light
        from core.heavy_start as start
        inner join core.period as period on start.day >= period.from_day and start.day < period.until_day
        inner join metrics.enrolled_type as typed
            on start.child_key = typed.child_key
            and start.day >= typed.from_day
            and start.day < typed.until_day
    ),
    stepped_first as (
        select
            period_key,
            level,
            unit_id,
            school_type,
            child_key,
            had_light,
            row_number() over (partition by period_key, level, unit_id, school_type, child_key order by day) as place
        from stepped_event
    ),
    stepped as (
        select
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            had_light as is_counted
        from stepped_first
        where place = 1
        union all
        select period_key, level, unit_id, '', '', null, 0
        from metrics.unit
    ),
    -- Short help that was closed with a reason, before an indication by way of the municipality.
    closed as (
        select distinct start.indication_key
        from core.care as start
        inner join core.light_support as support
            on start.child_key = support.child_key
            and day_number(support.end_date) < start.from_day
            and day_number(support.end_date) >= day_number(months_later(day_date(start.from_day), -12))
        where lower(support.role) = 'ozg' and support.insufficient_reason is not null
    ),
    gate as (
        select
            place.period_key,
            place.level,
            place.unit_id,
            place.school_type,
            place.child_key,
            case when closed.indication_key is not null then 1 else 0 end as is_counted
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
        left join core.indication_start as follow on place.indication_key = follow.indication_key
        left join closed on place.indication_key = closed.indication_key
        where indication.referrer = '01' and coalesce(follow.follows_g0, 0) = 0
    ),
    substantiated as (
        select
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            is_counted
        from gate
        union all
        select period_key, level, unit_id, '', '', null, 0
        from metrics.unit
    ),
    -- Very first care.
    ranked as (
        select
            indication.indication_key,
            indication.child_key,
            weight.rank,
            row_number() over (
                partition by indication.child_key
                order by indication.from_day, weight.rank desc nulls last, indication.indication_key
            ) as place
        from core.indication as indication
        left join seeds.weight_class as weight on indication.weight_class = weight.code
        where indication.law = 'jeugdwet'
    ),
    first as (
        select
            place.period_key,
            place.level,
            place.unit_id,
            place.school_type,
            place.child_key,
            case when ranked.rank = 1 then 1 else 0 end as is_light,
            (place.day - day_number(child.birth_month)) / 365.25 as age
        from metrics.indication_place as place
        inner join ranked on place.indication_key = ranked.indication_key and ranked.place = 1
        inner join core.child as child on place.child_key = child.child_key
        inner join metrics.period_history as period on place.period_key = period.period_key
        where period.history_from_day <= day_number(months_later(period.start_date, -60))
    ),
    first_part as (
        select
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            is_light as is_counted,
            age
        from first
        union all
        select
            first.period_key,
            first.level,
            first.unit_id,
            'age_group',
            band.code,
            first.child_key,
            first.is_light,
            null
        from first
        inner join seeds.age_group as band
            on first.age >= band.age_from
            and (band.age_to is null or first.age < band.age_to + 1)
        where first.school_type = '' and first.level <> 'municipality_type'
        union all
        select period_key, level, unit_id, '', '', null, 0, null
        from metrics.unit
    ),
    share as (
        select 'stepped_care_share' as metric, period_key, level, unit_id, dimension, dimension_value, child_key, is_counted
        from stepped
        union all
        select 'substantiated_share', period_key, level, unit_id, dimension, dimension_value, child_key, is_counted
        from substantiated
        union all
        select 'early_start_share', period_key, level, unit_id, dimension, dimension_value, child_key, is_counted
        from first_part
    ),
    figure as (
        select
            metric,
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(sum(is_counted), count(child_key)) as value,
            cast(sum(is_counted) as double) as numerator,
            cast(count(child_key) as double) as denominator,
            count(distinct case when is_counted = 1 then child_key end) as children
        from share
        group by metric, period_key, level, unit_id, dimension, dimension_value
        union all
        select
            'first_provision_age',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            percentile(age, 0.5),
            percentile(age, 0.5),
            null,
            count(distinct child_key)
        from first_part
        where dimension <> 'age_group'
        group by period_key, level, unit_id, dimension, dimension_value
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.children as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
inner join core.period as period on figure.period_key = period.period_key
