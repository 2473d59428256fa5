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
        select delivered_municipality_code, allocation_number, min(day_number(start_date)) as start_day
        from core.delivery
        where allocation_number is not null
        group by delivered_municipality_code, allocation_number
    ),
    waited as (
        select
            indication.indication_key,
            case when region.municipality_code is null then 'buiten' else 'binnen' end as in_region,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            coalesce(referrer.code, 'onbekend') as referrer,
            day_number(indication.applied_on) as applied_day,
            day_number(indication.first_decided_on) as decided_day,
            case when source.is_delivered then delivered.start_day else indication.from_day end as start_day
        from core.indication as indication
        inner join core.source as source on source.kind = 'deliveries'
        left join delivered
            on indication.delivered_municipality_code = delivered.delivered_municipality_code
            and indication.allocation_number = delivered.allocation_number
        left join core.region_municipality as region on indication.municipality_code = region.municipality_code
        left join seeds.referrer as referrer on indication.referrer = referrer.code and referrer.is_known
        left join core.indication_start as follow on indication.indication_key = follow.indication_key
        where coalesce(follow.same_g0, 0) = 0
    ),
    phased as (
        select
            indication_key,
            in_region,
            care_form,
            referrer,
            start_day - applied_day as whole_days,
            decided_day - applied_day as decision_days,
            start_day - decided_day as start_days
        from waited
    ),
    -- The whole wait as such and by three dimensions, and two of its phases; the third phase is the whole again.
    waited_part as (
        select indication_key, '' as dimension, '' as dimension_value, whole_days as days
        from phased
        union all
        select indication_key, 'in_region', in_region, whole_days
        from phased
        union all
        select indication_key, 'care_form', care_form, whole_days
        from phased
        union all
        select indication_key, 'referrer', referrer, whole_days
        from phased
        union all
        select indication_key, 'waiting_phase', 'aanmelding_besluit', decision_days
        from phased
        union all
        select indication_key, 'waiting_phase', 'besluit_start', start_days
        from phased
    ),
    part as (
        select cast(row_number() over (order by dimension, dimension_value) as integer) as part_key, dimension, dimension_value
        from waited_part
        group by dimension, dimension_value
    ),
    numbered as (
        select waited_part.indication_key, part.part_key, greatest(waited_part.days, 0) as days
        from waited_part
        inner join part
            on waited_part.dimension = part.dimension
            and waited_part.dimension_value = part.dimension_value
        where waited_part.days is not null
    ),
    wait as (
        select
            place.period_key,
            place.attendance_key,
            place.unit_set_key,
            numbered.part_key,
            numbered.days
        from metrics.indication_place as place
        inner join numbered on place.indication_key = numbered.indication_key
    ),
    -- A child is in one set for all units that hold the same of its schools: count children per set, before
    -- the set is spread over its units.
    child as (
        select period_key, attendance_key, unit_set_key, part_key, min(days) as days
        from wait
        group by period_key, attendance_key, unit_set_key, part_key
    ),
    set_child as (
        select
            child.period_key,
            child.unit_set_key,
            child.part_key,
            count(*) as children,
            count(case when child.days <= norm.days then 1 end) as children_within
        from child
        cross join core.waiting_norm as norm
        group by child.period_key, child.unit_set_key, child.part_key
    ),
    -- Which parts are given of which units.
    shown as (
        select unit.unit_set_key, unit.place_key, part.part_key
        from metrics.place_unit as unit
        inner join part
            on (part.dimension <> 'care_form' or unit.level <> 'municipality_type')
            and (part.dimension <> 'referrer' or unit.level in ('school_type', 'swv', 'region'))
        where unit.school_type = '' and unit.level not in ('school', 'board')
    ),
    unit_child as (
        select
            child.period_key,
            shown.place_key,
            child.part_key,
            sum(child.children) as children,
            sum(child.children_within) as children_within
        from set_child as child
        inner join shown on child.unit_set_key = shown.unit_set_key and child.part_key = shown.part_key
        group by child.period_key, shown.place_key, child.part_key
    ),
    length as (
        select
            wait.period_key,
            shown.place_key,
            wait.part_key,
            count(*) as waits,
            count(case when wait.days <= norm.days then 1 end) as within_norm,
            percentile(wait.days, [0.5, 0.9]) as quantiles
        from wait
        cross join core.waiting_norm as norm
        inner join shown on wait.unit_set_key = shown.unit_set_key and wait.part_key = shown.part_key
        group by wait.period_key, shown.place_key, wait.part_key
    ),
    place as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
    ),
    of_part as (
        select
            child.period_key,
            place.level,
            place.unit_id,
            part.dimension,
            part.dimension_value,
            length.quantiles[1] as median,
            length.quantiles[2] as p90,
            length.within_norm,
            case when norm.days is not null then length.waits end as waits,
            child.children,
            child.children_within
        from unit_child as child
        inner join length
            on child.period_key = length.period_key
            and child.place_key = length.place_key
            and child.part_key = length.part_key
        inner join part on child.part_key = part.part_key
        inner join place on child.place_key = place.place_key
        cross join core.waiting_norm as norm
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
            period_key,
            level,
            unit_id,
            'waiting_phase',
            'totaal',
            median,
            p90,
            within_norm,
            waits,
            children,
            children_within
        from of_part
        where dimension = ''
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
