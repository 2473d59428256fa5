/*
description = "Attendances: a child at a part of its schools. Units that hold the same schools of a child share one"
grain = "one row per child and part of its schools"
key = ["attendance_key"]
steps = [
    "of every child take the parts of its schools that some unit holds: each school alone, the schools of one board, of the region, …",
    "what is computed for an attendance holds for every unit that shares it; so a child counts once in each unit, and is computed once",
]
seeds = ["CONTRACT 4", "METRICS 0.7"]

[columns]
attendance_key = "number of the attendance, from 1"
child_key = "number of the child"
school_set_key = "number of the set of schools of the child"
schools = "part of that set, as bits"
unit_set_key = "number of the set of units it counts for (core.unit_set)"
*/
select
    cast(row_number() over (order by child.child_key, part.schools) as integer) as attendance_key,
    child.child_key,
    child.school_set_key,
    part.schools,
    part.unit_set_key
from core.child_school_set as child
inner join core.school_set_part as part on child.school_set_key = part.school_set_key
