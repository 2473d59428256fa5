/*
description = "Pupils and pupils with care at a school on the reference dates"
grain = "one row per reference date and school with at least one enrolled pupil"
key = ["reference_date", "school_id"]
steps = ["take the units that are schools"]
tests = ["unique key"]
seeds = ["METRICS 3", "METRICS 10"]

[columns]
reference_date = "the day"
school_id = "BRIN6"
care_pupils = "children enrolled on the day with at least one active provider"
pupils = "children enrolled on the day"
*/
select
    reference_date,
    unit_id as school_id,
    care_pupils,
    pupils
from metrics.unit_date
where level = 'school'
