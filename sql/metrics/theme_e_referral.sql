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
    placed as (
        select
            place.period_key,
            place.moment,
            place.attendance_key,
            place.unit_set_key,
            route.municipality_code,
            route.referrer,
            route.care_form
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        where place.moment in ('run', 'start')
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    listed as (
        select period_key, moment, attendance_key, unit_set_key, '' as referrer
        from placed
        union all
        select period_key, moment, attendance_key, unit_set_key, referrer
        from placed
    ),
    listed_set as (
        select
            period_key,
            moment,
            unit_set_key,
            referrer,
            count(*) as trajectories,
            count(distinct attendance_key) as children
        from listed
        group by period_key, moment, unit_set_key, referrer
    ),
    mix_count as (
        select
            listed_set.period_key,
            listed_set.moment,
            unit.level,
            unit.unit_id,
            listed_set.referrer,
            sum(listed_set.trajectories) as trajectories,
            sum(listed_set.children) as children
        from listed_set
        inner join metrics.place_unit as unit on listed_set.unit_set_key = unit.unit_set_key
        where unit.school_type = '' and unit.level not in ('school', 'board')
        group by listed_set.period_key, listed_set.moment, unit.level, unit.unit_id, listed_set.referrer
    ),
    mix as (
        select
            total.period_key,
            total.moment,
            total.level,
            total.unit_id,
            referrer.code as referrer,
            coalesce(part.trajectories, 0) as trajectories,
            total.trajectories as all_trajectories,
            coalesce(part.children, 0) as children,
            total.children as all_children
        from mix_count as total
        cross join seeds.referrer as referrer
        left join mix_count as part
            on total.period_key = part.period_key
            and total.moment = part.moment
            and total.level = part.level
            and total.unit_id = part.unit_id
            and referrer.code = part.referrer
        where total.referrer = '' and (referrer.is_known or referrer.code = 'onbekend')
    ),
    dimension as (
        select '' as dimension
        union all
        select 'responsible_municipality'
        union all
        select 'care_form'
    ),
    known as (
        select
            placed.period_key,
            placed.attendance_key,
            placed.unit_set_key,
            dimension.dimension,
            case dimension.dimension
                when 'responsible_municipality' then placed.municipality_code
                when 'care_form' then placed.care_form
                else ''
            end as dimension_value,
            case when placed.referrer = '02' then 1 else 0 end as is_gp
        from placed
        cross join dimension
        where placed.moment = 'start' and placed.referrer <> 'onbekend'
    ),
    known_set as (
        select
            period_key,
            unit_set_key,
            dimension,
            dimension_value,
            sum(is_gp) as trajectories,
            count(*) as all_trajectories,
            count(distinct case when is_gp = 1 then attendance_key end) as children,
            count(distinct attendance_key) as all_children
        from known
        group by period_key, unit_set_key, dimension, dimension_value
    ),
    route as (
        select
            known_set.period_key,
            unit.level,
            unit.unit_id,
            case when unit.school_type <> '' then 'school_type' else known_set.dimension end as dimension,
            case when unit.school_type <> '' then unit.school_type else known_set.dimension_value end as dimension_value,
            sum(known_set.trajectories) as trajectories,
            sum(known_set.all_trajectories) as all_trajectories,
            sum(known_set.children) as children,
            sum(known_set.all_children) as all_children
        from known_set
        inner join metrics.place_unit as unit on known_set.unit_set_key = unit.unit_set_key
        where
            unit.level not in ('school', 'board')
            and (
                known_set.dimension = ''
                or unit.school_type = ''
                and (
                    known_set.dimension = 'care_form' and unit.level <> 'municipality_type'
                    or unit.level in ('school_type', 'swv', 'region')
                )
            )
        group by
            known_set.period_key,
            unit.level,
            unit.unit_id,
            unit.school_type,
            known_set.dimension,
            known_set.dimension_value
    ),
    -- A unit without any has a row too: nothing to divide by.
    route_or_none as (
        select period_key, level, unit_id, dimension, dimension_value, trajectories, all_trajectories, children, all_children
        from route
        union all
        select unit.period_key, unit.level, unit.unit_id, '', '', 0, 0, 0, 0
        from metrics.unit as unit
        left join route
            on unit.period_key = route.period_key
            and unit.level = route.level
            and unit.unit_id = route.unit_id
            and route.dimension = ''
        where route.unit_id is null
    ),
    figure as (
        select
            case when moment = 'run' then 'referrer_mix' else 'referrer_mix_started' end as metric,
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
        where moment = 'run'
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
