/*
description = "The periods that reports show, with their status"
grain = "one row per period"
key = ["period"]
steps = ["a period that ends after the last delivered event is provisional"]
tests = ["unique key", "not null status"]
seeds = ["2.20"]

[columns]
period = "2024 for a calendar year, 2023-2024 for a school year"
kind = "calendar_year or school_year"
start_date = "first day"
end_date = "last day"
status = "provisional or final"
*/
select
    period,
    kind,
    start_date,
    end_date,
    case when is_provisional then 'provisional' else 'final' end as status
from core.period
