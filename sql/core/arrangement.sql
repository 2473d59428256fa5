/*
description = "Support arrangements of the samenwerkingsverbanden"
grain = "one row per child, samenwerkingsverband, school, kind and start"
key = ["child_id", "swv", "school_id", "arrangement_type", "start_date"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["ZON 0.10"]

[columns]
swv = "samenwerkingsverband"
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
school_id = "BRIN6"
arrangement_type = "kind of arrangement"
start_date = "first day"
end_date = "last day; null is open"
amount_cents = "amount in eurocents"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.swv,
    record.child_id,
    child.child_key,
    record.school_id,
    record.arrangement_type,
    record.start_date,
    record.end_date,
    record.amount_cents,
    record.file_id as source_file_id,
    record.line as source_line
from staging.arrangement as record
left join core.child as child on record.child_id = child.child_id
