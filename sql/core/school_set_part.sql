/*
description = "The parts of school sets that some unit holds, and the units that hold them"
grain = "one row per school set and part"
key = ["school_set_key", "schools"]
steps = [
    "list the units, and their types of school, that hold exactly this part of the set",
    "parts held by the same units have one unit set",
]
tests = ["unique key", "not null unit_set_key"]
seeds = ["CONTRACT 4"]

[columns]
school_set_key = "number of the set"
schools = "part of the set, as bits"
unit_set_key = "number of the set of units that hold it"
*/
with
    gathered as (
        select
            school_set_key,
            schools,
            string_agg(concat(cast(unit_key as varchar), ' ', school_type), ',' order by unit_key, school_type) as units
        from core.school_set_unit
        group by school_set_key, schools
    ),
    unit_set as (
        select
            units,
            cast(row_number() over (order by units) as integer) as unit_set_key
        from gathered
        group by units
    )

select
    gathered.school_set_key,
    gathered.schools,
    unit_set.unit_set_key
from gathered
inner join unit_set on gathered.units = unit_set.units
