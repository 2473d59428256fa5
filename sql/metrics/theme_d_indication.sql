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
            coalesce(indication.product_category, '') as product_category,
            datediff('day', indication.start_date, indication.planned_end_date) + 1 as planned_days
        from metrics.indication_place as place
        inner join core.indication as indication on place.indication_key = indication.indication_key
    ),
    -- Indications are told apart in a few hundred ways, and a part of a figure takes some of these together.
    -- Their numbers are grouped by in the place of texts.
    kind as (
        select
            cast(row_number() over (order by municipality_code, care_form, product_category) as integer) as kind_key,
            municipality_code,
            care_form,
            product_category
        from started
        group by municipality_code, care_form, product_category
    ),
    kind_part as (
        select kind_key, '' as dimension, '' as dimension_value
        from kind
        union all
        select kind_key, 'care_form', care_form
        from kind
        union all
        select kind_key, 'responsible_municipality', municipality_code
        from kind
        union all
        select kind_key, 'product_category', product_category
        from kind
        where product_category <> ''
    ),
    part as (
        select cast(row_number() over (order by dimension, dimension_value) as integer) as part_key, dimension, dimension_value
        from kind_part
        group by dimension, dimension_value
    ),
    kind_in_part as (
        select
            kind_part.kind_key,
            part.part_key,
            case part.dimension when '' then 0 when 'care_form' then 1 else 2 end as detail
        from kind_part
        inner join part
            on kind_part.dimension = part.dimension
            and kind_part.dimension_value = part.dimension_value
    ),
    numbered as (
        select
            started.period_key,
            started.attendance_key,
            started.unit_set_key,
            kind.kind_key,
            started.planned_days
        from started
        inner join kind
            on started.municipality_code = kind.municipality_code
            and started.care_form = kind.care_form
            and started.product_category = kind.product_category
    ),
    -- A child is in one set for all units that hold the same of its schools: count children per set, before
    -- the set is spread over its units.
    child as (
        select distinct numbered.period_key, numbered.attendance_key, numbered.unit_set_key, kind.part_key
        from numbered
        inner join kind_in_part as kind on numbered.kind_key = kind.kind_key
    ),
    set_children as (
        select period_key, unit_set_key, part_key, count(*) as children
        from child
        group by period_key, unit_set_key, part_key
    ),
    -- How far the figures of a unit are broken down.
    unit as (
        select
            unit_set_key,
            place_key,
            case
                when school_type <> '' then 0
                when level in ('school_type', 'swv', 'region') then 2
                when level not in ('school', 'board', 'municipality_type') then 1
                else 0
            end as detail
        from metrics.place_unit
    ),
    unit_children as (
        select child.period_key, unit.place_key, child.part_key, sum(child.children) as children
        from set_children as child
        inner join unit on child.unit_set_key = unit.unit_set_key
        group by child.period_key, unit.place_key, child.part_key
    ),
    length as (
        select
            numbered.period_key,
            unit.place_key,
            kind.part_key,
            count(*) as started,
            count(numbered.planned_days) as with_end,
            sum(case when numbered.planned_days <= 184 then 1 else 0 end) as short_184,
            sum(case when numbered.planned_days <= 366 then 1 else 0 end) as short_366,
            percentile(numbered.planned_days, [0.25, 0.5, 0.75]) as quartiles
        from numbered
        inner join kind_in_part as kind on numbered.kind_key = kind.kind_key
        inner join unit on numbered.unit_set_key = unit.unit_set_key and kind.detail <= unit.detail
        group by numbered.period_key, unit.place_key, kind.part_key
    ),
    place as (
        select distinct place_key, level, unit_id, school_type
        from metrics.place_unit
    ),
    of_part as (
        select
            length.period_key,
            place.level,
            place.unit_id,
            case when place.school_type = '' then part.dimension else 'school_type' end as dimension,
            case when place.school_type = '' then part.dimension_value else place.school_type end as dimension_value,
            length.started,
            length.with_end,
            length.short_184,
            length.short_366,
            length.quartiles[1] as p25,
            length.quartiles[2] as median,
            length.quartiles[3] as p75,
            child.children
        from length
        inner join unit_children as child
            on length.period_key = child.period_key
            and length.place_key = child.place_key
            and length.part_key = child.part_key
        inner join part on length.part_key = part.part_key
        inner join place on length.place_key = place.place_key
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
