/*
description = "How care of a unit is divided over parent organisations and consortia in a period"
grain = "one row per period, unit and roll-up with care"
key = ["period_key", "unit_key", "bundling"]
steps = [
    "cut the time of every group to enrolment and period; a day with two providers of one group counts once",
    "add up the days per set of units and group, then per unit and group",
    "number of groups, largest, and squares of their days",
]
tests = ["unique key", "0 < largest_days and largest_days <= days"]
seeds = ["METRICS 0.4", "ZKIJ 3.8"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
bundling = "parent or consortium"
groups = "distinct groups"
days = "sum over children of the days with care of each group"
largest_days = "days of the largest group"
squared_days = "sum over groups of the square of their days"
*/
with
    attended as (
        select
            spell.unit_set_key,
            care.bundling,
            care.group_key,
            greatest(spell.from_day, care.from_day) as from_day,
            least(spell.until_day, care.until_day) as until_day
        from core.group_spell as care
        inner join core.attendance_spell as spell
            on care.child_key = spell.child_key
            and care.from_day < spell.until_day
            and care.until_day > spell.from_day
    ),
    counted as (
        select
            period.period_key,
            attended.unit_set_key,
            attended.bundling,
            attended.group_key,
            sum(least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)) as days
        from attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by period.period_key, attended.unit_set_key, attended.bundling, attended.group_key
    ),
    divided as (
        select
            counted.period_key,
            unit_set.unit_key,
            counted.bundling,
            counted.group_key,
            sum(counted.days) as days
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        group by counted.period_key, unit_set.unit_key, counted.bundling, counted.group_key
    )

select
    period_key,
    unit_key,
    bundling,
    count(*) as groups,
    cast(sum(days) as bigint) as days,
    cast(max(days) as bigint) as largest_days,
    sum(cast(days as decimal(38, 0)) * days) as squared_days
from divided
group by period_key, unit_key, bundling
