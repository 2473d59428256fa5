/*
description = "Collective supply at schools: hours and staff; organisations, no persons and no money"
grain = "one row per school, provider and start"
key = ["school_id", "supply", "start_date"]
steps = ["number the providers of a school, so that no provider is named", "take hours and staff"]
tests = ["unique key"]
seeds = ["2.8", "3.4"]

[columns]
school_id = "BRIN6"
supply = "number of the supply at the school"
start_date = "first day"
end_date = "last day; null is open"
fte = "full-time equivalents"
hours_per_week = "hours a week"
*/
select
    school_id,
    cast(dense_rank() over (partition by school_id order by provider_id) as integer) as supply,
    start_date,
    end_date,
    fte,
    hours_per_week
from core.collective_supply
