/*
description = "Pupils per school on 1 October according to DUO"
grain = "one row per school and year"
key = ["school_id", "year"]
steps = ["take the records as they stand"]
tests = ["unique key"]

[columns]
school_id = "BRIN6"
year = "year"
pupils = "number of pupils"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.school_id,
    record.year,
    record.pupils,
    record.file_id as source_file_id,
    record.line as source_line
from staging.pupil_count as record
