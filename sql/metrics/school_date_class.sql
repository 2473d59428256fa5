/*
description = "Care-intensity class of every school on the reference dates"
grain = "one row per reference date and school with at least one pupil"
key = ["day", "school_key"]
steps = ["the highest class of the code list whose lower bound the share of pupils with care reaches"]
tests = ["unique key", "rank >= 1"]
seeds = ["OT3 2.2", "OT3 2.3"]

[columns]
day = "number of the day"
school_key = "number of the school"
unit_id = "BRIN6"
pupils = "pupils on the day"
care_pupils = "of these with care"
intensity_class = "code of the class"
rank = "1 for the lowest class"
is_intensive = "whether the class counts as care-intensive"
*/
with
    reached as (
        select
            date.day,
            school.school_key,
            unit.unit_id,
            unit.pupils,
            unit.care_pupils,
            max(class.rank) as rank
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
        inner join core.school as school on unit.unit_id = school.school_id
        inner join seeds.intensity_class as class
            on ratio(unit.care_pupils, unit.pupils) > class.share_from
            or (ratio(unit.care_pupils, unit.pupils) = class.share_from and not class.is_from_exclusive)
        where unit.level = 'school'
        group by date.day, school.school_key, unit.unit_id, unit.pupils, unit.care_pupils
    )

select
    reached.day,
    reached.school_key,
    reached.unit_id,
    reached.pupils,
    reached.care_pupils,
    class.code as intensity_class,
    reached.rank,
    class.is_intensive
from reached
inner join seeds.intensity_class as class on reached.rank = class.rank
