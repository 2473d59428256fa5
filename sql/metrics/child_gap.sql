/*
description = "Interruptions of care of a child in a period: enrolled days without care between its first and last day of care"
grain = "one row per period and attendance with at least one interruption"
key = ["period_key", "attendance_key"]
steps = [
    "number the enrolled days of an attendance, so that days out of school count for nothing",
    "cut the stretches with care to the period and put them in order",
    "an interruption is the number of enrolled days from the end of a stretch to the start of the next",
    "of one longer than the gap all days count",
]
tests = [
    "unique key",
    "0 < gaps_g0 and 0 <= gaps_g28 and gaps_g28 <= gaps_g0",
    "gap_days_g28 <= gap_days_g0 and longest_gap <= gap_days_g0",
]
seeds = ["METRICS 2.4", "OT3 2.7"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
gaps_g0 = "interruptions"
gap_days_g0 = "enrolled days in them"
gaps_g28 = "interruptions of more than 28 enrolled days"
gap_days_g28 = "enrolled days in them"
longest_gap = "enrolled days of the longest"
*/
with
    numbered as (
        select
            attendance_key,
            from_day,
            until_day,
            sum(until_day - from_day) over (
                partition by attendance_key
                order by from_day
                rows between unbounded preceding and current row
            ) - until_day as shift
        from core.attendance_spell
    ),
    stretch as (
        select
            period.period_key,
            segment.attendance_key,
            segment.unit_set_key,
            greatest(segment.from_day, period.from_day) + numbered.shift as from_place,
            least(segment.until_day, period.until_day) + numbered.shift as until_place
        from core.attended_segment as segment
        inner join numbered
            on segment.attendance_key = numbered.attendance_key
            and segment.from_day >= numbered.from_day
            and segment.from_day < numbered.until_day
        inner join core.period as period
            on segment.from_day < period.until_day
            and segment.until_day > period.from_day
    ),
    followed as (
        select
            period_key,
            attendance_key,
            unit_set_key,
            from_place - lag(until_place) over (
                partition by period_key, attendance_key
                order by from_place
            ) as days
        from stretch
    )

select
    period_key,
    attendance_key,
    unit_set_key,
    cast(count(*) as integer) as gaps_g0,
    cast(sum(days) as integer) as gap_days_g0,
    cast(sum(case when days > 28 then 1 else 0 end) as integer) as gaps_g28,
    cast(sum(case when days > 28 then days else 0 end) as integer) as gap_days_g28,
    cast(max(days) as integer) as longest_gap
from followed
where days > 0
group by period_key, attendance_key, unit_set_key
