/*
description = "Children of a unit with care of a municipality and an arrangement of a samenwerkingsverband at once"
grain = "one row per period and unit with such a child"
key = ["period_key", "unit_key"]
steps = [
    "the time of all arrangements of a child, without overlap",
    "days with an arrangement among the enrolled days with care",
    "per unit the number of children with such a day, and the median of their days",
]
tests = ["unique key", "pupils > 0 and median_days > 0"]
seeds = ["ZON 0.10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
pupils = "children with at least one such day"
median_days = "median over these children of the number of such days"
*/
with
    begun as (
        select
            child_key,
            day_number(start_date) as from_day,
            max(until_day(end_date)) as until_day
        from core.arrangement
        where child_key is not null and (end_date is null or end_date >= start_date)
        group by child_key, day_number(start_date)
    ),
    ordered as (
        select
            child_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by child_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    arranged as (
        select
            child_key,
            greatest(from_day, coalesce(earlier_until, from_day)) as from_day,
            until_day
        from ordered
        where until_day > coalesce(earlier_until, from_day)
    ),
    shared as (
        select
            period.period_key,
            segment.attendance_key,
            min(segment.unit_set_key) as unit_set_key,
            sum(
                least(segment.until_day, arranged.until_day, period.until_day)
                - greatest(segment.from_day, arranged.from_day, period.from_day)
            ) as days
        from arranged
        inner join core.attendance as attendance on arranged.child_key = attendance.child_key
        inner join core.attended_segment as segment
            on attendance.attendance_key = segment.attendance_key
            and segment.from_day < arranged.until_day
            and segment.until_day > arranged.from_day
        inner join core.period as period
            on greatest(segment.from_day, arranged.from_day) < period.until_day
            and least(segment.until_day, arranged.until_day) > period.from_day
        group by period.period_key, segment.attendance_key
    )

select
    shared.period_key,
    unit_set.unit_key,
    count(*) as pupils,
    cast(median(shared.days) as double) as median_days
from shared
inner join core.unit_set as unit_set on shared.unit_set_key = unit_set.unit_set_key
group by shared.period_key, unit_set.unit_key
