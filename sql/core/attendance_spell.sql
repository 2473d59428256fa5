/*
description = "The time of an attendance: enrolled at one or more of its schools, without a hole"
grain = "one row per attendance and unbroken time"
key = ["attendance_key", "from_day"]
steps = [
    "gather the enrolment of the child at the schools of the attendance",
    "a new spell starts where an enrolment begins later than every earlier one ended",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
attendance_key = "number of the attendance"
child_key = "number of the child"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    ordered as (
        select
            attendance.attendance_key,
            attendance.child_key,
            spell.from_day,
            spell.until_day,
            max(spell.until_day) over (
                partition by attendance.attendance_key
                order by spell.from_day, spell.until_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from core.attendance as attendance
        inner join core.school_of_child as school_of_child
            on attendance.child_key = school_of_child.child_key
            and (attendance.schools & school_of_child.bit) <> 0
        inner join core.enrolment_spell as spell
            on school_of_child.child_key = spell.child_key
            and school_of_child.school_key = spell.school_key
    ),
    numbered as (
        select
            attendance_key,
            child_key,
            from_day,
            until_day,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by attendance_key
                order by from_day, until_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    )

select
    attendance_key,
    child_key,
    min(from_day) as from_day,
    max(until_day) as until_day
from numbered
group by attendance_key, child_key, spell
