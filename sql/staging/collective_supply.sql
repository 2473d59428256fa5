/*
description = "Collective supply at schools, as they stand"
grain = "one row per school, provider and start"
key = ["school_id", "provider_id", "start_date"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a school",
    "leave out records that end before they start",
]
seeds = ["OT3 2.8"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
school_id = "BRIN6"
provider_id = "AGB of the provider"
start_date = "first day"
end_date = "last day; null is open"
fte = "full-time equivalents"
hours_per_week = "hours a week"
amount_cents = "amount in eurocents a year"
reach = "number of pupils in reach"
municipality_code = "municipality that pays; null is not told"
*/
select
    file_id,
    line,
    school_id,
    provider_id,
    start_date,
    end_date,
    fte,
    hours_per_week,
    amount_cents,
    reach,
    nullif(trim(municipality_code), '') as municipality_code,
from raw.collective_supply
where school_id is not null and (end_date is null or end_date >= start_date)
qualify
    row_number() over (
        partition by school_id, provider_id, start_date
        order by delivery_order(file_id, line) desc
    ) = 1
