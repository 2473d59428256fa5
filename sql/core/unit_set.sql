/*
description = "The units of every unit set"
grain = "one row per unit set and unit"
key = ["unit_set_key", "unit_key"]
steps = ["leave out the types of school within a unit; a unit set may be of such types alone"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
unit_set_key = "number of the unit set"
unit_key = "number of the unit"
level = "level of the unit"
unit_id = "code of the unit within its level"
*/
select unit_set_key, unit_key, level, unit_id
from core.unit_set_part
where school_type = ''
