/*
description = "The schools of every school set"
grain = "one row per school set and school"
key = ["school_set_key", "school_key"]
steps = [
    "take one child of every set and list its schools",
    "each school gets a bit, so that a part of the set is one number; from the 61st on they share the last bit (no child has that many)",
]
tests = ["unique key", "bit > 0"]
seeds = ["CONTRACT 4"]

[columns]
school_set_key = "number of the set"
school_key = "number of the school"
bit = "1, 2, 4, … in the order of school_key"
*/
with
    example as (
        select school_set_key, min(child_key) as child_key
        from core.child_school_set
        group by school_set_key
    ),
    listed as (
        select distinct example.school_set_key, enrolment.school_key
        from example
        inner join core.enrolment as enrolment on example.child_key = enrolment.child_key
    ),
    numbered as (
        select
            school_set_key,
            school_key,
            row_number() over (partition by school_set_key order by school_key) - 1 as place
        from listed
    )

select
    school_set_key,
    school_key,
    cast(power(2, least(place, 60)) as bigint) as bit
from numbered
