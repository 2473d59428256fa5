/*
description = "Which offer each school needs and has"
grain = "one row per school and offer that is required of it or reported by it"
key = ["school_id", "offer"]
steps = [
    "an offer may be required per school type or per school; what the school says goes first",
    "what is not reported is absent",
]
tests = ["unique key"]
seeds = ["ZKIJ 3.3", "ZKIJ 3.10"]

[columns]
school_key = "number of the school"
school_id = "BRIN6"
school_type = "type of school"
offer = "offer"
is_required = "whether the school needs it"
is_present = "whether it is there"
*/
select
    school.school_key,
    school.school_id,
    school.school_type,
    general.offer,
    coalesce(own.is_required, general.is_required, false) as is_required,
    coalesce(own.is_present, false) as is_present
from core.school as school
inner join core.offer as general on general.school_id is null and school.school_type = general.school_type
left join core.offer as own on school.school_id = own.school_id and general.offer = own.offer
where school.is_listed
union
select
    school.school_key,
    school.school_id,
    school.school_type,
    own.offer,
    coalesce(own.is_required, general.is_required, false),
    coalesce(own.is_present, false)
from core.school as school
inner join core.offer as own on school.school_id = own.school_id
left join core.offer as general
    on general.school_id is null
    and school.school_type = general.school_type
    and own.offer = general.offer
where school.is_listed
