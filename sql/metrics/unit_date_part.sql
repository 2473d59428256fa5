/*
description = "Pupils and pupils with care of a unit on the reference dates, by what they or their care are"
grain = "one row per reference date, unit, dimension and value"
key = ["day", "unit_key", "dimension", "dimension_value"]
steps = [
    "type of school of the enrolment, sex and age group of the pupil, and the municipality of its postcode",
    "form, class, category, sector and payer of the care: a pupil counts once for every value it has",
    "add up the pupils per set of units, then per unit",
]
tests = ["unique key", "pupils is null or care_pupils <= pupils"]
seeds = ["CATALOGUE 1", "CATALOGUE 2"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
dimension = "what pupils are divided by, as in the catalogue"
dimension_value = "which part"
pupils = "pupils; null for a dimension of care"
care_pupils = "of these: with care; for a dimension of care: with care of this part"
*/
with
    pupil as (
        select
            person.day,
            person.attendance_key,
            min(person.unit_set_key) as unit_set_key,
            min(person.age_group) as age_group,
            min(person.sex) as sex,
            min(person.pc4) as pc4
        from core.pupil_date as person
        group by person.day, person.attendance_key
    ),
    home as (
        select pc4, min(municipality_code) as municipality_code
        from core.place
        group by pc4
    ),
    described as (
        select day, attendance_key, unit_set_key, 'school_type' as dimension, school_type as dimension_value
        from core.pupil_date
        where school_type is not null
        group by day, attendance_key, unit_set_key, school_type
        union all
        select day, attendance_key, unit_set_key, 'sex', sex
        from pupil
        union all
        select day, attendance_key, unit_set_key, 'age_group', age_group
        from pupil
        where age_group is not null
        union all
        select pupil.day, pupil.attendance_key, pupil.unit_set_key, 'home_municipality', home.municipality_code
        from pupil
        inner join home on pupil.pc4 = home.pc4
    ),
    of_pupil as (
        select
            described.day,
            described.unit_set_key,
            described.dimension,
            described.dimension_value,
            count(*) as pupils,
            count(care.attendance_key) as care_pupils
        from described
        left join metrics.date_child as care
            on described.day = care.day
            and described.attendance_key = care.attendance_key
        group by described.day, described.unit_set_key, described.dimension, described.dimension_value
    ),
    cared as (
        select day, attendance_key, unit_set_key, 'care_form' as dimension, care_form as dimension_value
        from metrics.date_indication
        union
        select day, attendance_key, unit_set_key, 'weight_class', weight_class
        from metrics.date_indication
        union
        select day, attendance_key, unit_set_key, 'product_category', product_category
        from metrics.date_indication
        where product_category is not null
        union
        select day, attendance_key, unit_set_key, 'sector', sector
        from metrics.date_indication
    ),
    of_care as (
        select
            day,
            unit_set_key,
            dimension,
            dimension_value,
            count(*) as care_pupils
        from cared
        group by day, unit_set_key, dimension, dimension_value
    ),
    part as (
        select day, unit_set_key, dimension, dimension_value, pupils, care_pupils
        from of_pupil
        union all
        select day, unit_set_key, dimension, dimension_value, null, care_pupils
        from of_care
    )

select
    part.day,
    unit_set.unit_key,
    part.dimension,
    part.dimension_value,
    cast(sum(part.pupils) as bigint) as pupils,
    cast(sum(part.care_pupils) as bigint) as care_pupils
from part
inner join core.unit_set as unit_set on part.unit_set_key = unit_set.unit_set_key
group by part.day, unit_set.unit_key, part.dimension, part.dimension_value
