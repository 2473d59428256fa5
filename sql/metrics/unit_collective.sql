/*
description = "Collective supply at the schools of a unit: pupils it adds to those in care, on a day and in a period"
grain = "one row per unit with supply, and period or reference date"
key = ["period", "reference_date", "level", "unit_id"]
steps = [
    "add up the reach and the hours of the supply that runs on the day, or on a day of the period, per school (or the one it goes on under)",
    "the reach adds at most the pupils of the school who have no care of their own",
    "add up the schools of a unit",
]
tests = ["added_pupils >= 0"]
seeds = ["OT3 2.8"]

[columns]
period = "period; of a reference date the school year that contains it"
reference_date = "the day; null for a whole period"
level = "level of the unit"
unit_id = "code of the unit within its level"
added_pupils = "pupils in reach beside those with care of their own"
hours_week = "hours a week of the supply"
*/
with
    supply as (
        select
            school.current_school_key as school_key,
            supply.reach,
            supply.hours_per_week,
            day_number(supply.start_date) as from_day,
            until_day(supply.end_date) as until_day
        from core.collective_supply as supply
        inner join core.school_current as school on supply.school_id = school.school_id
        where supply.end_date is null or supply.end_date >= supply.start_date
    ),
    pupil as (
        select
            period,
            cast(null as date) as reference_date,
            school.school_key,
            unit.pupils_ever as pupils,
            unit.care_pupils
        from metrics.unit as unit
        inner join core.school as school on unit.unit_id = school.school_id
        where unit.level = 'school'
        union all
        select
            unit.period,
            unit.reference_date,
            school.school_key,
            unit.pupils,
            unit.care_pupils
        from metrics.unit_date as unit
        inner join core.school as school on unit.unit_id = school.school_id
        where unit.level = 'school'
    ),
    moment as (
        select period, cast(null as date) as reference_date, from_day, until_day
        from core.period
        union all
        select period, reference_date, day, day + 1
        from core.reference_date
    ),
    reached as (
        select
            moment.period,
            moment.reference_date,
            supply.school_key,
            coalesce(sum(supply.reach), 0) as reach,
            sum(cast(supply.hours_per_week as decimal(38, 12))) as hours_week
        from supply
        inner join moment
            on supply.from_day < moment.until_day
            and supply.until_day > moment.from_day
        group by moment.period, moment.reference_date, supply.school_key
    ),
    added as (
        select
            reached.period,
            reached.reference_date,
            reached.school_key,
            least(reached.reach, coalesce(pupil.pupils - pupil.care_pupils, 0)) as added_pupils,
            reached.hours_week
        from reached
        left join pupil
            on reached.period = pupil.period
            and coalesce(reached.reference_date, date '1900-01-01') = coalesce(pupil.reference_date, date '1900-01-01')
            and reached.school_key = pupil.school_key
    )

select
    added.period,
    added.reference_date,
    school_level.level,
    school_level.unit_id,
    cast(sum(added.added_pupils) as bigint) as added_pupils,
    cast(sum(added.hours_week) as double) as hours_week
from added
inner join core.school_level as school_level on added.school_key = school_level.school_key
group by added.period, added.reference_date, school_level.level, school_level.unit_id
