/*
description = "Unbroken care of a child: the union of all its care, holes of at most the gap bridged"
grain = "one row per gap, child and episode"
key = ["gap", "child_key", "from_day"]
steps = [
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "order all care of a child by first day, once for every gap (0 and 28 days)",
    "a new episode starts where care begins more than the gap after every earlier care ended",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["METRICS 2.3"]

[columns]
gap = "longest hole that is bridged, in days"
child_id = "pseudonym of the child"
child_key = "number of the child"
start_date = "first day"
end_date = "last day; null is open"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    begun as (
        select child_key, from_day, max(until_day) as until_day
        from core.provider_spell
        group by child_key, from_day
    ),
    ordered as (
        select
            tolerance.gap,
            begun.child_key,
            begun.from_day,
            begun.until_day,
            max(begun.until_day) over (
                partition by tolerance.gap, begun.child_key
                order by begun.from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
        cross join (values (0), (28)) as tolerance (gap)
    ),
    numbered as (
        select
            gap,
            child_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until + gap then 1 else 0 end) over (
                partition by gap, child_key
                order by from_day
                rows between unbounded preceding and current row
            ) as episode
        from ordered
    ),
    merged as (
        select gap, child_key, min(from_day) as from_day, max(until_day) as until_day
        from numbered
        group by gap, child_key, episode
    )

select
    merged.gap,
    child.child_id,
    merged.child_key,
    day_date(merged.from_day) as start_date,
    case when merged.until_day < 2932896 then day_date(merged.until_day - 1) end as end_date,
    merged.from_day,
    merged.until_day
from merged
inner join core.child as child on merged.child_key = child.child_key
