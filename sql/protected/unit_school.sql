/*
description = "Which schools make up each published unit; with it an outsider can rebuild the sums"
grain = "one row per unit and school in it"
key = ["level", "unit_id", "school_id"]
steps = ["take the units of every school"]
tests = ["unique key"]
seeds = ["PRIVACY 4"]

[columns]
level = "level of the unit"
unit_id = "code of the unit within its level"
school_id = "BRIN6 of a school in it"
*/
select
    member.level,
    member.unit_id,
    school.school_id
from core.school_level as member
inner join core.school as school on member.school_key = school.school_key
