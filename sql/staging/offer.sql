/*
description = "Required offers per school type and present offers per school, as they stand"
grain = "one row per school type or school, and offer"
key = ["school_type", "school_id", "offer"]
steps = ["the newest delivery of a key wins"]
seeds = ["ZKIJ 3.10"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
school_type = "type of school"
school_id = "BRIN6"
offer = "offer"
is_required = "whether the offer is required"
is_present = "whether the offer is present"
*/
select
    file_id,
    line,
    school_type,
    school_id,
    offer,
    is_required,
    is_present,
from raw.offers
qualify
    row_number() over (
        partition by school_type, school_id, offer
        order by delivery_order(file_id, line) desc
    ) = 1
