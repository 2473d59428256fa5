/*
description = "Milestones of the programme register: planned, expected, realised"
grain = "one row per milestone"
key = ["milestone_id"]
steps = ["take the milestones", "name the initiative they belong to"]
tests = ["unique key", "not null planned_on"]
seeds = ["2.28", "3.6"]

[columns]
milestone_id = "milestone"
name = "name"
initiative = "name of its initiative; null when it belongs to a pillar only"
pillar = "pillar, 1 to 4"
milestone_type = "kind of milestone"
planned_on = "planned day"
expected_on = "expected day"
realised_on = "day on which it was realised"
*/
with
    initiative as (
        select initiative_id, min(name) as name
        from core.initiative
        group by initiative_id
    )

select
    milestone.milestone_id,
    milestone.name,
    initiative.name as initiative,
    cast(milestone.pillar as varchar) as pillar,
    milestone.milestone_type,
    milestone.planned_on,
    milestone.expected_on,
    milestone.realised_on
from core.milestone as milestone
left join initiative on milestone.initiative_id = initiative.initiative_id
