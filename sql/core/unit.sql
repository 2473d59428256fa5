/*
description = "Units that figures are given for: schools, and what schools are grouped by"
grain = "one row per unit"
key = ["level", "unit_id"]
steps = [
    "every school is a unit",
    "so is every type, board, samenwerkingsverband, municipality, municipality with type, and the region as a whole",
    "a school without a value for a level belongs to no unit of that level",
]
tests = ["unique key", "not null unit_key"]
seeds = ["CONTRACT 4"]

[columns]
level = "school, school_type, board, swv, school_municipality, municipality_type or region"
unit_id = "code of the unit within its level; the region is called region"
unit_key = "number of the unit, from 1"
*/
with
    grouping as (
        select distinct level, unit_id
        from core.school_level
    )

select
    level,
    unit_id,
    cast(row_number() over (order by level, unit_id) as integer) as unit_key
from grouping
