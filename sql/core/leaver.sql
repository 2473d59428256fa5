/*
description = "Pupils who left school, and where to"
grain = "one row per child, school and day"
key = ["child_id", "school_id", "left_on"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["OT3 2.12"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
school_id = "BRIN6"
left_on = "day of leaving"
destination = "destination as delivered"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.school_id,
    record.left_on,
    record.destination,
    record.file_id as source_file_id,
    record.line as source_line
from staging.leaver as record
left join core.child as child on record.child_id = child.child_id
