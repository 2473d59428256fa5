/*
description = "Under which school a school goes on: itself, or its last successor"
grain = "one row per school"
key = ["school_key"]
steps = [
    "follow the successor of the school list, at most four steps",
    "a successor that no list or enrolment knows, and a school that would succeed itself, end the chain",
]
tests = ["unique key", "not null current_school_key"]
seeds = ["METRICS 0.4"]

[columns]
school_id = "BRIN6"
school_key = "number of the school"
school_type = "type of the school itself, as listed"
current_school_id = "BRIN6 under which it goes on"
current_school_key = "number of that school"
*/
with
    step as (
        select
            school.school_id,
            school.school_key,
            school.school_type,
            successor.school_id as successor_id,
            successor.school_key as successor_key
        from core.school as school
        left join core.school as successor
            on school.successor_school_id = successor.school_id
            and school.school_id <> successor.school_id
    ),
    chain as (
        select
            first.school_id,
            first.school_key,
            first.school_type,
            first.successor_id as id_1,
            first.successor_key as key_1,
            second.successor_id as id_2,
            second.successor_key as key_2,
            third.successor_id as id_3,
            third.successor_key as key_3,
            fourth.successor_id as id_4,
            fourth.successor_key as key_4
        from step as first
        left join step as second on first.successor_id = second.school_id
        left join step as third on second.successor_id = third.school_id
        left join step as fourth on third.successor_id = fourth.school_id
    )

select
    school_id,
    school_key,
    school_type,
    case
        when school_id in (id_1, id_2, id_3, id_4) then school_id
        else coalesce(id_4, id_3, id_2, id_1, school_id)
    end as current_school_id,
    case
        when school_id in (id_1, id_2, id_3, id_4) then school_key
        else coalesce(key_4, key_3, key_2, key_1, school_key)
    end as current_school_key
from chain
