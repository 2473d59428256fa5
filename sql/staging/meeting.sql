/*
description = "Meetings per level, as they stand"
grain = "one row per record; equal records of one file all count"
key = ["file_id", "line"]
steps = [
    "a record that comes again in another file counts once; equal records within one file are numbered and all count",
]
seeds = ["OT3 2.10"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
meeting_level = "casus, beleid or bestuur"
held_on = "day of the meeting"
was_held = "whether it was held"
*/
with
    numbered as (
        select
            *,
            row_number() over (
                partition by
                    file_id,
                    meeting_level,
                    held_on,
                    was_held
                order by line
            ) as occurrence,
        from raw.meetings
    )

select
    file_id,
    line,
    meeting_level,
    held_on,
    was_held,
from numbered
qualify
    row_number() over (
        partition by
            occurrence,
            meeting_level,
            held_on,
            was_held
        order by delivery_order(file_id, line) desc
    ) = 1
