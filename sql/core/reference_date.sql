/*
description = "The days on which point figures are taken"
grain = "one row per day"
key = ["reference_date"]
steps = ["add the day as a number, and that on which the twelve months up to it begin"]
tests = ["unique key"]
seeds = ["METRICS 3"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
day = "number of the day"
year_from_day = "number of the first day of the twelve months up to and including it"
*/
select
    reference_date,
    period,
    day_number(reference_date) as day,
    day_number(cast(reference_date - interval 1 year as date)) + 1 as year_from_day
from staging.reference_date
