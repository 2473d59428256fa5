/*
description = "Theme D, waiting: days from application to decision and to start of care"
steps = [
    "take the indications that start in a period, except those that the same provider goes on with (it was active the day before)",
    "the start is the first delivered day; where the region delivers no starts it is the first day of the indication",
    "application, (first) decision and start: a later date that lies before an earlier one gives 0 days",
    "median and ninth decile per phase; parts by region of the payer, form of care and referrer over the whole wait",
    "within the norm: at most the days of the setting, over the indications with application and start",
]
seeds = ["OZG 4.3", "SAM 1.5", "ZKIJ 3.5"]
shape = "figure"
*/
with
    delivered as (
        select municipality_code, allocation_number, min(day_number(start_date)) as start_day
        from core.delivery
        where allocation_number is not null
        group by municipality_code, allocation_number
    ),
    waited as (
        select
            place.period_key,
            place.level,
            place.unit_id,
            place.child_key,
            case when region.municipality_code is null then 'buiten' else 'binnen' end as in_region,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            coalesce(referrer.code, 'onbekend') as referrer,
            day_number(indication.applied_on) as applied_day,
            day_number(indication.first_decided_on) as decided_day,
            case when source.is_delivered then delivered.start_day else indication.from_day end as start_day
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
        inner join core.source as source on source.kind = 'deliveries'
        left join delivered
            on indication.municipality_code = delivered.municipality_code
            and indication.allocation_number = delivered.allocation_number
        left join core.region_municipality as region on indication.municipality_code = region.municipality_code
        left join seeds.referrer as referrer on indication.referrer = referrer.code and referrer.is_known
        left join core.indication_start as follow on place.indication_key = follow.indication_key
        where
            place.school_type = ''
            and place.level not in ('school', 'board')
            and coalesce(follow.same_g0, 0) = 0
    ),
    phase as (
        select
            period_key,
            level,
            unit_id,
            child_key,
            in_region,
            care_form,
            referrer,
            'totaal' as phase,
            case when start_day > applied_day then start_day - applied_day when start_day <= applied_day then 0 end as days
        from waited
        union all
        select
            period_key,
            level,
            unit_id,
            child_key,
            in_region,
            care_form,
            referrer,
            'aanmelding_besluit',
            case when decided_day > applied_day then decided_day - applied_day when decided_day <= applied_day then 0 end
        from waited
        union all
        select
            period_key,
            level,
            unit_id,
            child_key,
            in_region,
            care_form,
            referrer,
            'besluit_start',
            case when start_day > decided_day then start_day - decided_day when start_day <= decided_day then 0 end
        from waited
    ),
    part as (
        select period_key, level, unit_id, '' as dimension, '' as dimension_value, child_key, days
        from phase
        where phase = 'totaal' and days is not null
        union all
        select period_key, level, unit_id, 'waiting_phase', phase, child_key, days
        from phase
        where days is not null
        union all
        select period_key, level, unit_id, 'in_region', in_region, child_key, days
        from phase
        where phase = 'totaal' and days is not null
        union all
        select period_key, level, unit_id, 'care_form', care_form, child_key, days
        from phase
        where phase = 'totaal' and days is not null and level <> 'municipality_type'
        union all
        select period_key, level, unit_id, 'referrer', referrer, child_key, days
        from phase
        where phase = 'totaal' and days is not null and level in ('school_type', 'swv', 'region')
        union all
        select period_key, level, unit_id, '', '', null, null
        from metrics.unit
    ),
    counted as (
        select
            part.period_key,
            part.level,
            part.unit_id,
            part.dimension,
            part.dimension_value,
            percentile(part.days, 0.5) as median,
            percentile(part.days, 0.9) as p90,
            sum(case when part.days <= norm.days then 1 else 0 end) as within_norm,
            case when norm.days is not null then count(part.days) end as waits,
            count(distinct part.child_key) as children,
            count(distinct case when part.days <= norm.days then part.child_key end) as children_within
        from part
        cross join core.waiting_norm as norm
        group by part.period_key, part.level, part.unit_id, part.dimension, part.dimension_value, norm.days
    ),
    figure as (
        select
            'waiting_time' as metric,
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            median as value,
            median as numerator,
            cast(null as double) as denominator,
            children
        from counted
        union all
        select 'waiting_time_p90', period_key, level, unit_id, dimension, dimension_value, p90, p90, null, children
        from counted
        union all
        select
            'waiting_within_norm_share',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(within_norm, waits),
            within_norm,
            waits,
            children_within
        from counted
        where dimension in ('', 'in_region', 'care_form')
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
