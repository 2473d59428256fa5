/*
description = "Centres of four-digit postcodes"
grain = "one row per postcode"
key = ["pc4"]
steps = ["take the records as they stand", "a municipality that went on under another code is that code"]
tests = ["unique key"]
seeds = ["OT3 2.11"]

[columns]
pc4 = "four digits of the postcode"
municipality_code = "responsible municipality"
x = "RD x in metres"
y = "RD y in metres"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.pc4,
    coalesce(merger.later_code, record.municipality_code) as municipality_code,
    record.x,
    record.y,
    record.file_id as source_file_id,
    record.line as source_line
from staging.place as record
left join staging.merger as merger
    on record.municipality_code = merger.municipality_code
    and merger.is_current
