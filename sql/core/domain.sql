/*
description = "Support from other domains than the Jeugdwet"
grain = "one row per child, domain and start"
key = ["child_id", "domain", "start_date"]
steps = [
    "take the records as they stand",
    "look up the number of the child",
]
tests = ["unique key"]
seeds = ["SAM 1.1"]

[columns]
child_id = "pseudonym of the child"
child_key = "number of the child; null when it is not known"
domain = "leerplicht, wmo, participatie or veiligheid"
start_date = "first day"
end_date = "last day; null is open"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.child_id,
    child.child_key,
    record.domain,
    record.start_date,
    record.end_date,
    record.file_id as source_file_id,
    record.line as source_line
from staging.domain as record
left join core.child as child on record.child_id = child.child_id
