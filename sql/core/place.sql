/*
description = "Centres of four-digit postcodes"
grain = "one row per postcode"
key = ["pc4"]
steps = ["take the records as they stand"]
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
    record.municipality_code,
    record.x,
    record.y,
    record.file_id as source_file_id,
    record.line as source_line
from staging.place as record
