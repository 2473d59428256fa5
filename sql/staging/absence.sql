/*
description = "Absence and exemptions, as they stand"
grain = "one row per child, school, kind and start"
key = ["child_id", "school_id", "absence_type", "start_date"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a child",
    "leave out records that end before they start",
]
seeds = ["ZON 0.8", "SAM 1.4"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
school_id = "BRIN6"
absence_type = "kind of absence"
start_date = "first day"
end_date = "last day; null is open"
status = "status as delivered"
closing_reason = "reason of closing"
*/
select
    file_id,
    line,
    child_id,
    school_id,
    absence_type,
    start_date,
    end_date,
    status,
    closing_reason,
from raw.absences
where child_id is not null and (end_date is null or end_date >= start_date)
qualify
    row_number() over (
        partition by child_id, school_id, absence_type, start_date
        order by delivery_order(file_id, line) desc
    ) = 1
