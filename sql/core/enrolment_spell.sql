/*
description = "The time a child is enrolled at a school, without a hole"
grain = "one row per child, school and unbroken time"
key = ["child_key", "school_key", "from_day"]
steps = [
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "order the enrolments of a child and school by first day",
    "a new spell starts where an enrolment begins later than every earlier one ended",
]
tests = ["from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
child_key = "number of the child"
school_key = "number of the school"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    begun as (
        select
            child_key,
            school_key,
            from_day,
            max(until_day) as until_day
        from core.enrolment
        group by child_key, school_key, from_day
    ),
    ordered as (
        select
            child_key,
            school_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key, school_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            child_key,
            school_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by child_key, school_key
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    child_key,
    school_key,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by child_key, school_key, spell
