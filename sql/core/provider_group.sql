/*
description = "To which parent organisation and which consortium a provider belonged, and when"
grain = "one row per roll-up, provider and first day"
key = ["bundling", "provider_key", "from_day"]
steps = [
    "take the intervals of the provider list",
    "before, between and after them, and where no parent or consortium is named, a provider is on its own",
    "number the groups",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["METRICS 0.4", "ZKIJ 3.12"]

[columns]
bundling = "parent or consortium"
provider_key = "number of the provider"
group_name = "AGB of the parent, or name of the consortium; the provider's own AGB when on its own"
group_key = "number of the group, from 1"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    listed as (
        select
            provider_key,
            provider_id,
            parent_id,
            consortium,
            day_number(coalesce(valid_from, date '0001-01-01')) as from_day,
            until_day(valid_to) as until_day
        from core.provider
    ),
    ordered as (
        select
            provider_key,
            provider_id,
            parent_id,
            consortium,
            from_day,
            until_day,
            lead(from_day) over (partition by provider_key order by from_day) as next_from,
            row_number() over (partition by provider_key order by from_day) as place
        from listed
        where from_day < until_day
    ),
    complete as (
        select provider_key, provider_id, parent_id, consortium, from_day, until_day
        from ordered
        union all
        select provider_key, provider_id, null, null, until_day, coalesce(next_from, 2932896)
        from ordered
        where until_day < coalesce(next_from, 2932896)
        union all
        select provider_key, provider_id, null, null, day_number(date '0001-01-01'), from_day
        from ordered
        where place = 1 and from_day > day_number(date '0001-01-01')
    ),
    rolled as (
        select 'parent' as bundling, provider_key, coalesce(parent_id, provider_id) as group_name, from_day, until_day
        from complete
        union all
        select 'consortium', provider_key, coalesce(consortium, provider_id), from_day, until_day
        from complete
    )

select
    bundling,
    provider_key,
    group_name,
    cast(dense_rank() over (order by bundling, group_name) as integer) as group_key,
    from_day,
    until_day
from rolled
