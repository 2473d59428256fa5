/*
description = "Initiatives and the schools they are at"
grain = "one row per initiative and school"
key = ["initiative_id", "school_id"]
steps = ["take the records as they stand"]
tests = ["unique key"]
seeds = ["OT3 2.21"]

[columns]
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
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.initiative_id,
    record.name,
    record.initiative_type,
    record.phase,
    record.start_date,
    record.end_date,
    record.school_id,
    record.owner_role,
    record.baseline_start,
    record.baseline_end,
    record.target_metric,
    record.target_value,
    record.file_id as source_file_id,
    record.line as source_line
from staging.initiative as record
