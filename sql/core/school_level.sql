/*
description = "To which unit of each level a school belongs"
grain = "one row per school and level"
key = ["school_key", "level"]
steps = ["list the attributes that schools are grouped by", "leave out what is not known"]
tests = ["unique key"]
seeds = ["CONTRACT 4"]

[columns]
school_key = "number of the school"
level = "school, school_type, board, swv, school_municipality, municipality_type or region"
unit_id = "code of the unit within its level"
*/
with
    listed as (
        select school_key, 'school' as level, school_id as unit_id
        from core.school
        union all
        select school_key, 'school_type', school_type
        from core.school
        union all
        select school_key, 'board', board
        from core.school
        union all
        select school_key, 'swv', swv
        from core.school
        union all
        select school_key, 'school_municipality', municipality_code
        from core.school
        union all
        select
            school_key,
            'municipality_type',
            case
                when municipality_code is not null and school_type is not null
                    then concat(municipality_code, '|', school_type)
            end
        from core.school
        union all
        select school_key, 'region', 'region'
        from core.school
    )

select
    school_key,
    level,
    unit_id
from listed
where unit_id is not null
