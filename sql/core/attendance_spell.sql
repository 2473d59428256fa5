/*
description = "The time of an attendance: enrolled at one or more of its schools, without a hole"
grain = "one row per attendance and unbroken time"
key = ["attendance_key", "from_day"]
steps = [
    "gather the enrolment of the child at the schools of the attendance",
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "a new spell starts where an enrolment begins later than every earlier one ended",
]
tests = ["from_day < until_day", "earlier_until < from_day", "(earlier_until is null) >= (spells = 1)"]
seeds = ["METRICS 10"]

[columns]
attendance_key = "number of the attendance"
child_key = "number of the child"
unit_set_key = "number of the set of units it counts for"
from_day = "number of the first day"
until_day = "number of the day after the last"
earlier_until = "number of the day after the last of the previous spell; null for the first"
spells = "number of spells of the attendance"
*/
with
    begun as (
        select
            attendance.attendance_key,
            attendance.child_key,
            attendance.unit_set_key,
            enrolment.from_day,
            max(enrolment.until_day) as until_day
        from core.attendance as attendance
        inner join core.enrolment as enrolment on attendance.child_key = enrolment.child_key
        inner join core.school_set as school_set
            on attendance.school_set_key = school_set.school_set_key
            and enrolment.school_key = school_set.school_key
            and (attendance.schools & school_set.bit) <> 0
        group by attendance.attendance_key, attendance.child_key, attendance.unit_set_key, enrolment.from_day
    ),
    ordered as (
        select
            attendance_key,
            child_key,
            unit_set_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by attendance_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    numbered as (
        select
            attendance_key,
            child_key,
            unit_set_key,
            from_day,
            until_day,
            earlier_until,
            sum(case when earlier_until is null or from_day > earlier_until then 1 else 0 end) over (
                partition by attendance_key
                order by from_day
                rows between unbounded preceding and current row
            ) as spell
        from ordered
    ),
    merged as (
        select
            attendance_key,
            child_key,
            unit_set_key,
            min(from_day) as from_day,
            max(until_day) as until_day,
            min(case when from_day > earlier_until then earlier_until end) as earlier_until
        from numbered
        group by attendance_key, child_key, unit_set_key, spell
    )

select
    attendance_key,
    child_key,
    unit_set_key,
    from_day,
    until_day,
    earlier_until,
    count(*) over (partition by attendance_key) as spells
from merged
