/*
description = "Providers with the time their parent and consortium were valid; also those no list names"
grain = "one row per provider and interval of validity"
key = ["provider_id", "valid_from"]
steps = [
    "take the providers as they stand",
    "add providers that only occur in indications, deliveries or declarations, always valid",
    "number the providers (not their intervals) in the order of AGB",
]
tests = ["unique key", "not null provider_key"]
seeds = ["METRICS 0.4", "ZKIJ 3.1"]

[columns]
provider_id = "AGB"
provider_key = "number of the provider, from 1"
name = "name"
parent_id = "AGB of the parent organisation"
consortium = "consortium"
valid_from = "first day; null is always"
valid_to = "last day; null is open"
is_listed = "whether the provider list names it"
*/
with
    seen as (
        select provider_id from staging.indication_version
        union
        select provider_id from core.delivery
        union
        select provider_id from core.declaration
    ),
    known as (
        select provider_id, name, parent_id, consortium, valid_from, valid_to, true as is_listed
        from staging.provider
        union all
        select provider_id, null, null, null, null, null, false
        from seen
        where provider_id is not null and provider_id not in (select provider_id from staging.provider)
    )

select
    provider_id,
    cast(dense_rank() over (order by provider_id) as integer) as provider_key,
    name,
    parent_id,
    consortium,
    valid_from,
    valid_to,
    is_listed
from known
