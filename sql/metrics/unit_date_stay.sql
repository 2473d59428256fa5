/*
description = "How long pupils in SBO and SO have been there, counted on every 1 October"
grain = "one row per reference date, unit and type"
key = ["day", "unit_key", "school_type"]
steps = [
    "on which days of counting a child was enrolled in SBO or SO, at any school; SO/VSO counts as SO up to 12 years",
    "of the pupils in the type on the reference date: the number of those days up to and including it",
    "add up per set of units, then per unit; fewer than three days of counting so far give no figure",
]
tests = ["unique key", "counts >= 0"]
seeds = ["OT3 2.9"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
school_type = "SBO or SO"
pupils = "pupils in the type on the reference date"
counts = "sum over them of the days of counting in the type; null with less than three days of counting"
*/
with
    counted as (
        select distinct
            enrolment.child_key,
            date.day,
            case
                when coalesce(enrolment.school_type, school.school_type) = 'SO/VSO' then 'SO'
                else coalesce(enrolment.school_type, school.school_type)
            end as school_type
        from core.enrolment as enrolment
        inner join core.school as school on enrolment.school_key = school.school_key
        inner join core.child as child on enrolment.child_key = child.child_key
        inner join core.count_day as date
            on enrolment.from_day <= date.day
            and enrolment.until_day > date.day
        where
            coalesce(enrolment.school_type, school.school_type) in ('SBO', 'SO')
            or (
                coalesce(enrolment.school_type, school.school_type) = 'SO/VSO'
                and 12 * (date.year_number - year(child.birth_month)) + 10 - month(child.birth_month) < 156
            )
    ),
    present as (
        select distinct
            day,
            attendance_key,
            unit_set_key,
            child_key,
            type_by_age as school_type
        from core.pupil_date
        where type_by_age in ('SBO', 'SO')
    ),
    stay as (
        select
            present.day,
            present.attendance_key,
            present.unit_set_key,
            present.school_type,
            count(counted.day) as counts
        from present
        left join counted
            on present.child_key = counted.child_key
            and present.school_type = counted.school_type
            and counted.day <= present.day
        group by present.day, present.attendance_key, present.unit_set_key, present.school_type
    ),
    history as (
        select
            date.day,
            count(count_day.day) as days_of_counting
        from core.reference_date as date
        left join core.count_day as count_day on date.day >= count_day.day
        group by date.day
    )

select
    stay.day,
    unit_set.unit_key,
    stay.school_type,
    count(*) as pupils,
    case when min(history.days_of_counting) >= 3 then cast(sum(stay.counts) as bigint) end as counts
from stay
inner join core.unit_set as unit_set on stay.unit_set_key = unit_set.unit_set_key
inner join history on stay.day = history.day
group by stay.day, unit_set.unit_key, stay.school_type
