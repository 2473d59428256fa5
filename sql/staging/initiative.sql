/*
description = "Initiatives and the schools they are at, as they stand"
grain = "one row per initiative and school"
key = ["initiative_id", "school_id"]
steps = [
    "the newest delivery of a key wins",
    "leave out records that end before they start",
]
seeds = ["OT3 2.21"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
initiative_id = "initiative"
name = "name"
initiative_type = "kind of initiative"
phase = "phase"
start_date = "first day"
end_date = "last day; null is open"
school_id = "BRIN6"
owner_role = "role of the owner"
baseline_start = "first day of the baseline"
baseline_end = "last day of the baseline"
target_metric = "metric of the target"
target_value = "value of the target"
*/
select
    file_id,
    line,
    initiative_id,
    name,
    initiative_type,
    phase,
    start_date,
    end_date,
    school_id,
    owner_role,
    baseline_start,
    baseline_end,
    target_metric,
    target_value,
from raw.initiatives
where (end_date is null or end_date >= start_date)
qualify
    row_number() over (
        partition by initiative_id, school_id
        order by delivery_order(file_id, line) desc
    ) = 1
