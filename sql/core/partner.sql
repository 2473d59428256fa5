/*
description = "Which providers count as the fixed partner of a school, and when"
grain = "one row per school, provider and first day"
key = ["school_key", "provider_key", "from_day"]
steps = [
    "the school list names a provider, or a consortium",
    "a provider is a partner always when it is named itself, else while it belongs to the consortium that is named",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["ZKIJ 3.12"]

[columns]
school_key = "number of the school"
provider_key = "number of the provider"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    provider as (
        select provider_id, min(provider_key) as provider_key
        from core.provider
        group by provider_id
    )

select
    school.school_key,
    provider.provider_key,
    day_number(date '0001-01-01') as from_day,
    2932896 as until_day
from core.school as school
inner join provider on school.lead_provider = provider.provider_id
union all
select
    school.school_key,
    belongs.provider_key,
    belongs.from_day,
    belongs.until_day
from core.school as school
inner join core.provider_group as belongs
    on belongs.bundling = 'consortium'
    and school.lead_provider = belongs.group_name
where school.lead_provider not in (select provider_id from core.provider)
