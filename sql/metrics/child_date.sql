/*
description = "Pupils with care on a reference date: how far their care reaches back, and how far ahead of their schooling"
grain = "one row per reference date and attendance with care"
key = ["day", "attendance_key"]
steps = [
    "take the attendances that have an active provider on the day",
    "the length of the running episode of care, for a gap of 0 and of 28 days, the day itself counted",
    "the end of schooling is that of the admission statement, else 31 July of the year in which the pupil reaches the age of its type of school (code list); the second age of the list when the first is reached by the year of the day",
    "with two schools in a unit the latest end counts; schooling that is over, or has no known end, counts for nothing",
    "the horizon is the days left of the indication that lasts longest / the days left of schooling, both with the day itself, at most 1",
]
tests = ["unique key", "days_g0 > 0 and days_g0 <= days_g28", "0 < horizon and horizon <= 1"]
seeds = ["OT3 2.9"]

[columns]
day = "number of the day"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
days_g0 = "days of unbroken care up to and including the day; gap 0"
days_g28 = "days of unbroken care up to and including the day; gap 28"
horizon = "share of the schooling that is left which the indication covers; null when its end is not known"
*/
with
    care as (
        select
            reference.day,
            care.child_key,
            max(care.until_day) as care_until
        from core.reference_date as reference
        inner join core.care as care
            on reference.day >= care.from_day
            and reference.day < care.until_day
        group by reference.day, care.child_key
    ),
    episode as (
        select
            reference.day,
            episode.child_key,
            max(case when episode.gap = 0 then reference.day + 1 - episode.from_day end) as days_g0,
            max(case when episode.gap = 28 then reference.day + 1 - episode.from_day end) as days_g28
        from core.reference_date as reference
        inner join core.care_episode as episode
            on reference.day >= episode.from_day
            and reference.day < episode.until_day
        group by reference.day, episode.child_key
    ),
    schooling as (
        select
            reference.day,
            care.care_until,
            enrolment.child_key,
            enrolment.school_key,
            case
                when enrolment.tlv_end_date is not null then until_day(enrolment.tlv_end_date)
                when
                    type.next_horizon_age is null
                    or year(child.birth_month) + type.horizon_age > year(reference.reference_date)
                    then day_number(make_date(year(child.birth_month) + type.horizon_age, 8, 1))
                else day_number(make_date(year(child.birth_month) + type.next_horizon_age, 8, 1))
            end as until_day
        from care
        inner join core.reference_date as reference on care.day = reference.day
        inner join core.enrolment as enrolment
            on care.child_key = enrolment.child_key
            and care.day >= enrolment.from_day
            and care.day < enrolment.until_day
        inner join core.child as child on enrolment.child_key = child.child_key
        inner join core.school as school on enrolment.school_key = school.school_key
        left join seeds.school_type as type on coalesce(school.school_type, enrolment.school_type) = type.code
    ),
    pupil as (
        select
            schooling.day,
            schooling.child_key,
            schooling.care_until,
            attendance.attendance_key,
            attendance.unit_set_key,
            max(case when schooling.until_day > schooling.day then schooling.until_day end) as school_until
        from schooling
        inner join core.attendance as attendance on schooling.child_key = attendance.child_key
        inner join core.school_set as school_set
            on attendance.school_set_key = school_set.school_set_key
            and schooling.school_key = school_set.school_key
            and (attendance.schools & school_set.bit) <> 0
        group by
            schooling.day,
            schooling.child_key,
            schooling.care_until,
            attendance.attendance_key,
            attendance.unit_set_key
    )

select
    pupil.day,
    pupil.attendance_key,
    pupil.unit_set_key,
    episode.days_g0,
    episode.days_g28,
    ratio(least(pupil.care_until, pupil.school_until) - pupil.day, pupil.school_until - pupil.day) as horizon
from pupil
inner join episode on pupil.day = episode.day and pupil.child_key = episode.child_key
