/*
description = "Pupils at care-intensive schools, on the reference dates"
grain = "one row per reference date, unit and class; an empty class is all of them together"
key = ["day", "unit_key", "intensity_class"]
steps = [
    "pupils at a school of a class that counts as care-intensive; a pupil at two such schools counts once",
    "add up per set of units, then per unit",
]
tests = ["unique key", "pupils > 0"]
seeds = ["OT3 2.2"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
intensity_class = "code of the class; empty for all"
pupils = "pupils"
*/
with
    present as (
        select distinct pupil.day, pupil.attendance_key, pupil.unit_set_key, class.intensity_class
        from core.pupil_date as pupil
        inner join metrics.school_date_class as class
            on pupil.day = class.day
            and pupil.school_key = class.school_key
            and class.is_intensive
    ),
    counted as (
        select day, unit_set_key, intensity_class, count(*) as pupils
        from present
        group by day, unit_set_key, intensity_class
        union all
        select day, unit_set_key, '', count(distinct attendance_key)
        from present
        group by day, unit_set_key
    )

select
    counted.day,
    unit_set.unit_key,
    counted.intensity_class,
    cast(sum(counted.pupils) as bigint) as pupils
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.day, unit_set.unit_key, counted.intensity_class
