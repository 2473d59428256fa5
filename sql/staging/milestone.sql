/*
description = "Milestones of initiatives and pillars, as they stand"
grain = "one row per milestone"
key = ["milestone_id"]
steps = ["the newest delivery of a key wins"]
seeds = ["OT3 2.28", "ZKIJ 3.6"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
milestone_id = "milestone"
initiative_id = "initiative"
pillar = "pillar, 1 to 4"
name = "name"
milestone_type = "kind of milestone"
planned_on = "planned day"
expected_on = "expected day"
realised_on = "day on which it was realised"
*/
select
    file_id,
    line,
    milestone_id,
    initiative_id,
    pillar,
    name,
    milestone_type,
    planned_on,
    expected_on,
    realised_on,
from raw.milestones
qualify
    row_number() over (
        partition by milestone_id
        order by delivery_order(file_id, line) desc
    ) = 1
