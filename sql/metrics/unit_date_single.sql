/*
description = "Providers with one pupil at a school, on the reference dates, of schools with at least five providers"
grain = "one row per reference date and unit with such a school"
key = ["day", "level", "unit_id"]
steps = [
    "per school with at least five providers: how many, and how many with exactly one pupil",
    "add up the schools of a unit",
]
tests = ["unique key", "single <= providers and providers >= 5"]
seeds = ["OT3 2.7"]

[columns]
day = "number of the day"
level = "level of the unit"
unit_id = "code of the unit within its level"
providers = "sum over the schools of their providers"
single = "of these with exactly one pupil at the school"
*/
with
    school as (
        select
            provider.day,
            unit.unit_id as school_id,
            count(*) as providers,
            sum(case when provider.pupils = 1 then 1 else 0 end) as single
        from metrics.unit_date_provider as provider
        inner join core.unit as unit
            on provider.unit_key = unit.unit_key
            and unit.level = 'school'
        group by provider.day, unit.unit_id
    )

select
    school.day,
    school_level.level,
    school_level.unit_id,
    cast(sum(school.providers) as bigint) as providers,
    cast(sum(school.single) as bigint) as single
from school
inner join core.school as listed on school.school_id = listed.school_id
inner join core.school_level as school_level on listed.school_key = school_level.school_key
where school.providers >= 5
group by school.day, school_level.level, school_level.unit_id
