/*
description = "Theme G, nearness: school near home, care at school, payers outside the region, school transport"
steps = [
    "over the pupils on the reference date: school in the own municipality, region and samenwerkingsverband, distance, transport",
    "over the indications that run on the day for pupils: given at school, of those whose place is known; also in hours a week",
    "over the pupils with care: at least one indication of a municipality outside the region",
    "cost of transport in a period by the share of the days of a record that lies in it while the child is enrolled; what has no end runs up to the last day the data cover",
]
seeds = ["SAM 1.9", "OT3 2.11", "ZKIJ 3.5", "OZG 4.9"]
shape = "figure"
*/
with
    -- How near, per set of units first: a pupil is in one set for all units that hold the same of its schools.
    near_set as (
        select
            day,
            unit_set_key,
            count(*) as pupils,
            sum(in_home_municipality) as same_municipality,
            count(in_home_municipality) as with_home,
            sum(in_home_region) as same_region,
            sum(in_home_swv) as same_swv,
            count(in_home_swv) as with_swv,
            sum(has_transport) as travelling
        from metrics.child_home
        group by day, unit_set_key
    ),
    near_count as (
        select
            near.day,
            part.unit_key,
            part.school_type,
            sum(near.pupils) as pupils,
            sum(near.same_municipality) as same_municipality,
            sum(near.with_home) as with_home,
            sum(near.same_region) as same_region,
            sum(near.same_swv) as same_swv,
            sum(near.with_swv) as with_swv,
            sum(near.travelling) as travelling
        from near_set as near
        inner join core.unit_set_part as part on near.unit_set_key = part.unit_set_key
        group by near.day, part.unit_key, part.school_type
    ),
    distance as (
        select
            home.day,
            part.unit_key,
            part.school_type,
            percentile(home.km, 0.5) as km_median,
            percentile(home.km, 0.9) as km_p90,
            count(home.km) as with_km
        from metrics.child_home as home
        inner join core.unit_set_part as part on home.unit_set_key = part.unit_set_key
        where home.km is not null
        group by home.day, part.unit_key, part.school_type
    ),
    near as (
        select
            reference.reference_date,
            reference.period,
            unit.level,
            unit.unit_id,
            case when counted.school_type = '' then '' else 'school_type' end as dimension,
            counted.school_type as dimension_value,
            counted.pupils,
            counted.same_municipality,
            counted.with_home,
            counted.same_region,
            counted.same_swv,
            counted.with_swv,
            counted.travelling,
            distance.km_median,
            distance.km_p90,
            coalesce(distance.with_km, 0) as with_km
        from near_count as counted
        inner join core.unit as unit on counted.unit_key = unit.unit_key
        inner join core.reference_date as reference on counted.day = reference.day
        left join distance
            on counted.day = distance.day
            and counted.unit_key = distance.unit_key
            and counted.school_type = distance.school_type
    ),
    -- Running indications of pupils, each once in a unit and type of school.
    running as (
        select
            reference.reference_date,
            reference.day,
            reference.period,
            indication.indication_key,
            indication.child_key,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            indication.hours_per_week,
            case when indication.setting <> 'onbekend' then indication.setting end as setting,
            case when region.municipality_code is null then 1 else 0 end as is_outside
        from core.reference_date as reference
        inner join core.indication as indication
            on reference.day >= indication.from_day
            and reference.day < indication.until_day
        left join core.region_municipality as region on indication.municipality_code = region.municipality_code
        where indication.law = 'jeugdwet'
    ),
    placed as (
        select
            running.reference_date,
            running.period,
            unit.level,
            unit.unit_id,
            '' as school_type,
            running.child_key,
            running.care_form,
            running.hours_per_week,
            running.setting,
            running.is_outside
        from running
        inner join metrics.enrolled_unit as unit
            on running.child_key = unit.child_key
            and running.day >= unit.from_day
            and running.day < unit.until_day
        union all
        select
            reference_date,
            period,
            level,
            unit_id,
            school_type,
            child_key,
            care_form,
            hours_per_week,
            setting,
            is_outside
        from (
            select distinct
                running.reference_date,
                running.period,
                typed.level,
                typed.unit_id,
                typed.school_type,
                running.indication_key,
                running.child_key,
                running.care_form,
                running.hours_per_week,
                running.setting,
                running.is_outside
            from running
            inner join metrics.enrolled_type as typed
                on running.child_key = typed.child_key
                and running.day >= typed.from_day
                and running.day < typed.until_day
        ) as once
    ),
    part as (
        select
            reference_date,
            period,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            hours_per_week,
            setting,
            is_outside
        from placed
        union all
        select
            reference_date,
            period,
            level,
            unit_id,
            'care_form',
            care_form,
            child_key,
            hours_per_week,
            setting,
            is_outside
        from placed
        where school_type = '' and level not in ('school', 'board', 'municipality_type')
        union all
        select reference_date, period, level, unit_id, '', '', null, null, null, 0
        from metrics.unit_date
    ),
    care as (
        select
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            sum(case when setting = 'school' then 1 else 0 end) as at_school,
            count(setting) as with_setting,
            count(distinct case when setting = 'school' then child_key end) as children_at_school,
            exact_sum(case when setting = 'school' then hours_per_week else 0 end) as hours_at_school,
            exact_sum(case when setting is not null then hours_per_week end) as hours_with_setting,
            count(distinct case when is_outside = 1 then child_key end) as children_outside,
            count(distinct child_key) as children
        from part
        group by reference_date, period, level, unit_id, dimension, dimension_value
    ),
    -- School transport in a period.
    ride as (
        select
            transport.child_key,
            transport.amount_cents,
            day_number(transport.start_date) as from_day,
            greatest(
                least(until_day(transport.end_date), history.until_day),
                day_number(transport.start_date) + 1
            ) as until_day
        from core.transport as transport
        cross join core.care_history as history
        where transport.child_key is not null
    ),
    fare as (
        select
            period.period,
            unit.level,
            unit.unit_id,
            ride.child_key,
            exact_sum(
                cast(ride.amount_cents as double) / 100
                * (
                    least(ride.until_day, unit.until_day, period.until_day)
                    - greatest(ride.from_day, unit.from_day, period.from_day)
                )
                / (ride.until_day - ride.from_day)
            ) as euros
        from ride
        inner join metrics.enrolled_unit as unit
            on ride.child_key = unit.child_key
            and ride.from_day < unit.until_day
            and ride.until_day > unit.from_day
        inner join core.period as period
            on greatest(ride.from_day, unit.from_day) < period.until_day
            and least(ride.until_day, unit.until_day) > period.from_day
        group by period.period, unit.level, unit.unit_id, ride.child_key
        union all
        select period, level, unit_id, null, null
        from metrics.unit
    ),
    cost as (
        select
            period,
            level,
            unit_id,
            exact_sum(euros) as euros,
            count(child_key) as children
        from fare
        group by period, level, unit_id
    ),
    figure as (
        select
            'home_municipality_share' as metric,
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(same_municipality, with_home) as value,
            cast(same_municipality as double) as numerator,
            cast(with_home as double) as denominator,
            cast(same_municipality as bigint) as children
        from near
        union all
        select
            'home_region_share',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(same_region, with_home),
            same_region,
            with_home,
            same_region
        from near
        union all
        select
            'home_region_share_swv',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(same_swv, with_swv),
            same_swv,
            with_swv,
            same_swv
        from near
        union all
        select
            'home_school_distance',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            km_median,
            km_median,
            null,
            with_km
        from near
        union all
        select
            'home_school_distance_p90',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            km_p90,
            km_p90,
            null,
            with_km
        from near
        union all
        select
            'transport_pupils',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(travelling, pupils),
            travelling,
            pupils,
            travelling
        from near
        union all
        select
            'in_school_share',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(at_school, with_setting),
            at_school,
            with_setting,
            children_at_school
        from care
        union all
        select
            'in_school_share_hours',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(hours_at_school, hours_with_setting),
            hours_at_school,
            hours_with_setting,
            children_at_school
        from care
        union all
        select
            'out_of_region_share',
            reference_date,
            period,
            level,
            unit_id,
            dimension,
            dimension_value,
            ratio(children_outside, children),
            children_outside,
            children,
            children_outside
        from care
        where dimension <> 'care_form'
        union all
        select 'transport_cost', null, period, level, unit_id, '', '', ratio(euros, children), euros, children, children
        from cost
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    figure.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    coalesce(figure.children, 0) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
