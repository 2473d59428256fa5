/*
description = "Units and periods in which a change may come from the registration: care that goes over into collective supply, or a new round of purchasing"
grain = "one row per unit, period and reason"
key = ["level", "unit_id", "period", "reason"]
steps = [
    "collective supply at a school of the unit that started in the period or in the twelve months before it: figures from indications may have fallen because care left the data",
    "collective supply that started earlier, but after the first period: the same for the whole series",
    "without any collective supply delivered nothing is known, and every fall may come from it",
    "at least a quarter (and five) of the replacements of providers on 1 January: a new round of purchasing looks like children that change",
]
tests = ["unique key", "reason in ('collective_started', 'collective_since', 'collective_unknown', 'january')", "0 <= share and share <= 1"]
seeds = ["METRICS 6.5", "OT3 2.8"]

[columns]
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
reason = "collective_started, collective_since, collective_unknown or january"
since = "first day of the collective supply that started last; null for the other reasons"
schools = "schools of the unit with such collective supply; null for the other reasons"
share = "pupil-days of these schools / pupil-days of all schools of the unit, or replacements on 1 January / all; null when unknown"
*/
with
    supply as (
        select distinct
            school.school_key,
            school.school_id,
            day_number(supply.start_date) as day
        from core.collective_supply as supply
        inner join core.school as school on supply.school_id = school.school_id
    ),
    started as (
        select
            period.period,
            period.period_key,
            school_level.level,
            school_level.unit_id,
            supply.school_id,
            max(supply.day) as day,
            max(case when supply.day >= day_number(months_later(period.start_date, -12)) then 1 else 0 end) as is_new
        from supply
        inner join core.school_level as school_level on supply.school_key = school_level.school_key
        inner join core.period as period on supply.day < period.until_day
        cross join (select min(from_day) as from_day from core.period) as series
        where supply.day > series.from_day
        group by period.period, period.period_key, school_level.level, school_level.unit_id, supply.school_id
    ),
    member as (
        select
            school_level.level,
            school_level.unit_id,
            unit.period_key,
            sum(unit.pupil_days) as pupil_days
        from core.school_level as school_level
        inner join core.school as school on school_level.school_key = school.school_key
        inner join metrics.unit as unit on unit.level = 'school' and unit.unit_id = school.school_id
        group by school_level.level, school_level.unit_id, unit.period_key
    ),
    collective as (
        select
            started.level,
            started.unit_id,
            started.period,
            case when max(started.is_new) = 1 then 'collective_started' else 'collective_since' end as reason,
            max(started.day) as day,
            count(*) as schools,
            ratio(sum(unit.pupil_days), max(member.pupil_days)) as share
        from started
        inner join metrics.unit as unit
            on unit.level = 'school'
            and unit.unit_id = started.school_id
            and unit.period_key = started.period_key
        inner join member
            on started.level = member.level
            and started.unit_id = member.unit_id
            and started.period_key = member.period_key
        group by started.level, started.unit_id, started.period
    ),
    january as (
        select
            unit.level,
            unit.unit_id,
            period.period,
            count(*) as replacements,
            sum(case when month(day_date(start.day)) = 1 and day(day_date(start.day)) = 1 then 1 else 0 end) as on_first
        from core.provider_start as start
        inner join metrics.enrolled_unit as unit
            on start.child_key = unit.child_key
            and start.day >= unit.from_day
            and start.day < unit.until_day
        inner join core.period as period
            on start.day >= period.from_day
            and start.day < period.until_day
        where start.kind_g0 = 'replacement'
        group by unit.level, unit.unit_id, period.period
    )

select
    level,
    unit_id,
    period,
    reason,
    day_date(day) as since,
    cast(schools as bigint) as schools,
    share
from collective
union all
select
    unit.level,
    unit.unit_id,
    unit.period,
    'collective_unknown',
    cast(null as date),
    cast(null as bigint),
    cast(null as double)
from metrics.unit as unit
inner join core.source as source on source.kind = 'collective_supply'
where not source.is_delivered
union all
select
    level,
    unit_id,
    period,
    'january',
    cast(null as date),
    cast(null as bigint),
    ratio(on_first, replacements)
from january
where on_first >= 5 and 4 * on_first >= replacements
