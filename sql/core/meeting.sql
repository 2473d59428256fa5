/*
description = "Meetings per level"
grain = "one row per record; equal records of one file all count"
key = ["source_file_id", "source_line"]
steps = ["take the records as they stand"]
tests = ["unique key"]
seeds = ["OT3 2.10"]

[columns]
meeting_level = "casus, beleid or bestuur"
held_on = "day of the meeting"
was_held = "whether it was held"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.meeting_level,
    record.held_on,
    record.was_held,
    record.file_id as source_file_id,
    record.line as source_line
from staging.meeting as record
