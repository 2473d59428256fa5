/*
description = "Theme D, length of indications: planned length, short ones, open-ended ones"
steps = [
    "take the indications that start in a period with their planned length, both ends counted",
    "break them down by type of school and form of care (not per school or board), and by responsible municipality and product category (type, samenwerkingsverband, region)",
    "a unit without any has a row too: nothing to divide by",
    "quantiles between the two lengths around their place (type 7)",
]
seeds = ["METRICS 2.6", "OT3 2.6", "OT3 2.18"]
shape = "figure"
*/
with
    started as (
        select
            place.period_key,
            place.attendance_key,
            place.unit_set_key,
            indication.municipality_code,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            indication.product_category,
            datediff('day', indication.start_date, indication.planned_end_date) + 1 as planned_days
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
    ),
    dimension as (
        select '' as dimension
        union all
        select 'care_form'
        union all
        select 'responsible_municipality'
        union all
        select 'product_category'
    ),
    part as (
        select
            started.period_key,
            started.attendance_key,
            started.unit_set_key,
            dimension.dimension,
            case dimension.dimension
                when 'care_form' then started.care_form
                when 'responsible_municipality' then started.municipality_code
                when 'product_category' then started.product_category
                else ''
            end as dimension_value,
            started.planned_days
        from started
        cross join dimension
        where dimension.dimension <> 'product_category' or started.product_category is not null
    ),
    -- A child is in one set for all units that hold the same of its schools: count children per set, before
    -- the set is spread over its units.
    spread as (
        select period_key, unit_set_key, dimension, dimension_value, 1 as started, planned_days, 0 as children
        from part
        union all
        select period_key, unit_set_key, dimension, dimension_value, 0, null, count(distinct attendance_key)
        from part
        group by period_key, unit_set_key, dimension, dimension_value
    ),
    of_part as (
        select
            spread.period_key,
            unit.level,
            unit.unit_id,
            case when unit.school_type = '' then spread.dimension else 'school_type' end as dimension,
            case when unit.school_type = '' then spread.dimension_value else unit.school_type end as dimension_value,
            sum(spread.started) as started,
            count(spread.planned_days) as with_end,
            sum(case when spread.planned_days <= 184 then 1 else 0 end) as short_184,
            sum(case when spread.planned_days <= 366 then 1 else 0 end) as short_366,
            percentile(spread.planned_days, 0.25) as p25,
            percentile(spread.planned_days, 0.5) as median,
            percentile(spread.planned_days, 0.75) as p75,
            sum(spread.children) as children
        from spread
        inner join metrics.place_unit as unit on spread.unit_set_key = unit.unit_set_key
        where
            spread.dimension = ''
            or unit.school_type = ''
            and (
                spread.dimension = 'care_form' and unit.level not in ('school', 'board', 'municipality_type')
                or unit.level in ('school_type', 'swv', 'region')
            )
        group by
            spread.period_key,
            unit.level,
            unit.unit_id,
            unit.school_type,
            spread.dimension,
            spread.dimension_value
    ),
    counted as (
        select
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            started,
            with_end,
            short_184,
            short_366,
            p25,
            median,
            p75,
            children
        from of_part
        union all
        select unit.period_key, unit.level, unit.unit_id, '', '', 0, 0, 0, 0, null, null, null, 0
        from metrics.unit as unit
        left join of_part
            on unit.period_key = of_part.period_key
            and unit.level = of_part.level
            and unit.unit_id = of_part.unit_id
            and of_part.dimension = ''
        where of_part.unit_id is null
    ),
    figure as (
        select
            'indication_duration' as metric,
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
        select 'indication_duration_p25', period_key, level, unit_id, dimension, dimension_value, p25, p25, null, children
        from counted
        union all
        select 'indication_duration_p75', period_key, level, unit_id, dimension, dimension_value, p75, p75, null, children
        from counted
        union all
        select
            'open_ended_share',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(started - with_end, started),
            started - with_end,
            started,
            children
        from counted
        where dimension <> 'product_category'
        union all
        select
            'short_indication_share',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(short_184, with_end),
            short_184,
            with_end,
            children
        from counted
        where dimension <> 'product_category'
        union all
        select
            'short_indication_share_366',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(short_366, with_end),
            short_366,
            with_end,
            children
        from counted
        where dimension <> 'product_category'
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
