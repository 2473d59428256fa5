/*
description = "Theme E, referral: who referred to the trajectories of a period, and how many came by way of the general practitioner"
steps = [
    "take trajectories that run or start in the period at the units of enrolment, with the referrer they inherit",
    "per referrer the share of trajectories, and of children; a referrer without any is 0",
    "the share of the general practitioner is over starts with a known referrer; no referrer is known too",
]
seeds = ["OZG 4.14"]
shape = "figure"
*/
with
    -- Numbers in the place of codes: they group faster.
    referrer as (
        select code, is_known, cast(row_number() over (order by code) as integer) as referrer_key
        from seeds.referrer
        where is_known or code = 'onbekend'
    ),
    route_kind as (
        select
            cast(row_number() over (order by municipality_code, care_form) as integer) as kind_key,
            municipality_code,
            care_form
        from core.trajectory_route
        group by municipality_code, care_form
    ),
    kind_part as (
        select kind_key, '' as dimension, '' as dimension_value
        from route_kind
        union all
        select kind_key, 'care_form', care_form
        from route_kind
        union all
        select kind_key, 'responsible_municipality', municipality_code
        from route_kind
    ),
    part as (
        select
            cast(row_number() over (order by dimension, dimension_value) as integer) as part_key,
            dimension,
            dimension_value,
            case dimension when '' then 0 when 'care_form' then 1 else 2 end as detail
        from kind_part
        group by dimension, dimension_value
    ),
    kind_in_part as (
        select kind_part.kind_key, part.part_key
        from kind_part
        inner join part
            on kind_part.dimension = part.dimension
            and kind_part.dimension_value = part.dimension_value
    ),
    route as (
        select
            route.trajectory_key,
            route_kind.kind_key,
            referrer.referrer_key,
            referrer.is_known,
            referrer.code = '02' as is_gp
        from core.trajectory_route as route
        inner join referrer on route.referrer = referrer.code
        inner join route_kind
            on route.municipality_code = route_kind.municipality_code
            and route.care_form = route_kind.care_form
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    child as (
        select
            place.moment = 'start' as is_start,
            place.period_key,
            place.attendance_key,
            place.unit_set_key,
            route.referrer_key,
            count(*) as trajectories
        from metrics.trajectory_place as place
        inner join route on place.trajectory_key = route.trajectory_key
        where place.moment in ('run', 'start')
        group by place.moment = 'start', place.period_key, place.attendance_key, place.unit_set_key, route.referrer_key
    ),
    child_whole as (
        select distinct is_start, period_key, attendance_key, unit_set_key
        from child
    ),
    mix_part as (
        select is_start, period_key, unit_set_key, referrer_key, sum(trajectories) as trajectories, count(*) as children
        from child
        group by is_start, period_key, unit_set_key, referrer_key
    ),
    mix_set as (
        select is_start, period_key, unit_set_key, referrer_key, trajectories, children
        from mix_part
        union all
        -- The whole has number 0.
        select is_start, period_key, unit_set_key, 0, trajectories, 0
        from mix_part
        union all
        select is_start, period_key, unit_set_key, 0, 0, count(*)
        from child_whole
        group by is_start, period_key, unit_set_key
    ),
    mix_count as (
        select
            mix_set.is_start,
            mix_set.period_key,
            unit.place_key,
            mix_set.referrer_key,
            sum(mix_set.trajectories) as trajectories,
            sum(mix_set.children) as children
        from mix_set
        inner join metrics.place_unit as unit on mix_set.unit_set_key = unit.unit_set_key
        where unit.school_type = '' and unit.level not in ('school', 'board')
        group by mix_set.is_start, mix_set.period_key, unit.place_key, mix_set.referrer_key
    ),
    place as (
        select distinct place_key, level, unit_id, school_type
        from metrics.place_unit
    ),
    mix as (
        select
            total.is_start,
            total.period_key,
            place.level,
            place.unit_id,
            referrer.code as referrer,
            coalesce(part.trajectories, 0) as trajectories,
            total.trajectories as all_trajectories,
            coalesce(part.children, 0) as children,
            total.children as all_children
        from mix_count as total
        inner join place on total.place_key = place.place_key
        cross join referrer
        left join mix_count as part
            on total.is_start = part.is_start
            and total.period_key = part.period_key
            and total.place_key = part.place_key
            and referrer.referrer_key = part.referrer_key
        where total.referrer_key = 0
    ),
    known_child as (
        select
            place.period_key,
            place.unit_set_key,
            kind.part_key,
            count(*) as all_trajectories,
            count(case when route.is_gp then 1 end) as trajectories
        from metrics.trajectory_place as place
        inner join route on place.trajectory_key = route.trajectory_key and route.is_known
        inner join kind_in_part as kind on route.kind_key = kind.kind_key
        where place.moment = 'start'
        group by place.period_key, place.attendance_key, place.unit_set_key, kind.part_key
    ),
    known_set as (
        select
            period_key,
            unit_set_key,
            part_key,
            sum(trajectories) as trajectories,
            sum(all_trajectories) as all_trajectories,
            count(case when trajectories > 0 then 1 end) as children,
            count(*) as all_children
        from known_child
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
                when level <> 'municipality_type' then 1
                else 0
            end as detail
        from metrics.place_unit
        where level not in ('school', 'board')
    ),
    known_unit as (
        select
            known_set.period_key,
            unit.place_key,
            known_set.part_key,
            sum(known_set.trajectories) as trajectories,
            sum(known_set.all_trajectories) as all_trajectories,
            sum(known_set.children) as children,
            sum(known_set.all_children) as all_children
        from known_set
        inner join part on known_set.part_key = part.part_key
        inner join unit on known_set.unit_set_key = unit.unit_set_key and part.detail <= unit.detail
        group by known_set.period_key, unit.place_key, known_set.part_key
    ),
    gp_route as (
        select
            known_unit.period_key,
            place.level,
            place.unit_id,
            case when place.school_type <> '' then 'school_type' else part.dimension end as dimension,
            case when place.school_type <> '' then place.school_type else part.dimension_value end as dimension_value,
            known_unit.trajectories,
            known_unit.all_trajectories,
            known_unit.children,
            known_unit.all_children
        from known_unit
        inner join part on known_unit.part_key = part.part_key
        inner join place on known_unit.place_key = place.place_key
    ),
    -- A unit without any has a row too: nothing to divide by.
    route_or_none as (
        select period_key, level, unit_id, dimension, dimension_value, trajectories, all_trajectories, children, all_children
        from gp_route
        union all
        select unit.period_key, unit.level, unit.unit_id, '', '', 0, 0, 0, 0
        from metrics.unit as unit
        left join gp_route
            on unit.period_key = gp_route.period_key
            and unit.level = gp_route.level
            and unit.unit_id = gp_route.unit_id
            and gp_route.dimension = ''
        where gp_route.unit_id is null
    ),
    figure as (
        select
            case when is_start then 'referrer_mix_started' else 'referrer_mix' end as metric,
            period_key,
            level,
            unit_id,
            'referrer' as dimension,
            referrer as dimension_value,
            trajectories as numerator,
            all_trajectories as denominator,
            children
        from mix
        union all
        select
            'referrer_mix_children',
            period_key,
            level,
            unit_id,
            'referrer',
            referrer,
            children,
            all_children,
            children
        from mix
        where not is_start
        union all
        select
            'gp_route_share',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            trajectories,
            all_trajectories,
            children
        from route_or_none
        union all
        select
            'gp_route_share_children',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            children,
            all_children,
            children
        from route_or_none
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
inner join core.period as period on figure.period_key = period.period_key
