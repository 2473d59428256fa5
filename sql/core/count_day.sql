/*
description = "Every 1 October on which pupils can be counted"
grain = "one row per day"
key = ["day"]
steps = ["add the day as a number, and the school year that contains it"]
tests = ["unique key"]
seeds = ["OT3 2.9"]

[columns]
count_day = "the day"
year_number = "its year"
period = "school year that contains the day"
day = "number of the day"
*/
select
    count_day,
    cast(year(count_day) as integer) as year_number,
    concat(year(count_day), '-', year(count_day) + 1) as period,
    day_number(count_day) as day
from staging.count_day
