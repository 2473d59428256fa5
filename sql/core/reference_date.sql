/*
description = "The days on which point figures are taken"
grain = "one row per day"
key = ["reference_date"]
steps = ["add the day as a number"]
tests = ["unique key"]
seeds = ["METRICS 3"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
day = "number of the day"
*/
select
    reference_date,
    period,
    day_number(reference_date) as day
from staging.reference_date
