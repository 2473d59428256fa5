/*
description = "Pupils per school on 1 October according to DUO, as they stand"
grain = "one row per school and year"
key = ["school_id", "year"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a school",
]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
school_id = "BRIN6"
year = "year"
pupils = "number of pupils"
*/
select
    file_id,
    line,
    school_id,
    year,
    pupils,
from raw.pupil_counts
where school_id is not null
qualify
    row_number() over (
        partition by school_id, year
        order by delivery_order(file_id, line) desc
    ) = 1
