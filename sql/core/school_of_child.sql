/*
description = "The schools a child was ever enrolled at, numbered per child"
grain = "one row per child and school"
key = ["child_key", "school_key"]
steps = [
    "number the schools of a child from 0",
    "each gets a bit, so that a set of schools is one number; from the 61st on they share the last bit (no child has that many)",
]
tests = ["unique key", "bit > 0"]
seeds = ["CONTRACT 4"]

[columns]
child_key = "number of the child"
school_key = "number of the school"
bit = "1, 2, 4, … in the order of school_key"
*/
with
    enrolled as (
        select distinct child_key, school_key
        from core.enrolment
    ),
    numbered as (
        select
            child_key,
            school_key,
            row_number() over (partition by child_key order by school_key) - 1 as place
        from enrolled
    )

select
    child_key,
    school_key,
    cast(power(2, least(place, 60)) as bigint) as bit
from numbered
