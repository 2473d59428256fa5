/*
description = "Which part of a school set each unit holds"
grain = "one row per school set and unit"
key = ["school_set_key", "unit_key"]
steps = ["take together the bits of the schools that lie in the unit"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
school_set_key = "number of the set"
unit_key = "number of the unit"
schools = "part of the set, as bits"
*/
select
    school_set.school_set_key,
    unit.unit_key,
    cast(bit_or(school_set.bit) as bigint) as schools
from core.school_set as school_set
inner join core.school_level as school_level on school_set.school_key = school_level.school_key
inner join core.unit as unit on school_level.level = unit.level and school_level.unit_id = unit.unit_id
group by school_set.school_set_key, unit.unit_key
