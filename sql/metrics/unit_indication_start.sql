/*
description = "Planned lengths of the indications that start in a period, for every unit"
grain = "one row per period and unit in which an indication starts"
key = ["period", "level", "unit_id"]
steps = [
    "indications that count, with their planned length (both ends counted)",
    "at the units of enrolment on the day of the start",
    "an open end has no length and is counted apart",
]
tests = ["unique key", "short_184 <= short_366 and short_366 <= with_end and with_end <= started"]
seeds = ["2.6"]

[columns]
period = "calendar year or school year"
level = "level of the unit"
unit_id = "code of the unit within its level"
is_provisional = "whether the period ends after the last event that was delivered"
started = "indications that start in the period"
with_end = "of these: with a planned end"
short_184 = "of these: planned for at most 184 days"
short_366 = "planned for at most 366 days"
median_days = "median planned length in days of those with a planned end"
children = "distinct children with a start"
*/
with
    started as (
        select
            indication.child_key,
            indication.start_date,
            day_number(indication.start_date) as day,
            indication.planned_end_date - indication.start_date + 1 as planned_days
        from core.indication as indication
        where indication.law = 'jeugdwet'
    ),
    placed as (
        select
            spell.unit_set_key,
            started.child_key,
            started.start_date,
            started.planned_days
        from started
        inner join core.attendance as attendance on started.child_key = attendance.child_key
        inner join core.attendance_spell as spell
            on attendance.attendance_key = spell.attendance_key
            and spell.from_day <= started.day
            and spell.until_day > started.day
    )

select
    period.period,
    unit.level,
    unit.unit_id,
    period.is_provisional,
    count(*) as started,
    count(placed.planned_days) as with_end,
    sum(case when placed.planned_days <= 184 then 1 else 0 end) as short_184,
    sum(case when placed.planned_days <= 366 then 1 else 0 end) as short_366,
    percentile_cont(0.5) within group (order by placed.planned_days) as median_days,
    count(distinct placed.child_key) as children
from placed
inner join core.period as period on placed.start_date between period.start_date and period.end_date
inner join core.unit_set as unit on placed.unit_set_key = unit.unit_set_key
group by period.period, unit.level, unit.unit_id, period.is_provisional
