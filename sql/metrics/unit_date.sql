/*
description = "Pupils and care on the reference dates, for every unit"
grain = "one row per reference date and unit with at least one enrolled pupil"
key = ["reference_date", "level", "unit_id"]
steps = [
    "attendances that are enrolled on the day, and how many providers are active for the child that day",
    "hours a week of the indications that are active that day",
    "add up per set of units, then per unit",
]
tests = ["unique key", "care_pupils <= pupils", "pupils > 0"]
seeds = ["CATALOGUE 2", "ZKIJ 3.13"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
level = "level of the unit"
unit_id = "code of the unit within its level"
unit_key = "number of the unit"
pupils = "children enrolled on the day"
care_pupils = "of these: with at least one active provider"
provider_links = "sum over care pupils of the number of distinct providers"
pupils_ge2 = "care pupils with at least two providers"
pupils_ge3 = "care pupils with at least three providers"
hours_week = "hours a week of the indications active on the day"
timed_pupils = "care pupils with at least one active indication that has hours"
*/
with
    enrolled as (
        select
            date.day,
            spell.attendance_key,
            spell.child_key,
            attendance.unit_set_key
        from core.attendance_spell as spell
        inner join core.reference_date as date
            on spell.from_day <= date.day
            and spell.until_day > date.day
        inner join core.attendance as attendance on spell.attendance_key = attendance.attendance_key
    ),
    active as (
        select
            date.day,
            spell.child_key,
            count(*) as providers
        from core.provider_spell as spell
        inner join core.reference_date as date
            on spell.from_day <= date.day
            and spell.until_day > date.day
        group by date.day, spell.child_key
    ),
    timed as (
        select
            date.day,
            care.child_key,
            exact_sum(7 * care.hours_per_day) as hours_week
        from core.care as care
        inner join core.reference_date as date
            on care.from_day <= date.day
            and care.until_day > date.day
        where care.hours_per_day is not null
        group by date.day, care.child_key
    ),
    counted as (
        select
            enrolled.day,
            enrolled.unit_set_key,
            count(*) as pupils,
            count(active.providers) as care_pupils,
            sum(coalesce(active.providers, 0)) as provider_links,
            sum(case when active.providers >= 2 then 1 else 0 end) as pupils_ge2,
            sum(case when active.providers >= 3 then 1 else 0 end) as pupils_ge3,
            sum(cast(coalesce(timed.hours_week, 0) as decimal(38, 12))) as hours_week,
            count(timed.hours_week) as timed_pupils
        from enrolled
        left join active on enrolled.day = active.day and enrolled.child_key = active.child_key
        left join timed on enrolled.day = timed.day and enrolled.child_key = timed.child_key
        group by enrolled.day, enrolled.unit_set_key
    )

select
    date.reference_date,
    date.period,
    unit_set.level,
    unit_set.unit_id,
    unit_set.unit_key,
    cast(sum(counted.pupils) as bigint) as pupils,
    cast(sum(counted.care_pupils) as bigint) as care_pupils,
    cast(sum(counted.provider_links) as bigint) as provider_links,
    cast(sum(counted.pupils_ge2) as bigint) as pupils_ge2,
    cast(sum(counted.pupils_ge3) as bigint) as pupils_ge3,
    cast(sum(counted.hours_week) as double) as hours_week,
    cast(sum(counted.timed_pupils) as bigint) as timed_pupils
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
inner join core.reference_date as date on counted.day = date.day
group by date.reference_date, date.period, unit_set.level, unit_set.unit_id, unit_set.unit_key
