/*
description = "Milestones of initiatives and pillars"
grain = "one row per milestone"
key = ["milestone_id"]
steps = ["take the records as they stand"]
tests = ["unique key"]
seeds = ["OT3 2.28", "ZKIJ 3.6"]

[columns]
milestone_id = "milestone"
initiative_id = "initiative"
pillar = "pillar, 1 to 4"
name = "name"
milestone_type = "kind of milestone"
planned_on = "planned day"
expected_on = "expected day"
realised_on = "day on which it was realised"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.milestone_id,
    record.initiative_id,
    record.pillar,
    record.name,
    record.milestone_type,
    record.planned_on,
    record.expected_on,
    record.realised_on,
    record.file_id as source_file_id,
    record.line as source_line
from staging.milestone as record
