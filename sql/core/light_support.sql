/*
description = "Freely accessible help"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["ZKIJ 3.9"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
school_id = "BRIN6"
role = "role of the worker"
start_date = "first day"
end_date = "last day; null is open"
hours = "hours"
outcome = "outcome as delivered"
insufficient_reason = "why short help was not enough"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.school_id,
    record.role,
    record.start_date,
    record.end_date,
    record.hours,
    record.outcome,
    record.insufficient_reason,
    record.file_id as source_file_id,
    record.line as source_line
from staging.light_support as record
left join core.child as child on record.child_id = child.child_id
