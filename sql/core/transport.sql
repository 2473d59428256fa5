/*
description = "School transport"
grain = "one row per child, school and start"
key = ["child_id", "school_id", "start_date"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["OT3 2.11"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
school_id = "BRIN6"
start_date = "first day"
end_date = "last day; null is open"
amount_cents = "amount in eurocents"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.school_id,
    record.start_date,
    record.end_date,
    record.amount_cents,
    record.file_id as source_file_id,
    record.line as source_line
from staging.transport as record
left join core.child as child on record.child_id = child.child_id
