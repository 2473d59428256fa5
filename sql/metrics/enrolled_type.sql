/*
description = "When a child is enrolled at a school of a type within a unit, for breakdowns by type of school"
grain = "one row per unit above the school, enrolment and type; of one child they may overlap and be alike"
key = []
steps = ["give every enrolment to the units of its school, with the type of that school"]
seeds = ["METRICS 0.7"]
materialized = "view"

[columns]
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the school"
child_key = "number of the child"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
select
    school_level.level,
    school_level.unit_id,
    school.school_type,
    enrolment.child_key,
    enrolment.from_day,
    enrolment.until_day
from core.enrolment as enrolment
inner join core.school as school on enrolment.school_key = school.school_key
inner join core.school_level as school_level on enrolment.school_key = school_level.school_key
where
    school.school_type is not null
    and school_level.level in ('board', 'swv', 'school_municipality', 'region')
