/*
description = "Which part of a school set each unit holds, as a whole and per type of school"
grain = "one row per school set, unit and type of school"
key = ["school_set_key", "unit_key", "school_type"]
steps = [
    "take together the bits of the schools that lie in the unit",
    "and of those of one type, for the levels that are broken down by type of school",
]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
school_set_key = "number of the set"
unit_key = "number of the unit"
school_type = "type of the schools; empty for all schools of the unit"
schools = "part of the set, as bits"
*/
with
    placed as (
        select
            school_set.school_set_key,
            unit.unit_key,
            unit.level,
            school.school_type,
            school_set.bit
        from core.school_set as school_set
        inner join core.school as school on school_set.school_key = school.school_key
        inner join core.school_level as school_level on school_set.school_key = school_level.school_key
        inner join core.unit as unit on school_level.level = unit.level and school_level.unit_id = unit.unit_id
    )

select
    school_set_key,
    unit_key,
    '' as school_type,
    cast(bit_or(bit) as bigint) as schools
from placed
group by school_set_key, unit_key
union all
select school_set_key, unit_key, school_type, cast(bit_or(bit) as bigint)
from placed
where school_type is not null and level in ('board', 'swv', 'school_municipality', 'region')
group by school_set_key, unit_key, school_type
