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
            place.attendance_key,
            place.unit_set_key,
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
        where coalesce(follow.same_g0, 0) = 0
    ),
    -- The whole wait as such and by three dimensions, and each of its phases.
    wanted as (
        select '' as dimension, 'totaal' as phase
        union all
        select 'in_region', 'totaal'
        union all
        select 'care_form', 'totaal'
        union all
        select 'referrer', 'totaal'
        union all
        select 'waiting_phase', 'totaal'
        union all
        select 'waiting_phase', 'aanmelding_besluit'
        union all
        select 'waiting_phase', 'besluit_start'
    ),
    phased as (
        select
            waited.period_key,
            waited.attendance_key,
            waited.unit_set_key,
            wanted.dimension,
            case wanted.dimension
                when 'in_region' then waited.in_region
                when 'care_form' then waited.care_form
                when 'referrer' then waited.referrer
                when 'waiting_phase' then wanted.phase
                else ''
            end as dimension_value,
            case wanted.phase
                when 'totaal' then waited.start_day - waited.applied_day
                when 'aanmelding_besluit' then waited.decided_day - waited.applied_day
                else waited.start_day - waited.decided_day
            end as days
        from waited
        cross join wanted
    ),
    part as (
        select period_key, attendance_key, unit_set_key, dimension, dimension_value, greatest(days, 0) as days
        from phased
        where days is not null
    ),
    -- A child is in one set for all units that hold the same of its schools: count children per set, before
    -- the set is spread over its units.
    spread as (
        select period_key, unit_set_key, dimension, dimension_value, 1 as waits, days, 0 as children, 0 as children_within
        from part
        union all
        select
            part.period_key,
            part.unit_set_key,
            part.dimension,
            part.dimension_value,
            0,
            null,
            count(distinct part.attendance_key),
            count(distinct case when part.days <= norm.days then part.attendance_key end)
        from part
        cross join core.waiting_norm as norm
        group by part.period_key, part.unit_set_key, part.dimension, part.dimension_value
    ),
    of_part as (
        select
            spread.period_key,
            unit.level,
            unit.unit_id,
            spread.dimension,
            spread.dimension_value,
            percentile(spread.days, 0.5) as median,
            percentile(spread.days, 0.9) as p90,
            sum(case when spread.days <= norm.days then 1 else 0 end) as within_norm,
            case when norm.days is not null then sum(spread.waits) end as waits,
            sum(spread.children) as children,
            sum(spread.children_within) as children_within
        from spread
        inner join metrics.place_unit as unit
            on spread.unit_set_key = unit.unit_set_key
            and unit.school_type = ''
        cross join core.waiting_norm as norm
        where
            unit.level not in ('school', 'board')
            and (spread.dimension <> 'care_form' or unit.level <> 'municipality_type')
            and (spread.dimension <> 'referrer' or unit.level in ('school_type', 'swv', 'region'))
        group by spread.period_key, unit.level, unit.unit_id, spread.dimension, spread.dimension_value, norm.days
    ),
    counted as (
        select
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            median,
            p90,
            within_norm,
            waits,
            children,
            children_within
        from of_part
        union all
        select
            unit.period_key,
            unit.level,
            unit.unit_id,
            '',
            '',
            null,
            null,
            0,
            case when norm.days is not null then 0 end,
            0,
            0
        from metrics.unit as unit
        cross join core.waiting_norm as norm
        left join of_part
            on unit.period_key = of_part.period_key
            and unit.level = of_part.level
            and unit.unit_id = of_part.unit_id
            and of_part.dimension = ''
        where of_part.unit_id is null
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
