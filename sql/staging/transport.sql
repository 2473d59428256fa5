/*
description = "School transport, as they stand"
grain = "one row per child, school and start"
key = ["child_id", "school_id", "start_date"]
steps = [
    "the newest delivery of a key wins",
    "leave out records without a child",
    "leave out records that end before they start",
]
seeds = ["OT3 2.11"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
child_id = "pseudonym of the child"
school_id = "BRIN6"
start_date = "first day"
end_date = "last day; null is open"
amount_cents = "amount in eurocents"
*/
select
    file_id,
    line,
    child_id,
    school_id,
    start_date,
    end_date,
    amount_cents,
from raw.transport
where child_id is not null and (end_date is null or end_date >= start_date)
qualify
    row_number() over (
        partition by child_id, school_id, start_date
        order by delivery_order(file_id, line) desc
    ) = 1
