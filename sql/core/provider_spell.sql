/*
description = "The time a provider is active for a child, without a hole: overlapping and adjoining indications are one"
grain = "one row per child, provider and unbroken time"
key = ["child_key", "provider_key", "from_day"]
steps = [
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "order the indications of a child and provider by first day",
    "a new spell starts where an indication begins later than every earlier one ended",
]
tests = ["from_day < until_day"]
seeds = ["METRICS 0.5", "METRICS 10"]

[columns]
child_key = "number of the child"
provider_key = "number of the provider"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    begun as (
        select
            child_key,
            provider_key,
            from_day,
            max(until_day) as until_day
        from core.care
        group by child_key, provider_key, from_day
    ),
    ordered as (
        select
            child_key,
            provider_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key, provider_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            child_key,
            provider_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key, provider_key
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    child_key,
    provider_key,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by child_key, provider_key, spell
