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
    placed as (
        select
            place.period_key,
            place.level,
            place.unit_id,
            place.school_type,
            place.child_key,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            indication.municipality_code,
            indication.product_category,
            datediff('day', indication.start_date, indication.planned_end_date) + 1 as planned_days
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
    ),
    part as (
        select
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            planned_days
        from placed
        union all
        select period_key, level, unit_id, 'care_form', care_form, child_key, planned_days
        from placed
        where school_type = '' and level not in ('school', 'board', 'municipality_type')
        union all
        select period_key, level, unit_id, 'responsible_municipality', municipality_code, child_key, planned_days
        from placed
        where school_type = '' and level in ('school_type', 'swv', 'region')
        union all
        select period_key, level, unit_id, 'product_category', product_category, child_key, planned_days
        from placed
        where school_type = '' and level in ('school_type', 'swv', 'region') and product_category is not null
        union all
        select period_key, level, unit_id, '', '', null, null
        from metrics.unit
    ),
    counted as (
        select
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            count(child_key) as started,
            count(planned_days) as with_end,
            sum(case when planned_days <= 184 then 1 else 0 end) as short_184,
            sum(case when planned_days <= 366 then 1 else 0 end) as short_366,
            percentile(planned_days, 0.25) as p25,
            percentile(planned_days, 0.5) as median,
            percentile(planned_days, 0.75) as p75,
            count(distinct child_key) as children
        from part
        group by period_key, level, unit_id, dimension, dimension_value
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
