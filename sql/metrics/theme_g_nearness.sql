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
            percentile(home.km, [0.5, 0.9]) as quantiles,
            count(*) as with_km
        from metrics.child_home as home
        inner join core.unit_set_part as part on home.unit_set_key = part.unit_set_key
        inner join seeds.metric_level as allowed on part.level = allowed.level and allowed.metric = 'home_school_distance'
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
            distance.quantiles[1] as km_median,
            distance.quantiles[2] as km_p90,
            distance.with_km
        from near_count as counted
        inner join core.unit as unit on counted.unit_key = unit.unit_key
        inner join core.reference_date as reference on counted.day = reference.day
        left join distance
            on counted.day = distance.day
            and counted.unit_key = distance.unit_key
            and counted.school_type = distance.school_type
    ),
    -- Running indications of pupils, per set of units, as a whole and per form of care.
    running as (
        select
            reference.day,
            indication.child_key,
            coalesce(indication.care_form_group, 'onbekend') as care_form,
            indication.setting = 'school' as is_at_school,
            indication.setting <> 'onbekend' as has_setting,
            cast(indication.hours_per_week as decimal(38, 12)) as hours,
            region.municipality_code is null as is_outside
        from core.reference_date as reference
        inner join core.indication as indication
            on reference.day >= indication.from_day
            and reference.day < indication.until_day
        left join core.region_municipality as region on indication.municipality_code = region.municipality_code
        where indication.law = 'jeugdwet'
    ),
    care_child as (
        select
            running.day,
            spell.attendance_key,
            spell.unit_set_key,
            running.care_form,
            count(case when running.is_at_school then 1 end) as at_school,
            count(case when running.has_setting then 1 end) as with_setting,
            sum(case when running.is_at_school then running.hours else 0 end) as hours_at_school,
            sum(case when running.has_setting then running.hours end) as hours_with_setting,
            count(case when running.is_outside then 1 end) as outside
        from running
        inner join core.attendance_spell as spell
            on running.child_key = spell.child_key
            and running.day >= spell.from_day
            and running.day < spell.until_day
        group by running.day, spell.attendance_key, spell.unit_set_key, running.care_form
    ),
    care_whole as (
        select
            day,
            unit_set_key,
            sum(at_school) as at_school,
            sum(with_setting) as with_setting,
            sum(hours_at_school) as hours_at_school,
            sum(hours_with_setting) as hours_with_setting,
            sum(outside) as outside
        from care_child
        group by day, attendance_key, unit_set_key
    ),
    care_set as (
        select
            day,
            unit_set_key,
            '' as care_form,
            sum(at_school) as at_school,
            sum(with_setting) as with_setting,
            count(case when at_school > 0 then 1 end) as children_at_school,
            sum(hours_at_school) as hours_at_school,
            sum(hours_with_setting) as hours_with_setting,
            count(case when outside > 0 then 1 end) as children_outside,
            count(*) as children
        from care_whole
        group by day, unit_set_key
        union all
        select
            day,
            unit_set_key,
            care_form,
            sum(at_school),
            sum(with_setting),
            count(case when at_school > 0 then 1 end),
            sum(hours_at_school),
            sum(hours_with_setting),
            count(case when outside > 0 then 1 end),
            count(*)
        from care_child
        group by day, unit_set_key, care_form
    ),
    care_unit as (
        select
            care_set.day,
            part.unit_key,
            part.school_type,
            care_set.care_form,
            care_set.at_school,
            care_set.with_setting,
            care_set.children_at_school,
            care_set.hours_at_school,
            care_set.hours_with_setting,
            care_set.children_outside,
            care_set.children
        from care_set
        inner join core.unit_set_part as part
            on care_set.unit_set_key = part.unit_set_key
            and (
                care_set.care_form = ''
                or part.school_type = ''
                and part.level not in ('school', 'board', 'municipality_type')
            )
        union all
        -- A unit without any has a row too: nothing to divide by.
        select date.day, unit.unit_key, '', '', 0, 0, 0, 0, null, 0, 0
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
    ),
    care_count as (
        select
            day,
            unit_key,
            school_type,
            care_form,
            sum(at_school) as at_school,
            sum(with_setting) as with_setting,
            sum(children_at_school) as children_at_school,
            cast(sum(hours_at_school) as double) as hours_at_school,
            cast(sum(hours_with_setting) as double) as hours_with_setting,
            sum(children_outside) as children_outside,
            sum(children) as children
        from care_unit
        group by day, unit_key, school_type, care_form
    ),
    care as (
        select
            reference.reference_date,
            reference.period,
            unit.level,
            unit.unit_id,
            case
                when counted.school_type <> '' then 'school_type'
                when counted.care_form <> '' then 'care_form'
                else ''
            end as dimension,
            concat(counted.school_type, counted.care_form) as dimension_value,
            counted.at_school,
            counted.with_setting,
            counted.children_at_school,
            counted.hours_at_school,
            counted.hours_with_setting,
            counted.children_outside,
            counted.children
        from care_count as counted
        inner join core.unit as unit on counted.unit_key = unit.unit_key
        inner join core.reference_date as reference on counted.day = reference.day
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
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            sum(
                cast(
                    cast(ride.amount_cents as double) / 100
                    * (
                        least(ride.until_day, spell.until_day, period.until_day)
                        - greatest(ride.from_day, spell.from_day, period.from_day)
                    )
                    / (ride.until_day - ride.from_day) as decimal(38, 12)
                )
            ) as euros
        from ride
        inner join core.attendance_spell as spell
            on ride.child_key = spell.child_key
            and ride.from_day < spell.until_day
            and ride.until_day > spell.from_day
        inner join core.period as period
            on greatest(ride.from_day, spell.from_day) < period.until_day
            and least(ride.until_day, spell.until_day) > period.from_day
        group by period.period_key, spell.attendance_key, spell.unit_set_key
    ),
    fare_set as (
        select period_key, unit_set_key, sum(euros) as euros, count(euros) as children
        from fare
        group by period_key, unit_set_key
    ),
    fare_unit as (
        select fare_set.period_key, unit_set.unit_key, sum(fare_set.euros) as euros, sum(fare_set.children) as children
        from fare_set
        inner join core.unit_set as unit_set on fare_set.unit_set_key = unit_set.unit_set_key
        group by fare_set.period_key, unit_set.unit_key
    ),
    cost as (
        select
            unit.period,
            unit.level,
            unit.unit_id,
            cast(fare_unit.euros as double) as euros,
            coalesce(fare_unit.children, 0) as children
        from metrics.unit as unit
        left join fare_unit on unit.period_key = fare_unit.period_key and unit.unit_key = fare_unit.unit_key
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
