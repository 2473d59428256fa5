/*
description = "Pupils with care on a reference date: how far their care reaches back, and how far ahead of their schooling"
grain = "one row per reference date, unit, type of school and child with care"
key = ["reference_date", "level", "unit_id", "school_type", "child_key"]
steps = [
    "take the pupils of every unit that have an active provider on the day; with the type of school apart, for breakdowns",
    "the length of the running episode of care, for a gap of 0 and of 28 days, the day itself counted",
    "the end of schooling is that of the admission statement, else 31 July of the year in which the pupil reaches the age of its type of school (code list); the second age of the list when the first is reached by the year of the day",
    "with two schools in the unit the latest end counts; schooling that is over, or has no known end, counts for nothing",
    "the horizon is the days left of the indication that lasts longest / the days left of schooling, both with the day itself, at most 1",
]
tests = ["unique key", "days_g0 > 0 and days_g0 <= days_g28", "0 < horizon and horizon <= 1"]
seeds = ["OT3 2.9"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
level = "level of the unit"
unit_id = "code of the unit within its level"
school_type = "type of the school; empty for the unit as a whole"
child_key = "number of the child"
days_g0 = "days of unbroken care up to and including the day; gap 0"
days_g28 = "days of unbroken care up to and including the day; gap 28"
horizon = "share of the schooling that is left which the indication covers; null when its end is not known"
*/
with
    school_end as (
        select
            reference.reference_date,
            reference.day,
            reference.period,
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
        from core.reference_date as reference
        inner join core.enrolment as enrolment
            on reference.day >= enrolment.from_day
            and reference.day < enrolment.until_day
        inner join core.child as child on enrolment.child_key = child.child_key
        inner join core.school as school on enrolment.school_key = school.school_key
        left join seeds.school_type as type on coalesce(school.school_type, enrolment.school_type) = type.code
    ),
    present as (
        select
            school_end.reference_date,
            school_end.day,
            school_end.period,
            unit.level,
            unit.unit_id,
            '' as school_type,
            school_end.child_key,
            school_end.until_day
        from school_end
        inner join core.school_level as unit on school_end.school_key = unit.school_key
        union all
        select
            school_end.reference_date,
            school_end.day,
            school_end.period,
            unit.level,
            unit.unit_id,
            school.school_type,
            school_end.child_key,
            school_end.until_day
        from school_end
        inner join core.school_level as unit on school_end.school_key = unit.school_key
        inner join core.school as school on school_end.school_key = school.school_key
        where school.school_type is not null and unit.level in ('board', 'swv', 'school_municipality', 'region')
    ),
    pupil as (
        select
            reference_date,
            day,
            period,
            level,
            unit_id,
            school_type,
            child_key,
            max(case when until_day > day then until_day end) as school_until
        from present
        group by reference_date, day, period, level, unit_id, school_type, child_key
    ),
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
    )

select
    pupil.reference_date,
    pupil.period,
    pupil.level,
    pupil.unit_id,
    pupil.school_type,
    pupil.child_key,
    episode.days_g0,
    episode.days_g28,
    ratio(least(care.care_until, pupil.school_until) - pupil.day, pupil.school_until - pupil.day) as horizon
from pupil
inner join care on pupil.day = care.day and pupil.child_key = care.child_key
inner join episode on pupil.day = episode.day and pupil.child_key = episode.child_key
