/*
description = "The units of every unit set"
grain = "one row per unit set and unit"
key = ["unit_set_key", "unit_key"]
steps = ["take one attendance of every unit set and list its units"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
unit_set_key = "number of the unit set"
unit_key = "number of the unit"
level = "level of the unit"
unit_id = "code of the unit within its level"
*/
with
    example as (
        select unit_set_key, min(attendance_key) as attendance_key
        from core.attendance
        group by unit_set_key
    )

select
    example.unit_set_key,
    unit.unit_key,
    unit.level,
    unit.unit_id
from example
inner join core.attendance as attendance on example.attendance_key = attendance.attendance_key
inner join core.attendance_unit as attendance_unit
    on attendance.child_key = attendance_unit.child_key
    and attendance.schools = attendance_unit.schools
inner join core.unit as unit on attendance_unit.unit_key = unit.unit_key
