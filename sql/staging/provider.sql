/*
description = "Providers with the time their name, parent and consortium were valid"
grain = "one row per provider and start of validity"
key = ["provider_id", "valid_from"]
steps = [
    "the newest delivery of a provider and start of validity wins",
    "an interval ends at the latest the day before the next one of the same provider starts",
]
seeds = ["METRICS 0.4"]
materialized = "view"

[columns]
provider_id = "AGB"
name = "name"
parent_id = "AGB of the parent organisation"
consortium = "consortium"
valid_from = "first day; null is always"
valid_to = "last day; null is open"
*/
with
    newest as (
        select *
        from raw.providers
        where provider_id is not null
        qualify
            row_number() over (partition by provider_id, valid_from order by delivery_order(file_id, line) desc) = 1
    )

select
    provider_id,
    name,
    parent_id,
    consortium,
    valid_from,
    least(valid_to, lead(valid_from) over (partition by provider_id order by valid_from nulls first) - 1) as valid_to,
from newest
