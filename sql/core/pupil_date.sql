/*
description = "Pupils on the reference dates: at which schools of an attendance, in which type of school, how old"
grain = "one row per reference date, attendance and school"
key = ["day", "attendance_key", "school_key"]
steps = [
    "enrolments that are valid on the day; the type is that of the enrolment, else of the school",
    "of two enrolments at one school the main one decides, else the later one",
    "find the attendances that hold the school: a child has one attendance in every unit",
    "age in whole years on the day, from the first of the birth month",
    "a school for both special types counts as SO up to and including 12 years and as VSO from 13 on (type_by_age)",
]
tests = ["unique key", "age is null or age < 120"]
seeds = ["CATALOGUE 1", "OT3 2.11"]

[columns]
day = "number of the day"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
child_key = "number of the child"
school_key = "number of the school"
school_type = "type of school as enrolled"
type_by_age = "the same, with SO/VSO divided by age"
age = "whole years on the day; null when the birth month is unknown or later"
age_group = "code of the age group"
sex = "m, f or x (unknown)"
pc4 = "four digits of the postcode of the child"
*/
with
    enrolled as (
        select
            date.day,
            date.reference_date,
            enrolment.child_key,
            enrolment.school_key,
            enrolment.school_type,
            row_number() over (
                partition by date.day, enrolment.child_key, enrolment.school_key
                order by case when enrolment.main_enrolment then 0 else 1 end, enrolment.from_day desc
            ) as place
        from core.enrolment as enrolment
        inner join core.reference_date as date
            on enrolment.from_day <= date.day
            and enrolment.until_day > date.day
    ),
    typed as (
        select
            enrolled.day,
            enrolled.child_key,
            enrolled.school_key,
            coalesce(enrolled.school_type, school.school_type) as school_type,
            cast(
                floor(
                    (
                        12 * (year(enrolled.reference_date) - year(child.birth_month))
                        + month(enrolled.reference_date) - month(child.birth_month)
                    ) / cast(12 as double)
                ) as integer
            ) as age,
            coalesce(child.sex, 'x') as sex,
            child.pc4
        from enrolled
        inner join core.school as school on enrolled.school_key = school.school_key
        inner join core.child as child on enrolled.child_key = child.child_key
        where enrolled.place = 1
    )

select
    typed.day,
    attendance.attendance_key,
    attendance.unit_set_key,
    typed.child_key,
    typed.school_key,
    typed.school_type,
    case
        when typed.school_type <> 'SO/VSO' then typed.school_type
        when typed.age <= 12 then 'SO'
        when typed.age >= 13 then 'VSO'
        else typed.school_type
    end as type_by_age,
    case when typed.age >= 0 then typed.age end as age,
    age_group.code as age_group,
    typed.sex,
    typed.pc4
from typed
inner join core.attendance as attendance on typed.child_key = attendance.child_key
inner join core.school_set as school_set
    on attendance.school_set_key = school_set.school_set_key
    and typed.school_key = school_set.school_key
    and (attendance.schools & school_set.bit) <> 0
left join seeds.age_group as age_group
    on typed.age >= age_group.age_from
    and typed.age <= coalesce(age_group.age_to, 200)
