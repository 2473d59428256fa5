/*
description = "The periods that are computed: calendar years and school years"
grain = "one row per period"
key = ["period"]
steps = ["number the periods by first day", "add the days as numbers, the end exclusive"]
tests = ["unique key", "from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
period = "2024 for a calendar year, 2023-2024 for a school year"
period_key = "number of the period, from 1"
kind = "calendar_year or school_year"
start_date = "first day"
end_date = "last day"
is_provisional = "whether the period ends after the last event, of all municipalities or of one that is behind"
late_municipalities = "codes of the municipalities that are behind in this period, with commas; empty when none is"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
select
    period,
    cast(row_number() over (order by start_date, kind) as integer) as period_key,
    kind,
    start_date,
    end_date,
    is_provisional,
    late_municipalities,
    day_number(start_date) as from_day,
    until_day(end_date) as until_day
from staging.period
