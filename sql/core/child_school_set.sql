/*
description = "The set of schools a child was ever enrolled at; children with the same schools share one"
grain = "one row per child with an enrolment"
key = ["child_key"]
steps = [
    "number, sum, sum of squares, first and last of the school numbers tell apart any two sets of up to four schools",
    "a child with more schools has a set of its own",
]
tests = ["unique key", "not null school_set_key"]
seeds = ["CONTRACT 4"]

[columns]
child_key = "number of the child"
school_set_key = "number of the set, from 1"
*/
with
    enrolled as (
        select distinct child_key, school_key
        from core.enrolment
    ),
    described as (
        select
            child_key,
            count(*) as schools,
            min(school_key) as first_school,
            max(school_key) as last_school,
            sum(school_key) as school_sum,
            sum(cast(school_key as bigint) * school_key) as square_sum
        from enrolled
        group by child_key
    ),
    identified as (
        select
            child_key,
            schools,
            first_school,
            last_school,
            school_sum,
            square_sum,
            case when schools > 4 then child_key else 0 end as own
        from described
    ),
    numbered as (
        select
            schools,
            first_school,
            last_school,
            school_sum,
            square_sum,
            own,
            row_number() over (order by first_school, last_school, schools, school_sum, square_sum, own) as place
        from identified
        group by schools, first_school, last_school, school_sum, square_sum, own
    )

select
    identified.child_key,
    cast(numbered.place as integer) as school_set_key
from identified
inner join numbered
    on identified.first_school = numbered.first_school
    and identified.last_school = numbered.last_school
    and identified.schools = numbered.schools
    and identified.school_sum = numbered.school_sum
    and identified.square_sum = numbered.square_sum
    and identified.own = numbered.own
