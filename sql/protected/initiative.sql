/*
description = "Initiatives of the programme register; organisations and schools, no persons"
grain = "one row per initiative"
key = ["initiative_id"]
steps = ["one row per initiative", "count its schools"]
tests = ["unique key", "not null name"]
seeds = ["2.22"]

[columns]
initiative_id = "initiative"
name = "name"
initiative_type = "kind of initiative"
phase = "phase"
start_date = "first day"
end_date = "last day; null is open"
schools = "number of schools"
*/
select
    initiative_id,
    min(name) as name,
    min(initiative_type) as initiative_type,
    min(phase) as phase,
    min(start_date) as start_date,
    max(end_date) as end_date,
    count(distinct school_id) as schools
from core.initiative
group by initiative_id
