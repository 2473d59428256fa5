/*
description = "Periods, with how far the history of care reaches before and after them"
grain = "one row per period"
key = ["period_key"]
steps = ["put the history of care beside every period"]
tests = ["unique key"]
seeds = ["METRICS 2.7"]

[columns]
period_key = "number of the period"
period = "calendar year or school year"
kind = "calendar_year or school_year"
start_date = "first day"
from_day = "number of the first day"
until_day = "number of the day after the last"
history_from_day = "number of the first day of which ended care is known; null is none"
history_until_day = "number of the day after the last that the data cover"
*/
select
    period.period_key,
    period.period,
    period.kind,
    period.start_date,
    period.from_day,
    period.until_day,
    history.from_day as history_from_day,
    history.until_day as history_until_day
from core.period as period
cross join core.care_history as history
