/*
description = "Days of each provider of a child in a period, while the child is enrolled"
grain = "one row per period, attendance and provider"
key = ["period_key", "attendance_key", "provider_key"]
steps = ["cut the unbroken time of every provider to the period, so that two indications of one provider count once"]
tests = ["days > 0"]
seeds = ["METRICS 2", "METRICS 10"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
provider_key = "number of the provider"
days = "days the provider is active"
*/
select
    period.period_key,
    attended.attendance_key,
    attended.unit_set_key,
    attended.provider_key,
    cast(
        sum(least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)) as integer
    ) as days
from core.attended_care as attended
inner join core.period as period
    on attended.from_day < period.until_day
    and attended.until_day > period.from_day
group by period.period_key, attended.attendance_key, attended.unit_set_key, attended.provider_key
