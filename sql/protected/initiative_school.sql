/*
description = "Schools of initiatives and from when; organisations, no persons"
grain = "one row per initiative and school"
key = ["initiative_id", "school_id"]
steps = ["take the schools of the register"]
tests = ["unique key"]
seeds = ["2.21", "2.22"]

[columns]
initiative_id = "initiative"
school_id = "BRIN6"
start_date = "first day at the school"
end_date = "last day; null is open"
phase = "phase"
target_metric = "figure it aims at"
target_value = "value it aims at"
owner_role = "role of the owner, never a name"
*/
select
    initiative_id,
    school_id,
    start_date,
    end_date,
    phase,
    target_metric,
    target_value,
    owner_role
from core.initiative
where school_id is not null
