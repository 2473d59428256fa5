/*
description = "Absence and exemptions"
grain = "one row per child, school, kind and start"
key = ["child_id", "school_id", "absence_type", "start_date"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["ZON 0.8", "SAM 1.4"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
school_id = "BRIN6"
absence_type = "kind of absence"
start_date = "first day"
end_date = "last day; null is open"
status = "status as delivered"
closing_reason = "reason of closing"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.school_id,
    record.absence_type,
    record.start_date,
    record.end_date,
    record.status,
    record.closing_reason,
    record.file_id as source_file_id,
    record.line as source_line
from staging.absence as record
left join core.child as child on record.child_id = child.child_id
