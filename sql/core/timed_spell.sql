/*
description = "The time a child has care with known hours, without a hole"
grain = "one row per child and unbroken time"
key = ["child_key", "from_day"]
steps = [
    "keep the indications with hours a day",
    "a new spell starts where an indication begins later than every earlier one ended",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["METRICS 3"]

[columns]
child_key = "number of the child"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    ordered as (
        select
            child_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key
                order by from_day, until_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from core.care
        where hours_per_day is not null
    ),
    numbered as (
        select
            child_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key
                order by from_day, until_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    child_key,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by child_key, spell
