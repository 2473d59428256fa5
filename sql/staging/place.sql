/*
description = "Centres of four-digit postcodes, as they stand"
grain = "one row per postcode"
key = ["pc4"]
steps = ["the newest delivery of a key wins"]
seeds = ["OT3 2.11"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
pc4 = "four digits of the postcode"
municipality_code = "responsible municipality"
x = "RD x in metres"
y = "RD y in metres"
*/
select
    file_id,
    line,
    pc4,
    municipality_code,
    x,
    y,
from raw.places
qualify
    row_number() over (
        partition by pc4
        order by delivery_order(file_id, line) desc
    ) = 1
