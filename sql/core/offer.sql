/*
description = "Required offers per school type and present offers per school"
grain = "one row per school type or school, and offer"
key = ["school_type", "school_id", "offer"]
steps = ["take the records as they stand"]
tests = ["unique key"]
seeds = ["ZKIJ 3.10"]

[columns]
school_type = "type of school"
school_id = "BRIN6"
offer = "offer"
is_required = "whether the offer is required"
is_present = "whether the offer is present"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.school_type,
    record.school_id,
    record.offer,
    record.is_required,
    record.is_present,
    record.file_id as source_file_id,
    record.line as source_line
from staging.offer as record
