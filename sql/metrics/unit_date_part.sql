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
            day,
            attendance_key,
            min(unit_set_key) as unit_set_key,
            min(age_group) as age_group,
            min(sex) as sex,
            min(pc4) as pc4
        from core.pupil_date
        group by day, attendance_key
    ),
    home as (
        select pc4, min(municipality_code) as municipality_code
        from core.place
        group by pc4
    ),
    -- The descriptions of pupils are few: pupils are counted once for all of them.
    described as (
        select
            pupil.day,
            pupil.unit_set_key,
            pupil.age_group,
            pupil.sex,
            pupil.pc4,
            count(*) as pupils,
            count(care.attendance_key) as care_pupils
        from pupil
        left join metrics.date_child as care
            on pupil.day = care.day
            and pupil.attendance_key = care.attendance_key
        group by pupil.day, pupil.unit_set_key, pupil.age_group, pupil.sex, pupil.pc4
    ),
    typed as (
        select distinct day, attendance_key, unit_set_key, school_type
        from core.pupil_date
        where school_type is not null
    ),
    of_pupil as (
        select day, unit_set_key, 'sex' as dimension, sex as dimension_value, pupils, care_pupils
        from described
        union all
        select day, unit_set_key, 'age_group', age_group, pupils, care_pupils
        from described
        where age_group is not null
        union all
        select described.day, described.unit_set_key, 'home_municipality', home.municipality_code, described.pupils, described.care_pupils
        from described
        inner join home on described.pc4 = home.pc4
        union all
        select typed.day, typed.unit_set_key, 'school_type', typed.school_type, count(*), count(care.attendance_key)
        from typed
        left join metrics.date_child as care
            on typed.day = care.day
            and typed.attendance_key = care.attendance_key
        group by typed.day, typed.unit_set_key, typed.school_type
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
