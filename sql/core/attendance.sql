/*
description = "Attendances: a child at a set of its schools. Units that hold the same schools of a child share one"
grain = "one row per child and set of schools"
key = ["attendance_key"]
steps = [
    "of every child take the sets of schools that some unit holds: each school alone, the schools of one board, of the region, …",
    "what is computed for an attendance holds for every unit that shares it; so a child counts once in each unit, and is computed once",
    "attendances that belong to exactly the same units have one unit set",
]
tests = ["unique key", "not null unit_set_key"]
seeds = ["CONTRACT 4", "METRICS 0.7"]

[columns]
attendance_key = "number of the attendance, from 1"
child_key = "number of the child"
schools = "set of schools of the child, as bits"
unit_set_key = "number of the set of units it counts for (core.unit_set)"
*/
with
    gathered as (
        select
            child_key,
            schools,
            string_agg(cast(unit_key as varchar), ',' order by unit_key) as units
        from core.attendance_unit
        group by child_key, schools
    ),
    unit_set as (
        select
            units,
            cast(row_number() over (order by units) as integer) as unit_set_key
        from gathered
        group by units
    )

select
    cast(row_number() over (order by gathered.child_key, gathered.schools) as integer) as attendance_key,
    gathered.child_key,
    gathered.schools,
    unit_set.unit_set_key
from gathered
inner join unit_set on gathered.units = unit_set.units
