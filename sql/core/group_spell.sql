/*
description = "The time a parent organisation or consortium is active for a child, without a hole"
grain = "one row per roll-up, child, group and unbroken time"
key = ["group_key", "child_key", "from_day"]
steps = [
    "cut the time of every provider to the time it belonged to a group",
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "a new spell starts where a provider of the group begins later than every earlier one ended",
]
tests = ["from_day < until_day"]
seeds = ["METRICS 0.4", "METRICS 10"]

[columns]
bundling = "parent or consortium"
child_key = "number of the child"
group_key = "number of the group"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    begun as (
        select
            belongs.bundling,
            spell.child_key,
            belongs.group_key,
            greatest(spell.from_day, belongs.from_day) as from_day,
            max(least(spell.until_day, belongs.until_day)) as until_day
        from core.provider_spell as spell
        inner join core.provider_group as belongs
            on spell.provider_key = belongs.provider_key
            and spell.from_day < belongs.until_day
            and spell.until_day > belongs.from_day
        group by
            belongs.bundling,
            spell.child_key,
            belongs.group_key,
            greatest(spell.from_day, belongs.from_day)
    ),
    ordered as (
        select
            bundling,
            child_key,
            group_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key, group_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            bundling,
            child_key,
            group_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key, group_key
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    bundling,
    child_key,
    group_key,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by bundling, child_key, group_key, spell
