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
            place.level,
            place.unit_id,
            place.school_type,
            place.child_key,
            route.referrer,
            route.care_form,
            route.municipality_code
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        where place.moment in ('run', 'start')
    ),
    mix_total as (
        select
            period_key,
            moment,
            level,
            unit_id,
            count(*) as trajectories,
            count(distinct child_key) as children
        from placed
        where school_type = ''
        group by period_key, moment, level, unit_id
    ),
    mix_part as (
        select
            period_key,
            moment,
            level,
            unit_id,
            referrer,
            count(*) as trajectories,
            count(distinct child_key) as children
        from placed
        where school_type = ''
        group by period_key, moment, level, unit_id, referrer
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
        from mix_total as total
        cross join seeds.referrer as referrer
        left join mix_part as part
            on total.period_key = part.period_key
            and total.moment = part.moment
            and total.level = part.level
            and total.unit_id = part.unit_id
            and referrer.code = part.referrer
        where referrer.is_known or referrer.code = 'onbekend'
    ),
    known as (
        select
            period_key,
            level,
            unit_id,
            case when school_type = '' then '' else 'school_type' end as dimension,
            school_type as dimension_value,
            child_key,
            case when referrer = '02' then 1 else 0 end as is_gp
        from placed
        where moment = 'start' and referrer <> 'onbekend'
        union all
        select
            period_key,
            level,
            unit_id,
            'responsible_municipality',
            municipality_code,
            child_key,
            case when referrer = '02' then 1 else 0 end
        from placed
        where
            moment = 'start'
            and referrer <> 'onbekend'
            and school_type = ''
            and level in ('school_type', 'swv', 'region')
        union all
        select
            period_key,
            level,
            unit_id,
            'care_form',
            care_form,
            child_key,
            case when referrer = '02' then 1 else 0 end
        from placed
        where moment = 'start' and referrer <> 'onbekend' and school_type = '' and level <> 'municipality_type'
        union all
        select period_key, level, unit_id, '', '', null, 0
        from metrics.unit
    ),
    route as (
        select
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            sum(is_gp) as trajectories,
            count(child_key) as all_trajectories,
            count(distinct case when is_gp = 1 then child_key end) as children,
            count(distinct child_key) as all_children
        from known
        group by period_key, level, unit_id, dimension, dimension_value
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
        from route
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
        from route
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
