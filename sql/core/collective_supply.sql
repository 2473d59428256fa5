/*
description = "Collective supply at schools"
grain = "one row per school, provider and start"
key = ["school_id", "provider_id", "start_date"]
steps = ["take the records as they stand", "a municipality that went on under another code is that code"]
tests = ["unique key"]
seeds = ["OT3 2.8"]

[columns]
school_id = "BRIN6"
provider_id = "AGB of the provider"
start_date = "first day"
end_date = "last day; null is open"
fte = "full-time equivalents"
hours_per_week = "hours a week"
amount_cents = "amount in eurocents a year"
reach = "number of pupils in reach"
municipality_code = "municipality that pays; null is not told"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.school_id,
    record.provider_id,
    record.start_date,
    record.end_date,
    record.fte,
    record.hours_per_week,
    record.amount_cents,
    record.reach,
    coalesce(merger.later_code, record.municipality_code) as municipality_code,
    record.file_id as source_file_id,
    record.line as source_line
from staging.collective_supply as record
left join staging.merger as merger
    on record.municipality_code = merger.municipality_code
    and merger.is_current
