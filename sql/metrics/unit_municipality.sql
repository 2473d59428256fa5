/*
description = "How many child-days each municipality pays for the children of a unit"
grain = "one row per period, unit and municipality"
key = ["period_key", "unit_key", "municipality_code"]
steps = [
    "cut the time of municipalities to enrolment and period; a day with two municipalities counts for both",
    "add up the days per set of units, then per unit",
]
tests = ["days > 0"]
seeds = ["METRICS 3", "METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
municipality_code = "responsible municipality"
days = "sum over children of the days with care of the municipality"
*/
with
    attended as (
        select
            attendance.unit_set_key,
            spell.municipality_code,
            greatest(attendance.from_day, spell.from_day) as from_day,
            least(attendance.until_day, spell.until_day) as until_day
        from core.municipality_spell as spell
        inner join core.attendance_spell as attendance
            on spell.child_key = attendance.child_key
            and spell.from_day < attendance.until_day
            and spell.until_day > attendance.from_day
    ),
    counted as (
        select
            period.period_key,
            attended.unit_set_key,
            attended.municipality_code,
            sum(least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)) as days
        from attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by period.period_key, attended.unit_set_key, attended.municipality_code
    )

select
    counted.period_key,
    unit_set.unit_key,
    counted.municipality_code,
    cast(sum(counted.days) as bigint) as days
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key, counted.municipality_code
