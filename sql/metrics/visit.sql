/*
description = "Published indices of continuity on trajectories, for comparison with the literature"
grain = "one row per metric, unit and period of two years"
key = ["metric", "level", "unit_id", "period"]
steps = [
    "take the trajectories that start in two calendar years in a row, where the child is enrolled on the first day",
    "per child and unit with at least three: COC, UPC, SECON and MMCI over the providers, in order of first day and provider",
    "add up the children; those with one or two are counted apart",
]
tests = ["unique key", "0 <= total and total <= n + 0.000001"]
seeds = ["METRICS 1", "OT3 2.7"]

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "two calendar years: 2023..2024"
is_provisional = "whether the second year ends after the last event that was delivered"
n = "children with at least three trajectories"
total = "sum of the index over these children"
squares = "sum of its squares"
excluded = "children with one or two trajectories"
*/
with
    contact as (
        select
            period.period,
            period.is_provisional,
            unit.level,
            unit.unit_id,
            route.child_key,
            route.provider_key,
            row_number() over (
                partition by period.period, unit.level, unit.unit_id, route.child_key
                order by route.from_day, route.provider_key, route.trajectory_key
            ) as place,
            lag(route.provider_key) over (
                partition by period.period, unit.level, unit.unit_id, route.child_key
                order by route.from_day, route.provider_key, route.trajectory_key
            ) as earlier_provider
        from core.trajectory_route as route
        inner join core.period as period
            on period.kind = 'calendar_year'
            and route.from_day >= day_number(months_later(period.start_date, -12))
            and route.from_day < period.until_day
        inner join metrics.enrolled_unit as unit
            on route.child_key = unit.child_key
            and route.from_day >= unit.from_day
            and route.from_day < unit.until_day
        where unit.level not in ('school', 'board')
    ),
    provider as (
        select
            period,
            is_provisional,
            level,
            unit_id,
            child_key,
            provider_key,
            count(*) as contacts,
            sum(case when provider_key = earlier_provider then 1 else 0 end) as same
        from contact
        group by period, is_provisional, level, unit_id, child_key, provider_key
    ),
    child as (
        select
            period,
            is_provisional,
            level,
            unit_id,
            child_key,
            cast(sum(contacts) as double) as n,
            cast(count(*) as double) as m,
            cast(max(contacts) as double) as most,
            cast(sum(contacts * contacts) as double) as squares,
            cast(sum(same) as double) as same
        from provider
        group by period, is_provisional, level, unit_id, child_key
    ),
    indexed as (
        select period, is_provisional, level, unit_id, 'coc_bice_boxerman' as metric, case when n >= 3 then (squares - n) / (n * (n - 1)) end as value
        from child
        union all
        select period, is_provisional, level, unit_id, 'upc_visits', case when n >= 3 then most / n end
        from child
        union all
        select period, is_provisional, level, unit_id, 'secon_visits', case when n >= 3 then same / (n - 1) end
        from child
        union all
        select period, is_provisional, level, unit_id, 'mmci_visits', case when n >= 3 then case when m = 1 then 1 else (n + 0.1 - m) / (n - 0.9) end end
        from child
    ),
    single as (
        select period, level, unit_id, count(*) as children
        from child
        where n < 3
        group by period, level, unit_id
    ),
    added as (
        select
            metric,
            period,
            is_provisional,
            level,
            unit_id,
            count(value) as n,
            coalesce(exact_sum(value), 0) as total,
            coalesce(exact_sum(value * value), 0) as squares
        from indexed
        group by metric, period, is_provisional, level, unit_id
    )

select
    added.metric,
    added.level,
    added.unit_id,
    concat(cast(cast(added.period as integer) - 1 as varchar), '..', added.period) as period,
    added.is_provisional,
    cast(added.n as bigint) as n,
    added.total,
    added.squares,
    coalesce(single.children, 0) as excluded
from added
left join single
    on added.period = single.period
    and added.level = single.level
    and added.unit_id = single.unit_id
