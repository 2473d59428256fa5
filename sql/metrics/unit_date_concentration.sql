/*
description = "How pupils with care are divided over the schools of a samenwerkingsverband and of the region"
grain = "one row per reference date and unit with a pupil in care"
key = ["day", "level", "unit_id"]
steps = [
    "take the schools with at least one pupil on the day",
    "order them by share with care, equal ones by number, then by BRIN6; the first ten percent, rounded up",
    "order them by number with care for the coefficient of Gini",
    "a pupil at two schools counts at both",
]
tests = ["unique key", "top_pupils <= care_pupils", "gini_sum >= 0"]
seeds = ["SAM 1.8"]

[columns]
day = "number of the day"
level = "swv or region"
unit_id = "code of the unit within its level"
schools = "schools with at least one pupil"
care_pupils = "sum over the schools of the pupils with care"
top_pupils = "of these at the ten percent of schools with the highest share"
gini_sum = "sum over the schools, from low to high, of (2i - n - 1) times the pupils with care"
*/
with
    school as (
        select
            date.day,
            school_level.level,
            school_level.unit_id,
            unit.unit_id as school_id,
            unit.pupils,
            unit.care_pupils
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
        inner join core.school as school on unit.unit_id = school.school_id
        inner join core.school_level as school_level
            on school.school_key = school_level.school_key
            and school_level.level in ('swv', 'region')
        where unit.level = 'school'
    ),
    placed as (
        select
            day,
            level,
            unit_id,
            care_pupils,
            row_number() over (
                partition by day, level, unit_id
                order by ratio(care_pupils, pupils) desc, care_pupils desc, school_id
            ) as place_share,
            row_number() over (partition by day, level, unit_id order by care_pupils, school_id) as place_number,
            count(*) over (partition by day, level, unit_id) as schools
        from school
    ),
    total as (
        select
            day,
            level,
            unit_id,
            max(schools) as schools,
            sum(care_pupils) as care_pupils,
            sum(case when place_share <= ceil(schools / cast(10 as double)) then care_pupils else 0 end) as top_pupils,
            sum((2 * place_number - schools - 1) * care_pupils) as gini_sum
        from placed
        group by day, level, unit_id
    )

select
    day,
    level,
    unit_id,
    schools,
    cast(care_pupils as bigint) as care_pupils,
    cast(top_pupils as bigint) as top_pupils,
    cast(gini_sum as bigint) as gini_sum
from total
