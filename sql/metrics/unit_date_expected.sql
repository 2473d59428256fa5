/*
description = "Pupils with care against what the region would lead one to expect at this mix of types and ages"
grain = "one row per reference date and unit"
key = ["day", "level", "unit_id"]
steps = [
    "count pupils and pupils with care by type of school and age group (4 to 17 years)",
    "the share with care of every type and age group in the region",
    "expected: pupils of the unit times that share, added up; observed: those with care in the same groups",
]
tests = ["unique key", "expected >= 0 and observed <= pupils"]
seeds = ["OT3 2.3"]

[columns]
day = "number of the day"
level = "school, school_municipality or board"
unit_id = "code of the unit within its level"
pupils = "pupils in the groups"
observed = "of these with care"
expected = "expected number with care"
*/
with
    grouped as (
        select
            person.day,
            person.attendance_key,
            min(person.unit_set_key) as unit_set_key,
            person.school_type,
            person.age_group
        from core.pupil_date as person
        where person.age >= 4 and person.age <= 17 and person.school_type is not null
        group by person.day, person.attendance_key, person.school_type, person.age_group
    ),
    counted as (
        select
            grouped.day,
            grouped.unit_set_key,
            grouped.school_type,
            grouped.age_group,
            count(*) as pupils,
            count(care.attendance_key) as observed
        from grouped
        left join metrics.date_child as care
            on grouped.day = care.day
            and grouped.attendance_key = care.attendance_key
        group by grouped.day, grouped.unit_set_key, grouped.school_type, grouped.age_group
    ),
    cell as (
        select
            counted.day,
            unit_set.level,
            unit_set.unit_id,
            counted.school_type,
            counted.age_group,
            sum(counted.pupils) as pupils,
            sum(counted.observed) as observed
        from counted
        inner join core.unit_set as unit_set
            on counted.unit_set_key = unit_set.unit_set_key
            and unit_set.level in ('school', 'school_municipality', 'board', 'region')
        group by counted.day, unit_set.level, unit_set.unit_id, counted.school_type, counted.age_group
    ),
    norm as (
        select day, school_type, age_group, ratio(observed, pupils) as share
        from cell
        where level = 'region'
    )

select
    cell.day,
    cell.level,
    cell.unit_id,
    cast(sum(cell.pupils) as bigint) as pupils,
    cast(sum(cell.observed) as bigint) as observed,
    exact_sum(cell.pupils * norm.share) as expected
from cell
inner join norm
    on cell.day = norm.day
    and cell.school_type = norm.school_type
    and cell.age_group = norm.age_group
where cell.level <> 'region'
group by cell.day, cell.level, cell.unit_id
