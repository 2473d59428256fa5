/*
description = "The units of every unit set, as a whole and per type of school"
grain = "one row per unit set, unit and type of school"
key = ["unit_set_key", "unit_key", "school_type"]
steps = ["take one part of a school set for every unit set and list the units, and types, that hold it"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
unit_set_key = "number of the unit set"
unit_key = "number of the unit"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the schools; empty for the unit as a whole"
*/
with
    place as (
        select
            unit_set_key,
            school_set_key,
            schools,
            row_number() over (partition by unit_set_key order by school_set_key, schools) as place
        from core.school_set_part
    )

select
    place.unit_set_key,
    unit.unit_key,
    unit.level,
    unit.unit_id,
    school_set_unit.school_type
from place
inner join core.school_set_unit as school_set_unit
    on place.school_set_key = school_set_unit.school_set_key
    and place.schools = school_set_unit.schools
inner join core.unit as unit on school_set_unit.unit_key = unit.unit_key
where place.place = 1
