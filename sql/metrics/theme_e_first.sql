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
            spell.attendance_key,
            spell.unit_set_key,
            start.municipality_code,
            start.day,
            start.had_light
        from core.heavy_start as start
        inner join core.period as period on start.day >= period.from_day and start.day < period.until_day
        inner join core.attendance_spell as spell
            on start.child_key = spell.child_key
            and start.day >= spell.from_day
            and start.day < spell.until_day
    ),
    stepped_place as (
        select period_key, attendance_key, unit_set_key, day, had_light
        from stepped_event
        union all
        select event.period_key, event.attendance_key, payer.unit_set_key, event.day, event.had_light
        from stepped_event as event
        inner join core.unit_set as region on event.unit_set_key = region.unit_set_key and region.level = 'region'
        inner join metrics.place_unit as payer
            on event.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
    ),
    stepped as (
        select
            period_key,
            attendance_key,
            unit_set_key,
            had_light,
            row_number() over (partition by period_key, unit_set_key, attendance_key order by day) as place
        from stepped_place
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
            place.attendance_key,
            place.unit_set_key,
            case when closed.indication_key is not null then 1 else 0 end as is_counted
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
        left join core.indication_start as follow on place.indication_key = follow.indication_key
        left join closed on place.indication_key = closed.indication_key
        where indication.referrer = '01' and coalesce(follow.follows_g0, 0) = 0
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
            place.attendance_key,
            place.unit_set_key,
            case when ranked.rank = 1 then 1 else 0 end as is_light,
            in_years(place.day - day_number(child.birth_month)) as age
        from metrics.indication_place as place
        inner join ranked on place.indication_key = ranked.indication_key and ranked.place = 1
        inner join core.child as child on place.child_key = child.child_key
        inner join metrics.period_history as period on place.period_key = period.period_key
        where period.history_from_day <= day_number(months_later(period.start_date, -60))
    ),
    share as (
        select
            'stepped_care_share' as metric,
            period_key,
            attendance_key,
            unit_set_key,
            '' as dimension,
            '' as dimension_value,
            had_light as is_counted
        from stepped
        where place = 1
        union all
        select 'substantiated_share', period_key, attendance_key, unit_set_key, '', '', is_counted
        from gate
        union all
        select 'early_start_share', period_key, attendance_key, unit_set_key, '', '', is_light
        from first
        union all
        select
            'early_start_share',
            first.period_key,
            first.attendance_key,
            first.unit_set_key,
            'age_group',
            band.code,
            first.is_light
        from first
        inner join seeds.age_group as band
            on first.age >= band.age_from
            and (band.age_to is null or first.age < band.age_to + 1)
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    share_set as (
        select
            metric,
            period_key,
            unit_set_key,
            dimension,
            dimension_value,
            sum(is_counted) as counted,
            count(*) as total,
            count(distinct case when is_counted = 1 then attendance_key end) as children
        from share
        group by metric, period_key, unit_set_key, dimension, dimension_value
    ),
    share_unit as (
        select
            share_set.metric,
            share_set.period_key,
            unit.level,
            unit.unit_id,
            case when unit.school_type = '' then share_set.dimension else 'school_type' end as dimension,
            case when unit.school_type = '' then share_set.dimension_value else unit.school_type end as dimension_value,
            share_set.counted,
            share_set.total,
            share_set.children
        from share_set
        inner join metrics.place_unit as unit on share_set.unit_set_key = unit.unit_set_key
        where share_set.dimension = '' or unit.school_type = '' and unit.level <> 'municipality_type'
        union all
        select metric.metric, unit.period_key, unit.level, unit.unit_id, '', '', 0, 0, 0
        from metrics.unit as unit
        cross join (
            select 'stepped_care_share' as metric
            union all
            select 'substantiated_share'
            union all
            select 'early_start_share'
        ) as metric
    ),
    age as (
        select
            first.period_key,
            unit.level,
            unit.unit_id,
            unit.school_type,
            first.age,
            1 as children
        from first
        inner join metrics.place_unit as unit on first.unit_set_key = unit.unit_set_key
        union all
        select period_key, level, unit_id, '', null, 0
        from metrics.unit
    ),
    figure as (
        select
            metric,
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(sum(counted), sum(total)) as value,
            cast(sum(counted) as double) as numerator,
            cast(sum(total) as double) as denominator,
            cast(sum(children) as bigint) as children
        from share_unit
        group by metric, period_key, level, unit_id, dimension, dimension_value
        union all
        select
            'first_provision_age',
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end,
            school_type,
            percentile(age, 0.5),
            percentile(age, 0.5),
            null,
            cast(sum(children) as bigint)
        from age
        group by period_key, level, unit_id, school_type
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
