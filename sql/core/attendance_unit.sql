/*
description = "Which schools of a child lie in which unit"
grain = "one row per child and unit"
key = ["child_key", "unit_key"]
steps = ["a unit holds a set of the child's schools: the bits of those schools taken together"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
child_key = "number of the child"
unit_key = "number of the unit"
schools = "set of schools of the child, as bits"
*/
select
    school_of_child.child_key,
    unit.unit_key,
    cast(bit_or(school_of_child.bit) as bigint) as schools
from core.school_of_child as school_of_child
inner join core.school_level as school_level on school_of_child.school_key = school_level.school_key
inner join core.unit as unit on school_level.level = unit.level and school_level.unit_id = unit.unit_id
group by school_of_child.child_key, unit.unit_key
