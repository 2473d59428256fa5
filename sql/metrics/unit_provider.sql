/*
description = "How many child-days each provider is active for the children of a unit"
grain = "one row per period, unit and provider"
key = ["period_key", "unit_key", "provider_key"]
steps = [
    "cut the time of providers to the period",
    "add up the days per set of units, then per unit",
]
tests = ["unique key", "days > 0"]
seeds = ["METRICS 3", "METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
provider_key = "number of the provider"
days = "sum over children of the days the provider is active"
*/
with
    counted as (
        select
            period.period_key,
            attendance.unit_set_key,
            attended.provider_key,
            sum(least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)) as days
        from core.attended_care as attended
        inner join core.attendance as attendance on attended.attendance_key = attendance.attendance_key
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by period.period_key, attendance.unit_set_key, attended.provider_key
    )

select
    counted.period_key,
    unit_set.unit_key,
    counted.provider_key,
    cast(sum(counted.days) as bigint) as days
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key, counted.provider_key
