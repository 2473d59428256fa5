/*
description = "Pupils who left school, and where to, as they stand"
grain = "one row per child, school and day"
key = ["child_id", "school_id", "left_on"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a child or a school",
]
seeds = ["OT3 2.12"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
school_id = "BRIN6"
left_on = "day of leaving"
destination = "destination as delivered"
*/
select
    file_id,
    line,
    child_id,
    school_id,
    left_on,
    destination,
from raw.leavers
where child_id is not null and school_id is not null
qualify
    row_number() over (
        partition by child_id, school_id, left_on
        order by delivery_order(file_id, line) desc
    ) = 1
