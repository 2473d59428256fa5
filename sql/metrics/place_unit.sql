/*
description = "What the start, run or end of care counts for: the units and types of school of every unit set, and who pays"
grain = "one row per unit set, unit and type of school"
key = ["unit_set_key", "level", "unit_id", "school_type"]
steps = [
    "take the unit sets of core.unit_set_part",
    "every responsible municipality is a set of its own, with a number below 0",
    "number what is counted for: numbers group faster than codes",
]
tests = ["unique key"]
seeds = ["METRICS 0.7", "CONTRACT 4"]

[columns]
unit_set_key = "number of the set"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the schools; empty for the unit as a whole"
place_key = "number of level, unit and type of schools, from 1"
*/
with
    counted as (
        select unit_set_key, level, unit_id, school_type
        from core.unit_set_part
        union all
        select
            -cast(row_number() over (order by municipality_code) as integer) as unit_set_key,
            'responsible_municipality',
            municipality_code,
            ''
        from core.care
        group by municipality_code
    )

select
    unit_set_key,
    level,
    unit_id,
    school_type,
    cast(dense_rank() over (order by level, unit_id, school_type) as integer) as place_key
from counted
