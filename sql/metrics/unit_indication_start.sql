/*
description = "Planned length of the indications that start in a period: how many are short, and the quartiles"
grain = "one row per period and unit with at least one start"
key = ["period_key", "unit_key"]
steps = [
    "order the lengths; a length with its number of indications covers a range of places",
    "a quantile lies at place p * (n - 1) from 0, between the lengths at the places below and above it (type 7)",
]
tests = ["unique key", "duration_p25 <= duration_median and duration_median <= duration_p75", "short_184 <= short_366"]
seeds = ["METRICS 2.6", "OT3 2.6"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
started = "indications that start in the period"
children = "children with such an indication"
open_ended = "of these: without planned end"
with_end = "of these: with a planned end"
short_184 = "of those with a planned end: at most 184 days"
short_366 = "of those with a planned end: at most 366 days"
duration_p25 = "25th percentile of the planned length in days"
duration_median = "median of the planned length in days"
duration_p75 = "75th percentile of the planned length in days"
*/
with
    total as (
        select
            period_key,
            unit_key,
            sum(indications) as started,
            sum(children) as children,
            sum(case when planned_days is null then indications else 0 end) as open_ended,
            sum(case when planned_days is not null then indications else 0 end) as with_end,
            sum(case when planned_days <= 184 then indications else 0 end) as short_184,
            sum(case when planned_days <= 366 then indications else 0 end) as short_366
        from metrics.unit_indication_length
        group by period_key, unit_key
    ),
    placed as (
        select
            period_key,
            unit_key,
            planned_days,
            sum(indications) over (
                partition by period_key, unit_key
                order by planned_days
                rows between unbounded preceding and current row
            ) - indications as first_place,
            sum(indications) over (
                partition by period_key, unit_key
                order by planned_days
                rows between unbounded preceding and current row
            ) as next_place
        from metrics.unit_indication_length
        where planned_days is not null
    ),
    target as (
        select
            total.period_key,
            total.unit_key,
            quantile.p,
            floor(quantile.p * (total.with_end - 1)) as below,
            ceil(quantile.p * (total.with_end - 1)) as above,
            quantile.p * (total.with_end - 1) - floor(quantile.p * (total.with_end - 1)) as part
        from total
        cross join (values (cast(0.25 as double)), (cast(0.5 as double)), (cast(0.75 as double))) as quantile (p)
        where total.with_end > 0
    ),
    quantile as (
        select
            target.period_key,
            target.unit_key,
            target.p,
            (1 - target.part) * lower.planned_days + target.part * upper.planned_days as days
        from target
        inner join placed as lower
            on target.period_key = lower.period_key
            and target.unit_key = lower.unit_key
            and target.below >= lower.first_place
            and target.below < lower.next_place
        inner join placed as upper
            on target.period_key = upper.period_key
            and target.unit_key = upper.unit_key
            and target.above >= upper.first_place
            and target.above < upper.next_place
    ),
    spread as (
        select
            period_key,
            unit_key,
            max(case when p = 0.25 then days end) as duration_p25,
            max(case when p = 0.5 then days end) as duration_median,
            max(case when p = 0.75 then days end) as duration_p75
        from quantile
        group by period_key, unit_key
    )

select
    total.period_key,
    total.unit_key,
    cast(total.started as bigint) as started,
    cast(total.children as bigint) as children,
    cast(total.open_ended as bigint) as open_ended,
    cast(total.with_end as bigint) as with_end,
    cast(total.short_184 as bigint) as short_184,
    cast(total.short_366 as bigint) as short_366,
    spread.duration_p25,
    spread.duration_median,
    spread.duration_p75
from total
left join spread on total.period_key = spread.period_key and total.unit_key = spread.unit_key
