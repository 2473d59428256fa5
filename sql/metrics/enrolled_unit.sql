/*
description = "When a child is enrolled in a unit: at one or more of its schools, without a hole"
grain = "one row per unit, child and unbroken time"
key = ["level", "unit_id", "child_key", "from_day"]
steps = ["give every spell of an attendance to the units it counts for"]
seeds = ["METRICS 0.7"]
materialized = "view"

[columns]
level = "level of the unit"
unit_id = "code of the unit within its level"
child_key = "number of the child"
attendance_key = "number of the attendance"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
select
    unit_set.level,
    unit_set.unit_id,
    spell.child_key,
    spell.attendance_key,
    spell.from_day,
    spell.until_day
from core.attendance_spell as spell
inner join core.unit_set as unit_set on spell.unit_set_key = unit_set.unit_set_key
