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
    -- What a child sees is the same in all units that hold the same of its schools: it is counted once for them.
    unit_set as (
        select unit_set_key, unit_key
        from core.unit_set
        where level not in ('school', 'board')
    ),
    enrolled as (
        select spell.attendance_key, spell.child_key, spell.unit_set_key, spell.from_day, spell.until_day
        from core.attendance_spell as spell
        where spell.unit_set_key in (select unit_set_key from unit_set)
    ),
    contact as (
        select
            period.period_key,
            enrolled.unit_set_key,
            enrolled.attendance_key,
            route.provider_key,
            lag(route.provider_key) over (
                partition by period.period_key, enrolled.attendance_key
                order by route.from_day, route.provider_key, route.trajectory_key
            ) as earlier_provider
        from core.trajectory_route as route
        inner join core.period as period
            on period.kind = 'calendar_year'
            and route.from_day >= day_number(months_later(period.start_date, -12))
            and route.from_day < period.until_day
        inner join enrolled
            on route.child_key = enrolled.child_key
            and route.from_day >= enrolled.from_day
            and route.from_day < enrolled.until_day
    ),
    provider as (
        select
            period_key,
            unit_set_key,
            attendance_key,
            provider_key,
            count(*) as contacts,
            sum(case when provider_key = earlier_provider then 1 else 0 end) as same
        from contact
        group by period_key, unit_set_key, attendance_key, provider_key
    ),
    child as (
        select
            period_key,
            unit_set_key,
            cast(sum(contacts) as double) as n,
            cast(count(*) as double) as m,
            cast(max(contacts) as double) as most,
            cast(sum(contacts * contacts) as double) as squares,
            cast(sum(same) as double) as same
        from provider
        group by period_key, unit_set_key, attendance_key
    ),
    indexed as (
        select period_key, unit_set_key, 'coc_bice_boxerman' as metric, case when n >= 3 then (squares - n) / (n * (n - 1)) end as value
        from child
        union all
        select period_key, unit_set_key, 'upc_visits', case when n >= 3 then most / n end
        from child
        union all
        select period_key, unit_set_key, 'secon_visits', case when n >= 3 then same / (n - 1) end
        from child
        union all
        select period_key, unit_set_key, 'mmci_visits', case when n >= 3 then case when m = 1 then 1 else (n + 0.1 - m) / (n - 0.9) end end
        from child
    ),
    set_added as (
        select
            metric,
            period_key,
            unit_set_key,
            count(value) as n,
            count(*) - count(value) as excluded,
            sum(cast(value as decimal(38, 12))) as total,
            sum(cast(value * value as decimal(38, 12))) as squares
        from indexed
        group by metric, period_key, unit_set_key
    ),
    added as (
        select
            added.metric,
            added.period_key,
            unit_set.unit_key,
            sum(added.n) as n,
            sum(added.excluded) as excluded,
            cast(coalesce(sum(added.total), 0) as double) as total,
            cast(coalesce(sum(added.squares), 0) as double) as squares
        from set_added as added
        inner join unit_set on added.unit_set_key = unit_set.unit_set_key
        group by added.metric, added.period_key, unit_set.unit_key
    )

select
    added.metric,
    unit.level,
    unit.unit_id,
    concat(cast(cast(period.period as integer) - 1 as varchar), '..', period.period) as period,
    period.is_provisional,
    cast(added.n as bigint) as n,
    added.total,
    added.squares,
    cast(added.excluded as bigint) as excluded
from added
inner join core.period as period on added.period_key = period.period_key
inner join core.unit as unit on added.unit_key = unit.unit_key
